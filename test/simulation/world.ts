import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { keyring } from '#src/keyring.ts';
import { outsideOf, secretVariable, workspaceFileWith } from '#src/wiring.ts';
import type { Core, Outside, Settings, SettingsFile } from '#src/workspace/core.ts';
import { keepSources } from '#src/workspace/intake/keep-sources.ts';
import { isGenuine, storeDeliveries } from '#src/workspace/intake/receive.ts';
import { startPolling } from '#src/workspace/issues/poll.ts';
import { migrate } from '#src/workspace/migrate.ts';
import { runDue } from '#src/workspace/run-due.ts';
import { readSettings } from '#src/workspace/settings/read-settings.ts';
import { nextDue } from '#src/workspace/store/schedule.ts';
import { validating } from '#test/contracts/validating.ts';
import { createGitHub } from '#test/emulators/github-host.ts';
import type { Hands } from '#test/emulators/hands.ts';
import { createJira } from '#test/emulators/jira.ts';
import { createLinear } from '#test/emulators/linear.ts';
import { createMailHost } from '#test/emulators/mail-host.ts';
import { SurveyTool } from '#test/emulators/survey-tool.ts';
import { surveyTool } from '#test/emulators/survey-tool-source.ts';
import type { Chance } from './chance.ts';
import { Crash, type FaultRates, faultyFetch, type Life, mortalSql, newLife, type Tally } from './faults.ts';
import { nodeSql } from './node-sql.ts';

const root = new URL('../../', import.meta.url);
const start = Date.UTC(2026, 10, 23, 8, 0, 0);
export const minute = 60_000;

export const secrets = {
  TYPEFORM_SECRET: 'typeform-secret-of-the-simulation',
  FEEDBACK_SECRET: 'whsec_c2ltdWxhdGlvbi1zZWNyZXQ=',
  JIRA_TOKEN: 'jira-token',
  GITHUB_TOKEN: 'github-token',
  LINEAR_KEY: 'linear-key',
  RESEND_KEY: 'resend-key',
  TOOL_SECRET: 'whsec_c2VjcmV0LW9mLXRoZS10b29s',
  TOOL_TOKEN: 'tool-token',
};

const addresses = {
  GITHUB_API_URL: 'http://github.test',
  JIRA_API_URL: 'http://jira.test',
  LINEAR_API_URL: 'http://linear.test/graphql',
  RESEND_API_URL: 'http://mail.test',
  SURVEY_TOOL_API_URL: 'http://survey-tool.test',
};

const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** Acme as it is shipped, polled less often, so that days pass in a moment. */
function simulatedSettings(): Settings {
  const files = (kind: SettingsFile['kind'], folder: string): SettingsFile[] =>
    readdirSync(new URL(folder, root)).map((file) => ({
      kind,
      name: file.replace('.yaml', ''),
      text: `${read(folder + file)}${file === 'upgrade-not-installed.yaml' ? 'on-repeat: { severity: one-higher }\n' : ''}`,
    }));
  const text = read('templates/workspaces/acme.yaml')
    .replace(
      'delay: 1 day, reminder: 5 days, window: 14 days',
      'delay: 2 hours, reminder: 12 hours, window: 24 hours',
    )
    .replace('every: 2 minutes', 'every: 2 hours')
    .replace('sources:\n', toolSource);
  const workspace: SettingsFile = { kind: 'workspace', name: 'acme', text };
  const templates = files('case-template', 'templates/cases/').map((file) => ({
    ...file,
    text: file.text.replace('source: upgrade-survey', 'source: [upgrade-survey, tool]'),
  }));
  return readSettings(
    [workspace, ...templates, ...files('survey', 'templates/surveys/')],
    1,
    workspaceFileWith([surveyTool]),
  );
}

/** A tool with an API beside Acme's own: its deliveries only name responses, and some get lost for good. */
const toolSource = `sources:
  tool:
    kind: emulated-survey-tool
    secret: TOOL_SECRET
    token: TOOL_TOKEN
    questions: { completed: completed, ease: ease }
    respondent: { key: hidden.customer_id, email: hidden.email }
`;

export const settings = simulatedSettings();

const migrations = readdirSync(new URL('src/workspace/migrations/', root))
  .filter((name) => name.endsWith('.sql'))
  .sort()
  .map((name) => ({ name, sql: read(`src/workspace/migrations/${name}`) }));

/** Replaces a part of the outside world by a broken one, to prove that the checks would notice. */
export type Sabotage = (outside: Outside) => Outside;

/** One workspace with everything around it, under one clock and one seed. */
export class World {
  readonly database = new DatabaseSync(':memory:');
  readonly tally: Tally = { crashes: 0, unknowns: 0, refusals: 0, calls: 0 };
  readonly mail;
  readonly tool: SurveyTool;
  readonly hands: Record<'support' | 'product' | 'growth', Hands>;
  /** Everything that the trackers keep, as text: where personal data must never show up. */
  readonly trackerStates: () => string;
  readonly log: string[] = [];
  faults = true;
  core: Core;
  #now = start;
  #later: { at: number; work: () => Promise<void> }[] = [];
  #life: Life;
  readonly #chance: Chance;
  readonly #rates: FaultRates;
  readonly #sabotage: Sabotage;
  readonly #hosts: Map<string, (request: Request) => Response | Promise<Response>>;

