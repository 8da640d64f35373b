import { createIssue, createOrUpdateRemoteIssueLink, deleteIssue, editIssue, setIssueProperty } from 'jira.js/cloud';
import * as kit from '../../kit.ts';
import { choosePriority, type ScreenCache, toFieldValues, toJiraLabel } from './fields.ts';
import type { Reading } from './read.ts';
import { createdIssueSchema, type IssueLink, type JiraIssue, markerPropertyKey, nothing } from './schema.ts';
import { readIssueOptions } from './settings.ts';
import type { JiraSite } from './site.ts';
import { isDone, isMarked, resolutionsByClosureKind, toSearchLabel } from './snapshot.ts';
import { toAdfDocument } from './text.ts';
import { chooseClosing, createIssueMover, listOpenings, unlessRefused } from './transitions.ts';

type Fields = Record<string, unknown>;

export function createJiraWriter(site: JiraSite, screens: ScreenCache, reading: Reading) {
  const { edit, linkCasePage, make, reread } = issueMaker(site, screens, reading);
  const { move, moveTo } = createIssueMover(site, reading);

  /** Links two issues unless they are linked; Jira accepts it as part of an edit. */
  async function relate(id: string, other: string, type: 'Relates' | 'Duplicate'): Promise<void> {
    const target = await reading.demand(other);
    const links = await reading.readIssueLinks(id);
    const isLink = (link: IssueLink) =>
      link.type.name === type && [link.inwardIssue?.id, link.outwardIssue?.id].includes(target.id);
    if (links.some(isLink)) return;
    const issuelinks = [{ add: { type: { name: type }, outwardIssue: { key: target.key } } }];
    await edit(id, { update: { issuelinks } });
  }

  /** The fields of an edit; absent ones stay as they are. */
  async function toFields({ title, body, severity, dueDate, assignee }: kit.IssueEdit): Promise<Fields> {
    const names = severity && { configured: site.settings['priority-names'], known: (await screens.get()).priorities };
    return {
      ...(title !== undefined && { summary: toSummaryLine(title) }),
      ...(body !== undefined && { description: toAdfDocument(body) }),
      ...(names && { priority: { name: choosePriority(severity.rank, names) } }),
      ...(dueDate !== undefined && { duedate: dueDate }),
      ...(assignee !== undefined && { assignee: assignee === null ? null : { id: assignee } }),
    };
  }

  return {
    createIssue: (draft) => site.withPermission('CREATE_ISSUES', () => make(draft, null)),

    async addSubIssue(parent, draft) {
      const above = await reading.demand(parent);
      return make(draft, above.key);
    },

    async editIssue(id, change) {
      const { body, marker, link, status } = change;
      const fields = await toFields(change);
      const isMoved = status !== undefined && (await moveTo(id, status));
      const statusLabels = status?.label && !isMoved ? [status.label] : [];
      const labels = [
        ...[...(change.labelsToAdd ?? []), ...statusLabels].map(({ name }) => ({ add: name })),
        ...(change.labelsToRemove ?? []).map((name) => ({ remove: name })),
      ];
      if (labels.length || Object.keys(fields).length)
        await edit(id, { fields, ...(labels.length && { update: { labels } }) });
      if (marker && body === undefined)
        await site.write('jira mark issue', nothing, setIssueProperty, {
          issueIdOrKey: id,
          propertyKey: markerPropertyKey,
          body: { marker },
        });
      if (link) await linkCasePage(id, link);
      return reread(id);
    },

    async reopenIssue(id) {
      const issue = await reading.demand(id);
      if (!isDone(issue)) return reading.snapshot(issue);
      await move(
        issue,
        (now) => !isDone(now),
        (open) => {
          const [transition] = listOpenings(site, open);
          if (transition) return { transition };
          throw kit.refusal('jira reopen', 'no transition reopens it');
        },
      );
      const reopened = await reading.demand(id).catch(kit.throwAsUnknown);
      // Some workflows keep the resolution, and Jira then shows the issue as resolved.
      if (reopened.fields.resolution) await unlessRefused(edit(issue.id, { fields: { resolution: null } }));
      return reading.snapshot(reopened).catch(kit.throwAsUnknown);
    },

    async closeIssue(id, kind, canonical) {
      const issue = await reading.demand(id);
      if (kind === 'duplicate' && canonical) await unlessRefused(relate(issue.id, canonical, 'Duplicate'));
      if (isDone(issue)) return reading.snapshot(issue);
      const way = await move(issue, isDone, (all) => {
        const closing = chooseClosing(all, kind);
        if (closing) return closing;
        throw kit.refusal('jira close', 'no transition closes it');
      });
      const wanted = resolutionsByClosureKind[kind][0];
      // Where the resolution is not on the transition's screen; an edit ignores screens.
      if (wanted && !way.resolution && kind !== 'completed')
        await unlessRefused(edit(issue.id, { fields: { resolution: { name: wanted } } }));
      return reread(id);
    },

    async deleteIssue(id) {
      await site.write('jira delete issue', nothing, deleteIssue, { issueIdOrKey: id });
    },

    linkIssues: (id, other) => relate(id, other, 'Relates'),
  } satisfies Partial<kit.Tracker>;
}

