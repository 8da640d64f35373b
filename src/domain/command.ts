import type { CloserAnswer } from './verdict.ts';

/** What a person said by a comment on an issue. */
export type Command = { name: 'closed'; answer: CloserAnswer; because: string | null };

/**
 * Reads commands from a comment: a line that starts with `/` or `!`. Anything else is talk, and returns nothing.
 *
 * `/closed yes` · `/closed partly because …` · `/unable because policy …`
 */
export function readCommands(text: string): Command[] {
  return text.split(/\r?\n/).flatMap((line): Command[] => {
    const match = /^\s*[/!](?:(closed)\s+(yes|partly|no)|(unable))\b[\s:,-]*(?:because\s+)?(.*)$/i.exec(line);
    if (!match) return [];
    const [, , choice, unable, reason] = match;
    const because = reason?.trim() || null;
    const answer =
      unable || choice?.toLowerCase() === 'no' ? 'unable' : (choice?.toLowerCase() as 'yes' | 'partly');
    return [{ name: 'closed', answer, because }];
  });
}

/** The blocker of the workspace's list that a reason begins with, if any. */
export function blockerOf(because: string | null, blockers: string[]): string | null {
  const reason = because?.toLowerCase() ?? '';
  return blockers.find((blocker) => reason.startsWith(blocker.toLowerCase())) ?? null;
}
