import { AppError } from '#domain/base/errors.ts';
import type { Viewer } from './basics/viewer.ts';
import type { Core } from './core.ts';
import { masks, narrowed } from './masks.ts';
import { type Operations, operations } from './operations.ts';
import type { ListQuery } from './queries/lists.ts';
import { demandRight, demandRightBeforeForm } from './rights.ts';

type Run = (core: Core, ...values: unknown[]) => unknown;
type Mask = (core: Core, viewer: Viewer, result: unknown, ...values: unknown[]) => unknown;

/**
 * Runs an operation for a viewer, in one transaction: refused without a right to it, masked before it leaves.
 *
 * @throws AppError for an operation that does not exist, and for a viewer who may not run it
 */
export function call(core: Core, viewer: Viewer, name: string, values: unknown[]): unknown {
  if (!isOperation(name)) throw new AppError('not-found', 'There is no such operation.');
  const run = operations[name] as Run;
  const mask = masks[name] as Mask | undefined;
  return core.sql.transaction(() => {
    demandRight(core, viewer, name, values);
    if (name === 'about') demandRightBeforeForm(core, viewer, values[0]);
    const asked = name === 'list' ? [narrowed(core, viewer, values[0] as ListQuery)] : values;
    const result = run(core, ...asked);
    return mask ? mask(core, viewer, result, ...values) : result;
  });
}

const isOperation = (name: string): name is keyof Operations => Object.hasOwn(operations, name);
