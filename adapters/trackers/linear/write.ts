import type { LinearDocument } from '@linear/sdk';
import { slug } from '#domain/cases/label.ts';
import * as kit from '../../kit.ts';
import type { LinearClient } from './client.ts';
import { hasReason, isInsertConflict } from './errors.ts';
import { findGroupHolder, type LinearIdCache, type TeamFinder } from './id-cache.ts';
import { type LinearSettings, readIssueOptions } from './settings.ts';
import type { LinearReader } from './read.ts';
import type { IssueReadBeforeWrite, LinearLabel, WorkflowState } from './schema.ts';
import { addMarkedLink, describe, findStateOfType, isClosedStateType } from './snapshot.ts';

const stateTypesByClosureKind: Record<kit.IssueClosure['kind'], string[]> = {
  completed: ['completed'],
  duplicate: ['duplicate', 'canceled'],
  'not-planned': ['canceled'],
  stale: ['canceled'],
  other: ['canceled'],
};
/** Names that canceled states for duplicates have, in teams from before Linear's own duplicate state. */
const isDuplicateName = (name: string): boolean => /^duplicated?$/i.test(name);

export type LinearPlace = { idCache: LinearIdCache; team: TeamFinder; settings: LinearSettings };

/** Makes, changes and relates issues of one team. */
export function createLinearWriter(
  write: LinearClient['write'],
  place: LinearPlace,
  { readIssueIfMarked, readIssueAfterChange, context }: Omit<LinearReader, 'port'>,
) {
  const { idCache } = place;
  const { createIssueInput, createIssueOnce } = issueCreator(write, place, readIssueIfMarked);

  /** Adds the missing parts of a plain issue one by one, because one of them was refused. */
  async function complete(id: string, { labelIds, ...values }: NewIssueInput['optional']) {
    const fields = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
    for (const [field, value] of [...labelIds.map((labelId) => ['addedLabelIds', [labelId]] as const), ...fields])
      await write('updateIssue', { id, input: { [field]: value } }).catch(() => null);
  }

  async function make(draft: kit.IssueDraft, parentId: string | null) {
    const input = await createIssueInput(draft, parentId).catch(kit.throwAsUnavailable);
    try {
      await createIssueOnce({ ...input.needed, ...input.optional }, draft);
    } catch (error) {
      if (!hasReason(error, 'content')) throw error;
      // Linear rejected a part of it. A plain issue that people see is better than none.
      await createIssueOnce({ ...input.needed, description: describe({ ...draft, body: '' }) }, draft);
      // Ids that were cached before the refusal may be outdated.
      const { optional } = await createIssueInput(draft, parentId).catch(() => input);
      await complete(draft.uuid, optional);
    }
    await attach(draft.uuid, draft);
    return readIssueAfterChange(draft.uuid);
  }

  /** The new description; one that stays gets the link with the marker only. */
  async function createEditedDescription(id: string, { body, link, marker }: kit.IssueEdit) {
    if (!link || !marker) return body;
    if (body !== undefined) return describe({ body, link, marker });
    const { description } = await context(id);
    return description?.includes(marker) ? undefined : addMarkedLink(description ?? '', { link, marker });
  }

  async function createEditInput(id: string, edit: kit.IssueEdit) {
    const person = edit.assignee ? await idCache.person(edit.assignee) : null;
    const hasLabelEdits = edit.labelsToAdd?.length || edit.labelsToRemove?.length;
    const now = hasLabelEdits || edit.status ? await context(id) : null;
    const state = edit.status && now ? findStateForStatus(now, edit.status) : null;
    const statusLabels = edit.status?.label && !state ? [edit.status.label] : [];
    const labelsToAdd = [...(edit.labelsToAdd ?? []), ...statusLabels];
    return {
      title: edit.title,
      description: await createEditedDescription(id, edit),
      priority: edit.severity?.rank,
      dueDate: edit.dueDate,
      assigneeId: edit.assignee === null ? null : person?.id,
      stateId: state?.id,
      ...(now &&
        (hasLabelEdits || statusLabels.length > 0) &&
        (await createLabelEditInput(now, { ...edit, labelsToAdd }))),
    };
  }

  async function createLabelEditInput({ labels, team: current }: IssueReadBeforeWrite, edit: kit.IssueEdit) {
    const removed = new Set(edit.labelsToRemove?.map((name) => name.toLowerCase()));
    const present = new Set(labels.nodes.map((label) => label.id));
    const isRemoved = ({ name }: LinearLabel) => removed.has(name.toLowerCase());
    const wanted = await idCache.ensureLabels(current.id, edit.labelsToAdd ?? []);
    const added = wanted.filter(({ id }) => !present.has(id));
    refuseLabelsOfTakenGroups(added, [...labels.nodes.filter((label) => !isRemoved(label)), ...added]);
    return {
      addedLabelIds: added.map(({ id }) => id),
      removedLabelIds: labels.nodes.filter(isRemoved).map(({ id }) => id),
    };
  }

  /** Attaches the case page. The issue exists and is marked, so a failure costs a convenience only. */
  async function attach(issueId: string, { link, marker }: Pick<kit.IssueDraft, 'link' | 'marker'>) {
    const input = { issueId, url: link.url, title: link.title, metadata: { marker } };
    await write('createAttachment', { input }).catch(() => null);
  }

  async function moveTo(id: string, state: WorkflowState) {
    await write('updateIssue', { id, input: { stateId: state.id } });
    return readIssueAfterChange(id);
  }

  return {
    floor: async () => '',

    createIssue: (draft) => make(draft, null),

    addSubIssue: async (parent, draft) => make(draft, (await context(parent)).id),

    linkIssues: (id, other) => relateIssues(write, id, other, 'related'),

    async editIssue(id, edit) {
      const input = await createEditInput(id, edit);
      if (Object.values(input).some((value) => value !== undefined)) await write('updateIssue', { id, input });
      if (edit.link && edit.marker) await attach(id, { link: edit.link, marker: edit.marker });
      return readIssueAfterChange(id);
    },

    async reopenIssue(id) {
      const issue = await context(id);
      if (issue.archivedAt !== null) await write('unarchiveIssue', { id });
      if (!isClosedStateType(issue.state.type)) return readIssueAfterChange(id);
      const isNamed = (name: string) => isSameState(name, place.settings.state);
      return moveTo(id, requireState(issue.team.states.nodes, reopenedStateTypes, isNamed));
    },

    async closeIssue(id, kind, canonical) {
      const issue = await context(id);
      // The relation alone moves an issue to the team's duplicate state, where there is one.
      if (kind === 'duplicate' && canonical) await relateIssues(write, id, canonical, 'duplicate');
      const isNamed = (name: string) => isDuplicateName(name) === (kind === 'duplicate');
      const state = requireState(issue.team.states.nodes, stateTypesByClosureKind[kind], isNamed);
      return issue.state.type === state.type ? readIssueAfterChange(id) : moveTo(id, state);
    },
  } satisfies Partial<kit.Tracker>;
}

