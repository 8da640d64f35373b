import type { GivenRows } from '#domain/base/csv.ts';
import { basics, type Core, dateAt, findStartOfDate, type port, readInstant, reports, store } from '../kit.ts';

/** Takes rows that another tool or a person tells, in steps once all are checked; what is known changes nothing. */
export function* takeReported(core: Core, list: reports.TakenList, { rows, who }: { rows: GivenRows; who: string }) {
  const { sources, 'time-zone': zone } = core.settings.workspace;
  const today = dateAt(core.clock.now(), zone);
  const read = reports.readReported(list, rows);
  for (const row of read) {
    if ('outcome' in row && row.day > today) basics.refuseField('day', `lies in the future: ${row.day}`);
    if ('source' in row && !Object.hasOwn(sources, row.source))
      basics.refuseField('source', `is not under sources of the workspace file: ${row.source}`);
  }
  basics.audit(core, { who, what: `${list} taken`, details: `${read.length} rows` });
  for (const row of read) {
    takers[list](core, row as never);
    yield;
  }
  return { taken: read.length };
}

const takers = {
  surveys: takeSurvey,
  outcomes: takeOutcome,
  counts: ({ sql }: Core, row: reports.Reported<'counts'>) => store.reportedCounts.put(sql, row),
};

/** Takes an event that reports a survey or an outcome. @returns whether it brought anything new */
export function takeReportedEvent(core: Core, { event, at, subject, customer, value }: port.IncomingEvent): boolean {
  if (!customer) return false;
  const { key, email } = customer;
  if (event === 'survey.sent') return storeSurvey(core, { key, email, survey: subject ?? 'a survey', form: '', at });
  const outcome = reports.outcomes.find((name) => event === `customer.${name}`);
  if (!outcome) return false;
  know(core, key, email, at);
  return storeOutcome(core, { key, outcome, day: dateAt(at, core.settings.workspace['time-zone']), value });
}

function takeSurvey(core: Core, { customer, email, survey, form = '', at }: reports.Reported<'surveys'>): void {
  const instant = readInstant(at, core.settings.workspace['time-zone']);
  const key = customer ?? (email && store.findListedCustomerKeyByEmail(core.sql, email)) ?? email ?? '';
  storeSurvey(core, { key, email: email ?? null, survey, form, at: instant });
}

type TakenSurvey = Omit<store.ReportedSurvey, 'customerKey' | 'address'> & { key: string; email: string | null };

function storeSurvey(core: Core, { key, email, ...reported }: TakenSurvey): boolean {
  know(core, key, email, reported.at);
  return store.reportedSurveys.add(core.sql, { ...reported, customerKey: key, address: email?.toLowerCase() ?? null });
}

function takeOutcome(core: Core, { customer: key, outcome, day, value }: reports.Reported<'outcomes'>): void {
  const zone = core.settings.workspace['time-zone'];
  know(core, key, null, findStartOfDate(day, zone));
  storeOutcome(core, { key, outcome, day, value: value ?? null });
}

function storeOutcome(
  { sql, settings }: Core,
  { key, outcome, day, value }: { key: string; outcome: reports.Outcome; day: string; value: number | null },
): boolean {
  const keys = store.listKeysOfPerson(sql, key);
  const until = findStartOfDate(day, settings.workspace['time-zone'], 1);
  return store.putOutcome(sql, { customerKey: key, day, outcome, value, ...store.findStanding(sql, keys, until) });
}

/** A person who is named is a customer, so that an export and an erasure find them. */
const know = (core: Core, key: string, email: string | null, at: number): void =>
  store.addReportedAttributes(core.sql, key, { email }, { submittedAt: at, now: core.clock.now() });
