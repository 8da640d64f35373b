import { expect, test } from 'vitest';
import { PeoplePage } from '#src/views/people-page.tsx';
import { markAddressUndeliverable } from '#src/workspace/basics/person.ts';
import { buildPeopleJson } from '#src/workspace/queries/people.ts';
import { Harness } from '#test/harness/harness.ts';
import { sampleVisit } from './sample-case.ts';

test('a member without the right to unblock mail sees that it comes back, but no form', () => {
  const harness = new Harness();
  markAddressUndeliverable(harness.core, 'sam@acme.example');
  const page = (access: 'manager' | 'member') =>
    String(
      PeoplePage({
        visit: sampleVisit({ access, may: access === 'manager' ? ['mailAgain', 'mailSignInLink'] : [] }),
        people: buildPeopleJson(harness.core),
        titles: new Map([['github', 'GitHub']]),
      }),
    );
  expect(page('manager')).toContain('/people/sam/mail-again');
  expect(page('member')).not.toContain('mail-again');
  expect(page('member')).toContain('mail bounces');
  expect(page('member')).toContain('GitHub');
  expect(page('member')).toContain('<div>Admin</div>');
});
