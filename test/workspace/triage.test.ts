import { describe, expect, it, vi } from 'vitest';
import { finishSteps } from '#domain/base/steps.ts';
import { TriagePage } from '#src/views/triage-page.tsx';
import { WorkPage } from '#src/views/work-page.tsx';
import { call } from '#src/workspace/call.ts';
import { decideHeld, holdStoredMatches, listHeldMatches } from '#src/workspace/intake/decide-held.ts';
import { decideTriage } from '#src/workspace/intake/triage.ts';
import { answerAsk } from '#src/workspace/loop/answer.ts';
import type { Operations } from '#src/workspace/operations.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { readHome } from '#src/workspace/queries/case-lists.ts';
import { listTriageJson } from '#src/workspace/queries/intake.ts';
import { resurveys } from '#src/workspace/store/asks.ts';
import { triage } from '#src/workspace/store/triage.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day } from '#test/harness/times.ts';
import { createVisit } from '#test/harness/visit.ts';

/** Acme with only the template for upgrades that were not installed, so that low scores are nobody's. */
const onlyInstallation = (change = (text: string) => text) =>
  acme(({ kind, name, text }) => {
    if (name === 'acme') return change(text).replace('every: 2 minutes', 'every: 1 day');
    return kind === 'case-template' && name !== 'upgrade-not-installed' ? `${text}state: off\n` : text;
  });
const list = (harness: Harness) => listTriageJson(harness.core, { cursor: null, limit: 50 }).items;
const reasons = (harness: Harness) => list(harness).map(({ why }) => why);
const home = (harness: Harness) => readHome(harness.core, { who: 'dana', group: null, after: 0 });
const decide = (harness: Harness, decision: 'open' | 'dismiss', template: string | null = null) =>
  harness.sql.transaction(() =>
    decideTriage(harness.core, {
      responses: list(harness).map(({ response }) => response.id),
      decision,
      template,
      reason: 'looked at on Monday',
      who: 'dana',
    }),
  );
const happy = { token: 'happy', customer: 'k-happy', completed: true, ease: 10 };
const unhappy = { token: 'low', customer: 'k-low', completed: true, ease: 3 };

