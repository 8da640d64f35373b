import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { AppError, InvalidInputError } from '#domain/base/errors.ts';
import { verifyToken } from '#domain/base/key.ts';
import { Slug } from '#domain/base/names.ts';
import type { Keyring } from '#domain/base/ports.ts';
import type { Value, Values, WorkspaceCalls } from '../calls.ts';
import { readDeployment, variable } from '../deployment.ts';
import { directoryOf, type Env, workspaceOf } from '../env.ts';
import { keyring } from '../keyring.ts';
import type { Stub } from '../objects.ts';
import { buildSecretVariableName } from '../wiring.ts';
import type { Caller, LinkPurpose } from '../workspace/basics/case-operation.ts';
import { type OperationBeyondCore, operations } from '../workspace/operations.ts';
import { type Result, toFailure } from '../workspace/result.ts';
import { rights } from '../workspace/rights.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** `caller` is set by the door of the API. */
export type HonoEnvironment = { Bindings: Env; Variables: { caller: Caller } };
export type HonoContext = Context<HonoEnvironment>;

type Direct = (caller: Caller, ...values: unknown[]) => Promise<Result<unknown>>;

function bindCallsToCaller(stub: Stub<Workspace>, caller: Caller): WorkspaceCalls {
  const run = (name: string, values: unknown[]): Promise<Result<unknown>> =>
    Object.hasOwn(operations, name)
      ? stub.call(caller, name, values)
      : (stub[name as OperationBeyondCore] as Direct)(caller, ...values);
  const calls = Object.keys(rights).map((name) => [
    name,
    async (...values: unknown[]) => unwrap(await run(name, values)),
  ]);
  return Object.fromEntries(calls);
}

/** Names seen to exist, so that hooks ask the directory once. Names that don't exist are never kept. */
const known = new Set<string>();

/** The workspace's object, or null where no such workspace was ever set up: asking makes none. */
export async function findWorkspaceStub(c: HonoContext, name: string): Promise<Stub<Workspace> | null> {
  if (!Slug.safeParse(name).success) return null;
  if (!known.has(name)) {
    const names = unwrap(await directoryOf(c.env).list());
    if (!names.includes(name)) return null;
    known.add(name);
  }
  return workspaceOf(c.env, name);
}

/** The workspace for one caller, or null where there is none of that name. */
export async function findWorkspace(c: HonoContext, name: string, caller: Caller): Promise<WorkspaceCalls | null> {
  const stub = await findWorkspaceStub(c, name);
  return stub && bindCallsToCaller(stub, caller);
}

/** The workspace that a link of a mail leads to, for its holder; null for a link that is not genuine. */
export async function findWorkspaceOfLink(c: HonoContext, purpose: LinkPurpose) {
  const token = verifyToken(keysOf(c), purpose, c.req.param('token') ?? '');
  if (!token) return null;
  const { subject } = token;
  const workspace = await findWorkspace(c, token.workspace, { kind: 'link', purpose, subject });
  return workspace && { workspace, subject };
}

/** The workspace that a path of the API names. @throws AppError when it was never set up */
export async function findWorkspaceForProgram(c: HonoContext): Promise<WorkspaceCalls> {
  const calls = await findWorkspace(c, c.req.param('workspace') ?? '', c.get('caller'));
  if (!calls) throw new AppError('not-found', 'There is no such workspace.');
  return calls;
}

/** The workspace's object, which the holder of the deployment's token may create. */
export async function ensureWorkspace(c: HonoContext, name: string): Promise<WorkspaceCalls> {
  if (c.get('caller').kind !== 'program' || !Slug.safeParse(name).success) return findWorkspaceForProgram(c);
  unwrap(await directoryOf(c.env).add(name));
  known.add(name);
  return bindCallsToCaller(workspaceOf(c.env, name), c.get('caller'));
}

/** What the object answered, or its error as one of ours. */
export function unwrap<Value>(result: Result<Value>): Value {
  if (result.ok) return result.value;
  if (result.code === 'invalid-input') throw new InvalidInputError(result.message, result.problems);
  throw new AppError(result.code as AppError['code'], result.message);
}

/** The outcome of a call whose refusal is an answer as well. */
export const attempt = <Value>(call: Promise<Value>): Promise<Result<Value>> =>
  call.then((value) => ({ ok: true, value }), toFailure);

export const run = <Name extends keyof WorkspaceCalls>(
  workspace: WorkspaceCalls,
  operation: Name,
  values: Values<Name>,
): Promise<Value<Name>> => (workspace[operation] as (...given: Values<Name>) => Promise<Value<Name>>)(...values);

function keysOf(c: HonoContext): Keyring {
  const { key, previousKey } = readDeployment(c.env);
  return keyring(key, '', previousKey);
}

/** Whether a text is what one of the deployment's variables holds, compared in constant time. */
export const isVariable = (c: HonoContext, text: string, ...names: string[]): boolean =>
  names.some((name) => {
    const expected = variable(c.env, name) ?? '';
    return expected !== '' && keysOf(c).isEqual(text, expected);
  });

function isDeploymentToken(c: HonoContext, token: string): boolean {
  const name = buildSecretVariableName(c.req.param('workspace') ?? '', 'API_TOKEN');
  return isVariable(c, token, name, `${name}_PREVIOUS`);
}

/** Whether the deployment has no workspace yet, and lets the holder of its code make the first. */
export const isSetUpOpen = async (c: HonoContext): Promise<boolean> =>
  Boolean(variable(c.env, 'SETUP_CODE')) && unwrap(await directoryOf(c.env).list()).length === 0;

/** Lets holders of an API token in as the caller; AppError for a token without the scope of the operation. */
export async function admitApiToken(c: HonoContext, text: string, operation: string | null) {
  const caller: Caller = isDeploymentToken(c, text) ? { kind: 'program' } : { kind: 'token', token: text };
  c.set('caller', caller);
  if (caller.kind === 'program') return true;
  if (!/^cl_[0-9a-f]{48}$/.test(text)) return false;
  const workspace = await findWorkspace(c, c.req.param('workspace') ?? '', caller);
  return workspace !== null && (await askAbout(workspace, operation)) !== null;
}

/** What a caller may know who is to run an operation; null for one who is not let in. */
export async function askAbout(workspace: WorkspaceCalls, operation: string | null) {
  const about = await attempt(workspace.about(operation));
  return !about.ok && about.code === 'auth' ? null : unwrap(about);
}

/** Name and options of a cookie. `__Host-` needs TLS; an address without it gets the plain name. */
export function chooseCookie(c: HonoContext, name = 'caselite') {
  const secure = readDeployment(c.env).publicUrl.startsWith('https:');
  const options = { httpOnly: true, sameSite: 'Lax' as const, secure, path: '/' };
  return { name: secure ? `__Host-${name}` : name, options };
}

/** Sets the cookie of a new session, and leads to its page. */
export function enterSession(
  c: HonoContext,
  { cookie, seconds, path }: NonNullable<Value<'signInByIdentity'>>,
): Response {
  const { name, options } = chooseCookie(c);
  setCookie(c, name, cookie, { ...options, maxAge: seconds });
  return c.redirect(path, 303);
}

/** Workspace and session of a genuine cookie, whether or not the session is still open; null otherwise. */
export function readSessionCookie(c: HonoContext): { workspace: string; id: string } | null {
  const token = verifyToken(keysOf(c), 'session', getCookie(c, chooseCookie(c).name) ?? '');
  return token && { workspace: token.workspace, id: token.subject };
}
