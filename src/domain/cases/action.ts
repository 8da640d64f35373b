import * as z from 'zod';
import { type CommandName, commandDefinitions } from './command.ts';

/** Actions on a case for people on its page and programs through the API. */
export type ActionName = Exclude<CommandName, 'help'> | 'comment' | 'decline' | 'retry';

interface ActionDefinition {
  name: ActionName;
  /** Whether the action takes a value, under the action's own name. */
  value: boolean;
}

const commands = commandDefinitions.flatMap(({ name, value }): ActionDefinition[] =>
  name === 'help' ? [] : [{ name, value }],
);

export const actionDefinitions: ActionDefinition[] = [
  { name: 'comment', value: true },
  { name: 'decline', value: false },
  ...commands,
  { name: 'retry', value: false },
];

export interface RequestedAction {
  action: ActionName;
  value: string;
  because: string | null;
  rootCause: string | null;
  /** What was done, given together with a closing, for the customer to read. */
  whatChanged: string | null;
  mention: string[];
  who: string;
  /** Idempotency key; null for actions that are safe to repeat. */
  once: string | null;
}

/** A call about a case that is still under way. */
export const PendingCall = z.object({
  what: z.string(),
  state: z
    .enum(['sending', 'waits', 'unknown'])
    .describe('Next in its queue; the tracker accepts no calls now; the outcome is being looked up'),
  why: z.string(),
});
export type PendingCall = z.output<typeof PendingCall>;

/** A call about a case, or a part of one, that the tracker refused. */
export const RefusedCall = z.object({
  what: z.string(),
  reason: z.string().describe('Fields and codes as the tracker names them'),
  remedy: z.string(),
  since: z.string(),
  nextAt: z.string().describe('When Caselite tries again by itself'),
});
export type RefusedCall = z.output<typeof RefusedCall>;

/** Actions that a person may take on a case, with their choices. */
export interface PermittedCaseActions {
  /** Null for people without a part in the case. */
  role: 'manager' | 'member' | null;
  mayClose: boolean;
  statuses: string[];
  severities: string[];
  people: { key: string; name: string; hasAccount: boolean }[];
  rootCauses: string[];
  needsRootCause: boolean;
  /** Whether the tracker shows the issue, so that Caselite can write to it. */
  hasIssue: boolean;
  /** Operations on the case that the person may run; forms of others are not shown. */
  may: string[];
}
