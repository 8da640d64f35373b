import * as z from 'zod';
import { RequestedAction } from '#domain/cases/action.ts';
import { CaseEvent } from '#domain/integrations/case-event.ts';
import { CommentDraft, type IssueClosure, IssueDraft } from '#domain/integrations/issue.ts';
import { HuddleNotice, MailMessage, Notice } from '#domain/integrations/mailer.ts';
import { ResponseReference } from '#domain/integrations/survey-source.ts';
import { findLaterIssueOfCreate, isHeldSql } from './backup.ts';
import { findQueue, isRefusedRowSql } from './queues.ts';
import { columnOf, defineTable, hasRow, query, type Sql, type SqlValue, singleValue } from './table.ts';

export interface StoredOutboxRow {
  id: number;
  key: string;
  /** Calls of a queue run one after the other: a tracker's name, `source:` and a source's name, or `mail`. */
  queue: string;
  /** Rows of one ordering key go strictly in order. */
  orderingKey: string;
  kind: string;
  version: number;
  payload: string;
  state: 'waiting' | 'calling' | 'unknown' | 'done' | 'refused';
  attempts: number;
  lookups: number;
  /** Calls and lookups in a row that began and were not survived by the process. */
  stops: number;
  createdAt: number;
  dueAt: number;
  startedAt: number | null;
  deadlineAt: number | null;
  floor: string | null;
  error: string | null;
}

export type OutboxRow<Kind extends OutboxKind = OutboxKind> = {
  [Each in Kind]: Omit<StoredOutboxRow, 'kind' | 'payload'> & { kind: Each; payload: Payload<Each> };
}[Kind];

const outbox = defineTable<StoredOutboxRow & { rank: number; endedAt: number | null }>('outbox', {});

/** Records an intent once per key, which is its ordering key by default. Rows of a case have the rank of its severity, rows without a case 3 unless given. @returns whether it is new */
export function addToOutbox<Kind extends OutboxKind>(
  sql: Sql,
  row: {
    key: string;
    queue: string;
    orderingKey?: string;
    kind: Kind;
    payload: Payload<NoInfer<Kind>>;
    at: number;
    dueAt?: number;
    rank?: number;
  },
): boolean {
  const { at, payload, dueAt = at, orderingKey = row.key, ...rest } = row;
  const caseId = orderingKey.replace(/^case:/, '');
  const intent = {
    ...rest,
    orderingKey,
    version: versionOf(row.kind),
    payload: JSON.stringify(payload),
    state: 'waiting' as const,
    createdAt: at,
    dueAt,
    rank: singleValue<number>(sql, 'SELECT severity_rank FROM cases WHERE id = ?', caseId) ?? row.rank ?? 3,
  };
  const isNew = outbox.add(sql, intent);
  if (isNew && 'marker' in payload) findLaterIssueOfCreate(sql, payload.marker, at);
  return isNew;
}

const open = "state IN ('waiting', 'calling', 'unknown')";
/** A refused call holds back later ones of its case only where they need its issue. */
const firstOfOrderingKeySql = `NOT EXISTS (SELECT 1 FROM outbox earlier WHERE earlier.ordering_key = outbox.ordering_key AND earlier.id < outbox.id AND earlier.${open}
  AND (earlier.state <> 'waiting' OR earlier.kind = 'issue.create' OR NOT EXISTS
    (SELECT 1 FROM refusals WHERE case_id = substr(earlier.ordering_key, 6) AND part = earlier.kind)))
  AND NOT ((outbox.state = 'waiting' OR outbox.kind IN ('mail.send', 'notice.send', 'event.send')) AND ${isHeldSql})`;

const isUnderWay = query.has<[queue: string, now: number]>`
  SELECT 1 FROM outbox WHERE queue = ? AND state = 'calling' AND deadline_at > ? LIMIT 1`;

/** Without a sort over refusals, the index gives the first row, however many wait. */
const nextRow = (which: string, due: string) => outbox.row<[queue: string, now: number]>`
  WHERE queue = ? AND outbox.${open} AND ${which} AND ${due} <= ? AND ${firstOfOrderingKeySql} ORDER BY rank, id LIMIT 1`;

