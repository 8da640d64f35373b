import { dayMs, hourMs, minuteMs, weekMs } from '#domain/time/units.ts';
import { type IndexEntry, Refusal } from './state.ts';

const units = { m: minuteMs, h: hourMs, d: dayMs, w: weekMs };
const sorts: Record<string, (entry: IndexEntry) => number | string> = {
  updated: ({ updatedAt }) => updatedAt,
  key: ({ key }) => Number(key.split('-')[1]),
  project: ({ project }) => project,
};

export interface Query {
  matches(entry: IndexEntry, now: number): boolean;
  compare(item: IndexEntry, other: IndexEntry): number;
}

type Test = Query['matches'];

/** Clauses joined by AND and one ORDER BY. Anything else is refused, never ignored. */
export function parseJql(jql: string): Query {
  const tokens = tokenise(jql);
  const tests: Test[] = [];
  const next = (): string => tokens.shift() ?? '';
  const is = (word: string): boolean => tokens[0]?.toUpperCase() === word;

  while (tokens.length && !is('ORDER')) {
    tests.push(clause(next().toLowerCase(), next().toUpperCase(), next()));
    if (!is('AND')) break;
    next();
    if (!tokens.length || is('ORDER')) throw wrong('a clause is missing after AND');
  }
  if (!tests.length) throw wrong('the query must be bounded by a restriction');
  return { matches: (entry, now) => tests.every((test) => test(entry, now)), compare: order(tokens) };
}

const wrong = (detail: string): Refusal => new Refusal(400, `JQL: ${detail}.`);

function tokenise(jql: string): string[] {
  const tokens: string[] = [];
  const lexeme = /\s*("(?:[^"\\]|\\.)*"|>=|<=|!=|[=<>,]|[\w.:'-]+)\s*/y;
  while (lexeme.lastIndex < jql.length) {
    const at = lexeme.lastIndex;
    const found = lexeme.exec(jql)?.[1];
    if (found === undefined) throw wrong(`unexpected character at ${at}`);
    tokens.push(found);
  }
  return tokens;
}

const unquoted = (token: string): string =>
  token.startsWith('"') ? token.slice(1, -1).replace(/\\(.)/g, '$1') : token;

function clause(field: string, operator: string, token: string): Test {
  const value = unquoted(token);
  if (!value) throw wrong(`no value for ${field || 'a field'}`);
  if (field === 'updated') return updatedSince(operator, value);
  const of: Record<string, (entry: IndexEntry) => string[]> = {
    project: ({ project }) => [project],
    key: ({ key }) => [key],
    labels: ({ labels }) => labels,
  };
  const values = of[field];
  if (!values) throw wrong(`unknown field ${field}`);
  if (operator === '=') return (entry) => values(entry).includes(value);
  if (operator === '!=') return (entry) => !values(entry).includes(value);
  throw wrong(`operator ${operator} is not for ${field}`);
}

/** Accepts a relative bound only; it is cut to the minute, and zero minutes matches nothing. */
function updatedSince(operator: string, value: string): Test {
  const [, count, unit] = /^-(\d+)([mhdw])$/.exec(value) ?? [];
  if (operator !== '>=' || count === undefined) throw wrong('updated takes >= and a relative time');
  const span = Number(count) * units[unit as keyof typeof units];
  return ({ updatedAt }, now) => span > 0 && updatedAt >= Math.floor((now - span) / units.m) * units.m;
}

function order(tokens: string[]): Query['compare'] {
  if (!tokens.length) return (a, b) => b.at - a.at;
  const words = tokens.join(' ');
  const [, list] = /^ORDER BY (.+)$/i.exec(words) ?? [];
  if (!list) throw wrong(`unexpected ${tokens[0]}`);
  const keys = list.split(',').map((part) => {
    const [, field, direction] = /^(\w+)(?: (ASC|DESC))?$/i.exec(part.trim()) ?? [];
    const sort = sorts[field?.toLowerCase() ?? ''];
    if (!sort) throw wrong(`cannot order by ${part.trim()}`);
    return { sort, sign: direction?.toUpperCase() === 'DESC' ? -1 : 1 };
  });
  return (a, b) => {
    for (const { sort, sign } of keys) {
      const [left, right] = [sort(a), sort(b)];
      if (left !== right) return left < right ? -sign : sign;
    }
    return 0;
  };
}
