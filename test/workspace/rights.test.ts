import { beforeAll, describe, expect, it } from 'vitest';
import type { CaseJson } from '#domain/json/case-json.ts';
import type { TokenScope } from '#domain/json/settings-json.ts';
import type { Caller } from '#src/workspace/basics/case-operation.ts';
import { call } from '#src/workspace/call.ts';
import { listTimelineEntries, updateCase } from '#src/workspace/store/cases.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';

const pat = '  pat: { name: Pat, email: pat@acme.example, jira: 5b10ac8d82e05b22cc7d4eff }\n';
const settings = slowAcme(
  (text) => `${text.replace('people:\n', `people:\n${pat}`)}\nadmins: [priya]\nviewers: [pat]\n`,
);

let harness: Harness;
let caseId: string;

beforeAll(async () => {
  harness = new Harness(settings);
  await harness.receive({ completed: false, customer: 'k-1', email: 'ada@customer.example' });
  caseId = harness.case().id;
});

const person = (name: string, ...scopes: TokenScope[]): Caller =>
  scopes.length > 0 ? { kind: 'person', person: name, scopes } : { kind: 'person', person: name };
const program = (...scopes: TokenScope[]): Caller => ({ kind: 'program', name: 'token reports', scopes });
const run = (viewer: Caller, name: string, ...values: unknown[]) => call(harness.core, viewer, name, values);
/** An action as pages and the API ask for it. */
const acting = (action: string, value: string, more: object = {}) => ({
  ...{ action, value, because: 'promised on the phone', rootCause: null, whatChanged: null, mention: [], once: null },
  ...more,
});
const lastOf = (what: string) => listTimelineEntries(harness.sql, caseId).findLast((entry) => entry.what === what);

describe('the acting person', () => {
  it('is the viewer, whom no body names anew', () => {
    run(person('sam'), 'act', caseId, acting('snooze', '1 hour'));
    expect(lastOf('snoozed')).toMatchObject({ who: 'sam' });
    const asDana = acting('snooze', '1 hour', { who: 'dana' });
    expect(() => run(person('sam'), 'act', caseId, asDana)).toThrow('who: is dana, but this is done by sam');
  });

  it('is named by a program with the scope act-as, and acts with their own rights', () => {
    run(program('act'), 'markContacted', caseId, { how: 'by telephone' });
    expect(lastOf('customer contacted')).toMatchObject({ who: 'token reports' });
    const asDana = acting('due', '91 hours', { who: 'dana' });
    expect(() => run(program('act'), 'act', caseId, asDana)).toThrow('who: is dana, but the token of');
    run(program('act', 'act-as'), 'act', caseId, asDana);
    expect(lastOf('goal changed')).toMatchObject({ who: 'dana' });
    expect(() => run(program('act', 'act-as'), 'act', caseId, { ...asDana, who: 'mette' })).toThrow(
      'Only people of the case’s team may do this.',
    );
    expect(() => run({ kind: 'program' }, 'act', caseId, { ...asDana, who: 'somebody' })).toThrow(
      'who: is not under people of the workspace file: somebody; there are pat, dana, sam, priya, mette',
    );
  });
});

describe('a viewer', () => {
  it('reads masked cases, and changes nothing even where the case is theirs', () => {
    updateCase(harness.sql, caseId, { assignee: 'pat' });
    const shown = run(person('pat'), 'case', caseId) as CaseJson;
    expect(shown.customer.key).toBe('k…');
    for (const [name, input] of [
      ['acknowledge', { how: 'here' }],
      ['act', { action: 'comment', value: 'x' }],
      ['tickPlan', { position: 1, done: true }],
      ['setWhatChanged', { text: 'x' }],
    ] as const)
      expect(() => run(person('pat'), name, caseId, input), name).toThrow(/^Only .* may do this\.$/);
    expect(() => run(person('pat'), 'openByHand', { template: 'upgrade-not-installed' })).toThrow('Only members');
    expect(() => run(person('pat'), 'backtest', {})).toThrow();
    expect(run(person('pat'), 'actionsFor', caseId, {})).toMatchObject({ role: null, may: [] });
    updateCase(harness.sql, caseId, { assignee: 'sam' });
  });
});

describe('a token', () => {
  it('does only what its scopes allow, and masks customers without the scope for personal data', () => {
    expect(() => run(program('act'), 'case', caseId)).toThrow('This needs an API token with the scope read.');
    expect(run(program('read'), 'case', caseId)).toMatchObject({ customer: { key: 'k…' } });
    expect(run(program('read', 'personal-data'), 'case', caseId)).toMatchObject({ customer: { key: 'k-1' } });
    expect(run(person('dana', 'read'), 'case', caseId)).toMatchObject({ customer: { key: 'k…' } });
    expect(run(person('dana'), 'case', caseId)).toMatchObject({ customer: { key: 'k-1' } });
    expect(() =>
      run(program('read', 'act', 'settings', 'personal-data', 'act-as'), 'createSignInLink', 'dana'),
    ).toThrow('No API token of a workspace may do this.');
  });
});

describe('a list', () => {
  const list = (viewer: Caller, more: object) => run(viewer, 'list', { cursor: null, limit: 50, ...more });

  it('is not filtered by an attribute that the viewer reads masked', () => {
    const query = { what: 'cases', attributes: { email: 'ada@customer.example' } };
    expect(() => list(person('sam'), query)).toThrow('customer.email tells who a customer is');
    expect(() => run(person('sam'), 'report', query)).toThrow('customer.email tells who a customer is');
    expect(() => run(person('dana'), 'report', query)).not.toThrow();
    expect(list(person('dana'), query)).toMatchObject({ items: [{ handle: 'C-1' }] });
    expect(list(person('sam'), { what: 'cases', attributes: { tier: 'gold' } })).toMatchObject({
      items: [{ handle: 'C-1' }],
    });
  });

  it('of mails shows subjects of mails to customers to those who see customers', () => {
    const message = { to: null, everybody: false, subject: 'Your report, Ada', text: 'It works again.' };
    run(person('dana'), 'writeToCustomer', caseId, message);
    const subjects = (viewer: Caller) => JSON.stringify(list(viewer, { what: 'mails' }));
    for (const viewer of [person('pat'), person('mette'), program('read')])
      expect(subjects(viewer)).not.toContain('Ada');
    expect(subjects(person('dana'))).toContain('Your report, Ada');
  });
});
