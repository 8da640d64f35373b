import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { deliverMail, type MailOutcome, mostMailBytes, readMailbox } from '../deliver-mail.ts';
import type { Variables } from '../reach.ts';
import { readStartedRun } from './connect.ts';

/** Replies come with pictures, of which the beginning is kept. */
const mostBytes = 30 * mostMailBytes;

/** Exit codes of sysexits.h, by which a mail server drops, keeps or returns a mail. */
const exitCodes = { stored: 0, later: 75, refused: 65 };

const postTo = (url: string) => (path: string, init: RequestInit) => fetch(new URL(path, url), init);

/** Takes a mail from standard input for an address, or for WORKSPACE/SOURCE. @returns an exit code that a mail server understands */
export async function receiveMail(target: string, given: { data?: string; url?: string }): Promise<number> {
  try {
    const started = given.url ? null : readStartedRun(given.data);
    const variables: Variables = (name) => process.env[name] || started?.kept[name];
    const body = new Uint8Array(await buffer(process.stdin));
    const post = postTo(given.url ?? started?.run.url ?? '');
    const address = target.includes('@') ? target : `${target.replace('/', '.')}@localhost`;
    const outcome = await deliverMail(readMailbox(address), body, variables, post);
    console.log(outcome);
    return exitCodes[outcome];
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return exitCodes.later;
  }
}

const replies: Record<MailOutcome, Error | null> = {
  stored: null,
  later: Object.assign(new Error('Try again later'), { responseCode: 451 }),
  refused: Object.assign(new Error('No such mailbox, or the mail is larger than 1 MiB'), { responseCode: 550 }),
};

/** Listens for mail of a relay on this machine or network, without sign-in. @returns how it is stopped */
export async function listenForMail(
  { host, port }: { host: string; port: number },
  url: string,
  variables: Variables,
): Promise<() => Promise<void>> {
  const take = async (stream: SMTPServerDataStream, addresses: string[]): Promise<Error | null> => {
    const parts: Buffer[] = [];
    let bytes = 0;
    for await (const part of stream) {
      if (bytes <= mostMailBytes) parts.push(part);
      bytes += part.length;
    }
    if (stream.sizeExceeded) return replies.refused;
    const body = new Uint8Array(Buffer.concat(parts));
    const deliver = (address: string) => deliverMail(readMailbox(address), body, variables, postTo(url));
    const outcomes = await Promise.all(addresses.map(deliver));
    return replies[(['later', 'refused'] as const).find((outcome) => outcomes.includes(outcome)) ?? 'stored'];
  };
  const server = new SMTPServer({
    name: 'caselite',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: mostBytes,
    maxClients: 50,
    onRcptTo: ({ address }, { envelope }, done) =>
      done(readMailbox(address) && envelope.rcptTo.length < 10 ? null : replies.refused),
    onData: (stream, { envelope }, done) => {
      const addresses = envelope.rcptTo.map(({ address }) => address);
      take(stream, addresses).then(done, () => done(replies.later));
    },
  });
  // A client that goes away harms nobody else.
  server.on('error', () => undefined);
  await new Promise<void>((listening, failed) => {
    const message = `Port ${port} cannot be used for mail; choose another with --smtp-port.`;
    server.server.once('error', () => failed(new Error(message)));
    server.listen(port, host, listening);
  });
  return () => new Promise((closed) => server.close(closed));
}
