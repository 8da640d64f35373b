import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { printProgress, until } from '#src/cli/progress.ts';
import { asSent } from '#src/cli/send.ts';
import type { Stack } from '#src/cli/stack.ts';
import { projectRoot } from '#src/cli/workspace-files.ts';
import { formatIssueKey } from '#src/views/case-display.ts';

const samples = [
  { source: 'upgrade-survey', file: 'gold-not-installed.json' },
  { source: 'upgrade-survey', file: 'silver-hard-to-install.json' },
  { source: 'feedback-form', file: 'bronze-product-wish.json' },
];

/** A tracker that was paused before may take longer; the start goes on without its issues. */
const longestIssueWaitMs = 15_000;

/** Three sample deliveries as the survey tools would send them. */
export async function sendSampleDeliveries(stack: Stack): Promise<void> {
  for (const { source, file } of samples) {
    const body = readFileSync(join(projectRoot, 'test', 'fixtures', 'deliveries', file));
    const { headers } = await asSent(stack.workspace, source, body, (name) => stack.secrets.get(name));
    const { status, text } = await stack.client.deliver(source, body, headers);
    if (status !== 202) throw new Error(`${basename(file)} was answered with ${status}: ${text}`);
    printProgress(`Sent ${basename(file, '.json')} to ${source}.`);
  }
  const end = performance.now() + longestIssueWaitMs;
  const cases = await until('cases with issues', async () => {
    const cases = await stack.client.list('cases');
    const isDone = cases.length >= samples.length && cases.every(({ issue, needsPerson }) => issue ?? needsPerson);
    return isDone || performance.now() > end ? cases : null;
  });
  for (const { handle, category, severity, issue } of cases.toReversed())
    printProgress(
      `Case ${handle}, ${category}, ${severity}: ${issue ? `${issue.trackerTitle} issue ${formatIssueKey(issue.key)}` : 'no issue yet; see Settings, Connections'}`,
    );
}
