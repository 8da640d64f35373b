import { AppError, basics, type Core, type json } from './kit.ts';
import { demandShownAttributes, narrowed } from './masks.ts';
import { type Operations, operations } from './operations.ts';
import type { ListQuery } from './queries/lists.ts';
import { chooseActor, demandRight, type OperationName, rights } from './rights.ts';
import { auditDeadLink } from './sign-in/links.ts';
import { findSessionCaller, findTokenCaller, findTokenName } from './sign-in/sessions.ts';

type Run = (core: Core, ...values: unknown[]) => unknown;
type Mask = (core: Core, caller: basics.Caller, result: unknown, ...values: unknown[]) => unknown;

/** An operation in one transaction: refused without a right, done under the caller's name, masked at the end. */
export function call(core: Core, from: basics.Caller, name: string, values: unknown[]): unknown {
  if (!isOperation(name)) throw new AppError('not-found', 'There is no such operation.');
  const { acts, ...operation } = operations[name];
  const run = operation.run as Run;
  const mask = operation.mask as Mask | undefined;
  const work = () => {
    const caller = identify(core, from);
    const right = rights[name];
    demandRight(core, caller, right, values);
    // Refused at the door of an address, before its form or body is read.
    if (name === 'about' && isRight(values[0])) demandRight(core, caller, rights[values[0]], null);
    const input = (acts ? values.at(-1) : {}) as { who?: string };
    const who = chooseActor(core, caller, right, values, input.who);
    let asked = acts ? [...values.slice(0, -1), { ...input, who }] : values;
    if (name === 'list' || name === 'caseRows') asked = [narrowed(core, caller, asked[0] as ListQuery)];
    if (name === 'report' || name === 'words' || name === 'risingTerms')
      demandShownAttributes(core, caller, asked[0] as ListQuery);
    const result = run(core, ...asked);
    const own = name === 'case' ? [result as json.CaseJson] : [];
    const view = basics.maySeeCustomers(core, caller, ...own) ? auditedViews[name]?.(core, asked, result) : null;
    const entry = view ?? auditedActs[name]?.(core, asked, result);
    if (entry) basics.audit(core, { who, ...entry }, !view);
    return mask ? mask(core, caller, result, ...asked) : result;
  };
  try {
    return core.sql.transaction(work);
  } catch (error) {
    if (error instanceof AppError) auditRefusal(core, from, name, values, error);
    throw error;
  }
}

/** Audits a refused sign-in or token, after its transaction left nothing behind. */
function auditRefusal(core: Core, from: basics.Caller, name: string, [id]: unknown[], { code }: AppError): void {
  if (name === 'signIn' && from.kind === 'link') core.sql.transaction(() => auditDeadLink(core, String(id)));
  if (from.kind !== 'token' || code !== 'auth') return;
  const entry = { who: 'somebody', what: 'token refused', about: findTokenName(core, from.token) };
  core.sql.transaction(() => basics.audit(core, entry, false));
}

/** The party of a session or token. Others are who they are. */
export function identify(core: Core, from: basics.Caller): basics.Caller {
  if (from.kind === 'token') return findTokenCaller(core, from.token);
  return from.kind === 'session' ? findSessionCaller(core, from.id) : from;
}

const isOperation = (name: string): name is keyof Operations => Object.hasOwn(operations, name);
const isRight = (name: unknown): name is OperationName => typeof name === 'string' && Object.hasOwn(rights, name);

/** Author of a push: people and named tokens under their own name; the deployment's token names somebody. */
export function chooseAuthor(core: Core | null, from: basics.Caller, given: string | undefined): string {
  const caller = core ? identify(core, from) : from;
  if (core) demandRight(core, caller, rights.push, []);
  if (caller.kind === 'program' && caller.name === undefined) return given ?? 'the API';
  if (!core) throw new AppError('auth', 'This workspace was never set up.');
  return chooseActor(core, caller, rights.push, [], given);
}

type Audited = Omit<basics.AuditEntry, 'who'>;
type Describe = (core: Core, values: unknown[], result: unknown) => Audited | null;

/** What is audited where its caller sees who customers are. */
const auditedViews: Partial<Record<OperationName, Describe>> = {
  customer: (core, _, result) => ({
    what: 'customer viewed',
    about: aboutCustomer(core, (result as { key: string }).key),
  }),
  ledger: (core, [key]) => ({ what: 'customer viewed', about: aboutCustomer(core, String(key)) }),
  delivery: (_, [id]) => ({ what: 'raw delivery viewed', about: String(id) }),
  case: (_, __, result) => ({ what: 'customer of a case viewed', about: (result as json.CaseJson).id }),
  list: (_, [query]) => ((query as ListQuery).what === 'customers' ? { what: 'customer list viewed' } : null),
};

const auditedActs: Partial<Record<OperationName, Describe>> = {
  exportPerson: (core, [person]) => ({ what: 'personal data exported', about: aboutCustomer(core, String(person)) }),
  mailAgain: (core, [person]) => {
    const name = String(person);
    return { what: 'mail allowed again', about: basics.findPerson(core, name) ? name : aboutCustomer(core, name) };
  },
  stopMail: (core, [person]) => ({ what: 'mail stopped', about: aboutCustomer(core, String(person)) }),
  startBackup: () => ({ what: 'backup made' }),
  mailSignInLink: (_, [person]) => ({ what: 'person invited', about: String(person) }),
  createSignInLink: (_, [person]) => ({ what: 'sign-in link made', about: String(person) }),
};

const aboutCustomer = (core: Core, person: string): string => basics.derivePseudonym(core, 'customer', person);
