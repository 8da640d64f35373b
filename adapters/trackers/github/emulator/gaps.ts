import * as z from 'zod';
import type { JournalEntry } from '../../../emulators/journal.ts';

const change = z.object({ state: z.string().optional(), state_reason: z.string().nullish() });
const issue = z.looseObject({ number: z.number(), state: z.string(), state_reason: z.string().nullable() });
const issues = z.union([issue, z.array(issue)]);

/** Corrects a gap of `emulate`'s GitHub: it stores the reason `duplicate` as `completed`. */
export function createGitHubGaps() {
  const duplicates = new Set<number>();

  return {
    /** Called for every successful change, including replayed ones. */
    observe({ method, path, body }: Pick<JournalEntry, 'method' | 'path' | 'body'>): void {
      const number = Number(/^\/repos\/[^/]+\/[^/]+\/issues\/(\d+)$/.exec(path)?.[1]);
      if (method !== 'PATCH' || !number) return;
      const { state, state_reason } = change.parse(JSON.parse(body));
      if (state_reason === 'duplicate') duplicates.add(number);
      else if (state === 'open') duplicates.delete(number);
    },

    async mend(answer: Response): Promise<Response> {
      if (duplicates.size === 0 || !answer.ok) return answer;
      const { data } = issues.safeParse(
        await answer
          .clone()
          .json()
          .catch(() => null),
      );
      if (!data) return answer;
      for (const row of Array.isArray(data) ? data : [data]) {
        if (row.state === 'closed' && duplicates.has(row.number)) row.state_reason = 'duplicate';
      }
      return Response.json(data, answer);
    },
  };
}

/** Known deviations of `emulate`'s GitHub from GitHub's own description, by name. */
export const githubGaps: readonly RegExp[] = [];
