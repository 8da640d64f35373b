import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { crashPoints, findMissedCrashPoints } from '#test/simulation/crash-points.ts';
import { exhaust, type StoryReport } from '#test/simulation/exhaustive.ts';
import { stories } from '#test/simulation/exhaustive-stories.ts';

/* Fails every port call of every story with every kind of fault, on all cores, and prints a table; names of stories select some. */

if (isMainThread) await printTable(process.argv.slice(2));
else
  for (const story of stories)
    if (workerData.names.includes(story.name)) parentPort?.postMessage(await exhaust(story, workerData.part));

async function printTable(wanted: string[]): Promise<never> {
  const names = stories.map(({ name }) => name).filter((name) => wanted.length === 0 || wanted.includes(name));
  const strangers = wanted.filter((name) => !names.includes(name));
  if (strangers.length > 0) {
    console.error(`No story ${strangers.join(', ')}. There are: ${stories.map(({ name }) => name).join(', ')}.`);
    process.exit(2);
  }
  const step = availableParallelism();
  const parts = await Promise.all(Array.from({ length: step }, (_, first) => play(names, { step, first })));
  const reports = parts.flat();
  console.log('story | port calls | runs | failures');
  for (const name of names) {
    const own = reports.filter((report) => report.name === name);
    const sum = (of: (report: StoryReport) => number) => own.reduce((total, report) => total + of(report), 0);
    console.log(
      [name, own[0]?.calls ?? 0, sum(({ runs }) => runs), sum(({ failures }) => failures.length)].join(' | '),
    );
    for (const line of own.flatMap(({ failures }) => failures).slice(0, 10)) console.log(`  ${line}`);
  }
  const hits = reports.flatMap((report) => [...report.hits].map((fault) => ({ fault, story: report.name })));
  console.log('\ncrash point | stories that reach it');
  for (const [point, faults] of Object.entries(crashPoints)) {
    const reached = new Set(hits.filter(({ fault }) => faults.test(fault)).map(({ story }) => story));
    console.log(`${point} | ${reached.size}`);
  }
  const runs = reports.reduce((total, report) => total + report.runs, 0);
  const failures = reports.reduce((total, report) => total + report.failures.length, 0);
  const missed = findMissedCrashPoints(crashPoints, new Set(hits.map(({ fault }) => fault)));
  console.log(`\n${runs} runs, ${failures} failures, ${Math.round(performance.now() / 1000)} s`);
  process.exit(failures > 0 || (missed.length > 0 && wanted.length === 0) ? 1 : 0);
}

function play(names: string[], part: { step: number; first: number }): Promise<StoryReport[]> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { names, part } });
  const reports: StoryReport[] = [];
  worker.on('message', (report: StoryReport) => reports.push(report));
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', () => resolve(reports));
  });
}
