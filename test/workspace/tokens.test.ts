import { beforeEach, describe, expect, it } from 'vitest';
import type { Page } from '#domain/base/page.ts';
import type { AuditLineJson, TokenJson } from '#domain/json/settings-json.ts';
import type { Caller } from '#src/workspace/basics/case-operation.ts';
import { call } from '#src/workspace/call.ts';
import { apiTokens } from '#src/workspace/store/access.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day } from '#test/harness/times.ts';

const settings = slowAcme((text) => `${text}\nadmins: [priya]\n`);
const deployment: Caller = { kind: 'program' };
const person = (name: string): Caller => ({ kind: 'person', person: name });

let harness: Harness;
let caseId: string;

beforeEach(async () => {
  harness = new Harness(settings);
  await harness.receive({ completed: false, customer: 'k-1', email: 'ada@customer.example' });
  caseId = harness.case().id;
});

const run = (viewer: Caller, name: string, ...values: unknown[]) => call(harness.core, viewer, name, values);
const make = (viewer: Caller, more: object = {}) => {
  const made = run(viewer, 'createToken', { name: 'report', scopes: ['read'], days: 30, program: false, ...more });
  return made as TokenJson & { token: string };
};
const holderOf = ({ token }: { token: string }): Caller => ({ kind: 'token', token });
const audited = () =>
  (run(person('priya'), 'audit', { cursor: null, limit: 100 }) as Page<AuditLineJson>).items.map(
    ({ who, what, about, details }) => [who, what, about, details].filter(Boolean).join(' | '),
  );

describe('an API token', () => {
  it('acts as its person within its scopes, until it ends or is revoked', () => {
    const made = make(person('sam'), { scopes: ['read', 'act'] });
    expect(made).toMatchObject({ person: 'sam', token: expect.stringMatching(/^cl_[0-9a-f]{48}$/) });
    const words = { text: 'The installer is new.' };
    run(holderOf(made), 'setWhatChanged', caseId, words);
    expect(() => run(holderOf(made), 'setWhatChanged', caseId, { ...words, who: 'dana' })).toThrow('who: is dana');
    expect(() => run(holderOf(made), 'templates')).not.toThrow();
    expect(() => run(holderOf(made), 'pull')).toThrow('This needs an API token with the scope settings.');
    harness.now += 30 * day;
    expect(() => run(holderOf(made), 'templates')).toThrow('This API token was revoked, has ended, or never existed.');
    const other = make(person('sam'));
    expect(run(person('sam'), 'tokens')).toMatchObject([{ id: other.id, name: 'report' }]);
    expect(() => run(person('mette'), 'revokeToken', other.id, {})).toThrow('There is no such token.');
    run(person('priya'), 'revokeToken', other.id, {});
    expect(() => run(holderOf(other), 'templates')).toThrow('This API token was revoked');
  });

  it('is of a program for admins and the deployment only, and acts under its own name', () => {
    expect(() => make(person('sam'), { program: true })).toThrow('Only admins may make tokens of programs.');
    const made = make(deployment, { scopes: ['act'] });
    expect(made).toMatchObject({ person: null, createdBy: 'the API' });
    run(holderOf(made), 'acknowledge', caseId, { how: 'here' });
    expect(harness.timeline().join('\n')).toContain('acknowledged');
    expect(() => make(deployment)).toThrow('name: is the name of another token: report');
    expect(() => run(holderOf(made), 'createToken', {})).toThrow('No API token of a workspace may do this.');
  });

  it('stands in the store as a keyed hash, and never as itself', () => {
    const { token } = make(person('sam'));
    const hash = harness.core.keys.mac('api-token.1', harness.core.workspace, token);
    expect(apiTokens.find(harness.sql, { hash })).toMatchObject({ name: 'report' });
    expect(JSON.stringify(run(deployment, 'tokens'))).not.toContain(token);
  });
});

describe('the audit log', () => {
  it('has exports, views, erasures, tokens, links and refusals, without a customer’s name', () => {
    make(person('sam'));
    run(person('dana'), 'customer', 1);
    run(person('dana'), 'customer', 1);
    run(person('dana'), 'ledger', 'k-1');
    run(person('sam'), 'customer', 1);
    run(person('dana'), 'list', { what: 'customers', cursor: null, limit: 10 });
    run(person('dana'), 'case', caseId);
    run(person('dana'), 'case', caseId);
    run(person('mette'), 'case', caseId);
    run(deployment, 'case', 'C-1');
    run(person('dana'), 'exportPerson', 'k-1', {});
    run(person('dana'), 'mailSignInLink', 'sam', {});
    run(deployment, 'requestSignInLink', 'nobody@acme.example', '');
    run(deployment, 'requestSignInLink', 'no-one@acme.example', '');
    expect(() => run({ kind: 'token', token: `cl_${'0'.repeat(48)}` }, 'case', caseId)).toThrow();
    run(person('priya'), 'erasePerson', 'k-1', {});
    const lines = audited();
    expect(
      lines.map((line) =>
        line
          .replace(caseId, 'CASE')
          .replace(/-[0-9a-f]{16}\b/g, '-N')
          .replace(/t_\w+/, 'T'),
      ),
    ).toEqual([
      'priya | person erased | customer-N | 1 responses, 1 cases, 0 mails',
      'somebody | token refused | unknown',
      'somebody | sign-in refused | unknown address',
      'dana | person invited | sam',
      'dana | personal data exported | customer-N',
      'the API | customer of a case viewed | CASE',
      'dana | customer of a case viewed | CASE',
      'dana | customer list viewed',
      'dana | customer viewed | customer-N',
      'sam | token made | sam | T: read',
    ]);
    expect(lines.join()).not.toMatch(/k-1|ada@/);
  });

  it('is read by admins only, in pages', () => {
    for (const name of ['report a', 'report b', 'report c']) make(person('sam'), { name });
    expect(() => run(person('dana'), 'audit', { cursor: null, limit: 2 })).toThrow('Only admins may do this.');
    const first = run(person('priya'), 'audit', { cursor: null, limit: 2 }) as Page<AuditLineJson>;
    const second = run(person('priya'), 'audit', { cursor: first.next, limit: 2 }) as Page<AuditLineJson>;
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([3, 2, 1]);
    expect(second.next).toBeNull();
  });
});
