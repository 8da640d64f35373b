import { AppError } from '#domain/base/errors.ts';
import type { Viewer } from './basics/roles.ts';
import type { Core } from './core.ts';
import { narrowed } from './masks.ts';
import { type Operations, operations } from './operations.ts';
import type { ListQuery } from './queries/lists.ts';
import { chooseActor, demandRight, type OperationName, rights } from './rights.ts';
import { findSessionViewer } from './sign-in/sessions.ts';

type Run = (core: Core, ...values: unknown[]) => unknown;
type Mask = (core: Core, viewer: Viewer, result: unknown, ...values: unknown[]) => unknown;

/**
 * Runs an operation for a viewer, in one transaction: refused without a right to it, done under the viewer's name,
 * masked before it leaves.
 *
 * @throws AppError for an operation that does not exist, and for a viewer who may not run it
 */
export function call(core: Core, caller: Viewer, name: string, values: unknown[]): unknown {
  if (!isOperation(name)) throw new AppError('not-found', 'There is no such operation.');
  const { acts, ...operation } = operations[name];
  const run = operation.run as Run;
  const mask = operation.mask as Mask | undefined;
  return core.sql.transaction(() => {
    const viewer = identify(core, caller);
    const right = rights[name];
    demandRight(core, viewer, right, values);
    if (name === 'about') demandRightBeforeValues(core, viewer, values[0]);
    let asked = name === 'list' ? [narrowed(core, viewer, values[0] as ListQuery)] : values;
    if (acts) {
      const input = values.at(-1) as { who?: string };
      const who = chooseActor(core, viewer, right, values, input.who);
      asked = [...values.slice(0, -1), { ...input, who }];
    }
    const result = run(core, ...asked);
    return mask ? mask(core, viewer, result, ...asked) : result;
  });
}

/** The party of a session. Others are who they are. */
export const identify = (core: Core, caller: Viewer): Viewer =>
  caller.kind === 'session' ? findSessionViewer(core, caller.id) : caller;

const isOperation = (name: string): name is keyof Operations => Object.hasOwn(operations, name);

/** Refuses a viewer at the door of an address, before its form or body is read. */
function demandRightBeforeValues(core: Core, viewer: Viewer, name: unknown): void {
  if (typeof name === 'string' && Object.hasOwn(rights, name))
    demandRight(core, viewer, rights[name as OperationName], null);
}
