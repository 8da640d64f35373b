import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Registry, registry } from '#adapters/index.ts';
import { readJson } from '#adapters/json.ts';
import { createMailHost } from '#adapters/mail/resend/emulator/mail-host.ts';
import { isAnyOfSecrets } from '#adapters/signature.ts';
import type { SurveySourceDefinition } from '#domain/integrations/survey-source.ts';
import type { TrackerDefinition } from '#domain/integrations/tracker-definition.ts';
import { baseSourceFields, SecretName } from '#domain/settings/workspace-file.ts';
import type { Settings } from '#domain/templates/template.ts';
import { IssueFacts } from '#src/views/issue-facts.tsx';
import { PeoplePage } from '#src/views/people-page.tsx';
import { buildWorkspaceFileSchema, createIntegrations } from '#src/wiring.ts';
import { isGenuineDelivery, storeDeliveries } from '#src/workspace/intake/receive.ts';
import { checkTrackers } from '#src/workspace/issues/check-trackers.ts';
import { buildPeopleJson } from '#src/workspace/queries/people.ts';
import { toCaseJson } from '#src/workspace/queries/serializers.ts';
import { readSettings } from '#src/workspace/settings/read-settings.ts';
import { acmeFiles } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { hour } from '#test/harness/times.ts';
import { FakeTracker } from './fakes.ts';

/*
 * A tracker and a survey tool that the product does not know, added by one definition each and nothing else.
 */

const TrackerSettings = z.strictObject({ kind: z.literal('forge'), place: z.string(), token: SecretName });

const forge = (tracker: FakeTracker): TrackerDefinition<z.output<typeof TrackerSettings>> => ({
  kind: 'forge',
  title: 'The Forge',
  settings: TrackerSettings,
  baseUrl: { variable: 'FORGE_API_URL', fallback: 'https://forge.example' },
  rateLimit: { limits: [], costOf: () => [], readAllowances: () => [] },
  webhook: { secret: () => null, verify: async () => null },
  cannot: [],
  rechecksPerPoll: 10,
  secrets: ({ token }) => [token],
  async create({ token }, { secret }) {
    expect(secret(token)).toBe('value of ACME__FORGE_TOKEN');
    return tracker;
  },
});

const SurveySettings = z.strictObject({ kind: z.literal('pollster'), secret: SecretName, ...baseSourceFields });
const Delivery = z.object({
  id: z.string(),
  customer: z.string(),
  email: z.string(),
  installed: z.boolean(),
});

const pollster: SurveySourceDefinition<z.output<typeof SurveySettings>> = {
  kind: 'pollster',
  title: 'Pollster',
  settings: SurveySettings,
  secrets: ({ secret }) => [secret],
  verify: async ({ headers }, secrets) => isAnyOfSecrets(secrets, headers['pollster-secret']),
  parse({ body, receivedAt }) {
    const { id, customer, email, installed } = Delivery.parse(readJson(body));
    return {
      kind: 'response',
      response: {
        form: 'poll',
        formTitle: null,
        responseId: id,
        revision: 1,
        submittedAt: receivedAt,
        partial: false,
        language: null,
        answers: [
          {
            question: { id: 'installed', names: [], title: 'Installed?' },
            type: 'yes-no',
            value: installed,
            freeText: false,
          },
        ],
        hidden: new Map([
          ['customer', customer],
          ['mail', email],
        ]),
        link: null,
      },
    };
  },
};

const files = acmeFiles(({ name, text }) =>
  name === 'acme'
    ? text
        .replace(/ {2}upgrade-survey:\n[\s\S]*?(?= {2}feedback-form:)/, source)
        .replace(/ {2}support:\n[\s\S]*?(?= {2}product:)/, tracker)
        .replace('jira: 5b10ac8d82e05b22cc7d4ef1', 'forge: dana-at-the-forge')
        .replace('jira: 5b10ac8d82e05b22cc7d4ef2', 'forge: sam-at-the-forge')
        .replace('every: 2 minutes', 'every: 1 day')
    : text,
);

function source(): string {
  return `  upgrade-survey:
    kind: pollster
    secret: POLLSTER_SECRET
    questions: { completed: installed, ease: effort, wish: request }
    respondent: { key: hidden.customer, email: hidden.mail }
`;
}

function tracker(): string {
  return '  support: { kind: forge, place: anvil, token: FORGE_TOKEN }\n';
}

const vendorsWith = (tracker: FakeTracker): Registry => ({
  ...registry,
  trackers: [...registry.trackers, forge(tracker)],
  surveys: [...registry.surveys, pollster],
});

const readWith = (vendors: Registry): Settings => readSettings(files, 1, buildWorkspaceFileSchema(vendors));

