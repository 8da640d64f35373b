import type { IssueSnapshot } from '#domain/integrations/issue.ts';
import type { IssueReader, IssueRelations, IssueWriter } from '#domain/integrations/tracker.ts';
import { isoText, minuteMs } from '#domain/time/units.ts';
import type { LinearClient } from './client.ts';
import { LinearFailure } from './errors.ts';
import {
  type IssueContext,
  issueById,
  issueChanges,
  issueContext,
  issueProof,
  issueRelations,
  issuesById,
  issuesMarked,
  type LinearIssue,
} from './schema.ts';
import { mayRepeat, snapshotOf } from './snapshot.ts';
import { allPages, orNull } from './steps.ts';

const overlapMs = 10 * minuteMs;

/** Reads issues of one team, for the port itself and around writes. */
export function linearReader({ read }: Pick<LinearClient, 'read'>, team: string) {
  async function readIssue(id: string) {
    const result = await orNull(read(issueById, { id }));
    return result && !result.issue.trashed ? shown(result.issue) : null;
  }

  async function shown(issue: LinearIssue) {
    return snapshotOf(issue, team, mayRepeat(issue) ? await originalOf(issue.id) : null);
  }

  /** Among several relations the newest counts. */
  async function originalOf(id: string): Promise<string | null> {
    const { issue } = await read(issueRelations, { id });
    const repeated = issue.relations.nodes.filter(({ type }) => type === 'duplicate');
    return repeated.toSorted((a, b) => a.createdAt - b.createdAt).at(-1)?.relatedIssue.id ?? null;
  }

  /** The issue with this id, if it holds the marker. */
  async function readOwn(id: string, marker: string) {
    const result = await orNull(read(issueProof, { id }));
    if (!result) return null;
    const { attachments, ...issue } = result.issue;
    const attached = attachments.nodes.some(({ metadata }) => metadata.marker === marker);
    return attached || issue.description?.includes(marker) ? issue : null;
  }

  async function readChanged(id: string) {
    const issue = await readIssue(id);
    if (issue) return issue;
    throw new LinearFailure('unknown', 'linear issueById', { detail: 'not to be seen after the change' });
  }

  async function context(id: string): Promise<IssueContext> {
    const { issue } = await read(issueContext, { id });
    if (!issue.trashed) return issue;
    throw new LinearFailure('rejected', 'linear issueContext', { detail: 'in the trash' });
  }

  const port: Omit<IssueReader, 'findWhereabouts'> &
    Pick<IssueWriter, 'findIssue'> &
    Pick<IssueRelations, 'findDuplicateIssues'> = {
    readIssue,

    async findIssue({ uuid, marker }) {
      const issue = await readOwn(uuid, marker);
      return issue && !issue.trashed ? shown(issue) : null;
    },

    async findDuplicateIssues({ marker }) {
      const { viewer, issues } = await read(issuesMarked, { marker });
      const own = issues.nodes.filter(({ creator, trashed }) => creator?.id === viewer.id && !trashed);
      const duplicateIssues: IssueSnapshot[] = [];
      for (const { id } of own.toSorted((eachA, eachB) => eachA.createdAt - eachB.createdAt)) {
        const issue = await readIssue(id);
        if (issue) duplicateIssues.push(issue);
      }
      return duplicateIssues;
    },

    async readBatch(ids) {
      if (ids.length === 0) return [];
      const { issues } = await read(issuesById, { ids });
      return issues.nodes.flatMap(({ id, updatedAt, trashed }) => (trashed ? [] : [{ id, updatedAt }]));
    },

    async listChanges(cursor, now) {
      if (cursor === null) return { changed: [], cursor: String(now) };
      const since = isoText(Number(cursor) - overlapMs);
      const issues = await allPages('linear issueChanges', async (after) => {
        return (await read(issueChanges, { team, since, after })).issues;
      });
      const newest = new Map(issues.toReversed().map((issue) => [issue.id, issue]));
      return { changed: [...newest.values()], cursor: String(now) };
    },
  };
  return { port, readOwn, readChanged, context };
}

export type LinearReader = ReturnType<typeof linearReader>;
