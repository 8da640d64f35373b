import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { deliverMail, readMailbox } from '../deliver-mail.ts';
import type { Variables } from '../reach.ts';
import { readStartedRun } from './connect.ts';

/* Mail from a mail server of one's own: through its pipe, or by SMTP. */

const mostBytes = 1024 * 1024;

/** Exit codes of sysexits.h, by which a mail server drops, keeps or returns a mail. */
const exitCodes = { stored: 0, later: 75, refused: 65 };

/** Takes a mail from standard input. @returns an exit code that a mail server understands */
export async function receiveMail(
  target: string,
  { data, url }: { data?: string | undefined; url?: string | undefined },
): Promise<number> {
  try {
    const started = url ? null : readStartedRun(data);
    const variables: Variables = (name) => process.env[name] || started?.kept[name];
    const address = url ?? started?.run.url ?? '';
    const outcome = await deliverMail(
      target.split('/'),
      new Uint8Array(await buffer(process.stdin)),
      variables,
      (path, init) => fetch(new URL(path, address), init),
    );
    console.log(outcome);
    return exitCodes[outcome];
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return exitCodes.later;
  }
}

const replies = {
  later: { responseCode: 451, message: 'Try again later' },
  refused: { responseCode: 550, message: 'No such mailbox here, or the mail is larger than 1 MiB' },
};
const refusal = (outcome: 'later' | 'refused') => Object.assign(new Error(replies[outcome].message), replies[outcome]);

/** Listens for mail of a relay on this machine or network, without sign-in. @returns how it is stopped */
export async function listenForMail(
  { host, port }: { host: string; port: number },
  url: string,
  variables: Variables,
): Promise<() => Promise<void>> {
  const server = new SMTPServer({
    name: 'caselite',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: mostBytes,
    maxClients: 50,
    onRcptTo: ({ address }, { envelope }, done) =>
      done(readMailbox(address) && envelope.rcptTo.length < 10 ? null : refusal('refused')),
    async onData(stream, { envelope }, done) {
      const parts: Buffer[] = [];
      for await (const part of stream) if (!stream.sizeExceeded) parts.push(part);
      const post = (path: string, init: RequestInit) => fetch(new URL(path, url), init);
      const body = new Uint8Array(Buffer.concat(parts));
      const outcomes = stream.sizeExceeded
        ? ['refused' as const]
        : await Promise.all(
            envelope.rcptTo.map(({ address }) => deliverMail(readMailbox(address), body, variables, post)),
          );
      const worst =
        outcomes.find((outcome) => outcome === 'later') ?? outcomes.find((outcome) => outcome === 'refused');
      done(worst ? refusal(worst) : null);
    },
  });
  // A client that goes away harms nobody else.
  server.on('error', () => undefined);
  await new Promise<void>((listening, failed) => {
    server.server.once('error', () =>
      failed(new Error(`Port ${port} cannot be used for mail; choose another with --smtp-port.`)),
    );
    server.listen(port, host, listening);
  });
  return () => new Promise((closed) => server.close(closed));
}
