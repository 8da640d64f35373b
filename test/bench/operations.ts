import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { until } from '#src/cli/progress.ts';
import { type Measured, type Step, steps } from './cost.ts';
import { printTable, readCpuMs, startLocalStack } from './measure.ts';

/*
 * What one alert, one closing with its two mails, one poll and one page take of what Cloudflare bills, counted in the real
 * runtime: `npm run bench -- operations`. With `--write` the figures become those of docs/cost.md.
 */

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });

/** Counts what the runtime says of each statement, and alarms, calls into objects and calls outward. */
const counting = `const countedSoFar={read:0,written:0,alarms:0,calls:0,rpc:0,bytes:0};
const countStatements=(sql)=>({exec:(...given)=>{const cursor=sql.exec(...given);const rows=cursor.toArray();countedSoFar.read+=cursor.rowsRead;countedSoFar.written+=cursor.rowsWritten;countedSoFar.bytes=Math.max(countedSoFar.bytes,sql.databaseSize);return{toArray:()=>rows}}});
const countSetAlarm=()=>{countedSoFar.written+=1;return[]};
const countAlarm=()=>{countedSoFar.alarms+=1;console.error('COUNTS '+JSON.stringify(countedSoFar))};
const countCall=()=>{countedSoFar.rpc+=1};
const countedFetch=globalThis.fetch;globalThis.fetch=(...given)=>{countedSoFar.calls+=1;return countedFetch(...given)};`;

const local = await startLocalStack();
const { stack } = local;
const { client, run } = stack;
const bundle = stack.folder.file('worker', 'worker.mjs');
const text = readFileSync(bundle, 'utf8');
const counted = text
  .replace(/(\w+)\.sql\.exec\(/g, 'countStatements($1.sql).exec(')
  .replace(/\.setAlarm\(/g, '.setAlarm(...countSetAlarm(),')
  .replace(/async alarm\(\)\{/g, 'async alarm(){countAlarm();')
  .replace(/async (call|receive)\([\w,]*\)\{/g, '$&countCall();');
if (counted === text) throw new Error('the bundle has no statement to count');
writeFileSync(bundle, counting + counted);

const zero = { read: 0, written: 0, alarms: 0, calls: 0, rpc: 0, bytes: 0 };
let counts = zero;
const print = console.error;
console.error = (line: string) => {
  const found = /^COUNTS (.*)$/.exec(line)?.[1];
  if (found) counts = JSON.parse(found);
  else print(line);
};
// The running process is started again, with the counting bundle.
const pid = run.pids.workerd;
process.kill(pid, 'SIGKILL');
await until('the counting runtime runs', async () => run.pids.workerd !== pid && (await client.isUp()), 30_000);

/** The counts so far; an alarm reports them, and a poll brings one, which is subtracted. */
async function read() {
  await local.waitUntilIdle();
  await client.call('POST poll', {});
  await sleep(1500);
  return { ...counts, cpuMs: readCpuMs(run.pids.workerd) };
}

type Figures = Awaited<ReturnType<typeof read>>;

async function measure(
  times: number,
  requests: number,
  work: (index: number) => Promise<unknown>,
  ofPoll: Step | null,
): Promise<Step> {
  const before = await read();
  for (let index = 0; index < times; index += 1) await work(index);
  const after = await read();
  const turns = ofPoll === null ? times + 1 : times;
  const per = (name: keyof Figures, poll = 0) => Math.max(0, (after[name] - before[name] - poll) / turns);
  return {
    requests,
    objectCalls: per('rpc', ofPoll?.objectCalls),
    alarms: per('alarms', ofPoll?.alarms),
    rowsRead: per('read', ofPoll?.rowsRead),
    rowsWritten: per('written', ofPoll?.rowsWritten),
    calls: per('calls', ofPoll?.calls),
    cpuMs: per('cpuMs', ofPoll?.cpuMs),
    bytes: ofPoll === null ? 0 : per('bytes'),
  };
}

const alerts = 40;
const close = async (key: string) => {
  const body = new URLSearchParams({ as: '5b10ac8d82e05b22cc7d4ef2', kind: 'completed', text: '' });
  const { status } = await fetch(`${run.desk}/jira/${key}/close`, {
    method: 'POST',
    body,
    headers: { origin: run.desk },
  });
  if (status >= 400) throw new Error(`a closing was answered with ${status}`);
};
for (let made = 0; made < 5; made += 1) await local.alert();
const polling = async () => {
  await client.call('POST poll', {});
  // An interval that the emulated Jira allows for its searches.
  await sleep(4000);
};
const poll = await measure(10, 0, polling, null);
const response = await measure(200, 1, () => local.deliver(), poll);
const alert = await measure(
  alerts,
  1,
  async () => {
    await local.alert();
    await sleep(400);
  },
  poll,
);
const keys = (await client.list('cases')).flatMap(({ issue }) => (issue?.kind === 'jira' ? [issue.key] : []));
const closing = await measure(
  30,
  2,
  async (index) => {
    await close(keys[index] ?? '');
    // Acme asks ten seconds after a closing.
    await sleep(index === 29 ? 15_000 : 200);
  },
  poll,
);
const signedIn = await fetch(run.signIn, { method: 'POST', headers: { origin: run.url }, redirect: 'manual' });
const cookie = signedIn.headers
  .getSetCookie()
  .map((value) => value.split(';')[0])
  .join('; ');
const readPage = async () => {
  const answer = await fetch(`${run.url}/w/acme/cases`, { headers: { cookie } });
  if (!answer.ok || !(await answer.text()).includes('C-1'))
    throw new Error(`a page was answered with ${answer.status}`);
};
const page = await measure(40, 1, readPage, poll);

const measured: Measured = { response, poll, alert, closing, page };
printTable(
  'operations',
  steps.map((step) => ({
    step,
    ...Object.fromEntries(Object.entries(measured[step]).map(([name, value]) => [name, Math.round(value * 10) / 10])),
  })),
);
if (values.write) writeFileSync(new URL('operations.json', import.meta.url), `${JSON.stringify(measured, null, 2)}\n`);
await local.stop();
process.exit(0);
