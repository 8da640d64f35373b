import { parseArgs } from 'node:util';
import type { SettingsFile } from '#domain/templates/template.ts';
import { WorkspaceFileSchema } from '#src/wiring.ts';
import { acmeFiles, copySettings } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { median, printTable, round } from './measure.ts';

/*
 * Responses judged a second by 1, 20 and 200 case templates, in the core over node:sqlite: from the stored delivery to the decision of
 * each template: `npm run bench -- evaluate`. The templates ask for several answers, and match nothing.
 */

const { values } = parseArgs({
  options: { responses: { type: 'string', default: '400' }, rounds: { type: 'string', default: '3' } },
});
const count = Number(values.responses);

const makeTemplate = (index: number): SettingsFile => ({
  kind: 'case-template',
  name: `judging-${index}`,
  text: `name: Judging ${index}
kind: tactical
when:
  source: upgrade-survey
  all:
    - { question: ease, between: [0, ${index % 11}] }
    - any: [{ question: completed, is: no }, { question: wish, contains: refund ${index} }]
    - { customer: tier, any-of: [gold, silver] }
category: Installation issues
closure-goal: 24 hours
tracker: support
team: upgrade-response
`,
});

/** Milliseconds of processor time in which the responses are judged by so many templates. */
async function judge(templates: number): Promise<number> {
  const made = Array.from({ length: templates }, (_, index) => makeTemplate(index));
  const named = `templates: [${made.map(({ name }) => name).join(', ')}]\n`;
  const files = acmeFiles(({ kind, text }) =>
    kind === 'workspace' ? text.replace(/^templates:[\s\S]*$/m, named) : text,
  );
  const harness = new Harness(copySettings([...files, ...made], WorkspaceFileSchema));
  const responses = Array.from({ length: count }, (_, index) => ({
    token: `r-${index}`,
    customer: `k-${index}`,
    tier: 'gold',
    completed: true,
    ease: 10,
    wish: 'A dark theme for the wizard, please.',
  }));
  harness.arrive(...responses);
  const before = process.cpuUsage();
  await harness.pass(1000);
  const { user, system } = process.cpuUsage(before);
  const judged = harness.responses().filter(({ decidedRevision }) => decidedRevision !== null).length;
  if (judged !== count || harness.cases().length > 0) throw new Error(`${judged} of ${count} responses were judged`);
  return (user + system) / 1000;
}

const table: Record<string, number>[] = [];
for (const templates of [1, 20, 200]) {
  const times: number[] = [];
  for (let turn = 0; turn <= Number(values.rounds); turn += 1) times.push(await judge(templates));
  // The first round warms up.
  const ms = median(times.slice(1));
  table.push({ templates, 'responses a second': Math.round((count / ms) * 1000), 'ms a response': round(ms / count) });
}
const [one, , many] = table.map((row) => row['ms a response'] ?? 0);
printTable('evaluate', table, { costOf200: round((many ?? 0) / (one ?? 1)), leastPerSecond: 1000, mostCostOf200: 2 });
process.exit(0);
