import { AppError } from '#domain/base/errors.ts';
import type { Viewer } from './basics/roles.ts';
import type { Core } from './core.ts';
import { narrowed } from './masks.ts';
import { type OperationName, type Operations, operations, rights } from './operations.ts';
import type { ListQuery } from './queries/lists.ts';
import { demandRight } from './rights.ts';
import { findSessionViewer } from './sign-in/sessions.ts';

type Run = (core: Core, ...values: unknown[]) => unknown;
type Mask = (core: Core, viewer: Viewer, result: unknown, ...values: unknown[]) => unknown;

/**
 * Runs an operation for a viewer, in one transaction: refused without a right to it, masked before it leaves.
 *
 * @throws AppError for an operation that does not exist, and for a viewer who may not run it
 */
export function call(core: Core, caller: Viewer, name: string, values: unknown[]): unknown {
  if (!isOperation(name)) throw new AppError('not-found', 'There is no such operation.');
  const { right, ...operation } = operations[name];
  const run = operation.run as Run;
  const mask = operation.mask as Mask | undefined;
  return core.sql.transaction(() => {
    const viewer = caller.kind === 'session' ? findSessionViewer(core, caller.id) : caller;
    demandRight(core, viewer, right, values);
    if (name === 'about') demandRightBeforeForm(core, viewer, values[0]);
    const asked = name === 'list' ? [narrowed(core, viewer, values[0] as ListQuery)] : values;
    const result = run(core, ...asked);
    return mask ? mask(core, viewer, result, ...values) : result;
  });
}

const isOperation = (name: string): name is keyof Operations => Object.hasOwn(operations, name);

/** Refuses a person at the door of an address, before its form is read. */
function demandRightBeforeForm(core: Core, viewer: Viewer, name: unknown): void {
  if (typeof name !== 'string' || !Object.hasOwn(rights, name)) return;
  const right = rights[name as OperationName];
  if (right.person !== 'sees customer' && right.person !== 'has a part') demandRight(core, viewer, right, []);
}
