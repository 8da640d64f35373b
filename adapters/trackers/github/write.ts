import * as kit from '../../kit.ts';
import { blamePart, isGone, type Octokit, unreadable } from './client.ts';
import { parseIssueNumber, type Repository } from './repository.ts';
import { anySchema, type Issue, issueSchema, labelsSchema } from './schema.ts';
import { type GitHubSettings, readIssueOptions } from './settings.ts';
import { addMarker, appendMarker, bodyOf, findMarkers, hasMarker } from './text.ts';

/** GitHub counts `stale` as not planned. */
const stateReasonByClosureKind: Record<kit.IssueClosure['kind'], 'completed' | 'not_planned' | 'duplicate'> = {
  completed: 'completed',
  'not-planned': 'not_planned',
  duplicate: 'duplicate',
  stale: 'not_planned',
  other: 'not_planned',
};
const maxTitleLength = 256;

export function createGithubWriter(octokit: Octokit, hub: Repository, settings: GitHubSettings) {
  const { issues } = octokit.rest;
  const { place, write, isOurs, requireIssue, snapshot, fields, ensureLabels } = hub;
  const make = issueMaker(issues, hub, settings);

  async function update(operation: string, number: number, change: object): Promise<kit.IssueSnapshot> {
    const issue = await write(operation, issueSchema, () =>
      issues.update({ ...place, issue_number: number, ...change }),
    );
    if (!isOurs(issue) || issue.number !== number) throw unreadable(operation);
    return snapshot(issue).catch(kit.throwAsUnknown);
  }

  /** Parts that a new issue lacks, added one by one; whatever happens from here, its create worked. */
  async function completed({ issue: made, isPlain }: Made, draft: kit.IssueDraft): Promise<kit.IssueSnapshot> {
    let got = await snapshot(made).catch(kit.throwAsUnknown);
    const add = async (edit: kit.IssueEdit) => {
      got = await editIssue(String(made.number), edit);
    };
    const ignore = () => undefined;
    const { marker, link, severity, dueDate } = draft;
    if (isPlain)
      for (const edit of [{ body: draft.body, marker, link }, { severity }, { dueDate }]) await add(edit).catch(ignore);
    const { 'issue-type': type, milestone, labels } = readIssueOptions(settings, draft.options);
    const plan = isPlain ? [...(type ? [{ type }] : []), ...(milestone ? [{ milestone }] : [])] : [];
    for (const change of plan) got = await update('edit issue', made.number, change).catch(() => got);
    const present = new Set(got.labels.map((name) => name.toLowerCase()));
    const own = labels.map((name) => ({ name, color: 'ededed', description: '' }));
    const missing = [...draft.labels, ...own].filter(({ name }) => !present.has(name.toLowerCase()));
    const addEach = async () => {
      for (const label of missing) await add({ labelsToAdd: [label] }).catch(ignore);
    };
    if (missing.length > 0) await add({ labelsToAdd: missing }).catch(addEach);
    if (draft.assignee !== null && got.assignee === null) await add({ assignee: draft.assignee }).catch(ignore);
    return got;
  }

  async function editIssue(id: string, edit: kit.IssueEdit): Promise<kit.IssueSnapshot> {
    const operation = 'edit issue';
    const before = await requireIssue(id, operation);
    const number = before.number;
    const values = fields.valuesOf(await fields.get(), edit);
    const change = {
      ...(edit.title !== undefined && { title: kit.cut(edit.title, maxTitleLength) }),
      ...textOf(edit, before.body ?? ''),
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
      ).catch(blamePart('labels'));
    }
    const gone = new Set(edit.labelsToRemove?.map((name) => name.toLowerCase()));
    for (const name of before.labels.filter((label) => gone.has(label.toLowerCase()))) {
      const removed = write('remove label', anySchema, () =>
        issues.removeLabel({ ...place, issue_number: number, name }),
      );
      await kit.recover(removed, isGone, null).catch(blamePart('labels'));
    }
    return requireIssue(id, operation).then(snapshot).catch(kit.throwAsUnknown);
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
          sub_issue_id: made.issue.id,
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
  } satisfies Partial<kit.Tracker>;
}

/** The new text with its marker; a text that stays gets the marker only. */
function textOf({ body, marker }: kit.IssueEdit, before: string): { body?: string } {
  if (body !== undefined) return { body: appendMarker(body, marker, before) };
  return marker && !findMarkers(before).includes(marker) ? { body: addMarker(before, marker) } : {};
}

type Made = { issue: Issue; isPlain: boolean };

function issueMaker(
  issues: Octokit['rest']['issues'],
  { place, write, isOurs, fields, ensureLabels }: Repository,
  settings: GitHubSettings,
) {
  async function send(content: { title: string; body: string } & Record<string, unknown>, marker: string) {
    const operation = 'create issue';
    const issue = await write(operation, issueSchema, () => issues.create({ ...place, ...content }));
    if (!isOurs(issue) || !hasMarker(issue, marker)) throw unreadable(operation);
    return issue;
  }

  return async (draft: kit.IssueDraft): Promise<Made> => {
    const { 'issue-type': type, milestone, labels } = readIssueOptions(settings, draft.options);
    await ensureLabels(draft.labels);
    const known = await fields.get();
    const values = fields.valuesOf(known, draft);
    const title = kit.cut(draft.title, maxTitleLength);
    try {
      const issue = await send(
        {
          title,
          body: bodyOf(draft),
          labels: [...draft.labels.map((label) => label.name), ...labels],
          ...(type && { type }),
          ...(milestone && { milestone }),
          ...(draft.assignee === null ? {} : { assignees: [draft.assignee] }),
          ...(values.length > 0 && { issue_field_values: values }),
        },
        draft.marker,
      );
      return { issue, isPlain: false };
    } catch (error) {
      if (!kit.isRefused(error) || error.status !== 422) throw error;
      fields.forget();
      // GitHub rejected a part of it. A plain issue that people see is better than none.
      return {
        issue: await send({ title, body: bodyOf({ ...draft, body: draft.link.url }) }, draft.marker),
        isPlain: true,
      };
    }
  };
}