/** A workspace whose integrations all come from the registry, with the network ending at a mail host. */
class Workspace extends Harness {
  readonly forge = new FakeTracker('ANVIL', { now: () => this.now }, () => {});
  readonly host = createMailHost({ now: () => this.now, key: 'value of ACME__RESEND_KEY' });

  constructor() {
    super(readWith(vendorsWith(new FakeTracker('ANVIL', { now: () => 0 }, () => {}))));
    const variables = (name: string) => (/^ACME__\w+(?<!_PREVIOUS)$/.test(name) ? `value of ${name}` : undefined);
    this.core.integrations = createIntegrations(this.core.settings, variables, {
      registry: vendorsWith(this.forge),
      fetch: async (input, init) => this.host.app.fetch(new Request(input, init)),
      retryMs: 0,
    });
  }

  async deliver(secret: string): Promise<boolean> {
    const told = { id: 'r-1', customer: 'k-1', email: 'ines@customer.example', installed: false };
    const body = new TextEncoder().encode(JSON.stringify(told));
    const headers = { 'pollster-secret': secret };
    const arrival = { source: 'upgrade-survey', raw: { body, headers, receivedAt: this.now } };
    if (!(await isGenuineDelivery(this.core, arrival))) return false;
    storeDeliveries(this.core, [arrival]);
    await this.pass(0);
    return true;
  }
}

describe('a tracker and a survey tool that one definition each adds', () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace();
  });

  it('have settings, and a person’s account under the tracker’s kind', () => {
    const { people, sources } = workspace.core.settings.workspace;
    expect(people.dana?.accounts).toEqual({
      forge: 'dana-at-the-forge',
      github: 'dana-acme',
      linear: 'dana@acme.example',
    });
    expect(sources['upgrade-survey']?.kind).toBe('pollster');
  });

  it('are refused where no definition adds them, by field', () => {
    const read = () => readWith(registry);
    expect(read).toThrow(/sources\.upgrade-survey\.kind \(line \d+\): is "pollster", but must be one of typeform/);
    expect(read).toThrow(/trackers\.support\.kind \(line \d+\): is "forge", but must be one of github, jira/);
    expect(read).toThrow(/people\.dana\.forge \(line \d+\): is no setting here/);
  });

  it('take a delivery to an issue, its assignee, and the mail after its closing', async () => {
    expect(await workspace.deliver('forged')).toBe(false);
    expect(await workspace.deliver('value of ACME__POLLSTER_SECRET')).toBe(true);
    const { draft } = workspace.forge.issue();
    expect(draft.labels.map(({ name }) => name)).toContain('category:installation-issues');
    expect(draft.assignee).toBe('sam-at-the-forge');

    workspace.forge.close(0, 'completed', 'dana-at-the-forge');
    await workspace.poll();
    await workspace.pass(48 * hour);
    expect(workspace.case().loop).toBe('asked');
    const asked = workspace.host.accepted.filter(({ to }) => to === 'ines@customer.example');
    expect(asked.map(({ subject }) => subject)).toEqual([expect.stringContaining('Did we solve it')]);
    expect(workspace.host.accepted.some(({ to, subject }) => to === 'dana@acme.example' && /Could/.test(subject))).toBe(
      true,
    );
  });

  it('stand on pages and in JSON under their titles', async () => {
    await workspace.deliver('value of ACME__POLLSTER_SECRET');
    const shown = toCaseJson(workspace.core, workspace.case());
    expect(shown.issue).toMatchObject({ tracker: 'support', kind: 'forge', trackerTitle: 'The Forge' });
    expect(String(shown.issue && IssueFacts({ issue: shown.issue }))).toContain('The Forge ANVIL-1');
    const people = buildPeopleJson(workspace.core);
    expect(people.people.find(({ key }) => key === 'dana')?.accounts).toEqual(['forge', 'github', 'linear']);
    const visit = {
      workspace: 'acme',
      name: 'Acme',
      timeZone: 'Europe/Berlin',
      people: {},
      attributes: {},
      templates: {},
      person: 'dana',
      isHeld: false,
      respondents: {},
      query: {},
      access: 'manager' as const,
      may: [],
      now: workspace.now,
    };
    const titles = new Map([['forge', 'The Forge']]);
    expect(String(PeoplePage({ visit, people, titles }))).toContain('The Forge, github, linear');
  });

  it('are checked as every tracker is, with the accounts of the people', async () => {
    const { settings, integrations } = workspace.core;
    const reports = await checkTrackers(settings, integrations, workspace.now);
    expect(reports.find(({ kind }) => kind === 'forge')).toEqual({
      tracker: 'support',
      kind: 'forge',
      findings: [],
    });
  });
});
