import { parseArgs } from 'node:util';
import { median, printTable, quantile, round, startLocalStack } from './measure.ts';

/*
 * Time from a delivery to its issue in an emulated Jira, one alert after the other: `npm run bench -- alert-to-issue`.
 * The tracker's own share is the time of such a create without Caselite.
 */

const { values } = parseArgs({ options: { alerts: { type: 'string', default: '40' } } });
const local = await startLocalStack();
const { client, run, secrets } = local.stack;
const count = Number(values.alerts);

const toAcknowledgement: number[] = [];
const sentAt: number[] = [];
for (let made = 0; made < count; made += 1) {
  const begun = performance.now();
  sentAt.push(Date.now());
  await local.alert();
  toAcknowledgement.push(performance.now() - begun);
  await local.waitUntilIdle();
}
const cases = (await client.list('cases')).filter(({ kind }) => kind === 'tactical').toReversed();
const toIssue = cases.slice(0, count).map(({ timeline }, index) => {
  const created = timeline.find(({ what }) => what === 'issue created');
  return Date.parse(created?.at ?? '') - (sentAt[index] ?? 0);
});

const own: number[] = [];
const authorization = `Basic ${btoa(`caselite@acme.example:${secrets.get('ACME__JIRA_TOKEN')}`)}`;
const fields = { project: { key: 'SUP' }, issuetype: { name: 'Task' }, summary: 'Without Caselite' };
for (let made = 0; made < count; made += 1) {
  const begun = performance.now();
  const body = JSON.stringify({ fields });
  const headers = { authorization, 'content-type': 'application/json' };
  const { status } = await fetch(`${run.trackers.jira}/rest/api/3/issue`, { method: 'POST', headers, body });
  if (status !== 201) throw new Error(`the tracker answered ${status}`);
  own.push(performance.now() - begun);
}

const row = (step: string, times: number[]) => ({
  step,
  'p50 ms': round(median(times)),
  'p99 ms': round(quantile(times, 0.99)),
});
const table = [
  row('delivery acknowledged', toAcknowledgement),
  row('issue recorded', toIssue),
  row('a create in the tracker alone', own),
];
const addedMs = round(median(toIssue) - median(own));
printTable('alert-to-issue', table, { cases: cases.length, addedMs, mostMs: 20 });
console.log(`Caselite adds ${addedMs} ms at the median (target 20 ms).`);
await local.stop();
process.exit(0);
