import { answer } from './app.ts';
import { deliverMail, readMailbox } from './deliver-mail.ts';
import { variable } from './deployment.ts';
import { directoryOf, type Env } from './env.ts';

export { Directory } from './workspace/directory.ts';
export { Workspace } from './workspace/workspace.ts';

interface RoutedMail {
  readonly to: string;
  readonly raw: ReadableStream<Uint8Array>;
  setReject(reason: string): void;
}

export default {
  fetch: answer,

  /** The second path to every alarm, on platforms with a cron. */
  async scheduled(_event: unknown, env: Env): Promise<void> {
    await directoryOf(env).sweep();
  },

  /** A mail that the platform routes here. It keeps the mail and tries again where this throws. */
  async email(message: RoutedMail, env: Env): Promise<void> {
    const body = new Uint8Array(await new Response(message.raw).arrayBuffer());
    const outcome = await deliverMail(
      readMailbox(message.to),
      body,
      (name) => variable(env, name),
      (path, init) => answer(new Request(new URL(path, 'https://mail.invalid'), init), env),
    );
    if (outcome === 'later') throw new Error('The mail could not be stored; send it again.');
    if (outcome === 'refused') message.setReject('No such mailbox here, or the mail is larger than 1 MiB');
  },
};
