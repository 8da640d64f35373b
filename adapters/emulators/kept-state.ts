import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type Answering, type Served, serveAt } from './serve.ts';
import type { TrackerUser } from './tracker-user.ts';

/** Serves an emulator and writes its whole state after each change, before anybody gets the answer. */
export async function serveKept<State extends object>(
  { file, ...place }: { file: string; host: string; port: number },
  create: (url: string, state: State | undefined) => { app: Answering; state: State; trackerUser: TrackerUser },
): Promise<Served & { trackerUser: TrackerUser }> {
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as State) : undefined;
  let saved = '';
  const save = (state: State) => {
    const text = JSON.stringify(state);
    if (text === saved) return;
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
    saved = text;
  };
  const { app: saving, ...served } = await serveAt((url) => {
    const { app, state, trackerUser } = create(url, kept);
    return {
      trackerUser,
      save: () => save(state),
      async fetch(request: Request) {
        const answer = await app.fetch(request);
        if (request.method !== 'GET') save(state);
        return answer;
      },
    };
  }, place);
  const { trackerUser } = saving;
  const thenSave =
    <Values extends unknown[]>(work: (...values: Values) => Promise<void>) =>
    async (...values: Values) => {
      await work(...values);
      saving.save();
    };
  return {
    ...served,
    trackerUser: {
      ...trackerUser,
      close: thenSave(trackerUser.close),
      reopen: thenSave(trackerUser.reopen),
      comment: thenSave(trackerUser.comment),
    },
  };
}
