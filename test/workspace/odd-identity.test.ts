import { describe, expect, it } from 'vitest';
import { boundTimes } from '#domain/integrations/incoming-response.ts';
import { writeToCustomer } from '#src/workspace/loop/write-to-customer.ts';
import { findCustomer } from '#src/workspace/store/customers.ts';
import { Harness } from '#test/harness/harness.ts';
import type { SampleResponse } from '#test/harness/sample-response.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour } from '#test/harness/times.ts';

async function opened(told: SampleResponse): Promise<Harness> {
  const harness = new Harness();
  await harness.receive({ completed: false, ...told });
  await harness.pass(hour);
  return harness;
}

const write = (harness: Harness) =>
  harness.sql.transaction(() =>
    writeToCustomer(harness.core, harness.case().id, { subject: 'Hello', text: 'We call you.', who: 'dana' }),
  );

describe('the time of a response (hostile 8)', () => {
  it('in the far future counts as of the receipt, so that later words of the customer count', async () => {
    const harness = new Harness();
    await harness.receive({ name: 'Old Name', at: Date.UTC(2999, 0, 1) });
    await harness.pass(hour);
    await harness.receive({ token: 'r-2', name: 'New Name', at: harness.now });
    expect(findCustomer(harness.sql, 'k-1')?.name).toBe('New Name');
    const [first] = harness.responses().filter(({ content }) => content.notes);
    expect(first?.content.submittedAt).toBe(first?.receivedAt);
    expect(first?.content.notes).toEqual([
      'submitted at 2999-01-01T00:00:00.000Z, after its receipt: the time of the receipt counts',
    ]);
  });

  it('of 1970 counts as of the receipt, so that its customer is asked', async () => {
    const harness = await opened({ at: Date.UTC(1970, 0, 2) });
    harness.trackers.support.close(0);
    await harness.poll();
    await harness.pass(2 * day);
    expect(harness.customerFollowUp().state).toBe('sent');
    expect(harness.responses()[0]?.content.notes?.[0]).toMatch(/^submitted at 1970-01-02.* long before its receipt/);
  });

  it('may be years back in a back-fill, and a little ahead by the clock of the tool', () => {
    const [harness] = [new Harness()];
    const at = (submittedAt: number, isPushed: boolean) => {
      const response = { revision: 2 * submittedAt + 1, submittedAt, partial: false };
      return boundTimes({ ...bare, ...response }, harness.now, isPushed);
    };
    expect(at(harness.now - 900 * day, false)).toMatchObject({ submittedAt: harness.now - 900 * day });
    expect(at(harness.now + 60_000, true)).toMatchObject({ submittedAt: harness.now + 60_000 });
    expect(at(harness.now + day, true)).toMatchObject({ submittedAt: harness.now, revision: 2 * harness.now + 1 });
  });
});

const bare = {
  form: 'f',
  formTitle: null,
  responseId: 'r',
  language: null,
  answers: [],
  hidden: new Map<string, string>(),
  link: null,
};

describe('an address that gets no mail', () => {
  it.each(['noreply@customer.example', 'MAILER-DAEMON@customer.example', 'feedback@acme.example'])(
    'is that of no person: %s (hostile 14)',
    async (email) => {
      const harness = await opened({ email });
      expect(() => write(harness)).toThrow(/the address is a sender or a mailbox that no person reads/);
      harness.trackers.support.close(0);
      await harness.poll();
      await harness.pass(2 * day);
      expect(harness.customerFollowUp().why).toMatch(/^the address is a sender or a mailbox that no person reads/);
      expect(harness.mail.to(email)).toEqual([]);
    },
  );

  it('is that of the workspace itself, whatever the name before it', async () => {
    const harness = new Harness(slowAcme((text) => text.replace('"Acme feedback <', '"Acme <3 customers <')));
    await harness.receive({ completed: false, email: 'feedback@acme.example' });
    await harness.pass(hour);
    expect(() => write(harness)).toThrow(/the address is a sender or a mailbox that no person reads/);
  });

  it('and is refused reads as what it is (hostile 18)', async () => {
    const harness = await opened({ email: `${'a'.repeat(65)}@customer.example` });
    expect(() => write(harness)).toThrow(/the respondent’s e-mail address has more than 64 characters before the @/);
    expect(harness.responses()[0]?.content.notes).toEqual([
      'the respondent’s e-mail address has more than 64 characters before the @',
    ]);
  });

  it('keeps its local part, and its domain becomes ASCII (hostile 18)', async () => {
    const harness = await opened({ email: 'Ana.Maria@Bücher.example' });
    write(harness);
    await harness.pass(hour);
    expect(harness.mail.to('Ana.Maria@xn--bcher-kva.example')).toHaveLength(1);
  });
});