const nextCalledRow = nextRow(
  "state IN ('calling', 'unknown')",
  "(CASE state WHEN 'calling' THEN deadline_at ELSE due_at END)",
);
const nextWaitingRow = nextRow(`state = 'waiting' AND NOT (${isRefusedRowSql})`, 'due_at');
const nextRefusedRow = nextRow(isRefusedRowSql, 'due_at');

/** Next row of a queue: called rows first, refused ones last, urgent cases before others; null during a call. */
export function findNextRowInQueue(sql: Sql, queue: string, now: number): StoredOutboxRow | null {
  const { heldUntil, rateLimitedUntil } = findQueue(sql, queue);
  if (heldUntil > now || isUnderWay(sql, queue, now)) return null;
  const called = nextCalledRow(sql, queue, now);
  if (called || rateLimitedUntil > now) return called;
  return nextWaitingRow(sql, queue, now) ?? nextRefusedRow(sql, queue, now);
}

/** Updates the rank of a case's waiting rows after its severity changed. */
export const setRankOfOpenRows = query.run<[orderingKey: string, rank: number]>`
  UPDATE outbox SET rank = ?2 WHERE ordering_key = ?1 AND ${open}`;

/** Stops of a row from which on it runs alone; a restart may fall into a first call. */
const suspectStops = 2;

/** Whether calls of a row were so often not survived by the process that it may stop it. */
export const isSuspect = ({ stops }: { stops: number }): boolean => stops >= suspectStops;

/** Queues with open rows that are due, each with the most stops of one of them. */
export const countStopsByQueue = query.pairs<string, number, [now: number]>`
  SELECT queue, MAX(stops) AS stops FROM outbox
    WHERE ${open} AND (CASE state WHEN 'calling' THEN deadline_at ELSE due_at END) <= ? GROUP BY queue`;

/** Queues with a suspect row that is called or looked up, if they are at work. */
export const listQueuesAtSuspect = query.column<string, [now: number]>`
  SELECT DISTINCT queue FROM outbox WHERE state IN ('waiting', 'calling', 'unknown') AND stops >= ${suspectStops}
    AND (state = 'calling' OR (state = 'unknown' AND due_at <= ?))`;

/** Next instant with work in the outbox; null without any. A queue waits for its call under way. */
export const nextOutboxTimeSql = `
  WITH calling AS (SELECT queue, MAX(deadline_at) AS until FROM outbox WHERE state = 'calling' GROUP BY queue)
    SELECT MIN(MAX(CASE state WHEN 'calling' THEN deadline_at ELSE MAX(due_at, COALESCE(until, 0)) END,
      COALESCE(held_until, 0), CASE state WHEN 'waiting' THEN COALESCE(rate_limited_until, 0) ELSE 0 END)) AS at
    FROM outbox LEFT JOIN calling USING (queue) LEFT JOIN queues USING (queue) WHERE outbox.${open} AND ${firstOfOrderingKeySql}`;

/** @returns false for a row that was cancelled meanwhile and must not be called */
export const markCalling = query.has<[id: number, now: number, deadlineAt: number, floor: string | null]>`
  UPDATE outbox SET state = 'calling', attempts = attempts + 1, stops = stops + 1, lookups = 0, started_at = ?2, deadline_at = ?3,
    floor = ?4 WHERE id = ?1 AND state = 'waiting' RETURNING id`;

export const findRowState = query.value<StoredOutboxRow['state'], [key: string]>`
  SELECT state FROM outbox WHERE key = ?`;

type End = { state: 'done' | 'refused'; at: number; error: string | null };

/** Ends rows. On the case of somebody who was erased, their texts go with them. @returns whether there were any */
function endRows(sql: Sql, { state, at, error }: End, which: string, ...values: SqlValue[]): boolean {
  const ofErased = `EXISTS (SELECT 1 FROM timeline WHERE what = 'customer erased'
      AND case_id IN (substr(ordering_key, 6), (SELECT case_id FROM mails WHERE id = substr(ordering_key, 6))))`;
  const ended = `UPDATE outbox SET state = ?, ended_at = ?, error = ?, payload = CASE WHEN ${ofErased} THEN '{}' ELSE payload END`;
  return hasRow(sql, `${ended} WHERE ${which} RETURNING id`, state, at, error, ...values);
}

