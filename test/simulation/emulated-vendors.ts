import { createHmac } from 'node:crypto';
import { signWebhook, verifyWebhook } from '#adapters/signature.ts';
import { events } from '#adapters/surveys/events/definition.ts';
import { typeform } from '#adapters/surveys/typeform/definition.ts';
import type { Fetch } from '#domain/base/ports.ts';
import type { CaseEvent } from '#domain/integrations/case-event.ts';
import type { Integrations } from '#domain/integrations/integrations.ts';
import type { HuddleNotice } from '#domain/integrations/mailer.ts';
import { createSignedDelivery } from '#domain/integrations/survey-source.ts';
import { createIntegrations } from '#src/wiring.ts';
import { createRateMeter } from '#src/workspace/queues/rate-limit.ts';
import { SurveyTool } from '#test/emulators/survey-tool.ts';
import { registryWithTool } from '#test/emulators/survey-tool-source.ts';
import { deployment, emulateHosts, type Host, secrets } from '#test/harness/emulated-hosts.ts';
import { minute } from '#test/harness/times.ts';
import type { PostedEvent, PostedPack } from './event-invariants.ts';
import { faultyFetch, type Life, mortalSql } from './faults.ts';
import { demandedField } from './set-up-actors.ts';
import type { Signatures, VendorContext, Vendors } from './vendors.ts';

/** The real adapters over emulated hosts, with faults in requests and answers. */
export function emulatedVendors(context: VendorContext): Vendors {
  const { chance, now, keylessMail, settings } = context;
  const emulated = emulateHosts({ now, people: settings.workspace.people, keylessMail });
  const { github, jira, linear } = emulated.state;
  // Lists are older than direct reads, within the vendors' known limits.
  github.listLagMs = chance.pick([0, 30_000, 300_000]);
  jira.offScreen = chance.pick([[], ['priority'], ['priority', 'duedate']]);
  jira.indexLagMs = chance.pick([0, 30_000, 300_000]);
  const tool = new SurveyTool({
    now,
    secret: secrets.TOOL_SECRET,
    token: secrets.TOOL_TOKEN,
    deliveries: 'reference',
    titles: false,
    deliver: context.deliver,
  });
  tool.listLagMs = chance.pick([0, 30 * minute]);
  const events: PostedEvent[] = [];
  const packs: PostedPack[] = [];
  const { mail, trackerUser, admins, accept, limits, offSpec, trackerStates, limitOf } = emulated;
  const hosts = new Map([
    ...emulated.hosts,
    ['survey-tool.test', (request: Request) => tool.app.fetch(request)] as [string, Host],
    ['crm.test', createReceiver(events, packs, now)] as [string, Host],
  ]);
  const refusedTitles = new Set<string>();
  const createNetwork = (life: Life, queue: string) =>
    faultyNetwork(context, { hosts, limitOf, offSpec, refusedTitles }, life, queue);
  return {
    events,
    packs,
    mail,
    tool,
    registered: {
      tool: tool.hooks,
      product: {
        list: () => (github.hooks ?? []).map(({ config: { url }, active }) => ({ url, form: '', isOn: active })),
        lose(removes) {
          const last = removes ? github.hooks?.pop() : github.hooks?.at(-1);
          if (last) last.active = false;
        },
      },
    },
    trackerUser,
    admins,
    setUps: {
      support: {
        'required field': {
          begin: () =>
            void jira.setUp.customFields.push({ ...demandedField, type: 'string', required: true, values: [] }),
          end: () => void Object.assign(jira.setUp, { customFields: [] }),
        },
        'off screen': {
          begin: (from) => void jira.setUp.offEditScreen.push(from.pick(['duedate', 'priority', 'assignee'])),
          end: () => void Object.assign(jira.setUp, { offEditScreen: [] }),
        },
      },
      product: {
        archived: {
          begin: () => void Object.assign(github, { archived: true }),
          end: () => void Object.assign(github, { archived: false }),
        },
        renamed: {
          begin: () => void Object.assign(github, { repository: 'acme/product-2', formerNames: ['acme/product'] }),
          end: () => void Object.assign(github, { repository: 'acme/product', formerNames: ['acme/product-2'] }),
        },
      },
      growth: {
        'off screen': {
          begin: (from) => void Object.assign(linear, { refusedFields: [from.pick(['dueDate', 'assigneeId'])] }),
          end: () => void Object.assign(linear, { refusedFields: [] }),
        },
      },
    },
    accept,
    limits,
    offSpec,
    trackerStates,
    signatures: vendorSignatures(now),
    integrations: (life) => integrationsOver(context, life, createNetwork),
  };
}

/** A receiver of events and huddle packs, which takes genuine ones only. */
const createReceiver =
  (events: PostedEvent[], packs: PostedPack[], now: () => number): Host =>
  async (request) => {
    const body = new Uint8Array(await request.arrayBuffer());
    const headers = Object.fromEntries(request.headers);
    if (!(await verifyWebhook({ body, headers, receivedAt: now() }, [secrets.CRM_SECRET], now())))
      return new Response(null, { status: 400 });
    const posted = JSON.parse(new TextDecoder().decode(body)) as CaseEvent | HuddleNotice;
    const id = headers['webhook-id'] ?? '';
    if ('lines' in posted) packs.push({ key: id, headline: posted.headline });
    else events.push({ id, sequence: posted.data.sequence, caseId: posted.data.case.id });
    return new Response(null, { status: 204 });
  };

