import { getCreateIssueMetaIssueTypeId, getCreateIssueMetaIssueTypes } from 'jira.js/cloud';
import { remember } from '#domain/base/memoize.ts';
import * as kit from '../../kit.ts';
import { type FieldSchema, issueTypePageSchema, type ScreenField, screenFieldPageSchema } from './schema.ts';
import { type JiraSite, readByTotal } from './site.ts';
import { toAdfDocument } from './text.ts';

type Fields = Record<string, unknown>;
type Describable = Pick<ScreenField, 'fieldId' | 'name' | 'schema'>;

/** A label as Jira takes it: without spaces. */
export const toJiraLabel = (name: unknown): string => String(name).replace(/\s+/g, '-');

/** Finds a field by its id or its name. */
export const findField = <Field extends Pick<ScreenField, 'fieldId' | 'name'>>(
  fields: Field[],
  wanted: string,
): Field | undefined =>
  fields.find(({ fieldId }) => fieldId === wanted) ??
  fields.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());

/** Values of the settings for the fields of a screen, as Jira takes them. Fields that the screen lacks are left out. */
export const toFieldValues = (site: JiraSite, screenFields: Describable[], wanted: Fields): Fields =>
  Object.fromEntries(
    Object.entries(wanted).flatMap(([name, value]) => {
      const field = findField(screenFields, name);
      if (field) return [[field.fieldId, toFieldValue(site, field.schema, value)]];
      // Without a description of the screen, an id is taken at its word.
      return screenFields.length === 0 ? [[name, value]] : [];
    }),
  );

const namedTypes = ['component', 'version', 'priority', 'group', 'resolution', 'securitylevel'];

function toFieldValue(site: JiraSite, { type, items = '', custom = '' }: FieldSchema, value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  if (type === 'array') return [value].flat().map((each) => toFieldValue(site, { type: items }, each));
  const text = String(value);
  if (type === 'number') return Number(text);
  if (type === 'option') return { value: text };
  if (type === 'option-with-child') {
    const [parent = '', child] = text.split(/\s*>\s*/);
    return { value: parent, ...(child && { child: { value: child } }) };
  }
  if (type === 'user') return { id: text };
  if (namedTypes.includes(type)) return { name: text };
  return custom.endsWith(':textarea') ? toAdfDocument(text) : text;
}

/** Required fields without a value or a default. Those that every create sends are left out. */
export function listMissingFields(screenFields: ScreenField[], wanted: Fields): ScreenField[] {
  const sent = 'summary issuetype project description labels duedate priority parent reporter'.split(' ');
  const given = Object.keys(wanted).map((name) => findField(screenFields, name)?.fieldId);
  return screenFields.filter(
    ({ fieldId, required, hasDefaultValue }) =>
      required && !hasDefaultValue && !sent.includes(fieldId) && !given.includes(fieldId),
  );
}

const usual = ['Highest', 'High', 'Medium', 'Low'];

/** The settings' names of priorities, if any, and the project's; most urgent first. */
type Priorities = { configured: string[] | undefined; known: string[] };

/** Names of the priorities for the ranks 1 to 4: by the settings, Jira's usual ones, or by place among the project's. */
function listPriorityNames({ configured, known }: Priorities): string[] {
  const spread = (names: string[]) =>
    usual.map((name, index) => names[Math.max(0, index - Math.max(0, usual.length - names.length))] ?? name);
  const byPlace = spread(configured ?? known);
  if (configured) return byPlace;
  return usual.map((name, index) => (known.length === 0 || known.includes(name) ? name : (byPlace[index] ?? name)));
}

export const choosePriority = (rank: 1 | 2 | 3 | 4, priorities: Priorities): string =>
  listPriorityNames(priorities)[rank - 1] ?? 'Medium';

/** Rank of a priority; null for one that no severity has. */
export function findRankOfPriority(name: string, priorities: Priorities): 1 | 2 | 3 | 4 | null {
  const lists = [priorities.configured ? [] : [...usual, 'Lowest'], listPriorityNames(priorities), priorities.known];
  const places = lists.map((names) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()));
  return kit.toRank(Math.min((places.find((place) => place >= 0) ?? -1) + 1, usual.length));
}

const maxResults = 200;

async function findIssueTypes({ read, settings }: JiraSite, issueType: string) {
  const projectIdOrKey = settings.project;
  const all = await readByTotal(async (startAt) => {
    const asked = { projectIdOrKey, startAt, maxResults };
    const page = await read('jira read issue types', issueTypePageSchema, getCreateIssueMetaIssueTypes, asked);
    return { rows: page.issueTypes, total: page.total };
  });
  const type = all.find(({ id, name }) => id === issueType || name.toLowerCase() === issueType.toLowerCase());
  if (type) return { issueTypeId: type.id, subtaskTypeId: all.find(({ subtask }) => subtask)?.id ?? null };
  const names = all.map(({ name }) => name).join(', ');
  const detail = `project ${projectIdOrKey} has no issue type ${issueType}; it has ${names}`;
  throw kit.refusal('jira read issue types', detail);
}

async function loadScreen(site: JiraSite, issueType: string) {
  const types = await findIssueTypes(site, issueType);
  const { issueTypeId } = types;
  const asked = readByTotal(async (startAt) => {
    const wanted = { projectIdOrKey: site.settings.project, issueTypeId, startAt, maxResults };
    const page = await site.read('jira read screen', screenFieldPageSchema, getCreateIssueMetaIssueTypeId, wanted);
    return { rows: page.fields, total: page.total };
  });
  // The description of the screen is a help only; an issue is made without it.
  const isUnreadable = (error: unknown) =>
    error instanceof kit.IntegrationError && ['auth', 'rejected'].includes(error.code) && error.status !== 401;
  const fields = await kit.recover(asked, isUnreadable, [] as ScreenField[]);
  return {
    ...types,
    fields,
    allows: (field: string) => fields.some(({ fieldId }) => fieldId === field),
    /** Names of the project's priorities, most urgent first; empty where they are not known. */
    priorities: (findField(fields, 'priority')?.allowedValues ?? []).flatMap(({ name }) => name ?? []),
  };
}
export type Screen = Awaited<ReturnType<typeof loadScreen>>;

/** Fields of the create screens by issue type: Jira refuses a whole issue for one field that is not on its screen. */
export function createScreenCache(site: JiraSite) {
  const screens = new Map<string, { get(): Promise<Screen> }>();
  return {
    get: (type = site.settings['issue-type']): Promise<Screen> =>
      remember(screens, type, () => kit.once(() => loadScreen(site, type))).get(),
    forget: () => screens.clear(),
  };
}

export type ScreenCache = ReturnType<typeof createScreenCache>;