/** Cancels a row that certainly has not left yet. @returns whether it did */
export const cancelWaitingRow = (sql: Sql, key: string, at: number, error: string): boolean =>
  endRows(sql, { state: 'refused', at, error }, "key = ? AND state = 'waiting'", key);

/** Counts a lookup before it begins, as `markCalling` counts a call. @returns as there */
export const countStop = query.has<[id: number]>`
  UPDATE outbox SET stops = stops + 1 WHERE id = ? AND ${open} RETURNING id`;

/** What was ended during its call, as by an erasure, stays ended. */
const isStillOpen = (id: number): [condition: string, id: number] => [`id = ? AND ${open}`, id];

/** @param stops those of the row where no call ended; a call that ended proves that the process survives it */
export const markUnknown = (sql: Sql, id: number, dueAt: number, lookups: number, error: string, stops = 0): void =>
  outbox.update(sql, isStillOpen(id), { state: 'unknown', dueAt, lookups, error, stops });

/** @param stops as for `markUnknown` */
export const markWaiting = (sql: Sql, id: number, dueAt: number, error: string | null, stops = 0): void =>
  outbox.update(sql, isStillOpen(id), { state: 'waiting', dueAt, error, stops });

/** A changed payload of a row that certainly has not left. */
export const setWaitingPayload = (sql: Sql, id: number, payload: Payload<OutboxKind>): void =>
  outbox.update(sql, { id, state: 'waiting' }, { payload: JSON.stringify(payload) });

/** Keeps a row that cannot be read for later; a call of it that was under way has an unknown outcome. */
export const postponeOutboxRow = query.run<[id: number, dueAt: number]>`
  UPDATE outbox SET due_at = ?2, state = CASE state WHEN 'calling' THEN 'unknown' ELSE state END WHERE id = ?1`;

export const markEnded = (sql: Sql, id: number, end: End): boolean => endRows(sql, end, 'id = ?', id);

/** Ends a row whose outcome is known by other means than a call. */
export const endRow = (sql: Sql, key: string, end: End): boolean => endRows(sql, end, `key = ? AND ${open}`, key);

/** Calls to trackers that wait for the release of a restore. */
export const countHeldCalls = query.number`SELECT COUNT(*) FROM outbox WHERE kind LIKE 'issue.%' AND ${open}`;

/** Whether an edit that will update this part of the issue waits already; one before a create is not for the new issue. */
export const hasWaitingEdit = query.has<[orderingKey: string, part: 'text' | 'fields']>`
  SELECT 1 FROM outbox WHERE ordering_key = ?1 AND kind = 'issue.edit' AND state = 'waiting' AND json_extract(payload, '$.' || ?2)
    AND id > COALESCE((SELECT MAX(id) FROM outbox WHERE ordering_key = ?1 AND kind = 'issue.create' AND ${open}), 0) LIMIT 1`;

/** What is still on its way under an ordering key, in order. */
export const listOpenRows = outbox.rows<[orderingKey: string]>`WHERE ordering_key = ? AND ${open} ORDER BY id`;

/** The newest row under an ordering key. */
export const findLastRow = outbox.row<[orderingKey: string]>`WHERE ordering_key = ? ORDER BY id DESC LIMIT 1`;

export const hasWaitingRow = query.has<[orderingKey: string, kind: OutboxKind]>`
  SELECT 1 FROM outbox WHERE ordering_key = ? AND kind = ? AND state = 'waiting' LIMIT 1`;

/** Ends what still waits under an ordering key that has come to nothing; steps of its plan settle by themselves. */
export function endWaiting(sql: Sql, orderingKey: string, at: number, error: string): void {
  const ended = "ordering_key = ? AND state = 'waiting' AND kind NOT LIKE 'issue.sub%'";
  endRows(sql, { state: 'refused', at, error }, ended, orderingKey);
  sql.run("DELETE FROM refusals WHERE case_id = ? AND part LIKE 'issue.%'", orderingKey.replace(/^case:/, ''));
}

