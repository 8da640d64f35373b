/* What Caselite costs on Cloudflare: measured operations × public prices. `npm run bench -- cost` writes docs/cost.md. */

export const steps = ['response', 'alert', 'closing', 'poll', 'page'] as const;

/** What one operation takes, on average. */
export interface Step {
  /** Requests to the Worker. */
  requests: number;
  /** Calls into objects, each billed as a request. */
  objectCalls: number;
  alarms: number;
  rowsRead: number;
  rowsWritten: number;
  /** Calls to trackers and mail hosts. */
  calls: number;
  cpuMs: number;
  /** Growth of the database. */
  bytes: number;
}
export type Measured = Record<(typeof steps)[number], Step>;

interface Meter {
  name: string;
  unit: string;
  /** Amount that the paid plan includes each month. */
  included: number;
  /** Dollars for each further million, or gigabyte-month. */
  price: number;
  /** What each of `price` buys. */
  per: number;
  /** Daily limit of the free plan. */
  freeADay: number;
}

const million = 1_000_000;

/** Prices of the plan Workers Paid, which costs five dollars a month by itself. */
export const planDollars = 5;
export const meters = {
  requests: {
    name: 'requests to the Worker',
    unit: '',
    included: 10 * million,
    price: 0.3,
    per: million,
    freeADay: 100_000,
  },
  cpuMs: {
    name: 'processor time of the Worker',
    unit: 'ms',
    included: 30 * million,
    price: 0.02,
    per: million,
    freeADay: Number.POSITIVE_INFINITY,
  },
  objectRequests: {
    name: 'calls into objects, and alarms',
    unit: '',
    included: million,
    price: 0.15,
    per: million,
    freeADay: 100_000,
  },
  gbSeconds: {
    name: 'time of objects at work',
    unit: 'GB-s',
    included: 400_000,
    price: 12.5,
    per: million,
    freeADay: 13_000,
  },
  rowsRead: {
    name: 'rows read',
    unit: '',
    included: 25_000 * million,
    price: 0.001,
    per: million,
    freeADay: 5 * million,
  },
  rowsWritten: { name: 'rows written', unit: '', included: 50 * million, price: 1, per: million, freeADay: 100_000 },
  gigabytes: {
    name: 'storage after a year',
    unit: 'GB',
    included: 5,
    price: 0.2,
    per: 1,
    freeADay: Number.POSITIVE_INFINITY,
  },
} satisfies Record<string, Meter>;
type MeterName = keyof typeof meters;
export type Usage = Record<MeterName, number>;

/** Storage of a free account, in gigabytes. */
const freeGigabytes = 5;

/** Mails: Resend’s free plan, and its paid ones by the number of mails a month. */
const mailPlans = [
  { most: 3000, dollars: 0 },
  { most: 50_000, dollars: 20 },
  { most: 100_000, dollars: 90 },
];
const overageOf1000Mails = 0.9;

export const prices = `Prices: [Workers](https://developers.cloudflare.com/workers/platform/pricing/) and [Durable
Objects](https://developers.cloudflare.com/durable-objects/platform/pricing/) as of November 2026, [Resend](https://resend.com/pricing) as of March 2026.`;

export interface Scenario {
  name: string;
  workspaces: number;
  /** In each workspace. */
  trackers: number;
  alertsAMonth: number;
}

export const scenarios: Scenario[] = [
  { name: 'a department', workspaces: 1, trackers: 1, alertsAMonth: 500 },
  { name: 'a company', workspaces: 1, trackers: 3, alertsAMonth: 10_000 },
  { name: 'a provider', workspaces: 1000, trackers: 1, alertsAMonth: 500 },
];

export const assumptions = {
  /** Trackers of the measured workspace, which share a poll of it. */
  measuredTrackers: 3,
  /** A poll every two minutes, all day. */
  pollsAMonth: 30 * 24 * 30,
  /** Responses beside each alert that open no case. */
  responsesAnAlert: 4,
  pagesAnAlert: 6,
  mailsAnAlert: 5,
  /** Time that a call to a tracker or mail host takes, during which the object is at work. */
  callSeconds: 0.4,
  /** Memory that is billed for each object. */
  objectGigabytes: 0.128,
  days: 30,
};

/** What all workspaces use in a month; storage is that of twelve months. */
export function computeUsage(measured: Measured, { workspaces, trackers, alertsAMonth }: Scenario): Usage {
  const { measuredTrackers, pollsAMonth, pagesAnAlert, responsesAnAlert, callSeconds, objectGigabytes } = assumptions;
  const times: Record<(typeof steps)[number], number> = {
    response: alertsAMonth * responsesAnAlert,
    alert: alertsAMonth,
    closing: alertsAMonth,
    poll: (pollsAMonth * trackers) / measuredTrackers,
    page: alertsAMonth * pagesAnAlert,
  };
  const sum = (figure: (step: Step) => number) =>
    workspaces * steps.reduce((total, step) => total + times[step] * figure(measured[step]), 0);
  return {
    requests: sum(({ requests }) => requests),
    cpuMs: sum(({ cpuMs }) => cpuMs),
    objectRequests: sum(({ objectCalls, alarms }) => objectCalls + alarms),
    gbSeconds: sum(({ calls, cpuMs }) => objectGigabytes * (calls * callSeconds + cpuMs / 1000)),
    rowsRead: sum(({ rowsRead }) => rowsRead),
    rowsWritten: sum(({ rowsWritten }) => rowsWritten),
    gigabytes: (12 * sum(({ bytes }) => bytes)) / 1e9,
  };
}

export const priceOf = (name: MeterName, amount: number): number =>
  (Math.max(0, amount - meters[name].included) / meters[name].per) * meters[name].price;

export function priceOfMails(mails: number): number {
  const fitting = mailPlans.find(({ most }) => mails <= most);
  const largest = mailPlans.at(-1) ?? { most: 0, dollars: 0 };
  return fitting?.dollars ?? largest.dollars + Math.ceil((mails - largest.most) / 1000) * overageOf1000Mails;
}

/** Dollars of a month, without and with mails. */
export function computeMonth(measured: Measured, scenario: Scenario) {
  const usage = computeUsage(measured, scenario);
  const names = Object.keys(meters) as MeterName[];
  const cloudflare = planDollars + names.reduce((sum, name) => sum + priceOf(name, usage[name]), 0);
  const mails = priceOfMails(scenario.workspaces * scenario.alertsAMonth * assumptions.mailsAnAlert);
  return { usage, cloudflare, mails, year: 12 * (cloudflare + mails) };
}

/** Meters that the free plan does not cover, with the share of its daily limit. */
export function listBeyondFree(usage: Usage): { name: string; share: number }[] {
  const names = Object.keys(meters) as MeterName[];
  const daily = names.map((name) => ({
    name: meters[name].name,
    share: usage[name] / assumptions.days / meters[name].freeADay,
  }));
  const stored = { name: meters.gigabytes.name, share: usage.gigabytes / freeGigabytes };
  return [...daily, stored].filter(({ share }) => share > 1);
}
