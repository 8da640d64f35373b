import { describe, expect, it } from 'vitest';
import { verifyToken } from '#domain/base/key.ts';
import { CaseTemplateFile } from '#domain/templates/template.ts';
import { acknowledge } from '#src/workspace/cases/acknowledge.ts';
import { openByHand } from '#src/workspace/cases/open-by-hand.ts';
import { unsubscribe } from '#src/workspace/loop/answer.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { buildFeedbackPage } from '#src/workspace/queries/customer-pages.ts';
import { Harness } from '#test/harness/harness.ts';
import { acmeWithReplies } from '#test/harness/replies.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour } from '#test/harness/times.ts';

const customer = 'k-1@customer.example';
const sam = '5b10ac8d82e05b22cc7d4ef2';
const mailsTo = (harness: Harness) => harness.mail.accepted.filter(({ to }) => to === customer);

async function opened(receipt?: string, settings = acmeWithReplies(receipt)): Promise<Harness> {
  const harness = new Harness(settings);
  await harness.receive({ completed: false });
  return harness;
}

const subjectOf = (harness: Harness, text = mailsTo(harness).at(-1)?.text ?? ''): string => {
  const [, token = ''] = /\/f\/(\S+)/.exec(text) ?? [];
  return verifyToken(harness.core.keys, 'feedback', token)?.subject ?? '';
};
const pageOf = (harness: Harness, subject = subjectOf(harness)) => buildFeedbackPage(harness.core, subject);

describe('a receipt', () => {
  it('is off by default', async () => {
    expect(mailsTo(await opened('', slowAcme()))).toEqual([]);
  });

  it('tells the customer of a new case, and counts as no contact and no survey', async () => {
    const harness = await opened();
    expect(mailsTo(harness)).toMatchObject([{ headers: { 'Auto-Submitted': 'auto-generated' } }]);
    expect(mailsTo(harness)[0]?.text).toMatch(
      /^Hello Name of k-1,\n\nThank you for your feedback \(the upgrade that could not be installed\)\.\n\nOur team has your feedback and will look into it\./,
    );
    expect(mailsTo(harness)[0]?.replyTo).toMatch(/@in\.acme\.example$/);
    expect(harness.timeline()).toContain('receipt sent');
    expect(harness.case().firstContactAt).toBeNull();
    harness.trackers.support.close(0, 'completed', sam);
    await harness.poll();
    await harness.pass(day + hour);
    expect(harness.customerFollowUp().state).toBe('sent');
  });

  it('speaks the customer’s language: in the template’s words, else in ours', async () => {
    const settings = () => acmeWithReplies('{ de: "Danke, {{ customer.name }}! Wir melden uns." }');
    const german = new Harness(settings());
    await german.receive({ completed: false, language: 'de-AT' });
    expect(mailsTo(german)[0]?.text).toContain('Wir melden uns.');
    expect(mailsTo(german)[0]?.subject).toContain('Wir haben Ihre Rückmeldung');
    const french = new Harness(settings());
    await french.receive({ completed: false, language: 'fr' });
    expect(mailsTo(french)[0]?.text).toContain('Merci pour votre retour');
  });

  it('goes to one customer once a day, however many cases open', async () => {
    const harness = await opened();
    harness.trackers.support.close(0, 'completed', sam);
    const byHand = (key: string, email: string) =>
      harness.sql.transaction(() =>
        openByHand(harness.core, {
          template: 'upgrade-not-installed',
          customer: { key, email, name: null, tier: null, revenue: null },
          reason: 'told by phone',
          who: 'dana',
        }),
      );
    byHand('another-key', customer.toUpperCase());
    await harness.pass(hour);
    expect(harness.mail.accepted.filter(({ to }) => to.toLowerCase() === customer)).toHaveLength(1);
    expect(harness.timeline(1)).toContain('receipt skipped');
    await harness.pass(day);
    byHand('third-key', customer);
    await harness.pass(0);
    expect(harness.mail.accepted.filter(({ to }) => to.toLowerCase() === customer)).toHaveLength(2);
  });

  it('does not go to a customer who wants no mail', async () => {
    const harness = await opened('false');
    harness.trackers.support.close(0, 'completed', sam);
    await harness.poll();
    await harness.pass(day + hour);
    harness.sql.transaction(() => unsubscribe(harness.core, harness.customerFollowUp().id));
    const before = mailsTo(harness).length;
    harness.core.settings = acmeWithReplies();
    harness.sql.transaction(() =>
      openByHand(harness.core, {
        template: 'upgrade-not-installed',
        customer: { key: 'k-other', email: customer, name: null, tier: null, revenue: null },
        reason: 'again',
        who: 'dana',
      }),
    );
    await harness.pass(hour);
    expect(mailsTo(harness)).toHaveLength(before);
    expect(harness.timeline(1)).toContain('receipt skipped');
  });

  it('belongs to a template that opens cases of one customer', () => {
    const read = CaseTemplateFile.safeParse({
      name: 'x',
      kind: 'strategic',
      when: { source: [] },
      category: 'c',
      receipt: true,
    });
    expect(read.error?.issues.map(({ path }) => path.join('.'))).toContain('receipt');
  });
});

describe('the customer’s own page', () => {
  it('says received, being worked on, and done, and never runs ahead of the follow-up', async () => {
    const harness = await opened();
    const subject = subjectOf(harness);
    expect(pageOf(harness)).toMatchObject({
      state: 'received',
      language: 'en',
      workspaceName: 'Acme customer feedback',
    });
    expect(pageOf(harness).said?.answers.map(({ text }) => text)).toContain('No');
    harness.sql.transaction(() => acknowledge(harness.core, harness.case().id, 'sam', 'on the page'));
    expect(pageOf(harness).state).toBe('inWork');
    harness.trackers.support.close(0, 'completed', sam);
    await harness.poll();
    expect(harness.case().loop).toBe('resolved');
    expect(pageOf(harness, subject).state).toBe('inWork');
    await harness.pass(day + hour);
    expect(pageOf(harness, subject)).toMatchObject({ state: 'finished' });
    expect(subjectOf(harness)).toBe(harness.customerFollowUp().id);
    expect(pageOf(harness).state).toBe('finished');
    expect(JSON.stringify(pageOf(harness))).not.toMatch(/Sam|Dana|SUP-|Installation issues|gold|urgent|C-1/);
  });

  it('ends with the follow-up, and with the customer’s data', async () => {
    const harness = await opened();
    const receipt = subjectOf(harness);
    harness.trackers.support.close(0, 'completed', sam);
    await harness.poll();
    await harness.pass(day + hour);
    const followUp = harness.customerFollowUp().id;
    await harness.pass(16 * day);
    for (const subject of [receipt, followUp, 'm_unknown', harness.case().id])
      expect(() => pageOf(harness, subject)).toThrow('does not work any more');
    const other = await opened();
    const own = subjectOf(other);
    other.sql.transaction(() => erasePerson(other.core, other.case().customerKey ?? '', 'priya'));
    expect(() => pageOf(other, own)).toThrow('does not work any more');
  });
});