  constructor(chance: Chance, rates: FaultRates, sabotage: Sabotage = (outside) => outside) {
    this.#chance = chance;
    this.#rates = rates;
    this.#sabotage = sabotage;
    const now = () => this.#now;
    const people = Object.values(settings.workspace.people);
    const github = createGitHub({
      now,
      baseUrl: addresses.GITHUB_API_URL,
      seed: {
        repository: 'acme/product',
        people: people.flatMap((person) => person.github ?? []),
        bot: { login: 'caselite', token: secrets.GITHUB_TOKEN },
      },
    });
    const jira = createJira({
      now,
      baseUrl: addresses.JIRA_API_URL,
      seed: {
        project: 'SUP',
        people: people.flatMap(({ jira: account, name }) => (account ? [{ account, name }] : [])),
        bot: { account: 'bot', email: 'caselite@acme.example', token: secrets.JIRA_TOKEN },
      },
    });
    const linear = createLinear({
      now,
      baseUrl: 'http://linear.test',
      seed: {
        team: { key: 'GRO', name: 'Growth' },
        people: people.flatMap(({ linear: account, name }) => (account ? [{ account, name }] : [])),
        bot: { token: secrets.LINEAR_KEY, name: 'Caselite' },
      },
    });
    this.mail = createMailHost({ now, key: secrets.RESEND_KEY });
    this.tool = new SurveyTool({
      now,
      secret: secrets.TOOL_SECRET,
      token: secrets.TOOL_TOKEN,
      deliveries: 'reference',
      titles: false,
      deliver: async (body, headers) => {
        const arrival = { source: 'tool', raw: { body, headers, receivedAt: this.#now } };
        const acked = await this.mortal(async () => {
          if (!(await isGenuine(this.core, arrival))) throw new Error('a genuine delivery was refused');
          return storeDeliveries(this.core, [arrival]);
        });
        return acked !== null;
      },
    });
    this.tool.questions.push(
      { id: 'completed', title: 'Is it installed?', type: 'yes-no', choices: {} },
      { id: 'ease', title: 'How easy was it?', type: 'number', choices: {} },
    );
    this.#hosts = new Map<string, (request: Request) => Response | Promise<Response>>([
      ['survey-tool.test', (request) => this.tool.app.fetch(request)],
      ['github.test', validating('github', async (request) => github.app.fetch(new Request(request)))],
      ['jira.test', validating('jira', async (request) => jira.app.fetch(new Request(request)))],
      ['linear.test', validating('linear', async (request) => linear.app.fetch(new Request(request)))],
      ['mail.test', (request) => this.mail.app.fetch(request)],
    ]);
    this.hands = { support: jira.hands, product: github.hands, growth: linear.hands };
    this.trackerStates = () => JSON.stringify([github.state, jira.state, linear.state]);
    const sql = nodeSql(this.database);
    migrate(sql, migrations);
    startPolling({ sql, clock: { now } }, settings);
    keepSources({ sql, clock: { now } }, settings);
    this.#life = this.#newLife();
    this.core = this.#boot();
  }

  get now(): number {
    return this.#now;
  }

  /** Runs until the instant, with everything that falls due before it, restarting after each crash. */
  async runUntil(until: number): Promise<void> {
    for (let turns = 0; this.#now < until; turns += 1) {
      if (turns > 20_000) throw new Error('the simulation makes no progress');
      const due = Math.min(this.#nextDue(), this.#later[0]?.at ?? until, until);
      this.#now = Math.max(this.#now + 1, due);
      await this.#runLater();
      await this.mortal(() => runDue(this.core, this.#busy));
    }
  }

  /** Does something that the process may not survive; null when it did not. */
  async mortal<Result>(work: () => Result | Promise<Result>): Promise<Result | null> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      this.#now += 1000;
      this.#life = this.#newLife();
      this.core = this.#boot();
      return null;
    }
  }

  #busy = new Set<string>();

  #newLife(): Life {
    return newLife(this.#chance, () => this.#currentRates(), this.tally);
  }

  #currentRates(): FaultRates {
    return this.faults ? this.#rates : { crash: 0, outside: 0 };
  }

  #nextDue(): number {
    return nextDue(nodeSql(this.database)) ?? Number.POSITIVE_INFINITY;
  }

  async #runLater(): Promise<void> {
    const due = this.#later.filter(({ at }) => at <= this.#now);
    this.#later = this.#later.filter(({ at }) => at > this.#now);
    for (const { work } of due) await work();
  }

  #boot(): Core {
    this.#busy = new Set();
    const life = this.#life;
    const { tally } = this;
    const chance = this.#chance;
    const fetch = faultyFetch(
      (url) => async (input) => {
        const host = this.#hosts.get(url.hostname);
        if (!host)
          throw new Error(`no host ${url.hostname}: nothing may be called but what the settings name`);
        return host(new Request(input));
      },
      {
        chance,
        tally,
        rates: () => this.#currentRates(),
        advance: (ms) => {
          this.#now += ms;
        },
        later: (ms, work) => {
          this.#later.push({ at: this.#now + ms, work });
          this.#later.sort((one, other) => one.at - other.at);
        },
        life: () => life,
      },
    );
    const variables = new Map<string, string>([
      ...Object.entries(addresses),
      ...Object.entries(secrets).map(([name, value]): [string, string] => [
        secretVariable('acme', name),
        value,
      ]),
    ]);
    return {
      workspace: 'acme',
      publicUrl: 'http://caselite.test',
      sql: mortalSql(nodeSql(this.database), life),
      clock: { now: () => this.#now },
      random: {
        fraction: () => chance.fraction(),
        bytes: (length) => Uint8Array.from({ length }, () => chance.below(256)),
      },
      keys: keyring('a key of the simulation, long enough to be one'),
      log: { info: () => {}, error: (event, facts) => this.log.push(`${event} ${JSON.stringify(facts)}`) },
      settings,
      outside: this.#sabotage(
        outsideOf(settings, (name) => variables.get(name), { fetch, retryMs: 0, surveys: [surveyTool] }),
      ),
    };
  }
}