describe('an unhappy response that no template took', () => {
  it('stands in the triage, on home, and leaves with its case', async () => {
    const harness = new Harness(onlyInstallation());
    await harness.receive(happy, unhappy, { token: 'taken', customer: 'k-t', completed: false, ease: 1 });
    expect(reasons(harness)).toEqual([expect.stringMatching(/^3 of 10/)]);
    expect(home(harness).rail.triage).toBe(1);
    expect(decide(harness, 'open', 'upgrade-not-installed')).toEqual({ decided: 1, left: [] });
    expect(list(harness)).toEqual([]);
    expect(harness.cases().map(({ customerKey }) => customerKey)).toContain('k-low');
    expect(home(harness).rail.triage).toBe(0);
  });

  it('is counted on home', async () => {
    const harness = new Harness(onlyInstallation());
    const show = async () => {
      const visit = createVisit(harness.core);
      return String(
        await WorkPage({ visit, home: home(harness), held: [], states: [], report: null, after: null }),
      ).replace(/<[^>]*>/g, '');
    };
    expect(await show()).not.toContain('Triage 1');
    await harness.receive(happy, unhappy);
    expect(await show()).toContain('Triage 1');
    await harness.receive({ ...unhappy, token: 'low-2', customer: 'k-2' });
    expect(await show()).toContain('Triage 2');
  });

  it('says on its page who dismissed it and why, to those who see customers', async () => {
    const harness = new Harness(onlyInstallation());
    await harness.receive(happy, unhappy);
    const id = list(harness)[0]?.response.id ?? '';
    const read = (person: string) =>
      call(harness.core, { kind: 'person', person }, 'responseContext', [id]) as ReturnType<
        Operations['responseContext']
      >;
    expect(read('dana').dismissal).toBeNull();
    decide(harness, 'dismiss');
    expect(read('dana').dismissal).toMatchObject({ who: 'dana', reason: 'looked at on Monday' });
    expect(read('sam').dismissal).toBeNull();
  });

  it('is known as unhappy once a later answer shows how long the scale is', async () => {
    const harness = new Harness(onlyInstallation());
    await harness.receive(unhappy);
    expect(list(harness)).toEqual([]);
    await harness.receive(happy);
    expect(reasons(harness)).toEqual([expect.stringMatching(/^3 of 10/)]);
  });

  it('goes by the limits that its source names', async () => {
    const harness = new Harness(
      onlyInstallation((text) => text.replace('    questions:\n', '    unhappy: { ease: 6 }\n    questions:\n')),
    );
    await harness.receive(happy, { ...unhappy, ease: 6 }, { ...unhappy, token: 'seven', ease: 7 });
    expect(reasons(harness)).toEqual([expect.stringMatching(/^6 of 10/)]);
  });

  it('is dismissed once with a reason, and an edit that makes it happy takes it off', async () => {
    const harness = new Harness(onlyInstallation());
    await harness.receive(happy, unhappy);
    expect(decide(harness, 'dismiss')).toEqual({ decided: 1, left: [] });
    expect(list(harness)).toEqual([]);
    await harness.receive({ ...unhappy, ease: 2, at: harness.now + 1000 });
    expect(list(harness)).toEqual([]);
    await harness.receive({ ...unhappy, token: 'second', customer: 'k-2' });
    expect(list(harness)).toHaveLength(1);
    await harness.receive({ ...unhappy, token: 'second', customer: 'k-2', ease: 9, at: harness.now + 1000 });
    expect(list(harness)).toEqual([]);
  });

  it('leaves a response that is not in the triage, or that a colleague dismissed already', async () => {
    const harness = new Harness(onlyInstallation());
    await harness.receive(happy, unhappy);
    const responses = harness.responses().map(({ id }) => id);
    const dismiss = (who: string) =>
      decideTriage(harness.core, { responses, decision: 'dismiss', reason: `looked at by ${who}`, who });
    expect(dismiss('dana')).toMatchObject({ decided: 1, left: [{ why: expect.stringMatching(/decided already/) }] });
    expect(dismiss('sam')).toMatchObject({ decided: 0, left: [{}, {}] });
    const [low] = harness.responses().filter(({ customerKey }) => customerKey === 'k-low');
    expect(triage.find(harness.sql, { responseId: low?.id ?? '' })).toMatchObject({ dismissedBy: 'dana' });
  });

  it('is not looked for again with every new highest number of a question that is no scale', async () => {
    const harness = new Harness(onlyInstallation());
    await harness.receive({ ...happy, ease: 500 });
    const read = vi.spyOn(harness.sql, 'all');
    await harness.receive({ ...happy, token: 'more', ease: 600 });
    const looks = read.mock.calls.filter(([query]) => /source = \? AND form = \? ORDER BY seq DESC/.test(query));
    expect(looks).toEqual([]);
  });

  it('keeps ticks, reason and place of a refused form, and tells numbers alone', async () => {
    const harness = new Harness(onlyInstallation());
    await harness.receive(happy, unhappy);
    const items = list(harness);
    const fields = { reason: 'a call on Monday', [`response.${items[0]?.response.id}`]: 'on' };
    const problem = { path: '/w/acme/triage', fields, field: 'template', message: 'This is off.' };
    const visit = { ...createVisit(harness.core), query: { 'opened-for': '3', left: '1' }, problem };
    const listed = { items, next: null, cursor: '7', hasFile: false, url: () => '' };
    const page = { visit, list: listed, setAside: 0, templates: [] };
    const html = String(TriagePage(page));
    expect(html).toMatch(/value="a call on Monday"/);
    expect(html).toMatch(/type="checkbox"[^>]*checked/);
    expect(html).toMatch(/action="\/w\/acme\/triage\?cursor=7"/);
    expect(html).toContain('This is off.');
    expect(html).toContain('Opened cases for 3 responses. Left 1 response: decided already, or held by the template.');
  });

  it('needs a reason, and goes with its erased person', async () => {
    const harness = new Harness(onlyInstallation());
    await harness.receive(happy, unhappy);
    const input = { responses: ['r_none'], decision: 'dismiss' as const, reason: '', who: 'dana' };
    expect(() => decideTriage(harness.core, input)).toThrow(/reason/);
    const many = { ...input, reason: 'why', responses: new Array<string>(201).fill('r_1') };
    expect(() => decideTriage(harness.core, many)).toThrow('responses: are more than 200');
    harness.sql.transaction(() => erasePerson(harness.core, 'k-low', 'dana'));
    expect(list(harness)).toEqual([]);
  });

  it('hides who it is from viewers, who decide nothing', async () => {
    const harness = new Harness(slowAcme((text) => text.replace('teams:\n', 'viewers: [mette]\nteams:\n')));
    const viewer = { kind: 'person', person: 'mette' } as const;
    await harness.receive(happy);
    expect(JSON.stringify(call(harness.core, viewer, 'triage', [{ cursor: null, limit: 5 }]))).not.toContain('k-low');
    const values = [{ responses: [], decision: 'dismiss', reason: 'x' }];
    expect(() => call(harness.core, viewer, 'decideTriage', values)).toThrow(/members/);
  });
});

