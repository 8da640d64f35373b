import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { printProgress, until } from './progress.ts';
import { signDelivery } from './sign-delivery.ts';
import type { Stack } from './stack.ts';
import { projectRoot } from './workspace-files.ts';

const samples = [
  { source: 'upgrade-survey', file: 'gold-not-installed.json' },
  { source: 'upgrade-survey', file: 'silver-hard-to-install.json' },
  { source: 'feedback-form', file: 'bronze-product-wish.json' },
];

/** Three sample deliveries as the survey tools would send them. */
export async function sendSampleDeliveries(stack: Stack): Promise<void> {
  for (const { source, file } of samples) {
    const body = readFileSync(join(projectRoot, 'test', 'fixtures', 'deliveries', file));
    const headers = await signDelivery(stack.workspace, source, body, (name) => stack.secrets.get(name));
    const { status, text } = await stack.client.deliver(source, body, headers);
    if (status !== 202) throw new Error(`${basename(file)} was answered with ${status}: ${text}`);
    printProgress(`Sent ${basename(file, '.json')} to ${source}.`);
  }
  const cases = await until('cases with issues', async () => {
    const cases = await stack.client.list('cases');
    return cases.length > 0 && cases.every(({ issue, needsPerson }) => issue ?? needsPerson) ? cases : null;
  });
  for (const caseJson of cases.toReversed()) {
    printProgress(
      `Case ${caseJson.handle}, ${caseJson.category}, ${caseJson.severity}: ${caseJson.issue?.kind ?? 'no'} issue ${caseJson.issue?.key ?? ''}`,
    );
  }
}
