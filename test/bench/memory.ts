import { parseArgs } from 'node:util';
import { playLoad } from './load.ts';
import { createRequest, printTable, readCpuMs, readMemory, startLocalStack } from './measure.ts';

/*
 * Resident memory of the runtime with one workspace: idle, while it takes and judges deliveries, while pages are
 * read, and afterwards: `npm run bench -- memory`. The process holds the runtime itself as well.
 */

const { values } = parseArgs({ options: { deliveries: { type: 'string', default: '3000' } } });
const local = await startLocalStack();
const { run, client } = local.stack;
const port = Number(new URL(run.url).port);
const { secret } = local;
const table: Record<string, string | number>[] = [];
const note = (phase: string) => {
  const { now, peak } = readMemory(run.pids.workerd);
  table.push({ phase, 'MiB now': now, 'MiB peak so far': peak, 'CPU s so far': readCpuMs(run.pids.workerd) / 1000 });
};

note('after the start');
const requests = Array.from({ length: Number(values.deliveries) }, () =>
  createRequest({ port, path: '/hooks/acme/upgrade-survey', secret }),
);
const { statuses } = await playLoad(port, requests, 16, 60_000);
note(`${statuses.get(202) ?? 0} deliveries acknowledged`);
await local.waitUntilIdle();
note('all of them judged');
for (let made = 0; made < 40; made += 1) await local.alert();
await local.waitUntilIdle();
note('40 cases with their issues');
for (let read = 0; read < 50; read += 1) {
  await client.call('GET cases', {}, { limit: '200' });
  await client.call('GET responses', {}, { limit: '200' });
  await client.call('GET reports', {}, {});
}
note('150 lists and reports read');
printTable('memory', table, { statuses: [...statuses], mostMiB: 96 });
await local.stop();
process.exit(0);
