import { type History, type Invariant, listOwnIssues } from './history.ts';

/** Adds a huddle pack with an issue and a channel to a workspace file, which is due within a day. */
export const meetWeekly = (text: string): string =>
  `${text}\nhuddles: { board: { to: [dana, product-review], tracker: product, channels: crm, on: tuesday, at: "03:00" } }\n`;

export const huddleInvariants = { huddlesComeOnce } satisfies Record<string, Invariant>;

/**
 * Each person gets the pack of a week once, it is one issue, and a channel knows repetitions by their key; none is
 * missing without a reason.
 */
function huddlesComeOnce({ sql, mails, settings, trackers, packs }: History): string[] {
  const count = new Map<string, number>();
  const add = (what: string) => count.set(what, (count.get(what) ?? 0) + 1);
  for (const { to, subject } of mails) if (subject.startsWith('Huddle ')) add(`${to} got "${subject}"`);
  for (const { title } of listOwnIssues(trackers.product))
    if (title.startsWith('Huddle ')) add(`the tracker has "${title}"`);
  const keys = new Map(packs.map(({ key, headline }) => [key, headline]));
  for (const headline of keys.values()) add(`the channel has "${headline}"`);
  const untaken = sql
    .all<{ key: string }>(
      "SELECT substr(key, 8) AS key FROM outbox WHERE key LIKE 'notice:huddle:%' AND state <> 'refused'",
    )
    .filter(({ key }) => !keys.has(key));
  const isSet = sql.all("SELECT 1 FROM schedule WHERE kind = 'huddle'").length > 0;
  const lost = sql.all<{ subject: string }>(
    "SELECT subject FROM mails WHERE subject LIKE 'Huddle %' AND state NOT IN ('sent', 'refused', 'unknown')",
  );
  return [
    ...[...count].flatMap(([what, times]) => (times > 1 ? [`${what} ${times} times`] : [])),
    ...lost.map(({ subject }) => `"${subject}" was never sent`),
    ...untaken.map(({ key }) => `the channel never took ${key}`),
    ...(settings.workspace.huddles.board && !isSet ? ['the next huddle has no timer'] : []),
  ];
}
