import * as z from 'zod';
import { each } from '#domain/base/api-object.ts';
import { type CommandName, commandDefinitions } from './command.ts';

export type ActionName = Exclude<CommandName, 'help'> | 'comment' | 'note' | 'owner' | 'category' | 'decline' | 'retry';

/** Actions, and whether each takes a value beside a reason. */
export const actionDefinitions: { name: ActionName; value: boolean }[] = [
  ...(['comment', 'note', 'owner', 'category'] as const).map((name) => ({ name, value: true })),
  { name: 'decline', value: false },
  ...commandDefinitions.flatMap(({ name, value }) => (name === 'help' ? [] : [{ name, value }])),
  { name: 'retry', value: false },
];

const textOrNull = z.string().nullable();

export const RequestedAction = z.object({
  action: z.custom<ActionName>((name) => actionDefinitions.some((definition) => definition.name === name)),
  value: z.string(),
  ...each(['because', 'rootCause', 'whatChanged'], textOrNull),
  mention: z.array(z.string()),
  who: z.string(),
  /** Idempotency key; null for actions that are safe to repeat. */
  once: textOrNull,
  /** Whether it waits some seconds in the outbox, so that it can be withdrawn. */
  isUndoable: z.boolean().optional(),
});
export type RequestedAction = z.output<typeof RequestedAction>;

/** Actions whose effects are seen by others at once, so that the case page holds them back for Undo. */
export const undoableActions: ActionName[] = ['assign', 'severity', 'status', 'close', 'decline', 'duplicate'];

export const bulkActions = ['assign', 'status', 'close'] as const satisfies ActionName[];

export const PendingCall = z.object({
  what: z.string(),
  state: z
    .enum(['sending', 'waits', 'unknown'])
    .describe('Next in its queue; the tracker accepts no calls now; the outcome is being looked up'),
  why: z.string(),
  undo: z.string().nullable().describe('Key under which it can still be withdrawn; null afterwards'),
});
export type PendingCall = z.output<typeof PendingCall>;

export const RefusedCall = z.object({
  what: z.string(),
  reason: z.string().describe('Fields and codes as the tracker names them'),
  remedy: z.string(),
  since: z.string(),
  nextAt: z.string().describe('When Caselite tries again by itself'),
});
export type RefusedCall = z.output<typeof RefusedCall>;
