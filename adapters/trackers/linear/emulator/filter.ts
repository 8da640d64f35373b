import { invalid } from './errors.ts';

/** An object for GraphQL: fields are values or functions of arguments. */
export type View = Record<string, unknown>;

const comparators: Record<string, (value: unknown, wanted: unknown) => boolean> = {
  eq: (value, wanted) => value === wanted,
  neq: (value, wanted) => value !== wanted,
  in: (value, wanted) => Array.isArray(wanted) && wanted.includes(value),
  eqIgnoreCase: (value, wanted) => String(value).toLowerCase() === String(wanted).toLowerCase(),
  contains: (value, wanted) => String(value).includes(String(wanted)),
  gt: (value, wanted) => Date.parse(String(value)) > Date.parse(String(wanted)),
  gte: (value, wanted) => Date.parse(String(value)) >= Date.parse(String(wanted)),
  lt: (value, wanted) => Date.parse(String(value)) < Date.parse(String(wanted)),
  lte: (value, wanted) => Date.parse(String(value)) <= Date.parse(String(wanted)),
};

function isObject(value: unknown): value is View {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value matches a Linear filter of any type. */
function matches(value: unknown, filter: View): boolean {
  return Object.entries(filter).every(([name, wanted]) => {
    if (name === 'and' && Array.isArray(wanted)) return wanted.every((part) => matches(value, part));
    if (name === 'or' && Array.isArray(wanted)) return wanted.some((part) => matches(value, part));
    if (name === 'null') return (value === null) === wanted;
    if (!isObject(wanted)) return value !== null && (comparators[name]?.(value, wanted) ?? false);
    const field = isObject(value) ? value[name] : null;
    return matches(typeof field === 'function' ? field({}) : field, wanted);
  });
}

export interface ListArgs {
  first?: number | null;
  after?: string | null;
  includeArchived?: boolean | null;
  orderBy?: 'createdAt' | 'updatedAt' | null;
  filter?: View | null;
}

/** One page, newest first. The cursor is a place in the order, not a count of rows. */
export function page(views: View[], args: ListArgs): View {
  const first = args.first ?? 50;
  if (first < 1 || first > 250) throw invalid('first must be between 1 and 250.');
  const place = (view: View) => `${view[args.orderBy ?? 'createdAt']}_${view.id}`;
  const rows = views
    .filter((view) => args.includeArchived || view.archivedAt === null)
    .filter((view) => matches(view, args.filter ?? {}))
    .toSorted((a, b) => (place(a) < place(b) ? 1 : -1));
  const after = args.after ?? null;
  const rest = after === null ? rows : rows.filter((view) => place(view) < after);
  const nodes = rest.slice(0, first);
  const [head, tail] = [nodes[0], nodes.at(-1)];
  return {
    nodes,
    pageInfo: {
      startCursor: head ? place(head) : null,
      endCursor: tail ? place(tail) : null,
      hasNextPage: rest.length > nodes.length,
      hasPreviousPage: after !== null,
    },
  };
}
