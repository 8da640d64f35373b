import { minuteMs, secondMs, toIsoText, toIsoTextOrNull } from '#domain/time/units.ts';
import { basics, casework, type Core, feedback, handleOf, json, type Page, store } from '../kit.ts';
import { listHookStates } from '../queues/hooks.ts';
import { computeRateLimitWaitMs } from '../queues/rate-limit.ts';
import { readTestIssue } from '../tracker-requests/test-issue.ts';
import { readSourceDetail } from './intake.ts';
import { pageOf, type PageQuery } from './serializers.ts';

const usualCallMs = 300;

/** States of the trackers for the settings page. Times are ISO 8601 UTC. */
export function readTrackerStates(core: Core) {
  const now = core.clock.now();
  const later = (at: number) => (at > now ? toIsoTextOrNull(at) : null);
  return Object.keys(core.settings.workspace.trackers).map((tracker) => {
    const queue = store.findQueue(core.sql, tracker);
    const target = store.findPollState(core.sql, tracker);
    const { waiting, error } = store.readQueueBacklog(core.sql, tracker);
    const vendor = core.integrations.vendor(tracker);
    const since = toIsoTextOrNull(queue.pausedAt);
    const { calls, creates } = store.countOpenRows(core.sql, tracker);
    const pauseMs = vendor && calls > 0 ? computeRateLimitWaitMs(core, vendor.countedAs, vendor.rateLimit, calls) : 0;
    const throughMs = Math.max(pauseMs, calls * usualCallMs, queue.heldUntil - now);
    return {
      tracker,
      title: vendor?.title ?? tracker,
      /** Number of waiting calls, at most a thousand, and the last error of the oldest. */
      waiting,
      trouble: error,
      /** Cases without an issue yet, and about when all that waits is through; null for less than a minute. */
      waitingCases: creates,
      throughAt: queue.paused === null && calls > 0 && throughMs > minuteMs ? toIsoTextOrNull(now + throughMs) : null,
      paused:
        queue.paused !== null && since !== null
          ? { why: queue.pausedWhy ?? '', since, next: later(Math.max(queue.heldUntil, queue.rateLimitedUntil)) }
          : null,
      /** Instants until which the host asked for quiet, and until which the rate limit is used up. */
      heldUntil: later(queue.heldUntil),
      rateLimitedUntil: later(queue.rateLimitedUntil),
      left: readAllowance(core, vendor?.countedAs ?? tracker),
      polledAt: toIsoTextOrNull(target.polledAt),
      nextPollAt: toIsoTextOrNull(store.findTimerDueAt(core.sql, 'poll', tracker)),
      pollTrouble: target.error,
      hintedAt: toIsoTextOrNull(target.hintedAt),
      refused: groupRefusals(core, tracker),
      cannot: vendor?.cannot ?? [],
      testIssue: readTestIssue(core, tracker),
      /** What the credentials must allow for registering its webhook; null where that is not possible. */
      hooksNeed: vendor?.hooksNeed ?? null,
      hook: listHookStates(core, tracker)[0] ?? null,
    };
  });
}

function readAllowance({ sql, clock }: Core, tracker: string) {
  const [least] = store.allowances
    .list(sql, { queue: tracker })
    .filter(({ resetsAt }) => resetsAt > clock.now())
    .toSorted((a, b) => a.remaining - b.remaining);
  return least ? { calls: least.remaining, until: toIsoText(least.resetsAt) } : null;
}

const mostRefusalsRead = 1000;

function groupRefusals(core: Core, tracker: string) {
  const refusals = store.refusals.list(core.sql, { tracker }, mostRefusalsRead).map(({ part, reason }) => {
    return { what: casework.describePart(casework.fieldOfPart(part)), reason };
  });
  const groups = Map.groupBy(refusals, ({ what, reason }) => `${what} ${reason}`);
  return [...groups.values()].flatMap(([first, ...more]) => (first ? [{ ...first, cases: more.length + 1 }] : []));
}

