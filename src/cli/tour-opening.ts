import { toIsoText } from '#domain/time/units.ts';
import { printProgress, until } from './progress.ts';
import { signDelivery } from './sign-delivery.ts';
import { check, type Stage } from './tour-stage.ts';

export async function playGoldCannotInstall(tour: Stage): Promise<void> {
  tour.strategicBefore = (await tour.strategic())?.customers ?? 0;
  await tour.upgradeSurvey(tour.gold, { completed: false, ease: 3 });
  const caseJson = await tour.caseOf('upgrade-not-installed', tour.gold);
  check(caseJson.severity === 'urgent', `severity is ${caseJson.severity}, not urgent`);
  const issue = await tour.issue('support', caseJson);
  const labels = ['category:installation-issues', 'severity:urgent', 'tier:gold'];
  check(
    labels.every((label) => issue.labels.includes(label)),
    `labels are ${issue.labels.join(', ')}`,
  );
  check(
    issue.labels.some((label) => /^due:\d{4}-\d\d-\d\d$/.test(label)),
    'the due date is no label',
  );
  check(issue.dueDate !== null, 'the due date is not in the tracker’s own field');
  check(issue.priority === 'Highest', `priority is ${issue.priority}`);
  check(issue.assignee === tour.account('sam', caseJson), `assignee is ${issue.assignee}, not Sam`);
  check(
    issue.body.includes('full response') || JSON.stringify(issue).includes(caseJson.id),
    'no link to the full response',
  );
  const goal = Date.parse(caseJson.dueAt) - Date.parse(caseJson.openedAt);
  check(goal === tour.stack.workspace.tiers.gold?.['closure-goal'], `the closure goal is ${goal} ms`);
  printProgress(`   ${issue.key}: ${issue.title}, priority ${issue.priority}, due ${issue.dueDate}`);
}

export async function playRepeatedAndForgedDelivery(tour: Stage): Promise<void> {
  const before = (await tour.cases()).length;
  await tour.upgradeSurvey(tour.gold, { completed: false, ease: 3 });
  const { workspace, client } = tour.stack;
  const empty = new TextEncoder().encode('{}');
  const forged = await signDelivery(workspace, 'upgrade-survey', empty, () => 'whsec_Zm9yZ2Vk');
  const answer = await client.deliver('upgrade-survey', empty, forged);
  check(answer.status === 401, `a false signature was answered with ${answer.status}`);
  const unknown = await client.deliver('no-such-source', empty, {});
  check(unknown.status === 401, `an unknown source was answered with ${unknown.status}`);
  const [latest] = await until('the second delivery is processed', async () => {
    const deliveries = await tour.stack.client.list('deliveries');
    return deliveries[0]?.outcome === 'duplicate' ? deliveries : null;
  });
  check(latest?.outcome === 'duplicate', 'the second delivery is no duplicate');
  check((await tour.cases()).length === before, 'the second delivery opened something');
}

export async function playSilverAndBronze(tour: Stage): Promise<void> {
  await tour.upgradeSurvey(tour.silver, { completed: false, ease: 5 });
  await tour.upgradeSurvey(tour.bronze, { completed: false, ease: 9 });
  const silver = await tour.caseOf('upgrade-not-installed', tour.silver);
  const bronze = await tour.caseOf('upgrade-not-installed', tour.bronze);
  check(silver.severity === 'high', `silver is ${silver.severity}`);
  check(bronze.severity === 'normal', `bronze is ${bronze.severity}`);
  for (const caseJson of [silver, bronze]) printProgress(`   ${(await tour.issue('support', caseJson)).title}`);
}

export async function playStrategicGathers(tour: Stage): Promise<void> {
  const wanted = tour.strategicBefore + 2;
  const caseJson = await until(`${wanted} customers of the strategic case`, async () => {
    const strategic = await tour.strategic();
    return strategic?.customers === wanted && strategic.issue ? strategic : null;
  });
  const issue = await until('the issue tells the count', async () => {
    const seen = await tour.issue('product', caseJson);
    return seen.title.includes(`${wanted} customers`) ? seen : null;
  });
  const same = (await tour.trackerUser(caseJson).list()).filter(({ title }) => title.includes(`(${caseJson.handle})`));
  check(same.length === 1, `there are ${same.length} issues for ${caseJson.handle}`);
  printProgress(`   #${issue.key}: ${issue.title}`);
}

export async function playProductRequestInGrowth(tour: Stage): Promise<void> {
  const { key, email, name, tier, words } = tour.silver;
  const body = {
    feedback: {
      id: `wish-${tour.run}`,
      form: 'in-product',
      submitted_at: toIsoText(Date.now()),
      answers: [{ id: 'wish', title: 'What are you missing?', value: `Night shifts, please. ${words}` }],
    },
    customer: { id: key, email, name, tier, arr: 19500 },
  };
  await tour.deliver('feedback-form', body);
  const caseJson = await tour.caseOf('product-wish', tour.silver);
  const issue = await tour.issue('growth', caseJson);
  check(issue.labels.includes('category:product-wish'), `labels are ${issue.labels.join(', ')}`);
  check(issue.dueDate !== null, 'no due date in the growth tracker');
  printProgress(`   ${issue.key}: ${issue.title}`);
}
