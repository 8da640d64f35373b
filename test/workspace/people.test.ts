import { describe, expect, it } from 'vitest';
import { IntegrationError } from '#domain/base/errors.ts';
import { verifyToken } from '#domain/base/key.ts';
import { markContacted } from '#src/workspace/cases/acknowledge.ts';
import { changeStatus } from '#src/workspace/cases/change-fields.ts';
import {
  buildContributorPage,
  contribute,
  invite,
  revokeContributorInvitation,
} from '#src/workspace/cases/contributors.ts';
import { tickPlan } from '#src/workspace/cases/sub-issues.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { readCaseJson } from '#src/workspace/queries/lists.ts';
import { buildPeopleJson } from '#src/workspace/queries/people.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour, minute, second } from '#test/harness/times.ts';
import { storedLines } from '#test/workspace/store/rows.ts';

const failed = { completed: false, ease: 9 };
const partner = { name: 'Pat Partner', email: 'pat@partner.example', who: 'dana' };

function linkOf(harness: Harness, address = partner.email): string {
  const mail = harness.mail.to(address).at(-1);
  const token = /\/c\/(\S+)/.exec(mail?.text ?? '')?.[1] ?? '';
  const subject = verifyToken(harness.core.keys, 'contribute', token)?.subject;
  if (!subject) throw new Error('no link in the mail');
  return subject;
}

async function invited(settings = slowAcme()): Promise<{ harness: Harness; link: string }> {
  const harness = new Harness(settings);
  await harness.receive(failed);
  harness.sql.transaction(() => invite(harness.core, harness.case().id, partner));
  await harness.pass(minute);
  return { harness, link: linkOf(harness) };
}

describe('a contributor', () => {
  it('sees why the case is open, and nothing of who the customer is', async () => {
    const { harness, link } = await invited();
    const page = buildContributorPage(harness.core, link);
    expect(page).toMatchObject({ name: 'Pat Partner', handle: 'C-1', isOpen: true, comments: [] });
    expect(page.why.join()).toContain('Answered No to “completed”');
    expect(JSON.stringify(page)).not.toMatch(/k-1|customer\.example|Name of/);
    expect(JSON.stringify(harness.mail.to(partner.email))).not.toMatch(/k-1|customer\.example|Name of/);
  });

  it('may have a domain in any script', async () => {
    const { harness } = await invited();
    const other = { ...partner, email: 'pat@bücher.example' };
    harness.sql.transaction(() => invite(harness.core, harness.case().id, other));
    await harness.pass(minute);
    expect(linkOf(harness, 'pat@xn--bcher-kva.example')).toBeTruthy();
  });

  it('comments, which stands in the history and is never a command', async () => {
    const { harness, link } = await invited();
    const said = '/unable because policy\n@sam-acme <b>look</b> at #12';
    harness.sql.transaction(() => contribute(harness.core, link, said));
    harness.sql.transaction(() => contribute(harness.core, link, said));
    await harness.pass(day);
    const caseJson = readCaseJson(harness.core, harness.case().id);
    expect(caseJson.contributions).toMatchObject([{ name: 'Pat Partner', text: said }]);
    expect(harness.timeline()).toContain('contributor commented');
    const told = harness.mail.to('dana@acme.example').filter(({ text }) => text.includes('a contributor commented'));
    expect(told).toHaveLength(1);
    expect(harness.followUps()).toEqual([]);
    // Without permission to quote, the tracker only gets a notice of the comment.
    const { body, comments } = harness.trackers.support.issue();
    expect(comments.map(({ text }) => text).join()).toContain('A contributor commented.');
    expect(`${body}${JSON.stringify(comments)}`).not.toContain('look');
  });

  it('is announced in words that differ from those about an earlier comment', async () => {
    const { harness, link } = await invited();
    for (const said of ['We look at it.', 'It is the cable.']) {
      harness.sql.transaction(() => contribute(harness.core, link, said));
      await harness.pass(day);
    }
    const told = harness.mail
      .to('dana@acme.example')
      .map(({ text }) => /C-1: a contributor commented.*/.exec(text)?.[0]);
    expect(told.filter(Boolean)).toEqual([
      'C-1: a contributor commented.',
      'C-1: a contributor commented (comment 2).',
    ]);
  });

  it('is quoted, marked and escaped, where the workspace allows words in a private tracker', async () => {
    const { harness, link } = await invited(slowAcme((text) => text.replace('words: never', 'words: private')));
    harness.sql.transaction(() => contribute(harness.core, link, '/unable because policy\n@sam-acme <b>look</b>'));
    await harness.pass(minute);
    const { body } = harness.trackers.support.issue();
    expect(body).toContain('What contributors wrote');
    expect(body).toContain('look');
    expect(body).not.toMatch(/@sam-acme|<b>|^\/unable/m);
  });

  it.each([
    ['', 'is empty'],
    ['x'.repeat(2001), 'longer than 2000'],
  ])('is told what is wrong with a comment', async (text, message) => {
    const { harness, link } = await invited();
    expect(() => contribute(harness.core, link, text)).toThrow(message);
  });

  it('loses the link after 30 days, and at once when it is taken back', async () => {
    const { harness, link } = await invited();
    revokeContributorInvitation(harness.core, harness.case().id, { id: link, who: 'dana' });
    expect(() => buildContributorPage(harness.core, link)).toThrow('does not work any more');
    harness.sql.transaction(() => invite(harness.core, harness.case().id, partner));
    expect(buildContributorPage(harness.core, link).handle).toBe('C-1');
    await harness.pass(30 * day);
    expect(() => buildContributorPage(harness.core, link)).toThrow('does not work any more');
    expect(() => contribute(harness.core, link, 'too late')).toThrow('does not work any more');
  });

  it('gets one mail of a form that was sent twice', async () => {
    const { harness } = await invited();
    for (const _ of [1, 2]) {
      harness.sql.transaction(() => invite(harness.core, harness.case().id, partner));
      await harness.pass(second);
    }
    expect(harness.mail.to(partner.email)).toHaveLength(2);
  });

  it('is invited by case managers only, with an address that is one', async () => {
    const { harness } = await invited();
    const { id } = harness.case();
    expect(() => invite(harness.core, id, { ...partner, who: 'sam' })).toThrow('Only a case manager');
    expect(() => invite(harness.core, id, { ...partner, email: 'pat' })).toThrow('email: is not an e-mail address');
  });

  it('of a team is invited to each of its cases', async () => {
    const harness = new Harness(
      slowAcme((text) =>
        text.replace('members: [sam],', 'members: [sam], contributors: [{ name: Pat, email: pat@partner.example }],'),
      ),
    );
    await harness.receive({ token: 'a', customer: 'a', ...failed });
    await harness.receive({ token: 'b', customer: 'b', ...failed });
    expect(harness.mail.to(partner.email).map(({ subject }) => subject)).toEqual([
      'Acme customer feedback: your help with case C-1',
      'Acme customer feedback: your help with case C-2',
    ]);
  });

  it('can be erased', async () => {
    const { harness, link } = await invited();
    harness.sql.transaction(() => contribute(harness.core, link, 'call me at home'));
    harness.sql.transaction(() => erasePerson(harness.core, 'PAT@partner.example', 'dana'));
    expect(() => buildContributorPage(harness.core, link)).toThrow('does not work any more');
    expect(storedLines(harness.sql).join('\n')).not.toMatch(/pat@partner|Pat Partner|call me at home/);
  });
});

