import { toIsoText } from '#domain/time/units.ts';
import { printProgress, until } from '#src/cli/progress.ts';
import { asSent } from '#src/cli/send.ts';
import type { Stack } from '#src/cli/stack.ts';
import { check, Failed, linkIn, Stage } from './tour-stage.ts';

const steps: [string, (tour: Stage) => Promise<void>][] = [
  ['A gold customer could not install the upgrade: an urgent issue in the support tracker', playGoldCannotInstall],
  ['The same delivery again, and one with a false signature: nothing new', playRepeatedAndForgedDelivery],
  ['Silver and bronze: high and normal, each with its own goal', playSilverAndBronze],
  ['Low ease gathers under one strategic issue in the product tracker', playStrategicGathers],
  ['A product request goes to the growth tracker', playProductRequestInGrowth],
  ['Dana closes the issue: customer and closer are asked', playDanaCloses],
  ['Dana says by a comment that it is closed; somebody opens the survey link without answering', playCloserAnswers],
  ['The customer says no: disputed, reopened, and the issue says why', playCustomerDisputes],
  ['Closed again, and this time the customer says yes: confirmed', playCustomerConfirms],
  ['The strategic issue is closed: every affected customer is notified and asked', playStrategicCloses],
  ['The bronze case was left alone: overdue, marked and escalated', playBronzeIsOverdue],
  ["Nothing twice, and no customer's words in any tracker", checkNothingTwiceOrLeaked],
];

/** Acme's story on the running stack, each step checked by the API, the trackers and the inbox. */
export async function playTour(stack: Stack): Promise<boolean> {
  const { emulators } = stack;
  if (!emulators) throw new Error('The tour needs the emulators.');
  const tour = new Stage(stack, emulators);
  let number = 0;
  try {
    for (const [title, play] of steps) {
      number += 1;
      printProgress(`${number}. ${title}`);
      await play(tour);
    }
    printProgress(`All ${number} steps were checked and held.`);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(`\nStep ${number} did not hold: ${reason}`);
    if (!(error instanceof Failed) && error instanceof Error) console.error(error.stack);
    return false;
  }
}

async function playDanaCloses(tour: Stage): Promise<void> {
  const caseJson = await tour.caseOf('upgrade-not-installed', tour.gold);
  await tour.close(caseJson);
  await tour.caseUntil(caseJson, 'asked', ({ loop }) => loop === 'asked');
  await tour.mailTo(tour.gold.email, 'Did we solve it');
  await tour.mailTo(tour.stack.workspace.people.dana?.email ?? '', `Could ${caseJson.handle}`);
  printProgress('   follow-up to the customer and closer survey to Dana are in the inbox');
}

async function playCloserAnswers(tour: Stage): Promise<void> {
  const caseJson = await tour.caseOf('upgrade-not-installed', tour.gold);
  const mail = await tour.mailTo(tour.gold.email, 'Did we solve it');
  for (let scan = 0; scan < 3; scan += 1) {
    const page = await fetch(`${linkIn(mail)}?resolved=no`);
    check(page.ok, `the survey page answers ${page.status}`);
  }
  await tour.trackerUser(caseJson).comment(caseJson.issue?.key ?? '', tour.account('dana', caseJson), '/closed yes');
  await until("Dana's answer", async () => {
    const followUps = await tour.stack.client.list('follow-ups');
    return followUps.some(
      ({ case: id, kind, state }) => id === caseJson.id && kind === 'closer' && state === 'answered',
    );
  });
  const followUps = await tour.stack.client.list('follow-ups');
  const customer = followUps.find(({ case: id, kind }) => id === caseJson.id && kind === 'customer');
  check(customer?.state === 'sent', `opening the link made the follow-up ${customer?.state}`);
}

async function playCustomerDisputes(tour: Stage): Promise<void> {
  const caseJson = await tour.caseOf('upgrade-not-installed', tour.gold);
  const mail = await tour.mailTo(tour.gold.email, 'Did we solve it');
  await tour.answer(mail, { resolved: 'no', handling: '2', comment: `Still not installed. ${tour.gold.words}` });
  const reopened = await tour.caseUntil(caseJson, 'in its second generation', ({ generation }) => generation === 2);
  check(
    reopened.verdicts.some(({ verdict, generation }) => verdict === 'disputed' && generation === 1),
    'there is no verdict "disputed"',
  );
  const issue = await until('the issue is open and says why', async () => {
    const seen = await tour.issue('support', caseJson);
    return seen.state === 'open' && seen.comments.some(({ text }) => text.includes('disputed')) ? seen : null;
  });
  printProgress(`   ${issue.key}: “${issue.comments.findLast(({ text }) => text.includes('disputed'))?.text}”`);
}

async function playCustomerConfirms(tour: Stage): Promise<void> {
  const caseJson = await tour.caseOf('upgrade-not-installed', tour.gold);
  await tour.close(caseJson);
  await tour.caseUntil(caseJson, 'asked again', ({ loop, generation }) => loop === 'asked' && generation === 2);
  const mail = await tour.mailTo(tour.gold.email, 'Did we solve it');
  await tour.answer(mail, { resolved: 'yes', handling: '5' });
  const confirmed = await tour.caseUntil(caseJson, 'confirmed', ({ loop }) => loop === 'confirmed');
  check((await tour.issue('support', caseJson)).state === 'closed', 'the issue is not closed');
  printProgress(`   ${confirmed.handle}: ${confirmed.loop}`);
}

