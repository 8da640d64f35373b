import { printProgress, until } from './progress.ts';
import { check, linkIn, type Stage } from './tour-stage.ts';

export async function playDanaCloses(tour: Stage): Promise<void> {
  const caseJson = await tour.caseOf('upgrade-not-installed', tour.gold);
  await tour.close(caseJson);
  await tour.caseUntil(caseJson, 'asked', ({ loop }) => loop === 'asked');
  await tour.mailTo(tour.gold.email, 'Did we solve it');
  await tour.mailTo(tour.stack.workspace.people.dana?.email ?? '', `Could ${caseJson.handle}`);
  printProgress('   follow-up to the customer and closer survey to Dana are in the inbox');
}

export async function playCloserAnswers(tour: Stage): Promise<void> {
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

export async function playCustomerDisputes(tour: Stage): Promise<void> {
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

export async function playCustomerConfirms(tour: Stage): Promise<void> {
  const caseJson = await tour.caseOf('upgrade-not-installed', tour.gold);
  await tour.close(caseJson);
  await tour.caseUntil(caseJson, 'asked again', ({ loop, generation }) => loop === 'asked' && generation === 2);
  const mail = await tour.mailTo(tour.gold.email, 'Did we solve it');
  await tour.answer(mail, { resolved: 'yes', handling: '5' });
  const confirmed = await tour.caseUntil(caseJson, 'confirmed', ({ loop }) => loop === 'confirmed');
  check((await tour.issue('support', caseJson)).state === 'closed', 'the issue is not closed');
  printProgress(`   ${confirmed.handle}: ${confirmed.loop}`);
}

export async function playStrategicCloses(tour: Stage): Promise<void> {
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

export async function playBronzeIsOverdue(tour: Stage): Promise<void> {
  const caseJson = await tour.caseOf('upgrade-not-installed', tour.bronze);
  await tour.caseUntil(caseJson, 'overdue', ({ overdue }) => overdue);
  const issue = await until('the overdue label and comment', async () => {
    const seen = await tour.issue('support', caseJson);
    return seen.labels.includes('overdue') && seen.comments.some(({ text }) => text.includes('overdue since'))
      ? seen
      : null;
  });
  for (const person of ['dana', 'mette']) {
    await tour.mailTo(tour.stack.workspace.people[person]?.email ?? '', `${caseJson.handle} overdue`);
  }
  printProgress(`   ${issue.key} is marked; Dana and Mette were notified`);
}

export async function checkNothingTwiceOrLeaked(tour: Stage): Promise<void> {
  const cases = await tour.cases();
  const issues = (
    await Promise.all(Object.values(tour.emulators.trackerUser).map((trackerUser) => trackerUser.list()))
  ).flat();
  for (const { handle, issue } of cases) {
    const own = issues.filter(({ title }) => title.endsWith(`(${handle})`));
    check(own.length === 1, `${handle} has ${own.length} issues in ${issue?.tracker}`);
  }
  const mails = await tour.emulators.inbox();
  const texts = mails.map(({ to, subject, text }) => `${to.join()} ${subject} ${text}`);
  check(new Set(texts).size === texts.length, 'a mail was sent twice');
  const everything = JSON.stringify(issues).toLowerCase();
  for (const { key, email, name, words } of [tour.gold, tour.silver, tour.bronze]) {
    for (const secret of [key, email, name, words]) {
      check(!everything.includes(secret.toLowerCase()), `a tracker holds ${secret}`);
    }
  }
  printProgress(`   ${cases.length} cases, ${issues.length} issues, ${mails.length} mails`);
}
