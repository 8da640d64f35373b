import { readMailAddress } from '#domain/base/mail-address.ts';
import { tierOf } from '#domain/templates/template.ts';
import { AppError, basics, type Core, isOpenLoop, store } from '../kit.ts';
import { queueIssueEdit } from '../tracker-requests/sync-issue.ts';

type NamedCustomer = { key: string; email: string | null; name: string | null; who: string };

/** Names the customer of an open case that has none. The next closing asks them. */
export function nameCustomer(core: Core, caseId: string, { key: given, email, name, who }: NamedCustomer): void {
  const { kind, customerKey, loop } = basics.demandManagedCase(core, caseId, who);
  if (kind === 'strategic' || customerKey !== null)
    throw new AppError('conflict', 'This case has its customers already.');
  if (!isOpenLoop(loop)) throw new AppError('conflict', 'This case is closed; reopen it, then name its customer.');
  const key = basics.wording('key', given, 'enter the customer’s key', 300);
  const mail = email ? readMailAddress(email) : null;
  if (mail?.problem) basics.refuseField('email', mail.problem);
  const now = core.clock.now();
  const stated = { email: mail?.address ?? null, name, tier: null, revenue: null };
  store.addReportedAttributes(core.sql, key, stated, { submittedAt: now, now });
  const { tier = null, revenue = null } = store.findCustomer(core.sql, key) ?? {};
  const customer = { tier, revenue };
  store.updateCase(core.sql, caseId, {
    customerKey: key,
    revenue,
    tier: tierOf(core.settings.workspace, customer).name,
  });
  basics.record(core, caseId, 'customer named', 'they are asked after the next closing', { who });
  basics.pinEnteredAddress(core, caseId, key, { address: mail?.address ?? '', who });
  queueIssueEdit(core, caseId);
}
