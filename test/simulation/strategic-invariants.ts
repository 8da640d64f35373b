import { followUps } from '#src/workspace/store/asks.ts';
import { listAffectedCustomers } from '#src/workspace/store/case-links.ts';
import { getCase } from '#src/workspace/store/cases.ts';
import type { History } from './history.ts';

export const strategicInvariants = { strategicCasesServeAll };

/** One open strategic case per theme, no forgotten customer of a closed one, and no customer asked twice. */
export function strategicCasesServeAll(history: Pick<History, 'sql'>): string[] {
  const { sql } = history;
  const duplicateIssues = sql.all<{ case_match_key: string }>(
    `SELECT case_match_key FROM cases WHERE kind = 'strategic' AND loop = 'working' GROUP BY case_match_key HAVING COUNT(*) > 1`,
  );
  const closed = sql.all<{ id: string }>(
    `SELECT id FROM cases WHERE kind = 'strategic' AND closing_reason = 'fixed' AND loop <> 'working'`,
  );
  const forgotten = closed.flatMap(({ id }) => {
    const caseRecord = getCase(sql, id);
    const reached = followUps
      .list(sql, { caseId: id, generation: caseRecord.generation })
      .filter(({ kind }) => kind === 'customer');
    return listAffectedCustomers(sql, id)
      .filter(({ key }) => !reached.some(({ person, why }) => person === key && why !== ''))
      .filter(({ key }) => !waitsForPerson(history, id, key))
      .map(() => `somebody behind C-${caseRecord.number} is neither told nor left out for a reason`);
  });
  const asked = sql.all<{ case_id: string; generation: number; address: string }>(
    `SELECT f.case_id, f.generation, m.address FROM mails m JOIN asks f ON f.id = m.ask_id
      JOIN cases c ON c.id = f.case_id WHERE c.kind = 'strategic' AND m.kind = 'follow-up' AND m.fate IS NOT 'bounced'
      GROUP BY f.case_id, f.generation, m.address HAVING COUNT(*) > 1`,
  );
  const bare = sql.all<{ case_id: string }>(
    `SELECT case_id FROM case_links l WHERE kind = 'elevated-to' AND NOT EXISTS (
       SELECT 1 FROM timeline t WHERE t.case_id = l.case_id AND t.what = 'elevated' AND t.evidence = l.linked_id)`,
  );
  return [
    ...duplicateIssues.map(() => 'two strategic cases are at work for one theme'),
    ...forgotten,
    ...asked.map(({ generation }) => `one person was asked twice about closing ${generation} of a strategic case`),
    ...bare.map(({ case_id }) => `${case_id} was elevated, and its history does not say so`),
  ];
}

/**
 * Whether a permanently refused reopening left the case to a person. Otherwise a customer who joined or was elevated
 * after the closing reopens it.
 */
function waitsForPerson({ sql }: Pick<History, 'sql'>, id: string, key: string): boolean {
  const [refused] = sql.all(
    `SELECT 1 FROM outbox o JOIN cases c ON o.ordering_key = 'case:' || c.id
      WHERE c.id = ?1 AND o.kind = 'issue.reopen' AND o.state = 'refused'
        AND (SELECT MIN(at) FROM (
          SELECT r.at FROM case_responses r WHERE r.case_id = ?1 AND r.customer_key = ?2
          UNION ALL SELECT l.at FROM case_links l JOIN cases t ON t.id = l.case_id
            WHERE l.linked_id = ?1 AND l.kind = 'elevated-to' AND t.customer_key = ?2)) > c.resolved_at`,
    id,
    key,
  );
  return refused !== undefined;
}