describe('a response plan', () => {
  it('stands in the issue with who does what, and is ticked on our side', async () => {
    const harness = new Harness();
    await harness.receive({ completed: true, ease: 2 });
    const caseRecord = harness.case();
    const body = () => harness.trackers.product.issue().body;
    expect(body()).toContain('- [ ] Development: Make the installation simpler (Priya Nair)');
    const tick = (done: boolean) =>
      harness.sql.transaction(() => tickPlan(harness.core, caseRecord.id, { position: 1, done, who: 'priya' }));
    tick(true);
    tick(true);
    await harness.pass(minute);
    expect(body()).toContain('- [x] Development: Make the installation simpler (Priya Nair)');
    expect(readCaseJson(harness.core, caseRecord.id).plan[0]).toMatchObject({
      doneBy: 'priya',
      whoName: 'Priya Nair',
    });
    tick(false);
    await harness.pass(minute);
    expect(body()).toContain('- [ ] Development');
    expect(harness.timeline().filter((what) => what.startsWith('plan step'))).toEqual([
      'plan step done',
      'plan step open again',
    ]);
    expect(() => tickPlan(harness.core, caseRecord.id, { position: 99, done: true, who: 'priya' })).toThrow(
      'no step 99',
    );
  });
});

describe('the first contact', () => {
  it('is missed once nobody was in touch in time', async () => {
    const harness = new Harness();
    await harness.receive(failed);
    await harness.pass(4 * hour);
    expect(harness.timeline()).toContain('first contact missed');
    expect(harness.mail.to('dana@acme.example', 'First contact missed')).toHaveLength(1);
  });

  it('is not missed when somebody called', async () => {
    const harness = new Harness();
    await harness.receive(failed);
    await harness.pass(3 * hour);
    for (const _ of [1, 2])
      harness.sql.transaction(() => markContacted(harness.core, harness.case().id, { who: 'sam', how: 'by phone' }));
    await harness.pass(2 * hour);
    expect(harness.timeline()).not.toContain('first contact missed');
    expect(harness.timeline().filter((what) => what === 'customer contacted')).toHaveLength(1);
  });
});

