import type { History } from './history.ts';

const isNoPermission = ({ kind }: { kind: string }) => kind === 'no permission';

export const tokenInvariants = { adminsToldOnce };

/** Admins are notified once per refused token, and once when the tracker accepts it again. */
function adminsToldOnce(history: History): string[] {
  const { sql, setUpTroubles } = history;
  const told = (subject: string) =>
    sql.all<{ person: string; count: number }>(
      'SELECT person, COUNT(*) AS count FROM mails WHERE subject = ? GROUP BY person',
      subject,
    );
  return Object.entries(history.trackers).flatMap(([tracker, { title, tokenRefusals }]) => {
    const lostPermissions = setUpTroubles.filter((trouble) => trouble.tracker === tracker && isNoPermission(trouble));
    const times = tokenRefusals + lostPermissions.length;
    const where = `${title} (tracker ${tracker})`;
    const paused = told(`Caselite cannot work in ${where}`);
    const resumed = told(`Caselite works in ${where} again`);
    const [still] = sql.all('SELECT paused FROM queues WHERE queue = ? AND paused IS NOT NULL', tracker);
    // Without a create that waits, nothing shows that the permission to create is back.
    const isUntried =
      sql.all(
        `SELECT 1 FROM queues q WHERE q.queue = ? AND paused = 'create' AND NOT EXISTS
           (SELECT 1 FROM outbox o WHERE o.queue = q.queue AND kind = 'issue.create' AND ended_at IS NULL)`,
        tracker,
      ).length > 0;
    if (isUntried) return [];
    return [
      ...paused
        .filter(({ count }) => count > times)
        .map(({ count }) => `an admin was told ${count} times of ${times} pauses of ${where}`),
      ...(JSON.stringify(paused) === JSON.stringify(resumed)
        ? []
        : [`of ${where} was told ${JSON.stringify(paused)} and then ${JSON.stringify(resumed)}`]),
      ...(still ? [`${where} is still paused although it was mended`] : []),
    ];
  });
}
