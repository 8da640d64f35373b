import type { Admin } from '#adapters/emulators/admin.ts';
import { limited } from '#adapters/emulators/host-limits.ts';
import type { TrackerUser } from '#adapters/emulators/tracker-user.ts';
import { createMailHost } from '#adapters/mail/resend/emulator/mail-host.ts';
import { githubAdmin } from '#adapters/trackers/github/emulator/admin.ts';
import { createGitHub } from '#adapters/trackers/github/emulator/github.ts';
import { jiraAdmin } from '#adapters/trackers/jira/emulator/admin.ts';
import { createJira } from '#adapters/trackers/jira/emulator/jira.ts';
import { linearAdmin } from '#adapters/trackers/linear/emulator/admin.ts';
import { createLinear } from '#adapters/trackers/linear/emulator/linear.ts';
import type { Settings } from '#domain/templates/template.ts';
import { buildSecretVariableName } from '#src/wiring.ts';
import { type Vendor, validating } from '#test/contracts/validating.ts';

export const trackerNames = ['support', 'product', 'growth'] as const;
export type TrackerName = (typeof trackerNames)[number];

export const secrets = {
  TYPEFORM_SECRET: 'typeform-secret-of-the-simulation',
  FEEDBACK_SECRET: 'whsec_c2ltdWxhdGlvbi1zZWNyZXQ=',
  JIRA_TOKEN: 'jira-token',
  GITHUB_TOKEN: 'github-token',
  LINEAR_KEY: 'linear-key',
  RESEND_KEY: 'resend-key',
  RESEND_WEBHOOK: 'whsec_c2ltdWxhdGVkIHdlYmhvb2sgc2VjcmV0',
  TOOL_SECRET: 'whsec_c2VjcmV0LW9mLXRoZS10b29s',
  TOOL_TOKEN: 'tool-token',
  HOOK_SECRET: 'hook-secret-of-the-simulation',
  MAIL_SECRET: 'mail-secret-of-the-simulation',
  EVENTS_SECRET: 'whsec_c2VjcmV0IG9mIHRoZSBldmVudHM=',
  CRM_SECRET: 'whsec_c2VjcmV0IG9mIHRoZSByZWNlaXZlcg==',
  CRM_URL: 'https://crm.test/events',
};

/** An account in each tracker that the workspace does not know: a customer, a passer-by. */
export const strangers = {
  support: '9c10stranger',
  product: 'stranger-from-elsewhere',
  growth: 'stranger@elsewhere.example',
};

const addresses = {
  GITHUB_API_URL: 'http://github.test',
  JIRA_API_URL: 'http://jira.test',
  LINEAR_API_URL: 'http://linear.test/graphql',
  RESEND_API_URL: 'http://mail.test',
  SURVEY_TOOL_API_URL: 'http://survey-tool.test',
};

/** The variables of a deployment that reaches the emulated hosts. */
export const deployment = new Map<string, string>([
  ...Object.entries(addresses),
  ...Object.entries(secrets).map(([name, value]): [string, string] => [buildSecretVariableName('acme', name), value]),
]);

export type Host = (request: Request) => Response | Promise<Response>;

interface EmulatedOptions {
  now(): number;
  people: Settings['workspace']['people'];
  /** A mail provider without idempotency keys, as SMTP is: every send is a mail. */
  keylessMail?: boolean;
}

/** Emulates Acme's three trackers and its mail provider, each held to its vendor's description and limits. */
export function emulateHosts({ now, people: known, keylessMail = false }: EmulatedOptions) {
  const people = Object.values(known);
  const github = createGitHub({
    now,
    baseUrl: addresses.GITHUB_API_URL,
    seed: {
      repository: 'acme/product',
      people: [...people.flatMap((person) => person.accounts.github ?? []), strangers.product],
      bot: { login: 'caselite', token: secrets.GITHUB_TOKEN },
    },
  });
  const jiraBot = { account: 'bot', email: 'caselite@acme.example', token: secrets.JIRA_TOKEN };
  const jira = createJira({
    now,
    baseUrl: addresses.JIRA_API_URL,
    seed: {
      project: 'SUP',
      people: [
        ...people.flatMap(({ accounts: { jira: account }, name }) => (account ? [{ account, name }] : [])),
        { account: strangers.support, name: 'A stranger' },
      ],
      bot: jiraBot,
    },
  });
  const linear = createLinear({
    now,
    baseUrl: 'http://linear.test',
    seed: {
      team: { key: 'GRO', name: 'Growth' },
      people: [
        ...people.flatMap(({ accounts: { linear: account }, name }) => (account ? [{ account, name }] : [])),
        { account: strangers.growth, name: 'A stranger' },
      ],
      bot: { token: secrets.LINEAR_KEY, name: 'Caselite' },
    },
  });
  const mail = createMailHost({ now, key: secrets.RESEND_KEY, isKeyless: keylessMail });
  const limits: Record<Vendor, ReturnType<typeof limited>> = {
    github: limited('github', (request) => github.app.fetch(request), now),
    jira: limited('jira', (request) => jira.app.fetch(request), now),
    linear: limited('linear', (request) => linear.app.fetch(request), now),
  };
  const offSpec: string[] = [];
  const hosts = new Map<string, Host>([
    ['github.test', validating('github', limits.github.fetch, offSpec)],
    ['jira.test', validating('jira', limits.jira.fetch, offSpec)],
    ['linear.test', validating('linear', limits.linear.fetch, offSpec)],
    ['mail.test', (request) => mail.app.fetch(request)],
  ]);
  const withoutStranger = (trackerUser: TrackerUser, stranger: string): TrackerUser => ({
    ...trackerUser,
    people: trackerUser.people.filter((account) => account !== stranger),
  });
  const trackerUser: Record<TrackerName, TrackerUser> = {
    support: withoutStranger(jira.trackerUser, strangers.support),
    product: withoutStranger(github.trackerUser, strangers.product),
    growth: withoutStranger(linear.trackerUser, strangers.growth),
  };
  const admins: Record<TrackerName, Admin> = {
    support: jiraAdmin(jira.state, now),
    product: githubAdmin(github.state, now),
    growth: linearAdmin(linear.state, now),
  };
  /** Makes a tracker accept another token than ours, or ours again. */
  const accept: Record<TrackerName, (token: string | null) => void> = {
    support: (token) => Object.assign(jiraBot, { token: token ?? secrets.JIRA_TOKEN }),
    product: (token) => Object.assign(github.state.bot, { token: token ?? secrets.GITHUB_TOKEN }),
    growth: (token) => Object.assign(linear.state, { token: token ?? secrets.LINEAR_KEY }),
  };
  return {
    state: { github: github.state, jira: jira.state, linear: linear.state },
    mail,
    limits,
    /** Deviations from a vendor's API description or rules. */
    offSpec,
    hosts,
    trackerUser,
    admins,
    accept,
    /** Everything stored in the trackers, as text; personal data must never appear in it. */
    trackerStates: () => JSON.stringify([github.state, jira.state, linear.state]),
    /** The limits of the host's vendor; null for hosts without a tracker. */
    limitOf: ({ hostname }: URL) => new Map(Object.entries(limits)).get(hostname.replace('.test', '')) ?? null,
  };
}

export type EmulatedHosts = ReturnType<typeof emulateHosts>;