function issueMaker(site: JiraSite, screens: ScreenCache, reading: Reading) {
  const { write, settings } = site;

  function edit(issueIdOrKey: string, change: { fields?: Fields; update?: Fields }): Promise<unknown> {
    return site.withPermission('EDIT_ISSUES', () =>
      write('jira edit issue', nothing, editIssue, { issueIdOrKey, ...change }),
    );
  }

  /** Creates an issue without optional fields that Jira refuses, because a plain issue is better than none. */
  async function create(draft: kit.IssueDraft, needed: Fields, optional: Fields) {
    const plain: Fields = { description: toAdfDocument(draft.link.url), labels: [toSearchLabel(draft.marker)] };
    const dropped = new Set<string>();
    let sent: Fields = { ...optional, description: toAdfDocument(draft.body) };
    for (;;) {
      const content = Object.entries({ ...plain, ...sent }).filter(([field]) => !dropped.has(field));
      try {
        const fields = { ...Object.fromEntries(content), ...needed, summary: toSummaryLine(draft.title) };
        const made = await write('jira create issue', createdIssueSchema, createIssue, {
          fields: { project: { key: settings.project }, ...fields },
          properties: [{ key: markerPropertyKey, value: { marker: draft.marker } }],
        });
        return { ...made, sent: Object.keys(sent).filter((field) => !dropped.has(field)) };
      } catch (error) {
        if (!kit.isRefused(error)) throw error;
        screens.forget();
        if (![400, 413, 422].includes(error.status)) throw error;
        const refused = error.fields.filter(({ field }) => content.some(([name]) => name === field));
        if (refused.length === 0 && Object.keys(sent).length === 0) throw error;
        for (const { field } of refused) dropped.add(field);
        if (refused.length === 0) sent = {};
      }
    }
  }

  /** The issue after a change, which has worked even when this read fails. */
  const reread = (id: string, isExpected = (_: JiraIssue) => true): Promise<kit.IssueSnapshot> =>
    reading
      .demand(id)
      .then((issue) => {
        if (isExpected(issue)) return reading.snapshot(issue);
        throw new kit.IntegrationError('unknown', 'jira create issue', { detail: 'the answer names another issue' });
      })
      .catch(kit.throwAsUnknown);

  async function linkCasePage(issueIdOrKey: string, link: kit.IssueDraft['link']): Promise<void> {
    await write('jira link case', nothing, createOrUpdateRemoteIssueLink, {
      issueIdOrKey,
      globalId: `caselite=${link.url}`,
      application: { name: 'Caselite' },
      relationship: 'case',
      object: { url: link.url, title: link.title },
    });
  }

  async function make(draft: kit.IssueDraft, parent: string | null): Promise<kit.IssueSnapshot> {
    const own = readIssueOptions(draft.options);
    const screen = await screens.get(own['issue-type']);
    if (parent !== null && screen.subtaskTypeId === null)
      throw kit.refusal('jira create sub-task', `project ${settings.project} has no issue type for sub-tasks`);
    const type =
      parent === null
        ? { issuetype: { id: screen.issueTypeId } }
        : { issuetype: { id: screen.subtaskTypeId }, parent: { key: parent } };
    const { labels = [], ...configured }: Fields = { ...settings.fields, ...own.fields };
    const named = [...draft.labels.map(({ name }) => name), ...[labels].flat()];
    const names = { configured: settings['priority-names'], known: screen.priorities };
    const wanted = {
      ...(draft.dueDate && { duedate: draft.dueDate }),
      priority: { name: choosePriority(draft.severity.rank, names) },
      ...(draft.assignee && { assignee: { id: draft.assignee } }),
      labels: [...named.map(toJiraLabel), toSearchLabel(draft.marker)],
    };
    const now = Object.fromEntries(Object.entries(wanted).filter(([field]) => screen.allows(field)));
    const { id, sent } = await create(draft, { ...type, ...toFieldValues(site, screen.fields, configured) }, now);

    // The issue exists from here on, so no later failure may look like a failed create.
    const all = Object.entries({ ...wanted, description: toAdfDocument(draft.body) });
    for (const [field, value] of all.filter(([name]) => !sent.includes(name)))
      await edit(id, { fields: { [field]: value } }).catch(() => undefined);
    await linkCasePage(id, draft.link).catch(() => undefined);
    return reread(id, (issue) => isMarked(issue, draft.marker));
  }

  return { edit, linkCasePage, make, reread };
}

/** A summary is one line of at most 255 characters. */
const toSummaryLine = (title: string): string => kit.cut(title.replace(/\s+/g, ' ').trim(), 255);
