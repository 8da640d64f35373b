import * as kit from '../../kit.ts';
import { blamePart, isGone, type Octokit, unreadable } from './client.ts';
import { parseIssueNumber, type Repository } from './repository.ts';
import { anySchema, type Issue, issueSchema, labelsSchema } from './schema.ts';
import { type GitHubSettings, readIssueOptions } from './settings.ts';
import { bodyOf, editBody, hasMarker } from './text.ts';

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

  /** Adds what a new issue lacks, part by part; whatever happens from here, its create worked. */
  async function complete({ issue: made, left }: Made, draft: kit.IssueDraft): Promise<kit.IssueSnapshot> {
    let got = await snapshot(made).catch(kit.throwAsUnknown);
    const attempt = async (change: Promise<kit.IssueSnapshot>) => {
      got = await change.catch(() => got);
    };
    for (const part of left) await attempt(update('edit issue', made.number, part));
    const present = new Set(got.labels.map((name) => name.toLowerCase()));
    const own = readIssueOptions(settings, draft.options).labels;
    const wanted = [...draft.labels, ...own.map((name) => ({ name, color: 'ededed', description: '' }))];
    const missing = wanted.filter(({ name }) => !present.has(name.toLowerCase()));
    const edit = (change: kit.IssueEdit) => editIssue(String(made.number), change);
    const addEach = async () => {
      for (const label of missing) await attempt(edit({ labelsToAdd: [label] }));
      return got;
    };
    if (missing.length > 0) got = await edit({ labelsToAdd: missing }).catch(addEach);
    if (draft.assignee !== null && got.assignee === null) await attempt(edit({ assignee: draft.assignee }));
    return got;
  }

  async function editIssue(id: string, edit: kit.IssueEdit): Promise<kit.IssueSnapshot> {
    const operation = 'edit issue';
    const before = await requireIssue(id, operation);
    const number = before.number;
    const values = fields.valuesOf(await fields.get(), edit);
    const change = {
      ...(edit.title !== undefined && { title: kit.cut(edit.title, maxTitleLength) }),
      ...editBody(edit, before.body ?? ''),
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
      return complete(await make(draft), draft);
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
      return complete(made, draft);
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

/** A new issue, and the parts of its draft that it was made without. */
type Made = { issue: Issue; left: object[] };

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
    const listValues = async () => fields.valuesOf(await fields.get(), draft);
    const values = await listValues();
    const title = kit.cut(draft.title, maxTitleLength);
    const body = bodyOf(draft);
    const options = { ...(type && { type }), ...(milestone && { milestone }) };
    const content = {
      ...options,
      labels: [...draft.labels.map((label) => label.name), ...labels],
      ...(draft.assignee !== null && { assignees: [draft.assignee] }),
      ...(values.length > 0 && { issue_field_values: values }),
    };
    try {
      return { issue: await send({ title, body, ...content }, draft.marker), left: [] };
    } catch (error) {
      if (!kit.isRefused(error) || error.status !== 422) throw error;
      fields.forget();
      // GitHub rejected a part of it. A plain issue that people see is better than none.
      const issue = await send({ title, body: bodyOf({ ...draft, body: draft.link.url }) }, draft.marker);
      const fieldValues = (await listValues()).map((value) => ({ issue_field_values: [value] }));
      const others = Object.entries(options).map(([name, value]) => ({ [name]: value }));
      return { issue, left: [{ body }, ...fieldValues, ...others] };
    }
  };
}
