import { type Core, dateAt, dayMs, reports, scoreKinds, store } from '../kit.ts';
import { notifyOfRisk } from '../mail/notify.ts';

const customersPerTurn = 100;

export const startWatchingRisks = (core: Pick<Core, 'sql' | 'clock'>): void =>
  store.setTimerIfUnset(core.sql, 'risks', '0', core.clock.now());

/** Looks at customers who may be at risk, some per turn, once a day. @param target row of customers after which to go on */
export function watchRisks(core: Core, target: string): void {
  const now = core.clock.now();
  const zone = core.settings.workspace['time-zone'];
  const found = store.listCustomersToWatch(core.sql, {
    after: Number(target) || 0,
    since: now - reports.riskWindowMs,
    today: dateAt(now, zone),
    until: dateAt(now, zone, reports.renewalNearDays),
    limit: customersPerTurn,
  });
  for (const { key } of found) refreshRisk(core, key);
  const last = found.length === customersPerTurn ? found.at(-1) : undefined;
  store.setOnlyTimer(core.sql, 'risks', String(last?.row ?? 0), last ? now : now + dayMs);
}

/** Pairs the scores around each case of a customer, and finds whether the customer is at risk. */
export function followScores(core: Core, customerKey: string): void {
  const keys = store.listKeysOfPerson(core.sql, customerKey);
  const scores = store.listScoresOfPerson(core.sql, keys);
  for (const { id, openedAt, resolvedAt } of store.listCasesOfPerson(core.sql, keys))
    for (const kind of scoreKinds) {
      const pair = reports.pairScores(scores, kind, openedAt, resolvedAt);
      if (pair) store.putCaseScores(core.sql, { caseId: id, kind, ...pair });
    }
  refreshRisk(core, customerKey);
}

/** Stores why a customer is at risk. A new reason is noticed by people, at most once in a calendar month. */
function refreshRisk(core: Core, customerKey: string): void {
  const { sql } = core;
  const now = core.clock.now();
  const keys = store.listKeysOfPerson(sql, customerKey);
  const [owner = customerKey, ...others] = keys.toSorted();
  const known = store.customerRisks.find(sql, { customerKey: owner });
  const reasons = findReasons(core, keys).map((reason) => ({
    ...reason,
    at: known?.reasons.find((former) => former.reason === reason.reason)?.at ?? now,
  }));
  if (others.length > 0) store.customerRisks.delete(sql, { customerKey: others });
  if (reasons.length === 0 && !known) return;
  const noticedAt = known?.noticedAt ?? null;
  const month = (at: number) => dateAt(at, core.settings.workspace['time-zone']).slice(0, 7);
  const isNews = reasons.some(({ at }) => at > (noticedAt ?? 0));
  const isTime = noticedAt === null || month(noticedAt) !== month(now);
  const isNoticed = isNews && isTime && notifyOfRisk(core, keys, reasons);
  const since = reasons.length > 0 ? Math.min(...reasons.map(({ at }) => at)) : null;
  store.customerRisks.put(sql, { customerKey: owner, reasons, since, noticedAt: isNoticed ? now : noticedAt });
}

function findReasons(core: Core, keys: string[]): Omit<reports.RiskReason, 'at'>[] {
  const now = core.clock.now();
  const zone = core.settings.workspace['time-zone'];
  const cases = store.listCasesOfPerson(core.sql, keys);
  const disputed = cases.findLast(({ isDisputed }) => isDisputed);
  const heardAt = store.findLastResponseOfPerson(core.sql, keys)?.at ?? 0;
  const isUnheard = (resolvedAt: number) => now - resolvedAt < reports.riskWindowMs && heardAt < resolvedAt;
  const unverified = cases.filter(({ stage }) => stage === 'unverified');
  const silent = unverified.findLast(({ resolvedAt }) => resolvedAt !== null && isUnheard(resolvedAt));
  const renewals = keys.flatMap((key) => store.findCustomer(core.sql, key)?.attributes?.renewal ?? []).map(String);
  const [today, until] = [0, reports.renewalNearDays].map((days) => dateAt(now, zone, days));
  const renewal = renewals.find((day) => day >= (today ?? '') && day <= (until ?? ''));
  const [fall] = reports.findFallingScores(store.listScoresOfPerson(core.sql, keys), now);
  const found = [
    ['falling-score', fall && `${fall.kind.toUpperCase()} fell from ${fall.from} to ${fall.to}`],
    ['open-dispute', disputed && `The customer disputes the closing of C-${disputed.number}`],
    ['silence', silent && `C-${silent.number} was closed, and nothing was heard since`],
  ] as const;
  const reasons = found.flatMap(([reason, why]): Omit<reports.RiskReason, 'at'>[] => (why ? [{ reason, why }] : []));
  // A renewal alone is no risk: something has to stand open.
  const open = cases.findLast(({ isOpen }) => isOpen);
  if (!renewal || (reasons.length === 0 && !open)) return reasons;
  const beside = open ? `, and C-${open.number} is open` : '';
  return [...reasons, { reason: 'renewal-near', why: `Renewal on ${renewal}${beside}` }];
}
