import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dayMs } from '#domain/time/units.ts';
import { until } from '#src/cli/progress.ts';
import { asSent } from '#src/cli/send.ts';
import { projectRoot } from '#src/cli/workspace-files.ts';
import type { Harness } from './harness.ts';

/** Has customers complain, people close issues and both sides answer, until every page has content. */
export async function fill(harness: Harness): Promise<void> {
  const { stack } = harness;
  const { client, workspace, secrets, emulators } = stack;
  if (!emulators) throw new Error('this needs the emulators');
  const shipped = readFileSync(join(projectRoot, 'test', 'fixtures', 'deliveries', 'gold-not-installed.json'), 'utf8');
  const customers = [
    { key: 'cust-1201', name: 'Noor Haddad', tier: 'gold', completed: false, ease: 2 },
    { key: 'cust-1377', name: 'Tomás Rivera', tier: 'silver', completed: false, ease: 5 },
    { key: 'cust-1408', name: 'Aiko Tanaka', tier: 'bronze', completed: false, ease: 8 },
    { key: 'cust-1512', name: 'Lena Fischer', tier: 'gold', completed: false, ease: 7 },
  ];
  for (const { key, name, tier, completed, ease } of customers) {
    const delivery = JSON.parse(shipped);
    delivery.form_response.token = `picture-${key}`;
    delivery.form_response.hidden = {
      customer_id: key,
      email: `${key}@customer.example`,
      name,
      tier,
      arr: '24000',
    };
    for (const answer of delivery.form_response.answers) {
      if (answer.field.ref === 'upgrade_completed') answer.boolean = completed;
      if (answer.field.ref === 'upgrade_ease') answer.number = ease;
    }
    const body = new TextEncoder().encode(JSON.stringify(delivery));
    const { headers } = await asSent(workspace, 'upgrade-survey', body, (variable) => secrets.get(variable));
    await client.deliver('upgrade-survey', body, headers);
  }

  const wish = readFileSync(join(projectRoot, 'test', 'fixtures', 'deliveries', 'bronze-product-wish.json'), 'utf8');
  for (const [key, ease, name] of [
    ['cust-1601', 10, 'Ines Prado'],
    ['cust-1602', 2, 'Kofi Mensah'],
  ] as const) {
    const delivery = JSON.parse(wish);
    Object.assign(delivery.feedback, {
      id: `picture-${key}`,
      answers: [{ id: 'ease', title: 'How easy was the upgrade?', value: ease }],
    });
    delivery.feedback.answers.push({
      id: 'more',
      title: 'What happened?',
      value: 'The wizard asks for the licence key twice and then forgets it.',
    });
    Object.assign(delivery.customer, { id: key, name, email: `${key}@customer.example` });
    const body = new TextEncoder().encode(JSON.stringify(delivery));
    const { headers } = await asSent(workspace, 'feedback-form', body, (variable) => secrets.get(variable));
    await client.deliver('feedback-form', body, headers);
  }

  const caseOf = (key: string) =>
    until(`the case of ${key}`, async () =>
      (await client.list('cases')).find((caseJson) => caseJson.customer.key === key && caseJson.issue),
    );
  const dana = workspace.people.dana?.accounts.jira ?? '';
  for (const key of ['cust-1201', 'cust-1512']) {
    await emulators.trackerUser.jira?.close((await caseOf(key)).issue?.key ?? '', dana);
  }
  const answerSurvey = async (key: string, resolved: 'yes' | 'no') => {
    const link = await harness.surveyLink(`${key}@customer.example`);
    const headers = { origin: new URL(link).origin };
    const answer = await fetch(link, { method: 'POST', headers, body: new URLSearchParams({ resolved }) });
    if (!answer.ok) throw new Error(`${key} could not answer: ${answer.status} ${await answer.text()}`);
  };
  await answerSurvey('cust-1201', 'no');
  await until('the dispute', async () => (await client.list('cases')).some(({ generation }) => generation === 2));
  await answerSurvey('cust-1512', 'yes');
  const day = (ago: number) => new Date(Date.now() - ago * dayMs).toISOString().slice(0, 10);
  const outcomes = [
    { customer: 'cust-1201', outcome: 'left', day: day(0), value: 24_000 },
    { customer: 'cust-1512', outcome: 'renewed', day: day(0), value: 24_000 },
    { customer: 'cust-1377', outcome: 'grew', day: day(0), value: 30_000 },
  ];
  await client.call('POST reported/outcomes', {}, { rows: outcomes, who: 'dana' });
  const strategic = (await client.list('cases')).find(({ kind }) => kind === 'strategic');
  const values = [38, 40, 31.5, 25, 14].map((value, index) => ({ day: day(28 - 7 * index), value }));
  const measure = { name: 'Support calls', source: 'manual', unit: 'a week', before: 40, target: 12, who: 'dana' };
  if (strategic) {
    await client.call('POST cases/:id/measure', { id: strategic.id }, measure);
    await client.call('POST cases/:id/measure/values', { id: strategic.id }, { values, who: 'dana' });
  }
  await until('something overdue', async () => (await client.list('cases')).some(({ overdue }) => overdue));
}
