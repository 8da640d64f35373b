import type { FieldSchema, ScreenField } from './schema.ts';
import type { JiraSite } from './site.ts';

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
export function toFieldValues(site: JiraSite, screenFields: Describable[], wanted: Fields): Fields {
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([name, value]) => {
      const field = findField(screenFields, name);
      if (field) return [[field.fieldId, toFieldValue(site, field.schema, value)]];
      // Without a description of the screen, an id is taken at its word.
      return screenFields.length === 0 ? [[name, value]] : [];
    }),
  );
}

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
  return custom.endsWith(':textarea') ? site.toAdfDocument(text) : text;
}

/** Required fields without a value or a default. Those that every create sends are left out. */
export function listMissingFields(screenFields: ScreenField[], wanted: Fields): ScreenField[] {
  const sent = [
    'summary',
    'issuetype',
    'project',
    'description',
    'labels',
    'duedate',
    'priority',
    'parent',
    'reporter',
  ];
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

/** Place of a rank among names of which there may be fewer than ranks: the lower ranks stay apart. */
const placeOfRank = (rank: number, count: number): number =>
  count >= 4 ? rank - 1 : Math.max(0, rank - 1 - (4 - count));

const ranks = [1, 2, 3, 4] as const;
const usualRanks: Record<string, 1 | 2 | 3 | 4> = { highest: 1, high: 2, medium: 3, low: 4, lowest: 4 };

/** Rank of a priority; null for one that no severity has. */
export function findRankOfPriority(
  name: string,
  names: { configured: string[] | undefined; known: string[] },
): 1 | 2 | 3 | 4 | null {
  if (!names.configured && usualRanks[name.toLowerCase()]) return usualRanks[name.toLowerCase()] ?? null;
  const rank = ranks.find((each) => choosePriority(each, names).toLowerCase() === name.toLowerCase());
  if (rank) return rank;
  const place = names.known.findIndex((known) => known.toLowerCase() === name.toLowerCase());
  return place < 0 ? null : (ranks[Math.min(place, 3)] ?? null);
}
