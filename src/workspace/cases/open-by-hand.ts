import { readMailAddress } from '#domain/base/mail-address.ts';
import { readFurtherAttributes } from '#domain/responses/customer-file.ts';
import { buildGatheringCaseKey } from '#domain/responses/gather.ts';
import { collectAttributes } from '#domain/settings/attributes.ts';
import { type CaseTemplate, tierOf } from '#domain/templates/template.ts';
import { AppError, basics, type Case, type Core, createRandomId, deriveCaseMatchKey, handleOf, store } from '../kit.ts';
import { queueIssueEdit } from '../tracker-requests/sync-issue.ts';
import { elevateByRules } from './elevate.ts';
import { deriveMatchKeys, open, sendReceipt } from './open-case.ts';
import { openOrJoinCases } from './open-or-join.ts';

export interface ByHand {
  template: string;
  customer: {
    key: string;
    email: string | null;
    name: string | null;
    tier: string | null;
    revenue: number | null;
    attributes?: Record<string, unknown>;
  } | null;
  reason: string;
  who: string;
  theme?: string | null;
  /** Names the form, so that a form sent twice opens one case without a customer. */
  once?: string | null;
}

/** Opens a case from a template without a response, in a transaction; AppError `conflict` for a known problem. */
export function openByHand(core: Core, { template: name, customer, reason, who, theme, once }: ByHand): Case {
  const template = demandOpeningTemplate(core, name);
  if (reason.trim() === '') basics.refuseField('reason', 'is empty; say in one line why the case is opened');
  if (template.kind === 'strategic' && customer)
    basics.refuseField('customer', 'does not fit a strategic template, whose case has many customers');
  const email = readEnteredAddress(customer?.email);
  const isStrategic = template.kind === 'strategic';
  const form = once ? `hand ${once} ${reason}` : createRandomId(core.random, 'hand');
  const gathered = isStrategic
    ? buildGatheringCaseKey(name, template, theme?.trim() || null)
    : { scope: name, key: customer?.key ?? form, theme: null };
  const matchKeys = deriveMatchKeys(core, template, gathered);
  const [key = ''] = matchKeys;
  const latest = matchKeys.map((own) => store.findLatestCaseByMatchKey(core.sql, own));
  const standing = latest.find((found) => found?.loop === 'working');
  if (standing && once && !customer && !isStrategic) return standing;
  if (standing) throw new AppError('conflict', `${handleOf(standing)} is open already for the same problem.`);
  const { key: customerKey = null, attributes = {}, email: _, ...fields } = customer ?? {};
  const further = readFurtherAttributes(attributes, collectAttributes(core.settings.workspace));
  const known = storeStatedCustomer(core, customerKey, { ...fields, email, ...further });
  const subject = { key, name, customerKey, customer: known, responseId: null, theme: gathered.theme };
  const opened = open(core, template, subject, ['opened by hand']);
  elevateByRules(core, opened.id, 'category');
  // The reason is a person's free text, so it stays in the timeline and out of the tracker.
  basics.record(core, opened.id, 'opened by hand', reason.trim(), { who });
  if (customer) basics.pinEnteredAddress(core, opened.id, customer.key, { address: email ?? '', who });
  sendReceipt(core, opened);
  return opened;
}

/** The address that a person entered; null for none. */
function readEnteredAddress(email: string | null | undefined): string | null {
  const read = email ? readMailAddress(email) : null;
  if (read?.problem) basics.refuseField('email', read.problem);
  return read?.address ?? null;
}

/** Stores what a person states of a customer. @returns what decides about the customer's case */
function storeStatedCustomer(
  core: Core,
  key: string | null,
  stated: Parameters<typeof store.addReportedAttributes>[2],
) {
  const now = core.clock.now();
  if (key !== null) store.addReportedAttributes(core.sql, key, stated, { submittedAt: now, now });
  const { tier = null, revenue = null } = store.findCustomer(core.sql, key) ?? {};
  return { tier, revenue };
}

function demandOpeningTemplate(core: Core, name: string): CaseTemplate {
  const template = core.settings.templates.get(name);
  if (!template) basics.refuseField('template', `names no case template of the workspace: ${name}`);
  if (template.state === 'off') basics.refuseField('template', `is off: ${name}`);
  if (template.action === 'notice') basics.refuseField('template', `only sends notices and opens nothing: ${name}`);
  return template;
}

/** Opens a case for a response whose answers open none, or joins it to one; inside a transaction. */
export function openFromResponse(
  core: Core,
  responseId: string,
  { template: name, reason, who }: Pick<ByHand, 'template' | 'reason' | 'who'>,
): Case {
  const stored = basics.demandResponse(core, responseId);
  const template = demandOpeningTemplate(core, name);
  const why = basics.wording('reason', reason, 'say in one line why the case is opened', 300);
  const { opened, line } = openOrJoinCases(core, name, template, stored, ['opened by hand from a response']);
  const caseRecord = store.findCaseByResponseAndTemplate(core.sql, responseId, name);
  if (!opened || !caseRecord) throw new AppError('conflict', `No case is opened: ${line}.`);
  basics.record(core, caseRecord.id, 'opened by hand', why, { who, evidence: responseId });
  return caseRecord;
}

type NamedCustomer = { key: string; email: string | null; name: string | null; who: string };

/** Names the customer of an open case that has none. The next closing asks them. */
export function nameCustomer(core: Core, caseId: string, { key: given, email, name, who }: NamedCustomer): void {
  const { kind, customerKey, loop, template } = basics.demandManagedCase(core, caseId, who);
  if (kind === 'strategic' || customerKey !== null)
    throw new AppError('conflict', 'This case has its customers already.');
  if (loop !== 'working') throw new AppError('conflict', 'This case is closed; reopen it, then name its customer.');
  const key = basics.wording('key', given, 'enter the customer’s key', 300);
  const address = readEnteredAddress(email);
  const customer = storeStatedCustomer(core, key, { email: address, name });
  const { name: tier } = tierOf(core.settings.workspace, customer);
  const caseMatchKey = deriveCaseMatchKey(core.keys, template, key);
  store.updateCase(core.sql, caseId, { customerKey: key, caseMatchKey, revenue: customer.revenue, tier });
  basics.record(core, caseId, 'customer named', 'they are asked after the next closing', { who });
  basics.pinEnteredAddress(core, caseId, key, { address: address ?? '', who });
  queueIssueEdit(core, caseId);
}
