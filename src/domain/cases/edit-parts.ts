import type { IssueEdit } from '../integrations/issue.ts';
import { capitalize } from './issue-text.ts';

export type EditPart = { part: string; edit: IssueEdit };

/** Splits an edit into parts. Marker and link belong to the text. */
export function splitEdit({ body, marker, link, ...edit }: IssueEdit): EditPart[] {
  const { title, labelsToAdd = [], labelsToRemove = [], severity, dueDate, assignee, status } = edit;
  const text = { ...(body !== undefined && { body }), ...(marker !== undefined && { marker }) };
  const partOf = (part: string, given: unknown, own: IssueEdit) => (given === undefined ? [] : [{ part, edit: own }]);
  return [
    ...partOf('title', title, { title }),
    ...partOf('body', body ?? marker, { ...text, ...(link && { link }) }),
    ...partOf(`severity:${severity?.name}`, severity, { severity }),
    ...partOf('dueDate', dueDate, { dueDate }),
    ...partOf(`assignee:${assignee ?? ''}`, assignee, { assignee }),
    // Removals come first, because a label group holds one label.
    ...labelsToRemove.map((name) => ({ part: `labels:${name}`, edit: { labelsToRemove: [name] } })),
    ...labelsToAdd.map((label) => ({ part: `labels:${label.name}`, edit: { labelsToAdd: [label] } })),
    ...partOf(`status:${status?.names.at(-1) ?? ''}`, status, { status }),
  ];
}

export function joinEditParts(parts: EditPart[]): IssueEdit {
  const labelsToAdd = parts.flatMap(({ edit }) => edit.labelsToAdd ?? []);
  const labelsToRemove = parts.flatMap(({ edit }) => edit.labelsToRemove ?? []);
  return {
    ...Object.assign({}, ...parts.map(({ edit }) => edit)),
    ...(labelsToAdd.length > 0 && { labelsToAdd }),
    ...(labelsToRemove.length > 0 && { labelsToRemove }),
  };
}

/** The field of a part, as `RefusedField.field` names it in edits: `labels` for `labels:overdue`. */
export const fieldOfPart = (part: string): string => part.split(':', 1)[0] ?? part;

/** Calls about the issue of a case, in words. */
export const callNames = {
  'issue.create': 'the issue',
  'issue.comment': 'a comment',
  'issue.close': 'the closing',
  'issue.reopen': 'the reopening',
  'issue.edit': 'an edit',
  'issue.link': 'a link',
  'issue.duplicate': 'the closing of a duplicate issue',
  'issue.sub': 'a sub-issue',
  'issue.sub-state': 'the state of a sub-issue',
};

const names = new Map<string, string>([
  ...Object.entries(callNames),
  ['title', 'the title'],
  ['body', 'the text'],
  ['severity', 'the severity'],
  ['dueDate', 'the due date'],
  ['assignee', 'the assignee'],
  ['labels', 'the label'],
  ['status', 'the status'],
]);

/** A refused part in words: `the due date`, `the label overdue`. */
export function describePart(part: string): string {
  const field = fieldOfPart(part);
  const value = part.slice(field.length + 1);
  return [names.get(field) ?? field, value].filter(Boolean).join(' ');
}

/** A call that did not go through, in words: `The closing did not go through`. */
export const describeFailure = (kind: string): string => `${capitalize(describePart(kind))} did not go through`;
