import { answer } from './app.ts';
import { directoryOf, type Env } from './env.ts';

export { Directory } from './workspace/directory.ts';
export { Workspace } from './workspace/workspace.ts';

export default {
  fetch: answer,

  /** The second path to every alarm, on platforms with a cron. */
  async scheduled(_event: unknown, env: Env): Promise<void> {
    await directoryOf(env).sweep();
  },
};
