import { join } from 'node:path';
import * as z from 'zod';
import { startFront } from '#adapters/emulators/emulate-front.ts';
import type { MailEmulator, SeenMail } from '#adapters/emulators/emulator.ts';
import { readSenderDomain } from '#adapters/sender.ts';

const mails = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      to: z.array(z.string()),
      from: z.string(),
      reply_to: z.array(z.string()),
      subject: z.string(),
      text: z.string().nullable(),
      html: z.string().nullable(),
      headers: z.record(z.string(), z.string()),
      created_at: z.string(),
    }),
  ),
});

export const resendEmulator: MailEmulator = {
  kind: 'resend',
  port: 8794,
  start: ({ host, port, folder, settings, secret }) =>
    startResend({
      host,
      port,
      folder,
      key: secret(settings.key),
      domain: readSenderDomain(settings.from ?? ''),
    }),
};

/** `emulate`'s Resend, which remembers its mails over restarts. */
export async function startResend(options: {
  host: string;
  port: number;
  folder: string;
  key: string;
  domain?: string;
}): Promise<{ address: string; inboxUrl: string; inbox(): Promise<SeenMail[]>; close(): Promise<void> }> {
  const { key, domain } = options;
  const { url, firstIds, close } = await startFront({
    service: 'resend',
    file: join(options.folder, 'resend.jsonl'),
    host: options.host,
    port: options.port,
    tokens: [key],
    seed: {
      tokens: { [key]: { login: 'caselite' } },
      ...(domain ? { resend: { domains: [{ name: domain, region: 'us-east-1' }] } } : {}),
    },
  });
  return {
    address: url,
    inboxUrl: `${url}/inbox`,
    async inbox() {
      const answer = await fetch(`${url}/emails`, { headers: { authorization: `Bearer ${key}` } });
      return mails.parse(await answer.json()).data.map(({ reply_to, created_at, text, html, ...rest }) => ({
        ...rest,
        id: firstIds.get(rest.id) ?? rest.id,
        replyTo: reply_to[0] ?? null,
        text: text ?? '',
        html: html ?? '',
        at: created_at,
      }));
    },
    close,
  };
}