type NewIssueInput = Awaited<ReturnType<ReturnType<typeof issueCreator>['createIssueInput']>>;

function issueCreator(
  write: LinearClient['write'],
  { idCache, team, settings }: LinearPlace,
  readIssueIfMarked: LinearReader['readIssueIfMarked'],
) {
  /** What an issue needs, and what a plain one is made without. */
  async function createIssueInput(draft: kit.IssueDraft, parentId: string | null) {
    const { id: teamId, states } = await team.team();
    const person = draft.assignee ? await idCache.person(draft.assignee) : null;
    const options = readIssueOptions(settings, draft.options);
    const ownLabels = options.labels.map((name) => ({ name, color: 'bec2c8', description: '' }));
    const labels = await idCache.ensurePermittedLabels(teamId, [...draft.labels, ...ownLabels]);
    return {
      needed: { id: draft.uuid, teamId, title: draft.title, ...(parentId && { parentId }) },
      optional: {
        description: describe(draft),
        priority: draft.severity.rank,
        labelIds: labels.map(({ id }) => id),
        assigneeId: person?.id,
        dueDate: draft.dueDate,
        stateId: findInitialState(states.nodes, options.state)?.id,
        ...(options.project && { projectId: (await idCache.requireProject(teamId, options.project)).id }),
      },
    };
  }

  /** Creates an issue under the chosen id; a conflict is checked, because an earlier try may have made it. */
  async function createIssueOnce(input: LinearDocument.IssueCreateInput, draft: kit.IssueDraft) {
    try {
      const made = await write('createIssue', { input });
      if (made.issue?.id !== draft.uuid)
        throw new kit.IntegrationError('unknown', 'linear createIssue', { detail: 'another id' });
    } catch (error) {
      if (!isInsertConflict(error)) throw error;
      const own = await readIssueIfMarked(draft.uuid, draft.marker).catch(kit.throwAsUnknown);
      if (!own || own.trashed)
        throw new kit.IntegrationError('rejected', 'linear createIssue', {
          detail: own ? 'in the trash' : 'id taken by another issue',
          reason: 'conflict',
        });
    }
  }

  return { createIssueInput, createIssueOnce };
}

