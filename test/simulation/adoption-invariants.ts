import type { History, Invariant } from './history.ts';

export const adoptionInvariants = { anAdoptedIssueIsOneCase } satisfies Record<string, Invariant>;

/** An issue of people is one case once somebody of the workspace asked for it, else none; its title stays. */
function anAdoptedIssueIsOneCase({ sql, trackers, foreign }: History): string[] {
  return foreign.flatMap(({ tracker, id, key, title, isAsked }) => {
    const own = `SELECT number FROM cases WHERE tracker = ?1 AND (issue_id = ?2
      OR EXISTS (SELECT 1 FROM json_each(former_issues) WHERE json_extract(value, '$.id') = ?2))`;
    const cases = sql.all(own, tracker, id).length;
    const shown = trackers[tracker].issues.find((issue) => issue.id === id);
    return [
      ...(cases === (isAsked ? 1 : 0)
        ? []
        : [`${tracker} ${key} has ${cases} cases and was ${isAsked ? '' : 'not '}asked for`]),
      ...(shown && shown.title !== title ? [`the title of ${tracker} ${key} is ${shown.title} now`] : []),
    ];
  });
}
