import { github } from '#adapters/trackers/github.ts';
import { jira } from '#adapters/trackers/jira.ts';
import { linear } from '#adapters/trackers/linear.ts';
import type { Fetch } from '#domain/ports.ts';
import type { Tracker, TrackerDefinition } from '#domain/tracker.ts';
import { createGitHub } from '#test/emulators/github-host.ts';
import type { Hands } from '#test/emulators/hands.ts';
import { createJira } from '#test/emulators/jira.ts';
import { createLinear } from '#test/emulators/linear.ts';
import { withFaults } from './faults.ts';
import { describeTracker, sampleDraft } from './tracker.ts';
import { type Vendor, validatingAnswers } from './validating.ts';

interface Emulated {
  app: { fetch(request: Request): Response | Promise<Response> };
  hands: Hands;
}

/** Runs the contract over one adapter and its emulator, on a clock of their own. */
function describeEmulated<Settings>(
  { kind, title, create }: TrackerDefinition<Settings>,
  settings: Settings,
  baseUrl: string,
  emulate: (now: () => number) => Emulated,
): void {
  describeTracker(`${title}, emulated,`, async () => {
    let time = Date.parse('2026-11-23T09:30:00.400Z');
    const now = () => time;
    const { app, hands } = emulate(now);
    const inner: Fetch = async (input, init) => app.fetch(new Request(input, init));
    const { fetch, faults } = withFaults(validatingAnswers(kind as Vendor, inner));
    const tracker: Tracker = await create(settings, { fetch, baseUrl, retryMs: 0, secret: () => 's3cret' });
    return {
      tracker,
      hands,
      draft: sampleDraft,
      now,
      advance(ms) {
        time += ms;
      },
      faults,
    };
  });
}

describeEmulated(
  github,
  { kind: 'github', repository: 'acme/product', token: 'GITHUB_TOKEN' },
  'https://api.github.test',
  (now) =>
    createGitHub({
      now,
      baseUrl: 'https://api.github.test',
      seed: {
        repository: 'acme/product',
        people: ['dana-acme', 'sam-acme'],
        bot: { login: 'acme-caselite', token: 's3cret' },
      },
    }),
);

describeEmulated(
  jira,
  jira.settings.parse({ kind: 'jira', project: 'SUP', email: 'bot@acme.example', token: 'JIRA_TOKEN' }),
  'https://acme.atlassian.test',
  (now) =>
    createJira({
      now,
      baseUrl: 'https://acme.atlassian.test',
      seed: {
        project: 'SUP',
        people: [
          { account: 'acc-dana', name: 'Dana' },
          { account: 'acc-sam', name: 'Sam' },
        ],
        bot: { account: 'acc-bot', email: 'bot@acme.example', token: 's3cret' },
      },
    }),
);

describeEmulated(
  linear,
  { kind: 'linear', team: 'GRO', token: 'LINEAR_KEY' },
  'https://linear.test/graphql',
  (now) =>
    createLinear({
      now,
      baseUrl: 'https://linear.test',
      seed: {
        team: { key: 'GRO', name: 'Growth' },
        people: [
          { account: 'dana@acme.example', name: 'Dana Reed' },
          { account: 'sam@acme.example', name: 'Sam' },
        ],
        bot: { token: 's3cret', name: 'Caselite' },
      },
    }),
);
