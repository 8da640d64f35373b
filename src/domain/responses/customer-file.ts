import * as z from 'zod';
import { type CsvTable, createCellProblem, type GivenRows, listGivenRows, refused } from '../base/csv.ts';
import type { Problem } from '../base/errors.ts';
import {
  type Attributes,
  explainUnknownAttribute,
  hasOwnField,
  readAttributeValue,
  typed,
} from '../settings/attributes.ts';
import type { Statement } from './customer.ts';

export type ListedCustomer = Statement & { key: string };

const missingKeyMessage = 'is missing; write the id by which responses name the customer';
const Key = z.string(missingKeyMessage).trim().min(1, missingKeyMessage).max(500, 'is longer than 500 characters');

type Report = (column: string, message: string) => unknown;

function readStatement(
  given: Record<string, unknown>,
  attributes: Attributes,
  moreNames: string[],
  refuse: Report,
): Statement {
  const statement: Statement = {};
  for (const [name, entry] of Object.entries(given)) {
    const attribute = attributes.get(name);
    if (!attribute) refuse(name, explainUnknownAttribute(name, attributes, moreNames));
    else if (entry !== null && entry !== undefined) {
      const { value, problem } = readAttributeValue(attribute, entry);
      if (problem !== null) refuse(name, problem);
      else statement[name] = value;
    }
  }
  return statement;
}

/** The `attributes` of a customer in an event or of a case by hand; InvalidInputError names each problem. */
export function readFurtherAttributes(given: Record<string, unknown>, attributes: Attributes): Statement {
  const problems: Problem[] = [];
  const further = new Map([...attributes].filter(([name]) => !hasOwnField(name)));
  const statement = readStatement(given, further, [], (name, message) => {
    problems.push({ field: `customer.attributes.${name}`, message });
  });
  if (problems.length > 0) throw refused(problems);
  return statement;
}

type ReadingInSteps = Generator<void, ListedCustomer[]>;

/**
 * Reads a customer list that came as JSON or as a file, with a key and any attributes; an empty cell says nothing.
 * @throws InvalidInputError naming row and attribute of each problem
 */
export function* readCustomers(given: GivenRows, attributes: Attributes): ReadingInSteps {
  if (!Array.isArray(given)) checkColumns(given, attributes);
  const problems: Problem[] = [];
  const seen = new Map<string, number>();
  const customers: ListedCustomer[] = [];
  for (const { row, line, toProblem } of listGivenRows(given, 'customers')) {
    yield;
    const { key: givenKey, ...rest } = row;
    const report: Report = (name, message) => problems.push(toProblem(name, message));
    const { data: key, error } = Key.safeParse(givenKey);
    for (const { message } of error?.issues ?? []) report('key', message);
    const statement = readStatement(line === undefined ? rest : toTyped(rest, attributes), attributes, ['key'], report);
    if (key === undefined) continue;
    const first = seen.get(key);
    if (first !== undefined) report('key', `is a duplicate of line ${first}`);
    if (line !== undefined) seen.set(key, line);
    customers.push({ ...statement, key });
  }
  if (problems.length > 0) throw refused(problems);
  return customers;
}

function toTyped(row: Record<string, unknown>, attributes: Attributes): Record<string, unknown> {
  const values = Object.entries(row).map(([name, text]) => {
    const attribute = attributes.get(name);
    return [name, attribute ? typed(attribute, String(text)) : text];
  });
  return Object.fromEntries(values);
}

function checkColumns({ columns }: CsvTable, attributes: Attributes): void {
  const names = columns.map((name) => name.toLowerCase());
  const problems = names.flatMap((name, index) => {
    if (name === 'key' || attributes.has(name)) return [];
    const place = { line: 1, column: index + 1 };
    return [createCellProblem(place, columns, explainUnknownAttribute(name, attributes, ['key']))];
  });
  if (!names.includes('key')) problems.push({ field: 'line 1', message: 'has no column key', line: 1 });
  if (problems.length > 0) throw refused(problems);
}
