import type { CaseJson } from '#domain/json/case-json.ts';
import type { Visit } from '#src/views/visit.ts';

/** An arbitrary instant; the tests only count from it. */
const now = Date.parse('2026-11-24T12:00:00Z');

export const at = (hours: number): string => new Date(now + hours * 3_600_000).toISOString();

/** An open case, due in five hours, with the given changes. */
export function sampleCase(difference: Partial<CaseJson> = {}): CaseJson {
  return {
    id: 'c_1',
    handle: 'C-1',
    workspace: 'acme',
    template: 'upgrade-not-installed',
    kind: 'tactical',
    action: 'case',
    firstContactDueAt: null,
    pausedAt: null,
    customer: { key: 'cust-1', name: null, tier: 'gold', revenue: null, attributes: {} },
    customers: 1,
    addresses: [],
    category: 'Installation issues',
    severity: 'urgent',
    status: 'Open',
    loop: 'working',
    openedAt: at(-19),
    openedWhy: [],
    dueAt: at(5),
    dueWhy: [],
    firstContactAt: null,
    resolvedAt: null,
    closingReason: null,
    closingNote: null,
    closingFlag: null,
    rootCause: null,
    closers: null,
    sending: [],
    refused: [],
    explanation: null,
    whatChanged: null,
    repeats: null,
    waitsFor: null,
    disputes: 0,
    generation: 1,
    assignee: 'sam',
    loopOwner: 'dana',
    plan: [],
    ladder: {
      nextAt: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
      snoozedUntil: null,
    },
    contributors: [],
    contributions: [],
    overdue: false,
    needsPerson: null,
    needsPersonKind: null,
    issue: null,
    responses: ['r_1'],
    responseCount: 1,
    verdicts: [],
    followUps: [],
    timeline: [],
    ...difference,
  };
}

/** A visit of a case manager, with the given changes. */
export const sampleVisit = (difference: Partial<Visit> = {}): Visit => ({
  workspace: 'acme',
  name: 'Acme',
  timeZone: 'Europe/Berlin',
  attributes: {},
  templates: {},
  people: {},
  person: 'sam',
  access: 'manager',
  may: [],
  isHeld: false,
  respondents: {},
  query: {},
  now,
  ...difference,
});
