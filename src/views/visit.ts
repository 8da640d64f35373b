import { createContext, useContext } from 'hono/jsx';
import type { Value } from '../calls.ts';
import { readable } from './case-display.ts';

/** A form that was refused: what was posted, and the message at its field. */
export interface FormProblem {
  path: string;
  fields: Record<string, string>;
  /** Null for a message about the whole form. */
  field: string | null;
  message: string;
}

export interface Visit extends Omit<Value<'about'>, 'access' | 'person'> {
  workspace: string;
  person: string;
  access: 'admin' | 'manager' | 'member' | 'viewer';
  now: number;
  query: Record<string, string>;
  /** The refused form that led back to this page. */
  problem?: FormProblem;
}

export type TrackerState = Value<'trackerStates'>[number];
export type PermittedCaseActions = Value<'actionsFor'>;
export type CaseRow = Value<'caseRows'>['rows'][number];

export const VisitContext = createContext<Visit | null>(null);

/** The visit whose page is rendered, for what stands inside a page of a workspace. */
export function useVisit(): Visit {
  const visit = useContext(VisitContext);
  if (!visit) throw new Error('Only pages of a workspace show this.');
  return visit;
}

/** Whether this person sees who all customers are; members do on their own cases only. */
export const maySeeCustomers = ({ access }: Pick<Visit, 'access'>): boolean =>
  access === 'admin' || access === 'manager';

/** Whether a box was ticked in the form that was refused. */
export const wasTicked = ({ problem }: Visit, name: string): boolean => problem?.fields[name] !== undefined;

/** A person's name, or the key of somebody who left the workspace file. */
export const nameOf = ({ people }: Pick<Visit, 'people'>, person: string): string =>
  Object.hasOwn(people, person) ? (people[person] ?? person) : person;

/** The name of a case template, or the key of one that left the settings. */
export const nameOfTemplate = ({ templates }: Pick<Visit, 'templates'>, template: string): string =>
  Object.hasOwn(templates, template) ? (templates[template] ?? template) : readable(template);

/** Parameters of an address, without those that are null or empty. */
export const toQuery = (query: Record<string, string | null | undefined>): URLSearchParams =>
  new URLSearchParams(Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1])));
