import { checkVendorClock, createFailedCheckFinding } from '#adapters/outcomes.ts';
import type { IssueReader, SetUpCheck, SetUpFinding } from '#domain/integrations/tracker.ts';
import type { LinearClient } from './client.ts';
import type { LinearIdCache } from './id-cache.ts';
import { orNull } from './request-outcomes.ts';
import { issueByIdQuery, place } from './schema.ts';

/** State types that are needed to open, reopen or close a case. */
const neededStateTypes = [['unstarted', 'backlog'], ['completed'], ['canceled']];

/** Checks the team, and finds where a missing issue is. */
export function createLinearSetUpCheck(
  client: LinearClient,
  idCache: LinearIdCache,
  team: string,
): SetUpCheck & Pick<IssueReader, 'findWhyUnreadable'> {
  return {
    async visibility() {
      // Linear has no public workspaces, so an answer from the team is enough.
      const answer = await client.read(place, { key: team }).catch(() => null);
      return answer?.teams.nodes[0] ? 'private' : 'unknown';
    },

    async findWhyUnreadable(id) {
      const result = await orNull(client.read(issueByIdQuery, { id }));
      if (!result) {
        const answer = await client.read(place, { key: team });
        // An issue of another team is not found either.
        return { kind: answer.teams.nodes[0] ? 'missing' : 'hidden', url: null };
      }
      const { issue } = result;
      if (issue.trashed) return { kind: 'deleted', url: issue.url };
      return { kind: issue.team.key === team ? 'here' : 'moved', url: issue.url };
    },

    async check({ accounts, now }) {
      const findings: SetUpFinding[] = [];
      let answer: Awaited<ReturnType<typeof client.read<ReturnType<typeof place.answer.parse>>>>;
      try {
        answer = await client.read(place, { key: team });
      } catch (error) {
        return [createFailedCheckFinding(error, 'the scopes read and write')];
      }
      findings.push(...checkVendorClock(client.vendorTimeMs(), now));
      const [found] = answer.teams.nodes;
      if (!found) {
        findings.push({
          about: 'place',
          blocking: true,
          message: `the team ${team} is not to be seen with this key`,
          remedy: 'check the key of the team, and add the key’s account or the application to it',
        });
      }
      const types = found?.states.nodes.map(({ type }) => type) ?? [];
      for (const wanted of found ? neededStateTypes : []) {
        if (wanted.some((type) => types.includes(type))) continue;
        findings.push({
          about: 'fields',
          blocking: true,
          message: `the team ${team} has no ${wanted.join(' or ')} state`,
          remedy: 'add one under Team settings, Issue statuses',
        });
      }
      for (const account of accounts) {
        if (await idCache.person(account)) continue;
        findings.push({
          about: 'people',
          blocking: false,
          message: `${account} is nobody in this Linear workspace`,
          remedy: 'correct the person’s linear account (their e-mail there) in the workspace file',
        });
      }
      return findings;
    },
  };
}
