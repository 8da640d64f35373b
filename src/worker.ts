import { answer } from './app.ts';
import { deliverMail, readMailbox } from './deliver-mail.ts';
import { variable } from './deployment.ts';
import { directoryOf, type Env } from './env.ts';

export { Directory } from './workspace/directory.ts';
export { Workspace } from './workspace/workspace.ts';

export default {
  fetch: answer,

  /** The second path to every alarm, on platforms with a cron. */
  async scheduled(_event: unknown, env: Env): Promise<void> {
    await directoryOf(env).sweep();
  },

  async email(message: { to: string; raw: BodyInit; setReject(reason: string): void }, env: Env): Promise<void> {
    const body = new Uint8Array(await new Response(message.raw).arrayBuffer());
    const post = (path: string, init: RequestInit) => answer(new Request(`https://mail.invalid${path}`, init), env);
    const outcome = await deliverMail(readMailbox(message.to), body, (name) => variable(env, name), post);
    if (outcome === 'later') throw new Error('The mail could not be stored; send it again.');
    if (outcome === 'refused') message.setReject('No such mailbox here, or the mail is larger than 1 MiB');
  },
};
