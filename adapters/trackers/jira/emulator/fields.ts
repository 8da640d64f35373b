import { toIsoText } from '#domain/time/units.ts';
import { document } from './adf.ts';
import type { CustomField, JiraSetUp } from './set-up.ts';
import { findIssue, type JiraHistory, type JiraIssue, type JiraState, Refusal, type Site } from './state.ts';

type Item = JiraHistory['items'][number];
type Apply = (issue: JiraIssue, value: unknown) => void;

const changed = (field: string, before: string | null, after: string | null): Item[] =>
  before === after ? [] : [{ field, from: before, fromString: before, to: after, toString: after }];

const bad = (field: string, message: string): Refusal => new Refusal(400, '', { [field]: message });

function property(value: unknown, ...names: string[]): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const result = names.map((name) => (value as Record<string, unknown>)[name]).find((each) => each !== undefined);
  return typeof result === 'string' ? result : undefined;
}

function labels(value: unknown): string[] {
  const sound = Array.isArray(value) && value.every((each) => typeof each === 'string' && /^\S{1,255}$/.test(each));
  if (!sound) throw bad('labels', 'A label is text without spaces.');
  return [...new Set(value as string[])];
}

function isDate(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && toIsoText(time).startsWith(value);
}

const isOneOf = (values: string[], value: unknown, name: string): boolean =>
  values.includes(property(value, name) ?? '');

function isCustomValue({ type, values }: CustomField, value: unknown): boolean {
  switch (type) {
    case 'number':
      return typeof value === 'number';
    case 'string':
      return typeof value === 'string';
    case 'textarea':
      return typeof value === 'object' && value !== null && 'content' in value;
    case 'option':
      return isOneOf(values, value, 'value');
    case 'options':
      return Array.isArray(value) && value.every((each) => isOneOf(values, each, 'value'));
  }
}

/** Setters of components, versions and custom fields. */
function customSetters({ components, versions, customFields }: JiraSetUp): [string, Apply][] {
  const listOf = (field: string, values: string[]): [string, Apply] => [
    field,
    (issue, value) => {
      if (!Array.isArray(value) || !value.every((each) => isOneOf(values, each, 'name')))
        throw bad(field, `No such name in ${field}.`);
      issue.custom = { ...issue.custom, [field]: value };
    },
  ];
  const customs = customFields.map((field): [string, Apply] => [
    field.id,
    (issue, value) => {
      if (!isCustomValue(field, value)) throw bad(field.id, `Specify a valid value for ${field.name}`);
      issue.custom = { ...issue.custom, [field.id]: value };
    },
  ]);
  return [listOf('components', components), listOf('fixVersions', versions), ...customs];
}

/** Setters by field. A field without one does not exist. */
function setters(site: Site): Record<string, Apply> {
  const people = [site.seed.bot, ...site.seed.people].map(({ account }) => account);
  return {
    ...Object.fromEntries(customSetters(site.state.setUp)),
    summary(issue, value) {
      if (typeof value !== 'string' || !value.trim()) throw bad('summary', 'An issue needs a summary.');
      if (value.length > 255 || /[\r\n]/.test(value)) throw bad('summary', 'One line of at most 255 characters.');
      issue.summary = value;
    },
    description(issue, value) {
      issue.description = value === null ? null : document(value, 'description');
    },
    labels(issue, value) {
      issue.labels = labels(value);
    },
    duedate(issue, value) {
      if (value !== null && !isDate(value)) throw bad('duedate', 'A date looks like 2026-12-01.');
      issue.duedate = value;
    },
    priority(issue, value) {
      const id = Number(property(value, 'id') ?? 0);
      const name = property(value, 'name') ?? site.state.setUp.priorities[id - 1] ?? '';
      if (!site.state.setUp.priorities.includes(name)) throw bad('priority', 'There is no such priority.');
      issue.priority = name;
    },
    assignee(issue, value) {
      const account = property(value, 'accountId', 'id') ?? null;
      if (value !== null && (!account || !people.includes(account))) throw bad('assignee', 'No such user.');
      issue.assignee = account;
    },
    resolution(issue, value) {
      const name = property(value, 'name') ?? null;
      if (name !== null && !site.state.setUp.resolutions.includes(name))
        throw bad('resolution', 'There is no such resolution.');
      issue.resolution = name;
      issue.resolvedAt = name === null ? null : site.now();
    },
  };
}

/** Sets all fields or refuses them all; returns the history items. */
export function setFields(site: Site, issue: JiraIssue, fields: Record<string, unknown>): Item[] {
  const draft = structuredClone(issue);
  const known = setters(site);
  const errors: Record<string, string> = {};
  for (const [field, value] of Object.entries(fields)) {
    try {
      const set = known[field];
      if (!set) throw bad(field, `Field '${field}' cannot be set.`);
      if (value && site.state.setUp.refusedFields.includes(field))
        throw bad(field, `${JSON.stringify(value)} is not accepted.`);
      set(draft, value);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      Object.assign(errors, error.errors);
    }
  }
  if (Object.keys(errors).length) throw new Refusal(400, '', errors);
  const items = [
    ...changed('summary', issue.summary, draft.summary),
    ...changed('labels', issue.labels.join(' '), draft.labels.join(' ')),
    ...changed('duedate', issue.duedate, draft.duedate),
    ...changed('priority', issue.priority, draft.priority),
    ...changed('assignee', issue.assignee, draft.assignee),
    ...changed('resolution', issue.resolution, draft.resolution),
  ];
  const others = Object.entries(draft.custom ?? {}).filter(([field, value]) => issue.custom?.[field] !== value);
  for (const [field] of others) items.push({ field, from: null, fromString: null, to: field, toString: field });
  Object.assign(issue, draft);
  return items;
}

/** The `update` part of an edit; only labels support operations here. */
export function updatedLabels(issue: JiraIssue, update: Record<string, unknown>): Record<string, unknown> {
  const { labels: operations, ...others } = update;
  const [other] = Object.keys(others);
  if (other) throw bad(other, `Field '${other}' cannot be updated.`);
  if (operations === undefined) return {};
  let now = [...issue.labels];
  for (const operation of operations as Record<string, unknown>[]) {
    if ('set' in operation) now = labels(operation.set);
    else if ('add' in operation) now = labels([...now, operation.add]);
    else if ('remove' in operation) now = now.filter((label) => label !== operation.remove);
    else throw bad('labels', 'No such operation.');
  }
  return { labels: now };
}

const linkTypes = ['Relates', 'Duplicate', 'Blocks'];

/** The `issuelinks` part of an edit. A link appears on both issues. */
export function addLinks(state: JiraState, issue: JiraIssue, operations: unknown): void {
  if (operations === undefined) return;
  for (const { add } of operations as {
    add?: { type?: { name?: string }; outwardIssue?: { key?: string } };
  }[]) {
    const other = findIssue(state, add?.outwardIssue?.key ?? '');
    const type = add?.type?.name ?? '';
    if (!other || !linkTypes.includes(type)) throw bad('issuelinks', 'No such issue or kind of link.');
    issue.links.push({ type, other: other.id, outward: true });
    other.links.push({ type, other: issue.id, outward: false });
  }
}
