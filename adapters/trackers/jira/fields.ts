import { getCreateIssueMetaIssueTypeId, getCreateIssueMetaIssueTypes } from 'jira.js/cloud';
import * as kit from '../../kit.ts';
import { type FieldSchema, issueTypePageSchema, type ScreenField, screenFieldPageSchema } from './schema.ts';
import type { JiraSite } from './site.ts';
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

/** Name of the priority for a rank: by the settings, by Jira's usual name, else by its place among the project's. */
export function choosePriority(
  rank: 1 | 2 | 3 | 4,
  { configured, known }: { configured: string[] | undefined; known: string[] },
): string {
  const usualName = usual[rank - 1] ?? 'Medium';
  const byRank = (names: string[]) => names[placeOfRank(rank, names.length)] ?? usualName;
  if (configured) return byRank(configured);
  return known.length === 0 || known.includes(usualName) ? usualName : byRank(known);
}

const placeOfRank = (rank: number, count: number): number =>
  count >= 4 ? rank - 1 : Math.max(0, rank - 1 - (4 - count));

const ranks = [1, 2, 3, 4] as const;
const usualRanks: Record<string, 1 | 2 | 3 | 4> = { highest: 1, high: 2, medium: 3, low: 4, lowest: 4 };

/** Rank of a priority; null for one that no severity has. */
export function findRankOfPriority(
  name: string,
  names: { configured: string[] | undefined; known: string[] },
): 1 | 2 | 3 | 4 | null {
  const isIt = (other: string) => other.toLowerCase() === name.toLowerCase();
  const usualRank = names.configured ? undefined : usualRanks[name.toLowerCase()];
  const rank = usualRank ?? ranks.find((each) => isIt(choosePriority(each, names)));
  return rank ?? kit.toRank(Math.min(names.known.findIndex(isIt) + 1, 4));
}

const itemsPerPage = 200;
const maxPages = 10;

/** Fields of the create screens by issue type: Jira refuses a whole issue for one field that is not on its screen. */
export function createScreenCache({ read, settings }: JiraSite) {
  const projectIdOrKey = settings.project;
  const screens = new Map<string, ReturnType<typeof kit.once<Screen>>>();

  async function load(issueType: string) {
    const { issueTypeId, subtaskTypeId } = await types(issueType);
    // The description of the screen is a help only; an issue is made without it.
    const isUnreadable = (error: unknown) =>
      error instanceof kit.IntegrationError && ['auth', 'rejected'].includes(error.code) && error.status !== 401;
    const fields = await kit.recover(readFields(issueTypeId), isUnreadable, [] as ScreenField[]);
    return {
      issueTypeId,
      subtaskTypeId,
      fields,
      allows: (field: string) => fields.some(({ fieldId }) => fieldId === field),
      /** Names of the project's priorities, most urgent first; empty where they are not known. */
      priorities: (findField(fields, 'priority')?.allowedValues ?? []).flatMap(({ name }) => name ?? []),
    };
  }
  type Screen = Awaited<ReturnType<typeof load>>;

  const readFields = (issueTypeId: string) =>
    pages(async (startAt) => {
      const page = await read('jira read screen', screenFieldPageSchema, getCreateIssueMetaIssueTypeId, {
        projectIdOrKey,
        issueTypeId,
        startAt,
        maxResults: itemsPerPage,
      });
      return { items: page.fields, total: page.total };
    });

  async function types(issueType: string): Promise<{ issueTypeId: string; subtaskTypeId: string | null }> {
    const all = await pages(async (startAt) => {
      const page = await read('jira read issue types', issueTypePageSchema, getCreateIssueMetaIssueTypes, {
        projectIdOrKey,
        startAt,
        maxResults: itemsPerPage,
      });
      return { items: page.issueTypes, total: page.total };
    });
    const type = all.find(({ id, name }) => id === issueType || name.toLowerCase() === issueType.toLowerCase());
    if (!type) {
      const names = all.map(({ name }) => name).join(', ');
      const detail = `project ${projectIdOrKey} has no issue type ${issueType}; it has ${names}`;
      throw kit.refusal('jira read issue types', detail);
    }
    return { issueTypeId: type.id, subtaskTypeId: all.find(({ subtask }) => subtask)?.id ?? null };
  }

  return {
    get(issueType = settings['issue-type']): Promise<Screen> {
      const screen = screens.get(issueType) ?? kit.once(() => load(issueType));
      screens.set(issueType, screen);
      return screen.get();
    },
    forget: () => screens.clear(),
  };
}

export type ScreenCache = ReturnType<typeof createScreenCache>;

async function pages<Item>(ask: (startAt: number) => Promise<{ items: Item[]; total: number }>): Promise<Item[]> {
  const all: Item[] = [];
  for (let page = 0; page < maxPages; page += 1) {
    const { items, total } = await ask(all.length);
    all.push(...items);
    if (!items.length || all.length >= total) break;
  }
  return all;
}
