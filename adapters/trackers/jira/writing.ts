import { createIssue, doTransition, editIssue, getTransitions } from 'jira.js/cloud';
import { OutsideError } from '#domain/errors.ts';
import type { IssueClosure, IssueDraft, IssueSnapshot, Tracker } from '#domain/tracker.ts';
import { beforeWrite } from './calls.ts';
import type { Reading } from './reading.ts';
import { createScreen } from './screen.ts';
import {
  caseProperty,
  createdIssue,
  isDone,
  nothing,
  priorityOf,
  resolutionsFor,
  searchLabel,
  type Transition,
  transitionList,
} from './shapes.ts';
import { type JiraSite, pathPart } from './site.ts';

type Fields = Record<string, unknown>;

export function jiraWriting(
  site: JiraSite,
  reading: Reading,
): Pick<Tracker, 'createIssue' | 'editIssue' | 'reopenIssue' | 'closeIssue'> {
  const { read, write } = site;
  const screen = createScreen(site);

  function edit(issueIdOrKey: string, change: { fields?: Fields; update?: Fields }): Promise<undefined> {
    return write('jira edit issue', nothing, (client) => editIssue(client, { issueIdOrKey, ...change }));
  }

  async function transitionsOf(issueIdOrKey: string): Promise<Transition[]> {
    const { transitions } = await read('jira read transitions', transitionList, (client) =>
      getTransitions(client, { issueIdOrKey, expand: 'transitions.fields' }),
    );
    return transitions;
  }

  function move(issueIdOrKey: string, transition: Transition, resolution?: string): Promise<undefined> {
    return write('jira transition', nothing, (client) =>
      doTransition(client, {
        issueIdOrKey,
        transition: { id: transition.id },
        ...(resolution ? { fields: { resolution: { name: resolution } } } : {}),
      }),
    );
  }

  async function create(draft: IssueDraft, issueType: string, labels: string[], fields: Fields) {
    try {
      return await write('jira create issue', createdIssue, (client) =>
        createIssue(client, {
          fields: {
            project: { key: site.settings.project },
            issuetype: { id: issueType },
            summary: draft.title,
            description: site.toDocument(draft.body),
            labels,
            ...fields,
          },
          properties: [{ key: caseProperty, value: { marker: draft.marker } }],
        }),
      );
    } catch (error) {
      // Perhaps the screen has changed since we looked.
      if (error instanceof OutsideError && error.code === 'rejected') screen.forget();
      throw error;
    }
  }

  /** What the tracker shows of a new issue, or nothing when it cannot be read just now. */
  async function reread(id: string, marker: string): Promise<IssueSnapshot | null> {
    const issue = await reading.find(id).catch(() => null);
    if (!issue) return null;
    if (issue.properties[caseProperty]?.marker !== marker) {
      throw new OutsideError('unknown', 'jira create issue', { detail: 'the answer names another issue' });
    }
    return reading.snapshot(issue).catch(() => null);
  }

  return {
    async createIssue(draft) {
      const { issueType, allows } = await beforeWrite(screen.get());
      const home = await beforeWrite(site.home());
      const wanted = Object.entries(optionalFields(draft));
      const now = Object.fromEntries(wanted.filter(([field, value]) => allows(field, value)));
      const labels = [...draft.labels.map(({ name }) => name), searchLabel(draft.marker)];
      const { id, key } = await create(draft, issueType, labels, now);

      // The issue exists from here on, so nothing that fails now may look like a failed create.
      for (const [field, value] of wanted.filter(([name]) => !(name in now))) {
        await edit(id, { fields: { [field]: value } }).catch(() => undefined);
      }
      return (
        (await reread(id, draft.marker)) ?? {
          id,
          key,
          url: `${home}/browse/${key}`,
          state: 'open',
          closure: null,
          labels,
          assignee: 'assignee' in now ? draft.assignee : null,
          dueDate: 'duedate' in now ? draft.dueDate : null,
          updatedAt: 0,
        }
      );
    },

    async editIssue(id, { title, body, addLabels, removeLabels, severity, dueDate, assignee }) {
      const issueIdOrKey = pathPart(id, 'jira edit issue');
      const fields: Fields = {
        ...(title === undefined ? {} : { summary: title }),
        ...(body === undefined ? {} : { description: site.toDocument(body) }),
        ...(severity === undefined ? {} : { priority: { name: priorityOf(severity) } }),
        ...(dueDate === undefined ? {} : { duedate: dueDate }),
        ...(assignee === undefined ? {} : { assignee: assignee === null ? null : { id: assignee } }),
      };
      const labels = [
        ...(addLabels ?? []).map(({ name }) => ({ add: name })),
        ...(removeLabels ?? []).map((name) => ({ remove: name })),
      ];
      if (labels.length || Object.keys(fields).length) {
        await edit(issueIdOrKey, { fields, ...(labels.length ? { update: { labels } } : {}) });
      }
      return reading.snapshot(await reading.demand(id));
    },

    async reopenIssue(id) {
      const issue = await beforeWrite(reading.demand(id));
      if (!isDone(issue)) return reading.snapshot(issue);
      const open = await beforeWrite(transitionsOf(issue.id));
      const transition = toCategory(open, 'new')[0] ?? toCategory(open, 'indeterminate')[0];
      if (!transition)
        throw new OutsideError('rejected', 'jira reopen', { detail: 'no transition reopens it' });
      await move(issue.id, transition);
      const reopened = await reading.demand(id);
      // Some workflows keep the resolution, and Jira then still shows the issue as resolved.
      if (reopened.fields.resolution) await edit(issue.id, { fields: { resolution: null } }).catch(refused);
      return reading.snapshot(reopened);
    },

    async closeIssue(id, kind) {
      const issue = await beforeWrite(reading.demand(id));
      if (isDone(issue)) return reading.snapshot(issue);
      const closing = toCategory(await beforeWrite(transitionsOf(issue.id)), 'done');
      const ways = closing.map((transition) => ({
        transition,
        resolution: bestResolution(transition, kind),
      }));
      const way = ways.find(({ resolution }) => resolution) ?? ways[0];
      if (!way) throw new OutsideError('rejected', 'jira close', { detail: 'no transition closes it' });
      await move(issue.id, way.transition, way.resolution);
      const wanted = resolutionsFor[kind][0];
      if (wanted && !way.resolution && kind !== 'completed') {
        // Not on the transition's screen; an edit does not look at screens.
        await edit(issue.id, { fields: { resolution: { name: wanted } } }).catch(refused);
      }
      return reading.snapshot(await reading.demand(id));
    },
  };
}

/** Fields that a project may keep off its create screen. */
function optionalFields({ dueDate, severity, assignee }: IssueDraft): Fields {
  return {
    ...(dueDate ? { duedate: dueDate } : {}),
    priority: { name: priorityOf(severity) },
    ...(assignee ? { assignee: { id: assignee } } : {}),
  };
}

const toCategory = (transitions: Transition[], category: string): Transition[] =>
  transitions.filter(({ to }) => to.statusCategory.key === category);

function bestResolution({ fields }: Transition, kind: IssueClosure['kind']): string | undefined {
  const offered = fields.resolution?.allowedValues.map(({ name }) => name) ?? [];
  return resolutionsFor[kind].find((name) => offered.includes(name));
}

/** For a change that is good to have: a refusal is accepted, trouble is not. */
function refused(error: unknown): void {
  if (!(error instanceof OutsideError) || error.code !== 'rejected') throw error;
}
