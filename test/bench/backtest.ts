import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#src/cli/workspace-files.ts';

/*
 * `npm run bench -- backtest`: runs the real command over generated responses. All templates of the library are evaluated,
 * and a changed template is compared with its previous version. Exits with 1 when the run is too slow.
 */

const count = Number(process.argv[2] ?? 100_000);
const mostMs = 10_000;
const folder = mkdtempSync(join(tmpdir(), 'caselite-bench-'));
const path = join(folder, 'responses.jsonl');

/** A small number generator, so that every run has the same responses. */
let state = 7;
const below = (limit: number) => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
  return (state >> 8) % limit;
};
const pick = <One>(list: readonly One[]): One => list[below(list.length)] as One;
const words = 'the support team was quick but our invoice is wrong and it crashes we may cancel soon please integrate';

function line(index: number): string {
  const isSupport = index % 2 === 0;
  const number = (alias: string, value: number) => ({ alias, question: alias, type: 'number', value });
  const list = words.split(' ');
  const comment = Array.from({ length: 12 }, () => pick(list)).join(' ');
  return JSON.stringify({
    id: `r-${index}`,
    source: isSupport ? 'support-survey' : 'relationship-survey',
    form: isSupport ? 'support' : 'relationship',
    submittedAt: new Date(Date.UTC(2026, 0, 1) + Math.floor((index * 300 * 86_400_000) / count)).toISOString(),
    customer: {
      key: `k-${below(count / 5)}`,
      tier: pick(['gold', 'silver', 'bronze', null]),
      revenue: below(90_000),
    },
    answers: [
      isSupport ? number('satisfaction', 1 + below(5)) : number('recommend', below(11)),
      { alias: 'topic', question: 'Topic', type: 'choice', value: pick(['Billing', 'Bug', 'Other']) },
      { alias: 'comment', question: 'Comment', type: 'text', value: comment },
    ],
  });
}

const out = createWriteStream(path);
for (let index = 0; index < count; index += 1)
  if (!out.write(`${line(index)}\n`)) await new Promise<void>((done) => out.once('drain', () => done()));
await new Promise<void>((done) => {
  out.end(() => done());
});
const former = join(folder, 'detractor.yaml');
writeFileSync(
  former,
  `name: Detractor
kind: tactical
when: { source: relationship-survey, all: [{ question: recommend, <=: 4 }] }
category: At-risk customer
tracker: support
team: customer-care
`,
);

const startedAt = performance.now();
const run = spawnSync(
  process.execPath,
  [
    join(projectRoot, 'src/cli/caselite.ts'),
    'backtest',
    ...['--template', join(projectRoot, 'templates/cases/detractor.yaml')],
    ...['--workspace-file', join(projectRoot, 'templates/workspaces/customer-care.yaml')],
    ...['--responses', path, '--against', former, '--markdown'],
  ],
  { encoding: 'utf8', maxBuffer: 1 << 26 },
);
const tookMs = performance.now() - startedAt;
rmSync(folder, { recursive: true, force: true });
console.log(run.stdout.split('\n').slice(0, 16).join('\n'));
if (run.status !== 0) console.error(run.stderr);
console.log(`\n${count} responses in ${(tookMs / 1000).toFixed(1)} s (limit ${mostMs / 1000} s)`);
process.exit(run.status === 0 && run.stdout.includes(`${count} responses`) && tookMs < mostMs ? 0 : 1);
