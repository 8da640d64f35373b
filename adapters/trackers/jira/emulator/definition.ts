import { join } from 'node:path';
import type { TrackerEmulator } from '#adapters/emulators/emulator.ts';
import { serveKept } from '#adapters/emulators/kept-state.ts';
import { createJira, type JiraState } from './jira.ts';

export const jiraEmulator: TrackerEmulator = {
  kind: 'jira',
  port: 8792,
  async start({ host, port, folder, settings, people, secret }) {
    const seed = {
      project: settings.project ?? 'SUP',
      issueTypes: ['Task', 'Bug', 'Story'],
      people,
      bot: {
        account: 'caselite-bot',
        email: settings.email ?? 'caselite@localhost',
        token: secret(settings.token),
      },
    };
    const served = await serveKept({ file: join(folder, 'jira.json'), host, port }, (baseUrl, state?: JiraState) =>
      createJira({ now: () => Date.now(), baseUrl, seed, ...(state ? { state } : {}) }),
    );
    return { ...served, address: served.url };
  },
};
