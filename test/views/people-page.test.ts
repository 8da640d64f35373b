import { expect, test } from 'vitest';
import { PeoplePage } from '#src/views/people-page.tsx';
import { markUndeliverable } from '#src/workspace/mail/undeliverable.ts';
import { peopleJson } from '#src/workspace/queries/people.ts';
import { Harness } from '#test/harness/harness.ts';

test('who may not let mail go again is told that it comes back, and gets no form for it', () => {
  const harness = new Harness();
  markUndeliverable(harness.core, 'sam@acme.example');
  const page = (access: 'manager' | 'member') =>
    String(
      PeoplePage({
        visit: {
          workspace: 'acme',
          name: 'Acme',
          timeZone: 'Europe/Berlin',
          attributes: {},
          people: {},
          person: 'sam',
          access,
          now: harness.now,
        },
        people: peopleJson(harness.core),
      }),
    );
  expect(page('manager')).toContain('/people/sam/mail-again');
  expect(page('member')).not.toContain('mail-again');
  expect(page('member')).toContain('mail comes back');
});
