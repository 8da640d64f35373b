import type { History } from './history.ts';

/** Invariants of corrected answers, of people who left, and of addresses that somebody else named. */
export const accessInvariants = { lastAnswerCounts, nobodyStaysAfterLeaving, mailGoesToDecidedAddresses };

/** Of two answers within the time for corrections the last counts, and a no that was taken back reopens nothing. */
function lastAnswerCounts({ sql, corrections }: History): string[] {
  return [...corrections].flatMap(([ask, last]) => {
    const [row] = sql.all<{ answer: string | null; verdict: string | null }>(
      `SELECT json_extract(a.answers, '$.resolved') AS answer, v.verdict FROM asks a LEFT JOIN verdicts v
         ON v.case_id = a.case_id AND v.generation = a.generation AND v.customer_key = a.person WHERE a.id = ?`,
      ask,
    );
    return [
      ...(row?.answer === last ? [] : [`${ask} was answered ${last} in the end, and ${row?.answer} counts`]),
      ...(last === 'yes' && row?.verdict === 'disputed' ? [`${ask} is disputed by an answer that was taken back`] : []),
    ];
  });
}

/** Whatever let somebody in before they left the workspace file stays ended after they come back. */
function nobodyStaysAfterLeaving({ sql, left }: History): string[] {
  const rows = 'SELECT id FROM';
  return left.flatMap(({ person, at }) =>
    [
      `${rows} sessions WHERE person = ? AND at <= ? AND ended_at IS NULL`,
      `${rows} api_tokens WHERE person = ? AND at <= ? AND ended_at IS NULL`,
      `${rows} sign_in_links WHERE person = ? AND at <= ? AND used_at IS NULL`,
      `${rows} identities WHERE person = ? AND at <= ?`,
    ].flatMap((query) =>
      sql.all<{ id: string }>(query, person, at).map(({ id }) => `${id} outlived the leaving of ${person}`),
    ),
  );
}

/** No mail of a tactical case goes to an address that waits for a case manager or was refused. */
function mailGoesToDecidedAddresses({ sql }: History): string[] {
  const strange = sql.all<{ id: string }>(
    `SELECT m.id FROM mails m JOIN cases c ON c.id = m.case_id AND c.kind = 'tactical' AND c.customer_key = m.person
       JOIN case_addresses a ON a.case_id = c.id AND a.customer_key = m.person AND a.address = m.address
      WHERE m.state <> 'refused' AND (a.state IN ('waiting', 'refused') OR (a.state = 'accepted' AND a.decided_at > m.at))`,
  );
  return strange.map(({ id }) => `${id} went to an address that nobody had accepted`);
}
