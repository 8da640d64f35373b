import { jira } from '#adapters/trackers/jira.ts';
import { withFaults } from '#test/contracts/faults.ts';
import { describeTracker, sampleDraft } from '#test/contracts/tracker.ts';
import { createJira } from '#test/emulators/jira.ts';
import { baseUrl, bot, people, settings, start } from './jira-rig.ts';

const queries = /\/(search\/jql|issue\/bulkfetch|changelog\/bulkfetch|comment\/list)$/;

describeTracker('Jira', async () => {
  const clock = { now: start };
  const { app, hands } = createJira({ now: () => clock.now, baseUrl, seed: { project: 'SUP', people, bot } });
  const { fetch, faults } = withFaults(
    async (input, init) => app.fetch(new Request(input, init)),
    async ({ method, url }) => method !== 'GET' && !queries.test(new URL(url).pathname),
  );
  const tracker = await jira.create(settings, { fetch, baseUrl, retryMs: 0, secret: () => bot.token });
  return {
    tracker,
    hands,
    draft: sampleDraft,
    now: () => clock.now,
    advance(ms) {
      clock.now += ms;
    },
    faults,
  };
});
