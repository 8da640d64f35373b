import type { SeenIssue } from '#adapters/emulators/tracker-user.ts';
import type { History } from './history.ts';

export const copyInvariants = { copiesAreLeftAlone };

/** All of an issue but its address, which a renamed place changes. */
export const contentOf = ({ url: _, ...content }: SeenIssue): string => JSON.stringify(content);

/** Caselite never changes an issue that another account created, whatever its text contains. */
function copiesAreLeftAlone({ trackers, copies }: History): string[] {
  return Object.entries(trackers).flatMap(([tracker, { issues }]) => {
    const present = new Map(issues.map((issue) => [issue.key, contentOf(issue)]));
    return copies
      .filter((copy) => copy.tracker === tracker && present.get(copy.key) !== copy.was)
      .map(({ key }) => `${tracker} ${key}, which a person made, was changed`);
  });
}