function findStateForStatus(
  { state, team }: IssueReadBeforeWrite,
  { names, acceptsInitialState: isPlain }: kit.StatusEdit,
): WorkflowState | null {
  if (isClosedStateType(state.type)) return null;
  const open = team.states.nodes.filter(({ type }) => !isClosedStateType(type));
  const named = names.flatMap((name) => open.filter((entry) => slug(entry.name) === slug(name)));
  return named[0] ?? (isPlain ? findStateOfType(open, reopenedStateTypes) : null);
}

const reopenedStateTypes = ['unstarted', 'backlog'];
const isSameState = (name: string, wanted: string | undefined) => slug(name) === slug(wanted ?? '');

/** State of a new issue; null leaves it to Linear, which puts it into triage where the team uses that. */
export function findInitialState(states: WorkflowState[], name: string | undefined): WorkflowState | null {
  if (name === undefined) return requireState(states, reopenedStateTypes);
  const named = states.find((state) => isSameState(state.name, name));
  if (named || name.toLowerCase() === 'triage') return named ?? null;
  const names = states.map((state) => state.name).join(', ');
  throw kit.refusal('linear states', `team has no state ${name}; it has ${names}`);
}

function requireState(states: WorkflowState[], types: string[], isNamed?: (name: string) => boolean): WorkflowState {
  const state = findStateOfType(states, types, isNamed);
  if (state) return state;
  throw kit.refusal('linear states', `team has no ${types.join(' or ')} state`);
}

/** Linear refuses the whole edit for a second label of a group, so that the label is refused beforehand, by its name. */
function refuseLabelsOfTakenGroups(added: LinearLabel[], all: LinearLabel[]): void {
  const fields = added.flatMap((label) => {
    const holder = findGroupHolder(label, all);
    const why = `its group ${label.parent?.name} holds one label, and ${holder?.name} is set`;
    return holder ? [{ field: label.name, why, part: 'labels' }] : [];
  });
  if (fields.length > 0) throw new kit.IntegrationError('rejected', 'linear labels', { fields });
}

/** Adds a relation. Linear answers an existing one with a conflict or with itself. */
async function relateIssues(
  write: LinearClient['write'],
  issueId: string,
  relatedIssueId: string,
  type: 'duplicate' | 'related',
): Promise<void> {
  // The SDK names the members of the enum, which are these words.
  const input = { issueId, relatedIssueId, type } as LinearDocument.IssueRelationCreateInput;
  await write('createIssueRelation', { input }).catch((error: unknown) => {
    if (!isInsertConflict(error)) throw error;
  });
}
