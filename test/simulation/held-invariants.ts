import { findGatherMs } from '#domain/settings/notice-event.ts';
import type { History } from './history.ts';

export const heldInvariants = {
  everyHeldMatchIsDecided,
  whatWasDroppedStaysDropped,
  aStormIsToldOnce,
  aCaseEndsTheTriage,
};

/** A case manager opened everything in the end: what was held has a case, or matches its template no more. */
function everyHeldMatchIsDecided({ sql }: History): string[] {
  const rows = sql.all<{ response_id: string; template: string; state: string; decisions: string | null }>(
    `SELECT h.response_id, h.template, h.state, r.decisions FROM held_matches h
       LEFT JOIN responses r ON r.id = h.response_id
      WHERE h.state <> 'dropped' AND NOT EXISTS (SELECT 1 FROM case_responses c JOIN cases ON cases.id = c.case_id
        WHERE c.response_id = h.response_id AND cases.template = h.template)`,
  );
  return rows.flatMap(({ response_id, template, state, decisions }) => {
    if (state !== 'opened') return [`a match of ${response_id} is still ${state}`];
    const decision = (JSON.parse(decisions ?? '[]') as { template: string; why: string[] }[]).find(
      (entry) => entry.template === template,
    );
    const isHeld = !decision || decision.why.some((line) => /^(held|opened C-|joined C-)/.test(line));
    return isHeld ? [`the match of ${response_id} was opened, and has no case`] : [];
  });
}

function whatWasDroppedStaysDropped({ sql }: History): string[] {
  const rows = sql.all<{ response_id: string }>(
    `SELECT h.response_id FROM held_matches h JOIN case_responses c USING (response_id)
       JOIN cases ON cases.id = c.case_id AND cases.template = h.template WHERE h.state = 'dropped'`,
  );
  return rows.map(({ response_id }) => `the match of ${response_id} was dropped, and has a case`);
}

/** A response with a case counts as acted on, and waits for nobody. */
function aCaseEndsTheTriage({ sql }: History): string[] {
  const rows = sql.all<{ id: string; waits: number }>(
    `SELECT r.id, EXISTS (SELECT 1 FROM triage t WHERE t.response_id = r.id) AS waits FROM responses r
      WHERE r.id IN (SELECT response_id FROM case_responses) AND (waits OR NOT r.is_acted_on)`,
  );
  return rows.map(
    ({ id, waits }) => `${id} has a case, and ${waits ? 'is in the triage' : 'does not count as acted on'}`,
  );
}

/** Notices of opened cases to one person about one template: the first, and one for the rest of each five minutes. */
function aStormIsToldOnce({ sql }: History): string[] {
  const notices = sql.all<{ person: string; template: string; due_at: number }>(
    `SELECT DISTINCT person, template, due_at FROM notices WHERE event = 'opened' AND state = 'sent'
      ORDER BY person, template, due_at`,
  );
  const crowded = notices.filter((notice, index) => {
    const before = notices[index - 1];
    const isSame = before?.person === notice.person && before.template === notice.template;
    return isSame && notice.due_at - before.due_at < findGatherMs('opened');
  });
  return crowded.map(({ person, template }) => `${person} was told twice of one storm of ${template}`);
}
