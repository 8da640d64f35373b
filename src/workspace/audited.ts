import type { CustomerDetailsJson } from '#domain/json/people-json.ts';
import type { AuditEntry } from './basics/audit.ts';
import { derivePseudonym } from './basics/person.ts';
import { maySeeCustomers, type Viewer } from './basics/roles.ts';
import type { Core } from './core.ts';
import type { ListQuery } from './queries/lists.ts';
import type { OperationName } from './rights.ts';

type Describe = (core: Core, values: unknown[], result: unknown, viewer: Viewer) => Omit<AuditEntry, 'who'> | null;

/** Operations that show personal data: a line where the viewer read it unmasked. */
const views: Partial<Record<OperationName, Describe>> = {
  customer: (core, _, result) => ({ what: 'customer viewed', about: aboutCustomer(core, toCustomer(result).key) }),
  ledger: (core, [key]) => ({ what: 'customer viewed', about: aboutCustomer(core, String(key)) }),
  delivery: (_, [id]) => ({ what: 'raw delivery viewed', about: String(id) }),
  list: (_, [query]) => ((query as ListQuery).what === 'customers' ? { what: 'customer list viewed' } : null),
};

/** Other operations with a line in the audit log. Erasures, sign-ins, pushes and customer lists write their own. */
const acts: Partial<Record<OperationName, Describe>> = {
  exportPerson: (core, [person]) => ({ what: 'personal data exported', about: aboutCustomer(core, String(person)) }),
  mailAgain: (core, [person]) => ({ what: 'mail allowed again', about: aboutMailed(core, String(person)) }),
  startBackup: () => ({ what: 'backup made' }),
  mailSignInLink: (_, [person]) => ({ what: 'person invited', about: String(person) }),
  createSignInLink: (_, [person]) => ({ what: 'sign-in link made', about: String(person) }),
};

/** The line of an operation that was run; null for none. */
export function describeForAudit(
  core: Core,
  viewer: Viewer,
  { name, values, result }: { name: OperationName; values: unknown[]; result: unknown },
): (Omit<AuditEntry, 'who'> & { isView: boolean }) | null {
  const view = views[name];
  const line = view && maySeeCustomers(core, viewer) ? view(core, values, result, viewer) : null;
  if (line) return { ...line, isView: true };
  const act = acts[name]?.(core, values, result, viewer);
  return act ? { ...act, isView: false } : null;
}

const toCustomer = (result: unknown) => result as CustomerDetailsJson;

const aboutCustomer = (core: Core, person: string): string => derivePseudonym(core, 'customer', person);

const aboutMailed = (core: Core, person: string): string =>
  Object.hasOwn(core.settings.workspace.people, person) ? person : aboutCustomer(core, person);
