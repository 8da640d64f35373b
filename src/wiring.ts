import * as z from 'zod';
import { verifyBearer } from '#adapters/delivery-proof.ts';
import { deploymentMail, type Registry, registry } from '#adapters/index.ts';
import { jsonOrNull } from '#adapters/json.ts';
import { findAnswerSettleMs, isLoopback } from '#adapters/loopback.ts';
import { createMeteredFetch, once } from '#adapters/outbound.ts';
import { AppError, IntegrationError, InvalidInputError, type Problem } from '#domain/base/errors.ts';
import { remember } from '#domain/base/memoize.ts';
import { nearest } from '#domain/base/nearest.ts';
import { parseWithPlainFindings } from '#domain/base/plain-words.ts';
import type { Fetch } from '#domain/base/ports.ts';
import type * as port from '#domain/integrations/index.ts';
import type { SourceSettings, WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import { createWorkspaceFileSchema } from '#domain/settings/workspace-schema.ts';
import type { Settings } from '#domain/templates/template.ts';
import { connectSource, toCredentialsError } from './connect-source.ts';
import { buildSecretVariableName, createAddressReader, findCountedAs, reach, type Variables } from './reach.ts';

export { buildSecretVariableName, deploymentMail, registry };

type Definition<Settings = unknown> = { kind: string; settings: z.ZodType<Settings> };

function byKind<Settings>(definitions: Definition<Settings>[]): z.ZodType<Settings> {
  const known = definitions.map(({ kind }) => kind);
  const kinds = known.join(', ');
  return z.looseObject({ kind: z.string(`is missing; one of ${kinds}`) }).transform((given, context) => {
    const definition = definitions.find(({ kind }) => kind === given.kind);
    if (!definition) {
      const near = nearest(given.kind, known);
      context.addIssue({
        code: 'custom',
        path: ['kind'],
        message: `is "${given.kind}", but must be one of ${kinds}${near ? `; did you mean ${near}?` : ''}`,
      });
      return z.NEVER;
    }
    const { value, findings } = parseWithPlainFindings(definition.settings, given);
    for (const finding of findings ?? []) context.addIssue({ code: 'custom', ...finding });
    return findings ? z.NEVER : value;
  });
}

export const buildWorkspaceFileSchema = ({
  surveys,
  trackers,
  mails,
  channels,
}: Registry): z.ZodType<WorkspaceSettings> =>
  createWorkspaceFileSchema({
    source: byKind(surveys),
    tracker: byKind(trackers),
    mail: byKind(mails).default(deploymentMail),
    channel: byKind(channels),
    accounts: trackers.map(({ kind }) => kind),
  });

export const WorkspaceFileSchema = buildWorkspaceFileSchema(registry);

/** Name of a vendor's secret in a workspace file, such as TALLY_SECRET. */
export const buildSecretName = (kind: string, use: string): string =>
  `${kind}_${use}`.toUpperCase().replaceAll(/[^A-Z]+/g, '_');

/** Every secret that a workspace file names, in the order of names. */
export function listNamedSecrets(workspace: WorkspaceSettings, variables: Variables = () => undefined) {
  const address = createAddressReader(variables);
  const all: { secret: string; use: string; host: string; isAddress: boolean }[] = [];
  const add = (use: string, url: string, secrets: string[], isAddress = false) => {
    const host = URL.canParse(url) ? new URL(url).host : url;
    all.push(...secrets.map((secret) => ({ secret, use, host, isAddress })));
  };
  for (const [name, source] of Object.entries(workspace.sources)) {
    const { title, secrets, api } = find(registry.surveys, source.kind);
    const url = api ? address(api.baseUrl, source) : source.kind;
    add(`${title}: ${name}`, url, [...secrets(source), ...(api?.secrets(source) ?? [])]);
  }
  const isOnlyForReplies = !all.some(({ secret }) => secret === repliesSecret);
  if (workspace.inbound) add('Replies by mail', 'mail', [repliesSecret], isOnlyForReplies);
  for (const [name, settings] of Object.entries(workspace.trackers)) {
    const tracker = find(registry.trackers, settings.kind);
    add(`${tracker.title}: ${name}`, address(tracker.baseUrl, settings), tracker.secrets(settings));
  }
  const mail = find(registry.mails, workspace.mail.kind);
  add(`${mail.title}: mail`, address(mail.baseUrl), mail.secrets(workspace.mail));
  for (const [name, settings] of Object.entries(workspace.channels)) {
    const channel = find(registry.channels, settings.kind);
    add(`${channel.title}: ${name}`, channel.kind, channel.secrets(settings));
    add(`${channel.title}: ${name}`, channel.kind, channel.addresses(settings), true);
  }
  const byName = Map.groupBy(all, ({ secret }) => secret);
  return [...byName.keys()].sort().map((name) => {
    const own = byName.get(name) ?? [];
    return {
      name,
      host: [...new Set(own.map(({ host }) => host))].sort().join(' '),
      uses: [...new Set(own.map(({ use }) => use))],
      /** Whether requests go to it, or mail comes in by it alone, so that only the deployment may set it. */
      isAddress: own.some(({ isAddress }) => isAddress),
    };
  });
}

export function listBaseUrlVariables(): string[] {
  const { surveys, trackers, mails } = registry;
  const apis = surveys.flatMap(({ api }) => (api ? [api] : []));
  return [...new Set([...trackers, ...mails, ...apis].map(({ baseUrl }) => baseUrl.variable))];
}

export const mailEventHeaderNames = registry.mails.flatMap(({ events }) => events?.headers ?? []);

/** The deployment's variable with the base address of a tracker or mail provider. */
export const findBaseUrlVariable = (kind: string): string =>
  find<Registry['trackers' | 'mails'][number]>([...registry.trackers, ...registry.mails], kind).baseUrl.variable;

/** Sets up the adapters of one workspace. SDKs are loaded at first use. */
export function createIntegrations(
  settings: Settings,
  variables: Variables,
  options: {
    fetch?: Fetch;
    now?: () => number;
    retryMs?: number;
    removed?: Map<string, SourceSettings>;
    registry?: Registry;
    meter?(queue: string, rateLimit: port.RateLimit): port.Meter;
    lastCursor?(tracker: string): string | null;
  } = {},
): port.Integrations {
  const { workspace } = settings;
  const { surveys, trackers, mails, channels } = options.registry ?? registry;
  const reached = reach(workspace, variables, options.fetch);
  const { secret, readCurrentAndPreviousSecrets, address, createFetch } = reached;
  const sources = new Map<string, port.SurveySource>();
  const made = new Map<string, ReturnType<typeof once<port.Tracker>>>();
  const mail = find(mails, workspace.mail.kind);
  const mailUrl = address(mail.baseUrl);
  const mailer = once(() =>
    setUp(mail.title, () => mail.create(workspace.mail, { fetch: createFetch(mailUrl), baseUrl: mailUrl, secret })),
  );
  const targetOf = (name: string) => (Object.hasOwn(workspace.trackers, name) ? workspace.trackers[name] : undefined);
  const countedAs = (name: string) => findCountedAs(workspace.trackers, trackers, reached, name);
  return {
    source(name) {
      const own = Object.hasOwn(workspace.sources, name) ? workspace.sources[name] : undefined;
      const source = own ?? options.removed?.get(name);
      if (!source) return null;
      return remember(sources, name, () => {
        const made = connectSource(find(surveys, source.kind), source, { reached, ...options });
        return { ...made, removed: own === undefined };
      });
    },
    tracker(name) {
      const target = targetOf(name);
      // Its queue pauses, and admins are notified.
      if (!target)
        throw new IntegrationError('auth', 'find tracker', { detail: 'the workspace file no longer names it' });
      const definition = find(trackers, target.kind);
      const baseUrl = address(definition.baseUrl, target);
      const create = () => {
        const meter = options.meter?.(countedAs(name), definition.rateLimit);
        return definition.create(target, {
          fetch: meter ? createMeteredFetch(createFetch(baseUrl), meter, definition.rateLimit) : createFetch(baseUrl),
          baseUrl,
          retryMs: options.retryMs ?? 300,
          secret,
          lastCursor: () => options.lastCursor?.(name) ?? null,
        });
      };
      // A failed set-up is repeated at the next use.
      return remember(made, name, () => once(() => setUp(definition.title, create))).get();
    },
    vendor(name) {
      const target = targetOf(name);
      if (!target) return null;
      const { webhook, ...vendor } = find(trackers, target.kind);
      const followsTicks = webhook.readTextEdit !== undefined && webhook.secret(target) !== null;
      return { ...vendor, countedAs: countedAs(name), followsTicks, hooksNeed: webhook.hooksNeed ?? null };
    },
    async hint(name, hook, now) {
      const target = targetOf(name);
      if (!target) return null;
      const { webhook } = find(trackers, target.kind);
      const named = webhook.secret(target);
      const id = named && (await webhook.verify(hook, readCurrentAndPreviousSecrets(named), now));
      if (!id) return null;
      const issue = webhook.namedIssue?.safeParse(jsonOrNull(hook.body)).data ?? null;
      return { id, issue, edit: webhook.readTextEdit?.(hook.body, target) ?? null };
    },
    mailer: mailer.get,
    idempotencyKeyLifetimeMs: mail.idempotencyKeyLifetimeMs,
    answerSettleMs: findAnswerSettleMs(mailUrl),
    async readMailEvents(delivery, now) {
      const name = mail.events?.secret(workspace.mail);
      return name ? ((await mail.events?.read(delivery, readCurrentAndPreviousSecrets(name), now)) ?? null) : null;
    },
    replies: connectReplies(workspace, surveys, readCurrentAndPreviousSecrets),
    channel(name) {
      const settings = Object.hasOwn(workspace.channels, name) ? workspace.channels[name] : undefined;
      if (!settings) throw new IntegrationError('rejected', 'find channel', { detail: `no channel ${name}` });
      const definition = find(channels, settings.kind);
      return setUp(definition.title, () =>
        definition.create(settings, { createFetch, secret, now: options.now ?? Date.now }),
      );
    },
  };
}

/** Replies come by the same door as alerts by mail, with the same secret. */
const repliesSecret = 'MAIL_SECRET';

function connectReplies(
  { inbound }: WorkspaceSettings,
  surveys: Registry['surveys'],
  readSecrets: (name: string) => string[],
): port.Replies | null {
  const mail = surveys.find(({ readReply }) => readReply);
  if (!inbound || !mail?.readReply) return null;
  const { readReply } = mail;
  return {
    verify: (delivery) => verifyBearer(delivery, readSecrets(repliesSecret)),
    read: (body) => readReply(body, inbound.relay),
  };
}

/** A demo lifts floors that protect real people, so it may reach loopback addresses only. */
export function requireLoopbackInDemo(workspace: WorkspaceSettings, variables: Variables): void {
  if (!workspace.demo) return;
  const address = createAddressReader(variables);
  const mail = find(registry.mails, workspace.mail.kind).baseUrl;
  const used = Object.values(workspace.trackers).map((target) => {
    const { baseUrl } = find(registry.trackers, target.kind);
    return [baseUrl.variable, address(baseUrl, target)] as const;
  });
  const message = 'must be a loopback address, because the workspace says demo: true';
  const problems: Problem[] = [...used, [mail.variable, address(mail)] as const].flatMap(([field, url]) =>
    isLoopback(url) ? [] : [{ field, message }],
  );
  if (problems.length > 0)
    throw new InvalidInputError(problems.map(({ field, message }) => `${field} ${message}`).join('\n'), problems);
}

/** A missing secret or address acts like refused credentials: the queue pauses with the reason. */
async function setUp<Made>(title: string, create: () => Promise<Made>): Promise<Made> {
  try {
    return await create();
  } catch (error) {
    throw toCredentialsError(title, error);
  }
}

function find<Found extends Definition>(definitions: Found[], kind: string): Found {
  const result = definitions.find((definition) => definition.kind === kind);
  if (!result) throw new AppError('config', `no adapter of kind ${kind}`);
  return result;
}
