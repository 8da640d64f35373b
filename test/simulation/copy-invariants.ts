import type { History } from './history.ts';

export const copyInvariants = { copiesAreLeftAlone };

/** Caselite never changes an issue that another account created, whatever its text contains. */
function copiesAreLeftAlone({ trackers, copies }: History): string[] {
  return Object.entries(trackers).flatMap(([tracker, { issues }]) => {
    const present = new Map(issues.map((issue) => [issue.key, JSON.stringify(issue)]));
    return copies
      .filter((copy) => copy.tracker === tracker && present.get(copy.key) !== copy.was)
      .map(({ key }) => `${tracker} ${key}, which a person made, was changed`);
  });
}
