import { describe, expect, it } from 'vitest';
import { IntegrationError } from '#domain/base/errors.ts';
import { createIssueMarker } from '#domain/base/key.ts';
import type { HuddleNotice } from '#domain/integrations/mailer.ts';
import { readHuddle } from '#src/workspace/queries/huddle.ts';
import { setHuddleTimers } from '#src/workspace/mail/notify.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour } from '#test/harness/times.ts';
import { lost } from './fakes.ts';

const board = 'board: { to: [dana, upgrade-response], team: upgrade-response, tracker: product }';
const withHuddles = (...lines: string[]) =>
  slowAcme((text) => `${text}\nhuddles:\n${lines.map((line) => `  ${line}\n`).join('')}`);
const told = { completed: false, name: 'Nora Nobody', email: 'nora@customer.example', wish: 'The dark theme' };
/** Three cases of the team, which are overdue by Monday. */
async function openCases(harness: Harness): Promise<void> {
  await harness.receive(...[1, 2, 3].map((index) => ({ ...told, token: `r-${index}`, customer: `k-${index}` })));
}
const mails = (harness: Harness, subject = /^(Huddle|Figures)/) =>
  harness.mail.accepted.filter((mail) => subject.test(mail.subject));
const issues = (harness: Harness) => harness.trackers.product.issues.filter(({ title }) => title.startsWith('Huddle'));

describe('a huddle pack', () => {
  it('is mailed on Monday to each of its people once, with the work, the words and what moved', async () => {
    const harness = new Harness(withHuddles(board));
    await openCases(harness);
    await harness.pass(6 * day);
    expect(mails(harness)).toEqual([]);
    await harness.pass(day);
    expect(
      mails(harness)
        .map(({ to }) => to)
        .toSorted(),
    ).toEqual(['dana@acme.example', 'sam@acme.example']);
    const [first] = mails(harness);
    expect(first?.subject).toBe('Huddle 2026-W49: Acme customer feedback');
    for (const text of [
      'Overdue: 3',
      'C-1 Upgrade not installed, Installation issues: Sam Okafor',
      'dark theme: 3 people, 0 before',
      '/w/acme/huddle?every=week&team=upgrade-response',
    ])
      expect(first?.text).toContain(text);
    for (const personal of ['Nora', 'nora@', 'k-1']) expect(first?.text).not.toContain(personal);
    await harness.pass(7 * day);
    expect(mails(harness, /W50/)).toHaveLength(2);
  });

  it('of all teams names the figures that moved most', async () => {
    const harness = new Harness(withHuddles('all: { to: dana }'));
    await openCases(harness);
    await harness.pass(7 * day);
    const [mail] = mails(harness);
    expect(mail?.text).toMatch(/Acted on\n3 of 3, 0 of 0 before\n/);
    expect(issues(harness)).toEqual([]);
  });

  it('comes once for its week, whatever happens to its timer', async () => {
    const harness = new Harness(withHuddles(board));
    await harness.pass(7 * day);
    for (const on of ['tuesday', 'wednesday']) {
      harness.core.settings = withHuddles(board.replace('tracker: product', `tracker: product, on: ${on}`));
      setHuddleTimers(harness.core, harness.core.settings);
      await harness.pass(day);
    }
    expect(mails(harness)).toHaveLength(2);
    expect(issues(harness)).toHaveLength(1);
  });

  it('that is due waits for no push, and one that left the settings goes to nobody', async () => {
    const harness = new Harness(withHuddles(board));
    harness.now += 7 * day;
    setHuddleTimers(harness.core, harness.core.settings);
    await harness.pass(0);
    expect(mails(harness)).toHaveLength(2);
    harness.core.settings = slowAcme();
    await harness.pass(8 * day);
    expect(mails(harness)).toHaveLength(2);
  });

  it('becomes an issue with handles and counts only', async () => {
    const harness = new Harness(withHuddles(board));
    await openCases(harness);
    await harness.pass(7 * day);
    const [issue] = issues(harness);
    expect(issue?.title).toBe('Huddle board 2026-W49');
    expect(issue?.body).toContain('- Overdue: 3 (C-1, C-3, C-5)');
    expect(issue?.body).toContain('- Rising words: 1');
    for (const word of ['dark', 'theme', 'Nora', 'k-1']) expect(issue?.body).not.toContain(word);
  });

  it.each(['before', 'after'] as const)('becomes one issue though its answer was lost %s', async (when) => {
    const harness = new Harness(withHuddles(board));
    harness.trackers.product.fail('create', lost(when));
    await harness.pass(7 * day + 2 * hour);
    expect(issues(harness)).toHaveLength(1);
    expect(issues(harness)[0]?.draft.marker).toBe(createIssueMarker(harness.core.keys, 'acme', 'H-board-2026-W49'));
  });

  it('praises what customers confirmed in its days, and counts each state of its team', async () => {
    const harness = new Harness(withHuddles(board));
    await openCases(harness);
    const names = () =>
      readHuddle(harness.core, { team: 'upgrade-response' }).groups.map(({ name, count }) => [name, count]);
    expect(Object.fromEntries(names())).toMatchObject({ overdue: 0, disputed: 0, confirmed: 0 });
    expect(readHuddle(harness.core, { team: 'product-review' }).groups[0]?.cases).toEqual([]);
    expect(() => readHuddle(harness.core, { team: 'nobody' })).toThrow(/team/);
  });
});