describe('who closes that loop', () => {
  it('is asked of a person where the team names nobody', async () => {
    const harness = new Harness(
      slowAcme((text) =>
        text.replace(
          'upgrade-response: { managers: [dana], members: [sam], assign: round-robin, loop-owner: dana, fallback: dana }',
          'upgrade-response: { members: [sam] }',
        ),
      ),
    );
    await harness.receive(failed);
    expect(harness.case()).toMatchObject({ assignee: 'sam', loopOwner: null });
    expect(harness.case().needsPerson).toBe('nobody answers for telling the customer: name somebody');
    expect(buildPeopleJson(harness.core).nobody).toEqual({ works: 0, answers: 1 });
  });
});

describe('notices', () => {
  const subjectsTo = async (person: string, level: string, change: (text: string) => string = (text) => text) => {
    const settings = (text: string) =>
      change(text)
        .replace(`email: ${person}@acme.example`, `email: ${person}@acme.example\n    notices: ${level}`)
        .replace('members: [sam]', 'members: [sam, priya]');
    const harness = new Harness(slowAcme(settings));
    await harness.receive(failed);
    harness.sql.transaction(() => changeStatus(harness.core, harness.case().id, 'Pending', { who: 'sam' }));
    await harness.pass(5 * hour);
    expect(harness.case()).toMatchObject({ assignee: 'sam', loopOwner: 'dana' });
    return harness.mail
      .to(`${person}@acme.example`)
      .map(({ subject }) => (/^(.*?) · Urgent/.exec(subject)?.[1] ?? 'opened').toLowerCase());
  };

  it.each([
    ['priya', 'quiet', []],
    ['priya', 'normal', []],
    ['priya', 'all', ['opened', 'status changed', 'first contact missed']],
    ['sam', 'quiet', ['opened']],
    ['dana', 'quiet', ['opened', 'first contact missed']],
  ])('of %s who wants them %s are %j', async (person, level, subjects) => {
    expect(await subjectsTo(person, level)).toEqual(subjects);
  });

  it('of an event that names a person come to a quiet one too, and give the reason', async () => {
    const named = (text: string) => text.replace('notices: {', 'notices: { first-contact-missed: priya,');
    expect(await subjectsTo('priya', 'quiet', named)).toEqual(['first contact missed']);
  });

  it('of a digest come together as one mail, and what is urgent at once', async () => {
    const harness = new Harness(
      slowAcme((text) => text.replace('email: dana@acme.example', 'email: dana@acme.example\n    digest: "08:00"')),
    );
    await harness.receive({ token: 'a', customer: 'a', ...failed });
    await harness.receive({ token: 'b', customer: 'b', ...failed });
    await harness.pass(22 * hour);
    expect(harness.mail.to('dana@acme.example')).toEqual([]);
    await harness.pass(hour + minute);
    const subjects = () => harness.mail.to('dana@acme.example').map(({ subject }) => subject);
    expect(subjects()).toEqual(['News of 2 cases, 2 of them yours']);
    await harness.pass(hour);
    expect(subjects().filter((subject) => subject.startsWith('Overdue'))).toHaveLength(2);
  });

  it('go to a channel beside mail once, with the names of who hears of it', async () => {
    const harness = new Harness(
      slowAcme((text) =>
        text
          .replace('name: Dana Reyes', 'name: "Reyes, Dana"')
          .replace('notices: {', 'notices: { first-contact-missed: { to: managers, by: [operations] },')
          .replace('mail: {', 'channels: { operations: { kind: webhook, url: OPS_URL, secret: OPS_SECRET } }\nmail: {'),
      ),
    );
    const sent: unknown[] = [];
    let isDown = true;
    harness.core.integrations.channel = async () => ({
      async send(notice) {
        sent.push(notice);
        if (isDown) throw new IntegrationError('unknown', 'send notice');
      },
    });
    await harness.receive(failed);
    await harness.pass(4 * hour);
    isDown = false;
    await harness.pass(hour);
    const [first, second] = sent as { key: string; people: string[] }[];
    expect(second).toEqual(first);
    expect(sent).toHaveLength(2);
    expect(first).toMatchObject({
      event: 'first-contact-missed',
      people: ['Reyes, Dana'],
      case: { handle: 'C-1' },
    });
    expect(JSON.stringify(sent)).not.toMatch(/k-1|customer\.example|Name of/);
  });
});
