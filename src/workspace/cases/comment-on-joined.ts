import { handleOf } from '#domain/cases/case-record.ts';
import { formatDuration } from '#domain/time/duration.ts';
import type { Core } from '../core.ts';
import { notify } from '../mail/notify.ts';
import { listElevatedCases } from '../store/case-links.ts';
import { countResponsesJoinedSince } from '../store/case-responses.ts';
import { findCase } from '../store/cases.ts';
import { findStrategicCase, updateStrategicCase } from '../store/strategic.ts';
import { comment } from '../tracker-requests/comment.ts';
import { sizeOf } from './affected-customers.ts';

/** Adds one comment to an issue about all who joined since the last one. */
export function commentOnNewlyJoined(core: Core, caseId: string): void {
  const caseRecord = findCase(core.sql, caseId);
  const strategic = findStrategicCase(core.sql, caseId);
  if (!caseRecord || !strategic || caseRecord.loop !== 'working') return;
  const now = core.clock.now();
  const responses = countResponsesJoinedSince(core.sql, caseId, strategic.lastJoinedCommentAt);
  const cases = listElevatedCases(core.sql, caseId).filter(({ at }) => at > strategic.lastJoinedCommentAt).length;
  if (responses + cases === 0) return;
  const { customers, revenue } = sizeOf(core, caseId);
  const joined = [
    ...(responses > 0 ? [responses === 1 ? '1 more response' : `${responses} more responses`] : []),
    ...(cases > 0 ? [cases === 1 ? '1 more case' : `${cases} more cases`] : []),
  ].join(' and ');
  const total = customers === 1 ? '1 customer' : `${customers} customers`;
  const money = revenue > 0 ? `, yearly revenue ${Math.round(revenue)}` : '';
  const template = core.settings.templates.get(caseRecord.template);
  const often = template ? ` At most one such comment in ${formatDuration(template.digest)}.` : '';
  comment(
    core,
    caseRecord,
    `digest:${now}`,
    `${joined} joined this issue; ${total} in all now${money}. Its severity is ${caseRecord.severity}.${often}`,
    [],
  );
  notify(core, caseRecord, 'joined', `${joined} joined ${handleOf(caseRecord)}; ${total} in all now${money}`, {
    once: String(now),
  });
  updateStrategicCase(core.sql, caseId, { lastJoinedCommentAt: now });
}
