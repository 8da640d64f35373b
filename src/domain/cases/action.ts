import * as z from 'zod';
import { type CommandName, commandDefinitions } from './command.ts';

/** What people do with a case on its page, and programs through the API: each command, and what needs a form. */
export type ActionName = Exclude<CommandName, 'help'> | 'comment' | 'decline';

interface ActionDefinition {
  name: ActionName;
  /** Whether it takes a value, which then goes by the action's own name. */
  value: boolean;
}

const commands = commandDefinitions.flatMap(({ name, value }): ActionDefinition[] =>
  name === 'help' ? [] : [{ name, value }],
);

export const actionDefinitions: ActionDefinition[] = [
  { name: 'comment', value: true },
  { name: 'decline', value: false },
  ...commands,
];

export interface ActionInput {
  action: ActionName;
  value: string;
  because: string | null;
  /** Said together with a closing: why it happened. */
  rootCause: string | null;
  /** Said together with a closing: what was done, for the customer to read. */
  whatChanged: string | null;
  /** People whom a comment mentions. */
  mention: string[];
  /** The person who wants it. */
  who: string;
  /** What was sent twice under one of these is done once; null for whatever may be done again. */
  once: string | null;
}

/** A call about a case that has not ended yet. */
export const OnItsWay = z.object({
  what: z.string(),
  state: z
    .enum(['sending', 'waits', 'unknown'])
    .describe('It goes next, the tracker takes nothing now, or whether it arrived is being looked up'),
  why: z.string(),
});
export type OnItsWay = z.output<typeof OnItsWay>;

/** What a person may do with a case, and what there is to choose from. */
export interface CaseActions {
  /** Null for whoever has no part in the case. */
  role: 'manager' | 'member' | null;
  /** Whether this person may close it. */
  mayClose: boolean;
  statuses: string[];
  severities: string[];
  people: { key: string; name: string; hasAccount: boolean }[];
  rootCauses: string[];
  needsRootCause: boolean;
  /** Whether the tracker shows the issue, so that it can be written to. */
  hasIssue: boolean;
}
