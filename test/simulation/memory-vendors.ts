import { jsonOrNull } from '#adapters/json.ts';
import { github } from '#adapters/trackers/github/definition.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import type { Integrations } from '#domain/integrations/integrations.ts';
import type { MailEvent, Mailer } from '#domain/integrations/mailer.ts';
import type { Settings } from '#domain/templates/template.ts';
import { createIntegrations } from '#src/wiring.ts';
import { createRateMeter } from '#src/workspace/queues/rate-limit.ts';
import { SurveyTool } from '#test/emulators/survey-tool.ts';
import { registryWithTool, surveyApiInMemory } from '#test/emulators/survey-tool-source.ts';
import { deployment, type TrackerName } from '#test/harness/emulated-hosts.ts';
import { day, minute } from '#test/harness/times.ts';
import { fakeAdmin, fakeTrackerUser } from '#test/workspace/fake-tracker-user.ts';
import { FakeMailHost, FakeTracker } from '#test/workspace/fakes.ts';
import type { PostedEvent, PostedPack } from './event-invariants.ts';
import { type Life, mortalSql } from './faults.ts';
import { faultyCalls, HostInMemory, mailerThrough, surveyApiThrough, trackerThrough } from './memory-calls.ts';
import { demandedField } from './set-up-actors.ts';
import type { SetUpChanges, Signatures, VendorContext, Vendors } from './vendors.ts';

const kinds = { support: 'jira', product: 'github', growth: 'linear' } as const;
const prefixes = { support: 'SUP', product: 'PRO', growth: 'GRO' };

/**
 * The vendors as doubles in memory that pass the adapters' own contracts. Faults happen per call of a port.
 *
 * @param use gets the doubles, to keep or to fill what they hold
 */
export function memoryVendors(context: VendorContext, use: (doubles: StatefulDoubles) => void = () => {}): Vendors {
  const { chance, now, keylessMail, settings } = context;
  const clock = { now };
  const lags = () => ({
    github: chance.pick([0, 30_000, 300_000]),
    jira: chance.pick([0, 30_000, 300_000]),
    linear: 0,
  });
  const lag = lags();
  const hasLag = context.rates().kinds?.has('list-lag') ?? true;
  const makeTracker = (name: TrackerName) => {
    const tracker = new FakeTracker(prefixes[name], clock, context.advance);
    tracker.hasPriority = kinds[name] !== 'github';
    tracker.listLagMs = hasLag ? lag[kinds[name]] : 0;
    return tracker;
  };
  const trackers = byTracker(makeTracker);
  const mail = new FakeMailHost(clock);
  mail.isKeyless = keylessMail;
  const tool = new SurveyTool({
    now,
    secret: '',
    token: '',
    deliveries: 'reference',
    titles: false,
    deliver: context.deliver,
    sign: async () => genuine,
  });
  tool.listLagMs = chance.pick([0, 30 * minute]);
  if (!hasLag) tool.listLagMs = 0;
  const hosts = new Map<string, HostInMemory>();
  const hostOf = (queue: string): HostInMemory => {
    const host = hosts.get(queue) ?? new HostInMemory();
    hosts.set(queue, host);
    return host;
  };
  const limitsOf = (name: TrackerName) => {
    const host = hostOf(name);
    return { record: { refused: [], early: host.early }, forget: () => host.forget() };
  };
  const people = Object.values(settings.workspace.people);
  const events: PostedEvent[] = [];
  const packs: PostedPack[] = [];
  use({ trackers, mail, tool });
  return {
    events,
    packs,
    mail,
    tool,
    registered: { product: trackers.product.fakeHooks, tool: tool.hooks },
    trackerUser: byTracker((name) =>
      fakeTrackerUser(
        trackers[name],
        people.flatMap(({ accounts }) => accounts[kinds[name]] ?? []),
        kinds[name],
      ),
    ),
    admins: byTracker((name) => fakeAdmin(trackers[name], kinds[name])),
    setUps: byTracker((name) => setUpChanges(trackers[name])),
    accept: byTracker((name) => (token) => {
      trackers[name].refusal = token === null ? null : new IntegrationError('auth', 'call', { status: 401 });
    }),
    limits: { github: limitsOf('product'), jira: limitsOf('support'), linear: limitsOf('growth') },
    offSpec: mail.conflicts,
    trackerStates: () =>
      Object.values(trackers)
        .map((tracker) => tracker.shown)
        .join('\n'),
    signatures: plainSignatures,
    integrations: (life) => integrationsInMemory(context, life, { trackers, mail, tool, hostOf, events, packs }),
  };
}

const byTracker = <Value>(make: (name: TrackerName) => Value): Record<TrackerName, Value> => ({
  support: make('support'),
  product: make('product'),
  growth: make('growth'),
});

const setUpChanges = (tracker: FakeTracker): SetUpChanges => ({
  'required field': {
    begin: () => void Object.assign(tracker, { demandedField: demandedField.id }),
    end: () => void Object.assign(tracker, { demandedField: null }),
  },
  'off screen': {
    begin(chance) {
      const part = chance.pick(['dueDate', 'severity', 'assignee']);
      const fields = chance.happens(0.7) ? [{ field: part, why: 'It is not on the appropriate screen.', part }] : [];
      tracker.refuses.set(part, new IntegrationError('rejected', 'edit issue', { status: 400, fields }));
    },
    end: () => tracker.refuses.clear(),
  },
  archived: {
    begin: () => void Object.assign(tracker, { writeRefusal: archivedPlace }),
    end: () => void Object.assign(tracker, { writeRefusal: null }),
  },
});

