import { describe, expect, it } from 'vitest';
import { IntegrationError } from '#domain/base/errors.ts';
import type { Mailer, MailMessage } from '#domain/integrations/mailer.ts';

/** A mail as the provider received it. */
export interface ArrivedMail {
  to: string;
  from: string;
  replyTo: string | null;
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
}

/** Fault of the provider for the next mail. */
export type MailFault = 'refuses the mail' | 'refuses the login' | 'is busy' | 'takes it and falls silent' | 'is down';

/** One mail provider with a server that can inject faults. */
export interface MailBench {
  mailer: Mailer;
  /** Time in which a repeated key is answered with the first mail, in milliseconds. */
  idempotencyMs: number;
  arrived(): ArrivedMail[];
  fail(fault: MailFault): Promise<void> | void;
}

export const sampleMail: MailMessage = {
  key: 'm_1f00',
  from: 'Acme feedback <feedback@acme.example>',
  to: 'ines.vidal@customer.example',
  replyTo: 'dana@acme.example',
  subject: 'Haben wir es gelöst? – “Ja”',
  text: 'Hello Inés,\n\nis it solved?\n.\nA line with a dot.\n',
  html: '<p>Hello Inés</p>',
  headers: {
    'List-Unsubscribe': '<https://caselite.example/u/acme.f_1.00ff>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  },
};

/** The contract of every mail provider. */
export function describeMailer(name: string, start: () => Promise<MailBench>): void {
  describe(`${name} as a mailer`, () => {
    it('sends one mail with everything in it, to one person', async () => {
      const { mailer, arrived } = await start();
      const { id } = await mailer.send(sampleMail);
      expect(id).not.toBe('');
      expect(arrived()).toHaveLength(1);
      const [mail] = arrived();
      const { to, replyTo, subject } = sampleMail;
      expect(mail).toMatchObject({ to, replyTo, subject });
      expect(mail?.from).toContain('feedback@acme.example');
      expect(mail?.text.replaceAll('\r\n', '\n').trimEnd()).toBe(sampleMail.text.trimEnd());
      expect(mail?.html.trim()).toBe(sampleMail.html);
      for (const [header, value] of Object.entries(sampleMail.headers))
        expect(mail?.headers[header.toLowerCase()]).toBe(value);
    });

    it('sends a mail that wants no reply', async () => {
      const { mailer, arrived } = await start();
      await mailer.send({ ...sampleMail, replyTo: null });
      expect(arrived()[0]?.replyTo).toBeNull();
    });

    it('lets no address, name or subject break into the head of the mail', async () => {
      const { mailer, arrived } = await start();
      await mailer.send({ ...sampleMail, subject: 'Solved?\r\nBcc: everybody@customer.example' });
      expect(arrived()).toHaveLength(1);
      expect(arrived()[0]?.headers.bcc).toBeUndefined();
      expect(arrived()[0]?.to).toBe(sampleMail.to);
    });

    it.each([
      ['refuses the mail', 'rejected'],
      ['refuses the login', 'auth'],
      ['is busy', 'unavailable'],
      ['takes it and falls silent', 'unknown'],
      ['is down', 'unavailable'],
    ] as const)('says what it means when the provider %s: %s', async (fault, code) => {
      const { mailer, fail } = await start();
      await fail(fault);
      const error = await mailer.send(sampleMail).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(IntegrationError);
      const { code: found, message } = error as IntegrationError;
      expect(found === 'rate-limited' ? 'unavailable' : found).toBe(code);
      expect(message).not.toMatch(/customer\.example|In[eé]s|solved|gelöst/);
    });

    it('is found in order by a check, which sends nothing', async () => {
      const { mailer, arrived } = await start();
      expect(await mailer.check()).toEqual([]);
      expect(arrived()).toEqual([]);
    });

    it.each(['refuses the login', 'is down'] as const)('says in one line what is wrong when it %s', async (fault) => {
      const { mailer, fail } = await start();
      await fail(fault);
      const findings = await mailer.check().catch((error: unknown) => {
        expect(error).toBeInstanceOf(IntegrationError);
        return [{ blocking: true, message: (error as IntegrationError).message, remedy: 'wait' }];
      });
      expect(findings).toHaveLength(1);
      expect(findings[0]).toMatchObject({ blocking: true });
      expect(findings[0]?.message).not.toMatch(/\n|re_1|pass\b/);
      expect(findings[0]?.remedy).not.toBe('');
    });

    it('sends a repeated key once, or says that it cannot promise it', async () => {
      const { mailer, arrived, idempotencyMs } = await start();
      await mailer.send(sampleMail);
      await mailer.send(sampleMail);
      expect(arrived()).toHaveLength(idempotencyMs > 0 ? 1 : 2);
    });
  });
}
