import { AppError } from '#domain/base/errors.ts';
import { describeForAudit } from './audited.ts';
import { audit } from './basics/audit.ts';
import type { Viewer } from './basics/roles.ts';
import type { Core } from './core.ts';
import { narrowed } from './masks.ts';
import { type Operations, operations } from './operations.ts';
import type { ListQuery } from './queries/lists.ts';
import { chooseActor, demandRight, type OperationName, rights } from './rights.ts';
import { auditDeadLink } from './sign-in/links.ts';
import { findSessionViewer } from './sign-in/sessions.ts';
import { findTokenName, findTokenViewer } from './sign-in/tokens.ts';

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
  const work = () => {
    const viewer = identify(core, caller);
    const right = rights[name];
    demandRight(core, viewer, right, values);
    if (name === 'about') demandRightBeforeValues(core, viewer, values[0]);
    const input = (acts ? values.at(-1) : {}) as { who?: string };
    const who = chooseActor(core, viewer, right, values, input.who);
    let asked = acts ? [...values.slice(0, -1), { ...input, who }] : values;
    if (name === 'list' || name === 'caseRows') asked = [narrowed(core, viewer, asked[0] as ListQuery)];
    const result = run(core, ...asked);
    const line = describeForAudit(core, viewer, { name, values: asked, result });
    if (line) {
      const { isView, ...entry } = line;
      audit(core, { who, ...entry }, !isView);
    }
    return mask ? mask(core, viewer, result, ...asked) : result;
  };
  try {
    return core.sql.transaction(work);
  } catch (error) {
    if (error instanceof AppError) auditRefusal(core, caller, name, values, error);
    throw error;
  }
}

/** Audits a refused sign-in or token, after its transaction left nothing behind. */
function auditRefusal(core: Core, caller: Viewer, name: string, [id]: unknown[], { code }: AppError): void {
  if (name === 'signIn' && caller.kind === 'link') core.sql.transaction(() => auditDeadLink(core, String(id)));
  if (caller.kind !== 'token' || code !== 'auth') return;
  const entry = { who: 'somebody', what: 'token refused', about: findTokenName(core, caller.token) };
  core.sql.transaction(() => audit(core, entry, false));
}

/** The party of a session or token. Others are who they are. */
export function identify(core: Core, caller: Viewer): Viewer {
  if (caller.kind === 'token') return findTokenViewer(core, caller.token);
  return caller.kind === 'session' ? findSessionViewer(core, caller.id) : caller;
}

const isOperation = (name: string): name is keyof Operations => Object.hasOwn(operations, name);

/** Refuses a viewer at the door of an address, before its form or body is read. */
function demandRightBeforeValues(core: Core, viewer: Viewer, name: unknown): void {
  if (typeof name === 'string' && Object.hasOwn(rights, name))
    demandRight(core, viewer, rights[name as OperationName], null);
}

/**
 * The author of a push: people and named tokens push under their own name, the deployment's token names somebody.
 *
 * @param core null before the first push, which only the deployment's token may do
 * @throws AppError for those who may not push
 */
export function chooseAuthor(core: Core | null, caller: Viewer, given: string | undefined): string {
  const viewer = core ? identify(core, caller) : caller;
  if (core) demandRight(core, viewer, rights.push, []);
  if (viewer.kind === 'program' && viewer.name === undefined) return given ?? 'the API';
  if (!core) throw new AppError('auth', 'This workspace was never set up.');
  return chooseActor(core, viewer, rights.push, [], given);
}