const archivedPlace = new IntegrationError('rejected', 'write', {
  status: 403,
  detail: 'the repository is archived',
  isPlaceClosed: true,
});

const genuine = { 'x-signature': 'genuine' };
const forged = { 'x-signature': 'forged' };
const isGenuine = (headers: Record<string, string>) => headers['x-signature'] === 'genuine';

/** Real signatures need the machine's thread pool, whose order no seed decides. The full simulation checks them. */
const plainSignatures: Signatures = {
  response: async () => genuine,
  alert: async () => genuine,
  event: async () => genuine,
  mailEvent: async ({ isForged }) => (isForged ? forged : genuine),
  hint: async ({ isForged, id }) => ({ ...(isForged ? forged : genuine), id }),
};

export interface StatefulDoubles {
  trackers: Record<TrackerName, FakeTracker>;
  mail: FakeMailHost;
  tool: SurveyTool;
}

interface Doubles extends StatefulDoubles {
  hostOf(queue: string): HostInMemory;
  events: PostedEvent[];
  packs: PostedPack[];
}

/** Readers of deliveries and facts about vendors, which call nobody. */
const readers = new WeakMap<Settings, Integrations>();

function readerOf(settings: Settings): Integrations {
  const reader =
    readers.get(settings) ??
    createIntegrations(settings, (name) => deployment.get(name), { registry: registryWithTool });
  readers.set(settings, reader);
  return reader;
}

function integrationsInMemory(context: VendorContext, life: Life, doubles: Doubles): Integrations {
  const { settings, sql, now, keylessMail, answerSettleMs } = context;
  const reader = readerOf(settings);
  const calls = (queue: string) => {
    const vendor = reader.vendor(queue);
    const store = { sql: mortalSql(sql, life), clock: { now } };
    const meter = vendor && createRateMeter(store, vendor.countedAs, vendor.rateLimit);
    return faultyCalls(context, life, queue, doubles.hostOf(queue), meter);
  };
  const trackers = new Map(
    Object.entries(doubles.trackers).map(([name, tracker]) => [name, trackerThrough(tracker, calls(name))]),
  );
  const mailer = mailerThrough(refusingSometimes(doubles.mail, context), calls('mail'));
  const api = surveyApiThrough(surveyApiInMemory(doubles.tool), doubles.tool, calls('source:tool'));
  return {
    source(name) {
      const source = reader.source(name);
      return (
        source && {
          ...source,
          verify: async ({ headers }) => isGenuine(headers),
          api: () => (source.hasApi ? api : null),
        }
      );
    },
    async tracker(name) {
      life.step();
      const tracker = trackers.get(name);
      if (!tracker) throw new Error(`no tracker ${name}`);
      return tracker;
    },
    vendor: (name) => reader.vendor(name),
    hint: async (name, { body, headers }) => {
      const edit =
        name === 'product'
          ? (github.webhook.readTextEdit?.(body, settings.workspace.trackers[name] as never) ?? null)
          : null;
      return isGenuine(headers) && headers.id ? { id: headers.id, issue: edit?.issue ?? null, edit } : null;
    },
    async mailer() {
      life.step();
      return mailer;
    },
    readMailEvents: async ({ body, headers }) => (isGenuine(headers) ? readMailEvent(body) : null),
    replies: reader.replies && { ...reader.replies, verify: async ({ headers }) => isGenuine(headers) },
    async channel(name) {
      const call = calls(`notice:${name}`);
      return {
        send: (notice) =>
          call('send notice', 'write', async () => {
            if ('lines' in notice) doubles.packs.push(notice);
          }),
        sendEvent: (id, { data }) =>
          call('send event', 'write', async () => {
            doubles.events.push({ id, sequence: data.sequence, caseId: data.case.id });
          }),
      };
    },
    idempotencyKeyLifetimeMs: keylessMail ? 0 : day,
    answerSettleMs,
  };
}

/** The mail host sometimes refuses an address for good. */
const refusingSometimes = (mail: FakeMailHost, { chance, rates }: VendorContext): Mailer => ({
  async send(message) {
    const { integrations, kinds } = rates();
    if (chance.happens(integrations / 10) && (kinds?.has('mail-refused') ?? true))
      throw new IntegrationError('rejected', 'send mail', { status: 422, detail: 'validation_error' });
    return mail.send(message);
  },
  listSent: (since) => mail.listSent(since),
  check: () => mail.check(),
});

const eventNames = new Map<string, MailEvent['what']>([
  ['email.delivered', 'delivered'],
  ['email.bounced', 'bounced'],
  ['email.complained', 'complained'],
]);

function readMailEvent(body: Uint8Array): MailEvent[] {
  const { type, data } = jsonOrNull(body) as { type: string; data: { email_id: string; to: [string] } };
  const what = eventNames.get(type);
  return what ? [{ provider: data.email_id, address: data.to[0], what, why: what }] : [];
}
