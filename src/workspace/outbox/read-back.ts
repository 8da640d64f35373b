import { backoffMs, giveUpAfterMs, lookAgainMs } from '#domain/backoff.ts';
import { OutsideError } from '#domain/errors.ts';
import type { CommentDraft, IssueDraft } from '#domain/tracker.ts';
import type { Core } from '../core.ts';
import { isFetch } from '../intake/source-calls.ts';
import { getCase } from '../store/cases.ts';
import { markEnded, markUnknown, markWaiting, type OutboxRow } from '../store/outbox.ts';
import { callMail, finish, isNotice, type Settled, settle } from './calls.ts';

const hour = 3_600_000;

/**
 * Finds out how a call without an answer ended. A create or a comment is made again only after two clean looks
 * that did not find it, the last not before the tracker's settling time is over; a mail only under the same key
 * while the provider still honours it. What may be repeated without harm is simply repeated.
 */
export async function lookBack(core: Core, row: OutboxRow): Promise<void> {
  const now = core.clock.now();
  const settledAt = (row.deadlineAt ?? row.createdAt) + core.settings.workspace.polling.settle;
  try {
    if (row.kind === 'mail.send') return await repeatMail(core, row, now);
    if (now - row.createdAt > giveUpAfterMs) return giveUp(core, row, 'no answer for 7 days');
    if (row.kind === 'issue.edit' || row.kind === 'issue.reopen' || isFetch(row) || isNotice(row)) {
      return markWaiting(core.sql, row.id, now + backoffMs(row.attempts, core.random.fraction()), row.error);
    }
    const found = await look(core, row);
    if (found) return finish(core, row, found);
    const looks = row.looks + 1;
    if (looks >= 2 && now >= settledAt)
      return markWaiting(core.sql, row.id, now, 'not found by two looks: made again');
    const next = Math.min(now + backoffMs(looks, core.random.fraction()), Math.max(settledAt, now + 1000));
    markUnknown(core.sql, row.id, next, looks, row.error ?? 'no answer');
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error;
    // A look that failed says nothing: it stays unknown.
    const wait = error.retryAfterMs ?? lookAgainMs(now - (row.startedAt ?? row.createdAt));
    markUnknown(core.sql, row.id, now + wait, row.looks, error.message);
  }
}

async function look(core: Core, row: OutboxRow): Promise<Settled | null> {
  const tracker = await core.outside.tracker(row.lane);
  if (row.kind === 'issue.create') {
    const draft: IssueDraft = JSON.parse(row.payload);
    const { marker, uuid } = draft;
    const issue = await tracker.findIssue({
      marker,
      uuid,
      floor: row.floor ?? '',
      startedAt: row.startedAt ?? row.createdAt,
    });
    return issue ? { issue } : null;
  }
  const { caseId, draft } = JSON.parse(row.payload) as { caseId: string; draft: CommentDraft };
  const { issue } = getCase(core.sql, caseId);
  return issue && (await tracker.findComment(issue.id, draft)) ? {} : null;
}

/** The same key and the same bytes, and only while the provider would answer with the first mail. */
async function repeatMail(core: Core, row: OutboxRow, now: number): Promise<void> {
  const window = core.outside.mailIdempotencyMs - hour;
  const age = now - (row.startedAt ?? row.createdAt);
  if (age < window && row.attempts > 0) {
    const attempts = row.looks + 1;
    try {
      return finish(core, row, await callMail(core, row));
    } catch (error) {
      if (!(error instanceof OutsideError)) throw error;
      if (error.code === 'rejected') return giveUp(core, row, error.message);
      const wait = error.retryAfterMs ?? backoffMs(attempts, core.random.fraction());
      return markUnknown(core.sql, row.id, Math.min(now + wait, now + window - age), attempts, error.message);
    }
  }
  giveUp(core, row, 'it is unknown whether the provider accepted it, and repeating it might send it twice');
}

function giveUp(core: Core, row: OutboxRow, why: string): void {
  core.sql.transaction(() => {
    markEnded(core.sql, row.id, 'refused', core.clock.now(), why);
    settle(core, row, { unknown: why });
  });
}
