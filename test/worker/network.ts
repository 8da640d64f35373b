import { FetchInterceptor } from '@mswjs/interceptors/fetch/web';
import { HttpResponse, http, type RequestHandler } from 'msw';
import { defineNetwork, InterceptorSource } from 'msw/experimental';
import { afterEach } from 'vitest';
import { createMailHost } from '#adapters/mail/resend/emulator/mail-host.ts';
import { createGitHub } from '#adapters/trackers/github/emulator/github.ts';
import { createJira } from '#adapters/trackers/jira/emulator/jira.ts';
import { createLinear } from '#adapters/trackers/linear/emulator/linear.ts';
import { secrets } from './variables.ts';

const now = () => Date.now();

/** The vendors' hosts, answered by stateful emulators through msw. Any other request fails the test. */
export function emulatedHosts() {
  const github = createGitHub({
    now,
    baseUrl: 'http://github.test',
    seed: {
      repository: 'acme/product',
      people: ['dana-acme', 'priya-acme'],
      bot: { login: 'caselite', token: secrets.GITHUB_TOKEN },
    },
  });
  const jira = createJira({
    now,
    baseUrl: 'http://jira.test',
    seed: {
      project: 'SUP',
      people: [
        { account: '5b10ac8d82e05b22cc7d4ef1', name: 'Dana Reyes' },
        { account: '5b10ac8d82e05b22cc7d4ef2', name: 'Sam Okafor' },
      ],
      bot: { account: 'bot', email: 'caselite@acme.example', token: secrets.JIRA_TOKEN },
    },
  });
  const linear = createLinear({
    now,
    baseUrl: 'http://linear.test',
    seed: {
      team: { key: 'GRO', name: 'Growth' },
      people: [{ account: 'priya@acme.example', name: 'Priya Nair' }],
      bot: { token: secrets.LINEAR_KEY, name: 'Caselite' },
    },
  });
  const mail = createMailHost({ now, key: secrets.RESEND_KEY });
  const handlers: RequestHandler[] = [
    http.all('http://github.test/*', ({ request }) => github.app.fetch(request)),
    http.all('http://jira.test/*', ({ request }) => jira.app.fetch(request)),
    http.all('http://linear.test/*', ({ request }) => linear.app.fetch(request)),
    http.all('http://mail.localhost/*', ({ request }) => mail.app.fetch(request)),
  ];
  return {
    handlers,
    github: github.trackerUser,
    githubHooks: () => github.state.hooks ?? [],
    jira: jira.trackerUser,
    linear: linear.trackerUser,
    mail: mail.accepted,
  };
}

export const network = defineNetwork({
  // msw's node server reads a file from disk, which workerd lacks; its interceptor needs none.
  sources: [new InterceptorSource({ interceptors: [new FetchInterceptor()] as never })],
  // Objects outlive their test: their later calls meet an unavailable host, never the real network.
  handlers: [http.all('*', () => HttpResponse.text('down', { status: 503 }))],
  onUnhandledFrame: 'error',
  context: { quiet: true },
});

// Test files share one isolate, and therefore this module.
await network.enable();

/** Removes the hosts of each test after it. */
export function useNetwork(): void {
  afterEach(() => network.resetHandlers());
}
