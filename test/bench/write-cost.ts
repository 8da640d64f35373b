import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import {
  assumptions,
  computeMonth,
  listBeyondFree,
  type Measured,
  meters,
  planDollars,
  prices,
  scenarios,
  steps,
} from './cost.ts';

/* The page of costs, from `operations.json`: `npm run bench -- cost` writes it. */

export const costPagePath = new URL('../../docs/cost.md', import.meta.url);
export const readMeasured = (): Measured =>
  JSON.parse(readFileSync(new URL('operations.json', import.meta.url), 'utf8')) as Measured;

const objectBytes = 10e9;
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const short = (value: number): string => (value < 10 ? String(Math.round(value * 10) / 10) : whole(value));
const dollars = (value: number): string =>
  `$${value < 100 ? (Math.round(value * 100) / 100).toFixed(2) : whole(value)}`;
const row = (cells: string[]): string => `| ${cells.join(' | ')} |`;
const table = (columns: string[], rows: string[][]): string =>
  [row(columns), row(columns.map(() => '---')), ...rows.map(row)].join('\n');

export function createCostPage(measured: Measured): string {
  const months = scenarios.map((scenario) => ({ scenario, month: computeMonth(measured, scenario) }));
  const { measuredTrackers, pagesAnAlert, responsesAnAlert, mailsAnAlert, callSeconds } = assumptions;
  const free = months.map(({ scenario, month }) => {
    const beyond = listBeyondFree(month.usage).map(({ name, share }) => `${name} (${short(share)} times its limit)`);
    return `- ${scenario.name}: ${beyond.length === 0 ? 'fits the free plan' : `needs the paid plan, by ${beyond.join(', ')}`}.`;
  });
  return `# What it costs

Written by \`npm run bench -- cost\` from operations that \`npm run bench -- operations --write\` counted in the
real runtime, and from public prices. ${prices}
The software costs nothing, and on [a machine of your own](self-hosting.md) there is nothing to pay but the machine and the mails.

${table(
  ['', ...months.map(({ scenario }) => scenario.name)],
  [
    ['workspaces', ...scenarios.map(({ workspaces }) => whole(workspaces))],
    ['alerts a month in each', ...scenarios.map(({ alertsAMonth }) => whole(alertsAMonth))],
    ['trackers of each', ...scenarios.map(({ trackers }) => whole(trackers))],
    ['Cloudflare, a month', ...months.map(({ month }) => dollars(month.cloudflare))],
    ['mails, a month', ...months.map(({ month }) => dollars(month.mails))],
    ['**a year**', ...months.map(({ month }) => `**${dollars(month.year)}**`)],
    ['a year for each workspace', ...months.map(({ scenario, month }) => dollars(month.year / scenario.workspaces))],
  ],
)}

For comparison: fully managed closed-loop programmes cost about $20,000 a year, and others $50,000 and up.

## The free plan

${free.join('\n')}

Resend’s free plan sends at most 100 mails a day. Cloudflare’s gives a request to the Worker 10 ms of processor time; the work of an object has a limit of its own.

## What an operation takes

${table(
  [
    '',
    'requests',
    'calls into objects',
    'alarms',
    'rows read',
    'rows written',
    'calls outward',
    'processor ms',
    'bytes',
  ],
  steps.map((step) => {
    const { requests, objectCalls, alarms, rowsRead, rowsWritten, calls, cpuMs, bytes } = measured[step];
    return [step, ...[requests, objectCalls, alarms, rowsRead, rowsWritten, calls, cpuMs, bytes].map(short)];
  }),
)}

A *response* opens no case; an *alert* is a delivery that opens a case with its issue and its notices; a *closing* reads the closed issue and asks customer and closer by mail; a *poll* reads the changes of
${measuredTrackers} trackers, every two minutes all day (in truth every five minutes after two idle hours); a *page* is a list of cases. Each alert is taken to be one of ${responsesAnAlert + 1} responses, to be closed, to have ${pagesAnAlert} pages read and ${mailsAnAlert} mails sent. A call outward is taken to last
${callSeconds} seconds, during which the object is billed. The processor times are those of the machine that measured.

The 10 GB of one workspace's object hold some ${whole(objectBytes / measured.response.bytes / 1000)} thousand responses that open no case, or ${whole(objectBytes / (measured.alert.bytes + measured.closing.bytes) / 1000)} thousand closed cases.

## What is billed

${table(
  ['', 'included', 'beyond it', ...months.map(({ scenario }) => scenario.name)],
  Object.entries(meters).map(([name, { name: title, unit, included, price, per }]) => [
    `${title}${unit ? `, ${unit}` : ''}`,
    whole(included),
    `${dollars(price).replace(/^\$0\.00$/, '$0.001')} for ${per === 1 ? 'each' : 'a million'}`,
    ...months.map(({ month }) => short(month.usage[name as keyof typeof month.usage])),
  ]),
)}

The plan itself is ${dollars(planDollars)} a month. Amounts are those of a month; storage is that of a year without [retention](settings.md), and without what SQLite frees again.
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(costPagePath, createCostPage(readMeasured()));
