import { expect, test } from 'vitest';
import { PeoplePage } from '#src/views/people-page.tsx';
import { markUndeliverable } from '#src/workspace/mail/undeliverable.ts';
import { peopleJson } from '#src/workspace/queries/people.ts';
import { Rig } from '#test/workspace/rig.ts';

test('who may not let mail go again is told that it comes back, and gets no form for it', () => {
  const rig = new Rig();
  markUndeliverable(rig.core, 'sam@acme.example');
  const page = (access: 'manager' | 'member') =>
    String(
      PeoplePage({
        visit: {
          workspace: 'acme',
          name: 'Acme',
          timeZone: 'Europe/Berlin',
          people: {},
          person: 'sam',
          access,
          now: rig.now,
        },
        people: peopleJson(rig.core),
      }),
    );
  expect(page('manager')).toContain('/people/sam/mail-again');
  expect(page('member')).not.toContain('mail-again');
  expect(page('member')).toContain('mail comes back');
});