describe('a summary for heads', () => {
  it('comes on the first such day of a month with figures only', async () => {
    const harness = new Harness(withHuddles('heads: { to: dana, sends: figures, every: month, on: tuesday }'));
    await openCases(harness);
    await harness.pass(7 * day);
    expect(mails(harness)).toEqual([]);
    await harness.pass(2 * day);
    const [mail, ...more] = mails(harness);
    expect(more).toEqual([]);
    expect(mail?.subject).toBe('Figures 2026-12: Acme customer feedback');
    expect(mail?.text).toContain('Goals kept');
    for (const text of ['C-1', 'dark theme', 'Overdue']) expect(mail?.text).not.toContain(text);
    await harness.pass(30 * day);
    expect(mails(harness)).toHaveLength(1);
  });
});

describe('a huddle pack for channels', () => {
  const channels = 'channels: { room: { kind: slack, url: ROOM_URL }, ops: { kind: webhook, url: OPS, secret: KEY } }';
  const withChannels = (line: string) =>
    slowAcme((text) => `${text}\n${channels}\nhuddles: { board: { to: dana, ${line} } }\n`);
  const connect = (harness: Harness, ...troubles: (IntegrationError['code'] | null)[]) => {
    const taken: HuddleNotice[] = [];
    harness.core.integrations.channel = async () => ({
      async send(notice) {
        if ('lines' in notice) taken.push(notice);
        const code = troubles.shift();
        if (code) throw new IntegrationError(code, 'send notice');
      },
    });
    return taken;
  };

  it('comes once a week to each, with handles, counts and one link', async () => {
    const harness = new Harness(withChannels('channels: [room, ops]'));
    const taken = connect(harness);
    await openCases(harness);
    await harness.pass(7 * day);
    setHuddleTimers(harness.core, harness.core.settings);
    await harness.pass(day);
    expect(taken.map(({ key }) => key).toSorted()).toEqual([
      'huddle:acme:board:2026-W49:ops',
      'huddle:acme:board:2026-W49:room',
    ]);
    const [pack] = taken;
    expect(pack).toMatchObject({ event: 'huddle', headline: 'Huddle board 2026-W49' });
    expect(pack?.lines).toContain('Overdue: 3 (C-1, C-3, C-5)');
    expect(pack?.lines.at(-1)).toBe('Rising words: 1');
    expect(pack?.url).toMatch(/\/w\/acme\/huddle\?every=week$/);
    expect(JSON.stringify(pack)).not.toMatch(/dark|theme|Nora|k-1|Upgrade/);
    await harness.pass(7 * day);
    expect(taken).toHaveLength(4);
  });

  it('whose answer was lost is repeated as it was, and one that is refused is logged', async () => {
    const harness = new Harness(withChannels('channels: ops'));
    const taken = connect(harness, 'unknown', null, 'rejected');
    await harness.pass(7 * day + hour);
    expect(taken).toHaveLength(2);
    expect(taken[1]).toEqual(taken[0]);
    await harness.pass(7 * day);
    expect(taken).toHaveLength(3);
    expect(harness.log.filter((line) => line.startsWith('huddle-failed'))).toHaveLength(1);
  });
});

it('a huddle that names nobody, no team, tracker or channel, or figures for a channel, is refused with its field', () => {
  for (const [line, field] of [
    ['x: { to: nobody }', 'huddles.x.to'],
    ['x: { to: dana, team: nobodys }', 'huddles.x.team'],
    ['x: { to: dana, tracker: nowhere }', 'huddles.x.tracker'],
    [
      'x: { to: dana, channels: [nowhere] }',
      /huddles\.x\.channels \(line \d+\): is not under channels: nowhere; there is none yet/,
    ],
    ['x: { to: dana, channels: [room], sends: figures }', /huddles\.x\.channels .*get packs only; .*write sends: pack/],
  ] as const)
    expect(() => acme(({ name, text }) => (name === 'acme' ? `${text}\nhuddles: { ${line} }\n` : text))).toThrow(field);
});