const vendorSignatures = (now: () => number): Signatures => ({
  response: async ({ body, id }) =>
    (await createSignedDelivery(typeform, body, secrets.TYPEFORM_SECRET, { id, now: now() })).headers,
  alert: async () => ({ authorization: `Bearer ${secrets.MAIL_SECRET}` }),
  event: async ({ body, id }) =>
    (await createSignedDelivery(events, body, secrets.EVENTS_SECRET, { id, now: now() }, { kind: 'events' } as never))
      .headers,
  async mailEvent({ body, id, isForged = false }) {
    const secret = isForged ? `whsec_${btoa('guessed')}` : secrets.RESEND_WEBHOOK;
    const signed = await signWebhook(body, secret, { id, now: now() });
    return Object.fromEntries(
      Object.entries(signed).map(([name, value]) => [name.replace('webhook-', 'svix-'), value]),
    );
  },
  async hint({ body, id, isForged = false }) {
    const key = isForged ? 'a key of somebody else' : secrets.HOOK_SECRET;
    const signature = createHmac('sha256', key).update(body).digest('hex');
    return { 'x-hub-signature-256': `sha256=${signature}`, 'x-github-delivery': id };
  },
});

/** The real adapters. Each queue has its own network, so that the waiting call can be attributed. */
function integrationsOver(
  { settings, sql, now, turns, keylessMail, answerSettleMs }: VendorContext,
  life: Life,
  createNetwork: (life: Life, queue: string) => Fetch,
): Integrations {
  const made = new Map<string, Integrations>();
  const clock = { now };
  const of = (queue: string): Integrations => {
    const own =
      made.get(queue) ??
      createIntegrations(settings, (name) => deployment.get(name), {
        fetch: createNetwork(life, queue),
        retryMs: 0,
        registry: registryWithTool,
        now,
        meter: (metered, rateLimit) => createRateMeter({ sql: mortalSql(sql, life), clock }, metered, rateLimit),
      });
    made.set(queue, own);
    return own;
  };
  // The first load of an SDK is slow, so it happens within a turn.
  const turn = async (queue: string): Promise<Integrations> => {
    life.step();
    await turns.take(queue);
    return of(queue);
  };
  return {
    source: (name) => of(`source:${name}`).source(name),
    tracker: async (name) => (await turn(name)).tracker(name),
    vendor: (name) => of(name).vendor(name),
    hint: (name, hook, at) => of(name).hint(name, hook, at),
    mailer: async () => (await turn('mail')).mailer(),
    readMailEvents: (...values) => of('mail').readMailEvents(...values),
    replies: of('mail').replies,
    channel: async (name) => (await turn(`notice:${name}`)).channel(name),
    idempotencyKeyLifetimeMs: keylessMail ? 0 : of('mail').idempotencyKeyLifetimeMs,
    answerSettleMs,
  };
}

type Hosts = Pick<ReturnType<typeof emulateHosts>, 'hosts' | 'limitOf' | 'offSpec'> & { refusedTitles: Set<string> };

function faultyNetwork(context: VendorContext, given: Hosts, life: Life, queue: string): Fetch {
  const { hosts, limitOf, offSpec, refusedTitles } = given;
  const host = (url: URL) => async (input: Parameters<Fetch>[0]) => {
    const answer = hosts.get(url.hostname);
    if (!answer) throw new Error(`no host ${url.hostname}: nothing may be called but what the settings name`);
    const request = new Request(input);
    const refusal = await refuseSometimes(context, url, request, refusedTitles);
    if (refusal) return refusal;
    const answered = await answer(request);
    if (url.hostname === 'mail.test' && answered.status === 409)
      offSpec.push('mail: another text under the key of an earlier mail');
    return answered;
  };
  return faultyFetch(host, {
    chance: context.chance,
    tally: context.tally,
    commit: context.commit,
    sends: (request) => {
      context.sends(request);
      limitOf(new URL(request.url))?.sends(request.url);
    },
    limit: (url, waitMs) => limitOf(url)?.force(waitMs) ?? null,
    rates: context.rates,
    advance: context.advance,
    later: context.later,
    life: () => life,
    turn: (orphan) => context.turns.take(queue, orphan),
  });
}

/** Sometimes GitHub refuses an issue's labels, then each time, or the mail host an address. */
async function refuseSometimes(
  { chance, rates }: VendorContext,
  { hostname, pathname }: URL,
  request: Request,
  refusedTitles: Set<string>,
): Promise<Response | null> {
  const { integrations } = rates();
  if (hostname === 'mail.test' && chance.happens(integrations / 10))
    return Response.json({ name: 'validation_error', message: 'Invalid `to` field.' }, { status: 422 });
  if (hostname !== 'github.test' || request.method !== 'POST' || !pathname.endsWith('/issues')) return null;
  const { labels, title }: { labels?: string[]; title: string } = await request.clone().json();
  if (!labels?.length) return null;
  if (chance.happens(2 * integrations)) refusedTitles.add(title);
  const errors = [{ resource: 'Issue', code: 'invalid', field: 'labels' }];
  return refusedTitles.has(title) ? Response.json({ message: 'Validation Failed', errors }, { status: 422 }) : null;
}