async function playStrategicCloses(tour: Stage): Promise<void> {
  const caseJson = await tour.strategic();
  check(caseJson?.issue, 'there is no strategic case');
  const words = 'The installer signs its driver now, and asks for no restart.';
  await tour.stack.client.call('POST cases/:id/what-changed', { id: caseJson.id }, { text: words });
  await tour.close(caseJson);
  const notified: string[] = [];
  for (const customer of [tour.gold, tour.silver]) {
    const mail = await tour.mailTo(customer.email, 'Did we solve it');
    check(mail.text.includes(words), 'the mail does not say what changed');
    await tour.answer(mail, { resolved: 'yes' });
    notified.push(customer.tier);
  }
  const closed = await until('verdicts of everybody asked', async () => {
    const again = (await tour.cases()).find(({ id }) => id === caseJson.id);
    const confirmed = again?.verdicts.filter(
      ({ verdict, generation }) => verdict === 'confirmed' && generation === caseJson.generation,
    );
    return (confirmed?.length ?? 0) >= 2 ? again : null;
  });
  printProgress(` notified and asked: ${notified.join(' and ')}; the loop is ${closed.loop}`);
}

async function playBronzeIsOverdue(tour: Stage): Promise<void> {
  const caseJson = await tour.caseOf('upgrade-not-installed', tour.bronze);
  await tour.caseUntil(caseJson, 'overdue', ({ overdue }) => overdue);
  const issue = await until('the overdue label and comment', async () => {
    const seen = await tour.issue('support', caseJson);
    return seen.labels.includes('overdue') && seen.comments.some(({ text }) => text.includes('overdue since'))
      ? seen
      : null;
  });
  for (const person of ['dana', 'mette'])
    await tour.mailTo(tour.stack.workspace.people[person]?.email ?? '', 'Overdue', caseJson.handle);
  printProgress(`   ${issue.key} is marked; Dana and Mette were notified`);
}

async function checkNothingTwiceOrLeaked(tour: Stage): Promise<void> {
  const cases = await tour.cases();
  const issues = (
    await Promise.all(Object.values(tour.emulators.trackerUser).map((trackerUser) => trackerUser.list()))
  ).flat();
  for (const { handle, issue } of cases) {
    const own = issues.filter(({ title }) => title.endsWith(` ${handle}`));
    check(own.length === 1, `${handle} has ${own.length} issues in ${issue?.tracker}`);
  }
  const mails = await tour.emulators.inbox();
  const texts = mails.map(({ to, subject, text }) => `${to.join()} ${subject} ${text}`);
  check(new Set(texts).size === texts.length, 'a mail was sent twice');
  const everything = JSON.stringify(issues).toLowerCase();
  for (const { key, email, name, words } of [tour.gold, tour.silver, tour.bronze]) {
    for (const secret of [key, email, name, words])
      check(!everything.includes(secret.toLowerCase()), `a tracker holds ${secret}`);
  }
  printProgress(`   ${cases.length} cases, ${issues.length} issues, ${mails.length} mails`);
}

async function playGoldCannotInstall(tour: Stage): Promise<void> {
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

async function playRepeatedAndForgedDelivery(tour: Stage): Promise<void> {
  const before = (await tour.cases()).length;
  await tour.upgradeSurvey(tour.gold, { completed: false, ease: 3 });
  const { workspace, client } = tour.stack;
  const empty = new TextEncoder().encode('{}');
  const { headers: forged } = await asSent(workspace, 'upgrade-survey', empty, () => 'whsec_Zm9yZ2Vk');
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

async function playSilverAndBronze(tour: Stage): Promise<void> {
  await tour.upgradeSurvey(tour.silver, { completed: false, ease: 5 });
  await tour.upgradeSurvey(tour.bronze, { completed: false, ease: 9 });
  const silver = await tour.caseOf('upgrade-not-installed', tour.silver);
  const bronze = await tour.caseOf('upgrade-not-installed', tour.bronze);
  check(silver.severity === 'high', `silver is ${silver.severity}`);
  check(bronze.severity === 'normal', `bronze is ${bronze.severity}`);
  for (const caseJson of [silver, bronze]) printProgress(`   ${(await tour.issue('support', caseJson)).title}`);
}

async function playStrategicGathers(tour: Stage): Promise<void> {
  const wanted = tour.strategicBefore + 2;
  const caseJson = await until(`${wanted} customers of the strategic case`, async () => {
    const strategic = await tour.strategic();
    return strategic?.customers === wanted && strategic.issue ? strategic : null;
  });
  const issue = await until('the issue tells the count', async () => {
    const seen = await tour.issue('product', caseJson);
    return seen.title.includes(`${wanted} customers`) ? seen : null;
  });
  const same = (await tour.trackerUser(caseJson).list()).filter(({ title }) => title.endsWith(` ${caseJson.handle}`));
  check(same.length === 1, `there are ${same.length} issues for ${caseJson.handle}`);
  printProgress(`   #${issue.key}: ${issue.title}`);
}

async function playProductRequestInGrowth(tour: Stage): Promise<void> {
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
