import { join } from 'node:path';
import type { TrackerEmulator } from '#adapters/emulators/emulator.ts';
import { serveKept } from '#adapters/emulators/kept-state.ts';
import { createLinear, type LinearState } from './linear.ts';

export const linearEmulator: TrackerEmulator = {
  kind: 'linear',
  port: 8793,
  async start({ host, port, folder, settings, people, secret }) {
    const seed = {
      team: { key: settings.team ?? 'GRO', name: 'Growth' },
      people,
      bot: { token: secret(settings.token), name: 'Caselite' },
    };
    const served = await serveKept({ file: join(folder, 'linear.json'), host, port }, (baseUrl, state?: LinearState) =>
      createLinear({
        now: () => Date.now(),
        baseUrl,
        seed,
        // Another workspace of the same folder has a token of its own.
        ...(state ? { state: { ...state, token: seed.bot.token } } : {}),
      }),
    );
    return { ...served, address: `${served.url}/graphql` };
  },
};