/** What waits under an ordering key in a queue goes now, whatever it waited for. */
export const hastenRows = query.run<[orderingKey: string, queue: string, at: number]>`
  UPDATE outbox SET due_at = MIN(due_at, ?3)
    WHERE ordering_key = ?1 AND queue = ?2 AND state = 'waiting' AND ${open}`;

export function readQueueBacklog(sql: Sql, queue: string): { waiting: number; error: string | null } {
  const waiting = `SELECT error FROM outbox WHERE queue = ? AND ${open} ORDER BY id LIMIT 1000`;
  const errors = columnOf<string | null>(sql, waiting, queue);
  return { waiting: errors.length, error: errors.find((error) => error !== null) ?? null };
}

export const countOpenRows = query.sums<{ calls: number; creates: number }, [queue: string]>`
  SELECT COUNT(*) AS calls, COUNT(*) FILTER (WHERE kind = 'issue.create') AS creates
    FROM outbox WHERE queue = ? AND ${open}`;

const text = z.string();
const CasePayload = z.object({ caseId: text });
const PlanStepPayload = CasePayload.extend({ position: z.number() });

const closures = ['completed', 'not-planned', 'duplicate', 'stale', 'other'] as const satisfies IssueClosure['kind'][];

/** The payload of each kind of row. */
export const payloads = {
  /** `replaces` is the closed issue that the new one follows, as a reopening by the settings. */
  'issue.create': IssueDraft.extend({ replaces: z.object({ id: text, why: text, who: text }).optional() }),
  'issue.huddle': IssueDraft,
  'issue.test': IssueDraft,
  'issue.test-end': z.object({ id: text, key: text, url: text }),
  'issue.sub': IssueDraft.extend(PlanStepPayload.shape),
  'issue.sub-state': PlanStepPayload,
  /** `former` is an earlier issue of the case, whose text alone is written. */
  'issue.edit': CasePayload.extend({
    text: z.boolean().optional(),
    fields: z.boolean().optional(),
    former: text.optional(),
  }),
  /** `former` is an earlier issue of the case; without it the comment goes to the present one. */
  'issue.comment': CasePayload.extend({ draft: CommentDraft, former: text.optional() }),
  /** `who` is a person, or Caselite itself. */
  'issue.reopen': CasePayload.extend({ why: text, who: text }),
  /** `canonical` is the case whose issue a duplicate repeats. */
  'issue.close': CasePayload.extend({ kind: z.enum(closures), canonical: text.optional() }),
  /** `other` is a case, whose issue is in the same tracker; `key` is an issue that belongs to no case. */
  'issue.link': CasePayload.extend({ other: text.optional(), key: text.optional() }),
  /** `duplicateIssue` is an issue of ours that was made a second time. */
  'issue.duplicate': CasePayload.extend({ ref: text, uuid: text, duplicateIssue: z.object({ id: text, key: text }) }),
  'case.act': CasePayload.extend({ action: RequestedAction }),
  'mail.send': MailMessage,
  'notice.send': z.union([Notice, HuddleNotice]),
  'event.send': z.object({ id: text, event: CaseEvent }),
  'response.fetch': z.object({ delivery: text, reference: ResponseReference }),
  'hook.register': z.object({ form: text, renews: z.boolean() }),
  'questions.fetch': z.object({ form: text }),
} satisfies Record<string, z.ZodType>;

/** Versions of payloads above 1: a change that waiting rows do not fit raises that of their kind. */
const versions: Record<string, number> = {};
const versionOf = (kind: string): number => versions[kind] ?? 1;

export type OutboxKind = keyof typeof payloads;
export type Payload<Kind extends OutboxKind> = z.output<(typeof payloads)[Kind]>;

/** @returns null for a kind, a version or a content that this version of Caselite does not know */
export function readOutboxRow<Row extends Pick<StoredOutboxRow, 'kind' | 'version' | 'payload'>>(row: Row) {
  if (!Object.hasOwn(payloads, row.kind) || versionOf(row.kind) !== row.version) return null;
  try {
    const payload = payloads[row.kind as OutboxKind].parse(JSON.parse(row.payload));
    return { ...row, payload } as Row & OutboxRow;
  } catch {
    return null;
  }
}