it('a later "no" without a case stands in the triage until the answer becomes yes or a case opens', async () => {
  const harness = new Harness(
    slowAcme((text) => `${text}\nresurvey:\n  upgrade: { source: upgrade-survey, after: 14 days }\n`),
  );
  await harness.receive({ completed: true });
  await harness.pass(15 * day);
  const ask = resurveys.page(harness.sql, { kind: 'resurvey' }, 1)[0]?.id ?? '';
  const answer = (resolved: string) => answerAsk(harness.core, ask, new Map([['resolved', resolved]]));
  answer('no');
  expect(list(harness)).toMatchObject([{ kind: 'no', why: 'Asked again, the respondent says no' }]);
  answer('yes');
  expect(list(harness)).toEqual([]);
  answer('partly');
  decide(harness, 'open', 'upgrade-not-installed');
  expect(list(harness)).toEqual([]);
  expect(harness.cases()).toHaveLength(1);
});

describe('a new template', () => {
  const stored = async () => {
    const harness = new Harness(onlyInstallation());
    await harness.receive(happy, unhappy, { ...unhappy, token: 'other', customer: 'k-other' });
    harness.core.settings = slowAcme();
    return harness;
  };
  const apply = (harness: Harness, days = 30) =>
    harness.sql.transaction(() =>
      finishSteps(holdStoredMatches(harness.core, 'upgrade-hard-to-install', { days, who: 'dana' })),
    );

  it('says how many cases the stored responses would open, and opens them on request', async () => {
    const harness = await stored();
    const before = harness.cases().length;
    expect(apply(harness)).toEqual({ held: 2 });
    expect(apply(harness)).toEqual({ held: 0 });
    expect(listHeldMatches(harness.core)).toMatchObject([{ template: 'upgrade-hard-to-install', count: 2 }]);
    expect(harness.cases()).toHaveLength(before);
    harness.sql.transaction(() =>
      decideHeld(harness.core, 'upgrade-hard-to-install', { decision: 'open', who: 'dana' }),
    );
    await harness.pass(0);
    expect(harness.cases().map(({ template }) => template)).toContain('upgrade-hard-to-install');
    const decisions = harness.responses().find(({ customerKey }) => customerKey === 'k-low')?.decisions;
    expect(decisions).toContainEqual(expect.objectContaining({ template: 'upgrade-hard-to-install', opened: true }));
    expect(list(harness)).toEqual([]);
  });

  it('gives others their turn between stored responses', async () => {
    const harness = await stored();
    const steps = holdStoredMatches(harness.core, 'upgrade-hard-to-install', { days: 30 });
    expect(steps.next()).toEqual({ done: false, value: undefined });
  });

  it('leaves older responses and those of other templates alone', async () => {
    const harness = await stored();
    await harness.pass(3 * day);
    expect(apply(harness, 1)).toEqual({ held: 0 });
    expect(() =>
      finishSteps(holdStoredMatches(harness.core, 'upgrade-hard-to-install', { days: 0, who: 'dana' })),
    ).toThrow(/days/);
  });
});