/** How far the set-up of a workspace is: its first source and tracker, and what came of them. */
export function readSetUp({ settings, ...core }: Core, { who }: { who: string }) {
  const { workspace, version, templates } = settings;
  const { sql } = core;
  const [tracker] = Object.values(workspace.trackers);
  const [state] = tracker ? readTrackerStates({ settings, ...core }) : [];
  const [[name, source] = []] = Object.entries(workspace.sources);
  const detail = name === undefined ? null : readSourceDetail({ settings, ...core }, name);
  const { form = '', questions = [] } = detail?.forms.find((each) => each.questions.length > 0) ?? {};
  const incoming = store.responses.page(sql, { source: name ?? '', form }, 1)[0]?.incoming ?? null;
  const hidden = [...(incoming?.hidden.keys() ?? [])].map((field) => `hidden.${field}`);
  const mapped = Object.entries(source?.respondent ?? {}).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const [mail] = store.mails.page(sql, { person: who }, 1);
  const { pausedWhy } = store.findQueue(sql, 'mail');
  const lastState = pausedWhy ? 'refused' : (mail?.state ?? null);
  const [first] = store.cases.list(sql, {}, 1);
  const place =
    tracker && Object.entries(tracker).find(([setting]) => ['repository', 'project', 'team'].includes(setting));
  return {
    version,
    tracker: tracker && state ? { ...state, kind: tracker.kind, place: String(place?.[1] ?? '') } : null,
    source: detail && source ? { ...detail, kind: source.kind } : null,
    questions,
    respondent:
      mapped.length > 0 || !incoming
        ? Object.fromEntries(mapped)
        : feedback.guessRespondentFields(incoming, source?.kind === 'json'),
    fields: [...new Set([...hidden, ...questions.map(({ name }) => name), ...mapped.map(([, field]) => field)])],
    mail: { ...workspace.mail, lastState, why: pausedWhy ?? mail?.why ?? null },
    templates: Object.fromEntries([...templates].map(([key, template]) => [key, template.name])),
    firstCase: first
      ? { id: first.id, handle: handleOf(first), issue: first.issue?.url ?? null, loop: first.loop }
      : null,
  };
}

/** How the work of a workspace gets on: what waits, since when, and what holds it. */
export function readHealth({ sql, clock }: Core): json.HealthJson {
  const now = clock.now();
  const { oldestWaitingAt, ...deliveries } = store.countDeliveries(sql);
  return {
    lagSeconds: Math.round(store.computeLagMs(sql, now) / secondMs),
    deliveries: { ...deliveries, oldestWaitingAt: toIsoTextOrNull(oldestWaitingAt) },
    totals: store.countTotals(sql),
    cases: store.countCasesByNeed(sql),
    queues: store.countOpenRowsByQueue(sql).map(({ oldestAt, ...row }) => {
      const { pausedAt, heldUntil, rateLimitedUntil } = store.findQueue(sql, row.queue);
      const held = Math.max(heldUntil, rateLimitedUntil);
      return {
        ...row,
        oldestAt: toIsoTextOrNull(oldestAt),
        pausedSince: toIsoTextOrNull(pausedAt),
        heldUntil: toIsoTextOrNull(held > now ? held : null),
      };
    }),
  };
}

export const listEventChannelsJson = (core: Core): json.EventChannelJson[] =>
  basics.listEventChannels(core).map((name) => {
    const { events = 'all' } = core.settings.workspace.channels[name] ?? {};
    const ended = store.endedChannels.find(core.sql, { channel: name });
    const { waiting, error } = store.readQueueBacklog(core.sql, `notice:${name}`);
    return {
      name,
      types: events === 'all' ? [] : events,
      waiting,
      trouble: ended?.why ?? store.findQueue(core.sql, `notice:${name}`).pausedWhy ?? error,
      takenAt: toIsoTextOrNull(store.findLastEventTakenAt(core.sql, name)),
      endedAt: toIsoTextOrNull(ended?.at ?? null),
    };
  });

export function listEventAttemptsJson(core: Core, channel: string, query: PageQuery): Page<json.EventAttemptJson> {
  const page = pageOf(
    query,
    (before, limit) => store.eventAttempts.page(core.sql, { channel }, limit, before),
    ({ eventId: id, caseId, ...attempt }) =>
      json.presentFields(json.EventAttemptJson, { ...attempt, id, case: caseId }),
  );
  // A page without any channel asks for none.
  if (page.items.length === 0 && channel !== '') basics.demandEventChannel(core, channel);
  return page;
}

export const listAuditJson = ({ sql }: Core, query: PageQuery): Page<json.AuditLineJson> =>
  pageOf(
    query,
    (before, limit) => store.auditLog.page(sql, {}, limit, before),
    ({ seq: id, ...line }) => json.presentFields(json.AuditLineJson, { ...line, id }),
  );
