import { IntegrationError } from '#domain/base/errors.ts';
import type { IssueClosure, IssueDraft, IssueEdit, IssueSnapshot } from '#domain/integrations/issue.ts';
import type { IssueWriter, SubIssueWriter } from '#domain/integrations/tracker.ts';
import { isGone, unreadable } from './client.ts';
import type { Octokit } from './credentials.ts';
import { parseIssueNumber, type Repository } from './repository.ts';
import { type Issue, issueSchema, labelsSchema } from './schema.ts';
import { appendMarker, bodyOf, createMinimalBody, hasMarker } from './text.ts';

/** GitHub counts `stale` as not planned. */
const stateReasonByClosureKind: Record<IssueClosure['kind'], 'completed' | 'not_planned' | 'duplicate'> = {
  completed: 'completed',
  'not-planned': 'not_planned',
  duplicate: 'duplicate',
  stale: 'not_planned',
  other: 'not_planned',
};
const maxTitleLength = 256;

/** Creates and edits issues. */
export function createGithubWriter(
  octokit: Octokit,
  hub: Repository,
): Omit<IssueWriter, 'floor' | 'findCreatedIssue'> & SubIssueWriter {
  const { issues } = octokit.rest;
  const { place, write, isOurs, requireIssue, snapshot, fields, ensureLabels } = hub;
  const make = issueMaker(issues, hub);

  async function update(operation: string, number: number, change: object): Promise<IssueSnapshot> {
    const issue = await write(operation, issueSchema, () =>
      issues.update({ ...place, issue_number: number, ...change }),
    );
    if (!isOurs(issue) || issue.number !== number) throw unreadable(operation);
    return snapshot(issue);
  }

  /** GitHub silently drops unknown values, so missing ones are requested once more. */
  async function completed(made: Issue, draft: IssueDraft): Promise<IssueSnapshot> {
    const got = await snapshot(made);
    const present = new Set(got.labels.map((name) => name.toLowerCase()));
    const missing = draft.labels.filter(({ name }) => !present.has(name.toLowerCase()));
    const unassigned = draft.assignee !== null && got.assignee === null;
    if (missing.length === 0 && !unassigned) return got;
    const edit: IssueEdit = {
      ...(missing.length > 0 && { labelsToAdd: missing }),
      ...(unassigned && { assignee: draft.assignee }),
    };
    // The issue exists: whatever happens from here, its create worked.
    return editIssue(String(made.number), edit).catch(() => got);
  }

  async function editIssue(id: string, edit: IssueEdit): Promise<IssueSnapshot> {
    const operation = 'edit issue';
    const before = await requireIssue(id, operation);
    const number = before.number;
    const values = fields.valuesOf(await fields.get(), edit);
    const change = {
      ...(edit.title !== undefined && { title: edit.title.slice(0, maxTitleLength) }),
      ...(edit.body !== undefined && { body: appendMarker(edit.body, edit.marker, before.body ?? '') }),
      ...(edit.assignee !== undefined && { assignees: edit.assignee === null ? [] : [edit.assignee] }),
      ...(values.length > 0 && { issue_field_values: values }),
    };
    if (Object.keys(change).length > 0) await update(operation, number, change);

    // An issue is open or closed; any other status is a label.
    const add = [...(edit.labelsToAdd ?? []), ...(edit.status?.label ? [edit.status.label] : [])];
    if (add.length > 0) {
      await ensureLabels(add);
      await write('add labels', labelsSchema, () =>
        issues.addLabels({ ...place, issue_number: number, labels: add.map((label) => label.name) }),
      );
    }
    const present = new Set((await snapshot(before)).labels);
    for (const name of edit.labelsToRemove ?? []) {
      if (!present.has(name)) continue;
      await write('remove label', labelsSchema, () =>
        issues.removeLabel({ ...place, issue_number: number, name }),
      ).catch((error: unknown) => {
        if (!isGone(error)) throw error;
      });
    }
    return snapshot(await requireIssue(id, operation));
  }

  return {
    editIssue,

    async createIssue(draft) {
      return completed(await make(draft), draft);
    },

    async addSubIssue(parent, draft) {
      const above = await requireIssue(parent, 'read parent issue');
      const made = await make({ ...draft, body: `${draft.body}\n\nPart of #${above.number}.` });
      // The text names the parent, which also helps where sub-issues are full or switched off.
      await write('add sub-issue', issueSchema, () =>
        octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/sub_issues', {
          ...place,
          issue_number: above.number,
          sub_issue_id: made.id,
        }),
      ).catch(() => undefined);
      return completed(made, draft);
    },

    async reopenIssue(id) {
      const issue = await requireIssue(id, 'reopen issue');
      if (issue.state === 'open') return snapshot(issue);
      return update('reopen issue', issue.number, { state: 'open', state_reason: 'reopened' });
    },

    async closeIssue(id, kind, canonical) {
      const issue = await requireIssue(id, 'close issue');
      if (issue.state === 'closed') return snapshot(issue);
      const original = kind === 'duplicate' && canonical ? await hub.getIssue(parseIssueNumber(canonical)) : null;
      return update('close issue', issue.number, {
        state: 'closed',
        state_reason: stateReasonByClosureKind[kind],
        ...(original && { duplicate_issue_id: original.id }),
      });
    },
  };
}

function issueMaker(issues: Octokit['rest']['issues'], { place, write, isOurs, fields, ensureLabels }: Repository) {
  async function send(content: { title: string; body: string } & Record<string, unknown>, marker: string) {
    const operation = 'create issue';
    const issue = await write(operation, issueSchema, () => issues.create({ ...place, ...content }));
    if (!isOurs(issue) || !hasMarker(issue, marker)) throw unreadable(operation);
    return issue;
  }

  return async (draft: IssueDraft): Promise<Issue> => {
    await ensureLabels(draft.labels);
    const known = await fields.get();
    const values = fields.valuesOf(known, draft);
    const title = draft.title.slice(0, maxTitleLength);
    try {
      return await send(
        {
          title,
          body: bodyOf(draft, { hasDateField: known.date !== null }),
          labels: draft.labels.map((label) => label.name),
          ...(draft.assignee === null ? {} : { assignees: [draft.assignee] }),
          ...(values.length > 0 && { issue_field_values: values }),
        },
        draft.marker,
      );
    } catch (error) {
      if (!(error instanceof IntegrationError) || error.status !== 422) throw error;
      // GitHub rejected a part of it. A plain issue that people see is better than none.
      return send({ title, body: createMinimalBody(draft) }, draft.marker);
    }
  };
}
