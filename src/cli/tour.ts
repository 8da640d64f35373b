import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseShape } from '#domain/shapes.ts';
import type { SeenIssue } from '#test/emulators/hands.ts';
import type { SeenMail } from '#test/emulators/third-party.ts';
import { say, until } from './say.ts';
import { signDelivery } from './sign-delivery.ts';
import type { Stack } from './stack.ts';
import { projectRoot } from './workspace-files.ts';

/** A customer of this run alone, so that the tour can be played again on the same data. */
interface TourCustomer {
  key: string;
  email: string;
  name: string;
  tier: 'gold' | 'silver' | 'bronze';
  words: string;
}

class Failed extends Error {}

function check(holds: unknown, what: string): asserts holds {
  if (!holds) throw new Failed(what);
}

/**
 * Plays Acme's whole story on the running stack, and checks each step from outside: by the API, by what the
 * trackers themselves hold, and by the inbox.
 *
 * @returns whether every step held
 */
export async function playTour(stack: Stack): Promise<boolean> {
  const { emulators } = stack;
  if (!emulators) throw new Error('The tour needs the emulators.');
  const tour = new Tour(stack, emulators);
  let number = 0;
  try {
    for (const [title, play] of tour.steps()) {
      number += 1;
      say(`${number}. ${title}`);
      await play();
    }
    say(`All ${number} steps were checked and held.`);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(`\nStep ${number} did not hold: ${reason}`);
    if (!(error instanceof Failed) && error instanceof Error) console.error(error.stack);
    return false;
  }
}

class Tour {
  readonly #stack: Stack;
  readonly #emulators: NonNullable<Stack['emulators']>;
  readonly #run = Date.now().toString(36);
  readonly #gold = this.#customer('gold');
  readonly #silver = this.#customer('silver');
  readonly #bronze = this.#customer('bronze');
  readonly #readMails = new Set<string>();
  #strategicBefore = 0;

  constructor(stack: Stack, emulators: NonNullable<Stack['emulators']>) {
    this.#stack = stack;
    this.#emulators = emulators;
  }

  steps(): [string, () => Promise<void>][] {
    return [
      [
        'A gold customer could not install the upgrade: an urgent case in Jira',
        () => this.#goldCannotInstall(),
      ],
      [
        'The same delivery again, and one with a false signature: nothing new',
        () => this.#oldAndFalseDeliveries(),
      ],
      ['Silver and bronze: high and normal, each with its own goal', () => this.#otherTiers()],
      ['Low ease gathers under one strategic GitHub issue', () => this.#strategicGathers()],
      ['A wish goes to Linear', () => this.#wishGoesToLinear()],
      ['Dana closes the Jira issue: customer and closer are asked', () => this.#danaCloses()],
      [
        'Dana says by a comment that it is closed; somebody opens the survey link without answering',
        () => this.#closerAnswers(),
      ],
      ['The customer says no: disputed, reopened, and the issue says why', () => this.#customerDisputes()],
      ['Closed again, and this time the customer says yes: confirmed', () => this.#customerConfirms()],
      ['The strategic issue is closed: everyone behind it is told and asked', () => this.#strategicCloses()],
      ['The bronze case was left alone: overdue, marked and escalated', () => this.#bronzeIsOverdue()],
      ["Nothing twice, and no customer's words in any tracker", () => this.#nothingTwiceNothingLeaked()],
    ];
  }

  async #goldCannotInstall(): Promise<void> {
    this.#strategicBefore = (await this.#strategic())?.customers ?? 0;
    await this.#upgradeSurvey(this.#gold, { completed: false, ease: 3 });
    const found = await this.#caseOf('upgrade-not-installed', this.#gold);
    check(found.severity === 'urgent', `severity is ${found.severity}, not urgent`);
    const issue = await this.#issue('jira', found);
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
    check(
      issue.assignee === this.#stack.workspace.people.sam?.jira,
      `assignee is ${issue.assignee}, not Sam`,
    );
    check(
      issue.body.includes('full response') || JSON.stringify(issue).includes(found.id),
      'no link to the full response',
    );
    const goal = Date.parse(found.dueAt) - Date.parse(found.openedAt);
    check(goal === this.#stack.workspace.tiers.gold?.['closure-goal'], `the closure goal is ${goal} ms`);
    say(`   ${issue.key}: ${issue.title}, priority ${issue.priority}, due ${issue.dueDate}`);
  }

  async #oldAndFalseDeliveries(): Promise<void> {
    const before = (await this.#cases()).length;
    await this.#upgradeSurvey(this.#gold, { completed: false, ease: 3 });
    const answer = await this.#stack.client.deliver('upgrade-survey', new TextEncoder().encode('{}'), {
      'typeform-signature': 'sha256=bm90IGEgc2lnbmF0dXJl',
    });
    check(answer.status === 401, `a false signature was answered with ${answer.status}`);
    const unknown = await this.#stack.client.deliver('no-such-source', new TextEncoder().encode('{}'), {});
    check(unknown.status === 401, `an unknown source was answered with ${unknown.status}`);
    const [latest] = await until('the second delivery is judged', async () => {
      const deliveries = await this.#stack.client.list('deliveries');
      return deliveries[0]?.outcome === 'duplicate' ? deliveries : null;
    });
    check(latest?.outcome === 'duplicate', 'the second delivery is no duplicate');
    check((await this.#cases()).length === before, 'the second delivery opened something');
  }

  async #otherTiers(): Promise<void> {
    await this.#upgradeSurvey(this.#silver, { completed: false, ease: 5 });
    await this.#upgradeSurvey(this.#bronze, { completed: false, ease: 9 });
    const silver = await this.#caseOf('upgrade-not-installed', this.#silver);
    const bronze = await this.#caseOf('upgrade-not-installed', this.#bronze);
    check(silver.severity === 'high', `silver is ${silver.severity}`);
    check(bronze.severity === 'normal', `bronze is ${bronze.severity}`);
    for (const found of [silver, bronze]) say(`   ${(await this.#issue('jira', found)).title}`);
  }

  async #strategicGathers(): Promise<void> {
    const wanted = this.#strategicBefore + 2;
    const found = await until(`${wanted} customers behind the strategic case`, async () => {
      const strategic = await this.#strategic();
      return strategic?.customers === wanted && strategic.issue ? strategic : null;
    });
    const issue = await until('the issue tells the count', async () => {
      const seen = await this.#issue('github', found);
      return seen.title.includes(`${wanted} customers`) ? seen : null;
    });
    const same = (await this.#emulators.hands.github.list()).filter(({ title }) =>
      title.includes(`(${found.handle})`),
    );
    check(same.length === 1, `there are ${same.length} issues for ${found.handle}`);
    say(`   #${issue.key}: ${issue.title}`);
  }

  async #wishGoesToLinear(): Promise<void> {
    const { key, email, name, tier, words } = this.#silver;
    const body = {
      feedback: {
        id: `wish-${this.#run}`,
        form: 'in-product',
        submitted_at: new Date().toISOString(),
        answers: [{ id: 'wish', title: 'What are you missing?', value: `Night shifts, please. ${words}` }],
      },
      customer: { id: key, email, name, tier, arr: 19500 },
    };
    await this.#deliver('feedback-form', body);
    const found = await this.#caseOf('product-wish', this.#silver);
    const issue = await this.#issue('linear', found);
    check(issue.labels.includes('category:product-wish'), `labels are ${issue.labels.join(', ')}`);
    check(issue.dueDate !== null, 'no due date in Linear');
    say(`   ${issue.key}: ${issue.title}`);
  }

  async #danaCloses(): Promise<void> {
    const found = await this.#caseOf('upgrade-not-installed', this.#gold);
    await this.#emulators.hands.jira.close(found.issue?.key ?? '', this.#account('dana', 'jira'));
    await this.#caseUntil(found, 'asked', ({ loop }) => loop === 'asked');
    await this.#mailTo(this.#gold.email, 'Did we solve it');
    await this.#mailTo(this.#stack.workspace.people.dana?.email ?? '', `Could ${found.handle}`);
    say('   follow-up to the customer and closer survey to Dana are in the inbox');
  }

  async #closerAnswers(): Promise<void> {
    const found = await this.#caseOf('upgrade-not-installed', this.#gold);
    const mail = await this.#mailTo(this.#gold.email, 'Did we solve it');
    for (let scan = 0; scan < 3; scan += 1) {
      const page = await fetch(`${linkIn(mail)}?resolved=no`);
      check(page.ok, `the survey page answers ${page.status}`);
    }
    await this.#emulators.hands.jira.comment(
      found.issue?.key ?? '',
      this.#account('dana', 'jira'),
      '/closed yes',
    );
    await until("Dana's answer", async () => {
      const followUps = await this.#stack.client.list('follow-ups');
      return followUps.some(
        ({ case: id, kind, state }) => id === found.id && kind === 'closer' && state === 'answered',
      );
    });
    const followUps = await this.#stack.client.list('follow-ups');
    const customer = followUps.find(({ case: id, kind }) => id === found.id && kind === 'customer');
    check(customer?.state === 'sent', `opening the link made the follow-up ${customer?.state}`);
  }

  async #customerDisputes(): Promise<void> {
    const found = await this.#caseOf('upgrade-not-installed', this.#gold);
    const mail = await this.#mailTo(this.#gold.email, 'Did we solve it');
    await answer(mail, {
      resolved: 'no',
      handling: '2',
      comment: `Still not installed. ${this.#gold.words}`,
    });
    this.#readMails.add(mail.id);
    const reopened = await this.#caseUntil(
      found,
      'in its second generation',
      ({ generation }) => generation === 2,
    );
    check(
      reopened.verdicts.some(({ verdict, generation }) => verdict === 'disputed' && generation === 1),
      'there is no verdict "disputed"',
    );
    const issue = await until('the issue is open and says why', async () => {
      const seen = await this.#issue('jira', found);
      return seen.state === 'open' && seen.comments.some(({ text }) => text.includes('disputed'))
        ? seen
        : null;
    });
    say(`   ${issue.key}: “${issue.comments.findLast(({ text }) => text.includes('disputed'))?.text}”`);
  }

  async #customerConfirms(): Promise<void> {
    const found = await this.#caseOf('upgrade-not-installed', this.#gold);
    await this.#emulators.hands.jira.close(found.issue?.key ?? '', this.#account('dana', 'jira'));
    await this.#caseUntil(
      found,
      'asked again',
      ({ loop, generation }) => loop === 'asked' && generation === 2,
    );
    const mail = await this.#mailTo(this.#gold.email, 'Did we solve it');
    await answer(mail, { resolved: 'yes', handling: '5' });
    this.#readMails.add(mail.id);
    const confirmed = await this.#caseUntil(found, 'confirmed', ({ loop }) => loop === 'confirmed');
    check((await this.#issue('jira', found)).state === 'closed', 'the issue is not closed');
    say(`   ${confirmed.handle}: ${confirmed.loop}`);
  }

  async #strategicCloses(): Promise<void> {
    const found = await this.#strategic();
    check(found?.issue, 'there is no strategic case');
    const words = 'The installer signs its driver now, and asks for no restart.';
    await this.#stack.client.sayWhatChanged(found.id, words);
    await this.#emulators.hands.github.close(found.issue.key, this.#account('dana', 'github'));
    const told: string[] = [];
    for (const customer of [this.#gold, this.#silver]) {
      const mail = await this.#mailTo(customer.email, 'Did we solve it');
      check(mail.text.includes(words), 'the mail does not say what changed');
      await answer(mail, { resolved: 'yes' });
      this.#readMails.add(mail.id);
      told.push(customer.tier);
    }
    const closed = await until('verdicts of everybody asked', async () => {
      const again = (await this.#cases()).find(({ id }) => id === found.id);
      const confirmed = again?.verdicts.filter(
        ({ verdict, generation }) => verdict === 'confirmed' && generation === found.generation,
      );
      return (confirmed?.length ?? 0) >= 2 ? again : null;
    });
    say(`   told and asked: ${told.join(' and ')}; the loop is ${closed.loop}`);
  }

  async #bronzeIsOverdue(): Promise<void> {
    const found = await this.#caseOf('upgrade-not-installed', this.#bronze);
    await this.#caseUntil(found, 'overdue', ({ overdue }) => overdue);
    const issue = await until('the overdue label and comment', async () => {
      const seen = await this.#issue('jira', found);
      return seen.labels.includes('overdue') &&
        seen.comments.some(({ text }) => text.includes('overdue since'))
        ? seen
        : null;
    });
    for (const person of ['dana', 'mette']) {
      await this.#mailTo(this.#stack.workspace.people[person]?.email ?? '', `${found.handle} overdue`);
    }
    say(`   ${issue.key} is marked; Dana and Mette were told`);
  }

  async #nothingTwiceNothingLeaked(): Promise<void> {
    const cases = await this.#cases();
    const issues = (
      await Promise.all(Object.values(this.#emulators.hands).map((hands) => hands.list()))
    ).flat();
    for (const { handle, tracker } of cases.map(({ handle, issue }) => ({
      handle,
      tracker: issue?.tracker,
    }))) {
      const own = issues.filter(({ title }) => title.endsWith(`(${handle})`));
      check(own.length === 1, `${handle} has ${own.length} issues in ${tracker}`);
    }
    const mails = await this.#emulators.inbox();
    const texts = mails.map(({ to, subject, text }) => `${to.join()} ${subject} ${text}`);
    check(new Set(texts).size === texts.length, 'a mail was sent twice');
    const everything = JSON.stringify(issues).toLowerCase();
    for (const { key, email, name, words } of [this.#gold, this.#silver, this.#bronze]) {
      for (const secret of [key, email, name, words]) {
        check(!everything.includes(secret.toLowerCase()), `a tracker holds ${secret}`);
      }
    }
    say(`   ${cases.length} cases, ${issues.length} issues, ${mails.length} mails`);
  }

  #customer(tier: TourCustomer['tier']): TourCustomer {
    const id = `${tier}-${this.#run}`;
    return {
      key: `cust-${id}`,
      email: `${id}@customer.example`,
      name: `Customer${id}`,
      tier,
      words: `Verbatim${id}`,
    };
  }

  #account(person: string, kind: 'jira' | 'github' | 'linear'): string {
    return this.#stack.workspace.people[person]?.[kind] ?? '';
  }

  /** A real Typeform delivery of the shipped sample, filled in by this run's customer. */
  async #upgradeSurvey(customer: TourCustomer, answers: { completed: boolean; ease: number }): Promise<void> {
    const path = join(projectRoot, 'test', 'fixtures', 'deliveries', 'gold-not-installed.json');
    const delivery = JSON.parse(readFileSync(path, 'utf8'));
    const response = delivery.form_response;
    response.token = `tour-${customer.key}`;
    response.hidden = {
      customer_id: customer.key,
      email: customer.email,
      name: customer.name,
      tier: customer.tier,
      arr: '12000',
    };
    for (const answer of response.answers) {
      if (answer.field.ref === 'upgrade_completed') answer.boolean = answers.completed;
      if (answer.field.ref === 'upgrade_ease') answer.number = answers.ease;
      if (answer.field.ref === 'upgrade_comment')
        answer.text = `It stops at the license check. ${customer.words}`;
    }
    await this.#deliver('upgrade-survey', delivery);
  }

  async #deliver(source: string, json: unknown): Promise<void> {
    const body = new TextEncoder().encode(JSON.stringify(json));
    const headers = await signDelivery(this.#stack.workspace, source, body, (name) =>
      this.#stack.secrets.get(name),
    );
    const { status, text } = await this.#stack.client.deliver(source, body, headers);
    check(status === 202, `a delivery was answered with ${status}: ${text}`);
  }

  #cases(): Promise<CaseShape[]> {
    return this.#stack.client.list('cases');
  }

  /** The newest case of a template for a customer, once its issue is made. */
  #caseOf(template: string, { key }: TourCustomer): Promise<CaseShape> {
    return until(`a case of ${template} with an issue`, async () =>
      (await this.#cases()).find(
        (found) => found.template === template && found.customer.key === key && found.issue,
      ),
    );
  }

  async #strategic(): Promise<CaseShape | undefined> {
    return (await this.#cases()).find(
      ({ template, kind }) => template === 'upgrade-hard-to-install' && kind === 'strategic',
    );
  }

  #caseUntil(
    { id, handle }: CaseShape,
    what: string,
    holds: (found: CaseShape) => boolean,
  ): Promise<CaseShape> {
    return until(`${handle} is ${what}`, async () =>
      (await this.#cases()).find((found) => found.id === id && holds(found)),
    );
  }

  async #issue(kind: 'github' | 'jira' | 'linear', { handle, issue }: CaseShape): Promise<SeenIssue> {
    const seen = (await this.#emulators.hands[kind].list()).find(({ key }) => key === issue?.key);
    if (!seen?.title.includes(handle)) throw new Failed(`${kind} has no issue for ${handle}`);
    return seen;
  }

  /** The newest unread mail to somebody. */
  #mailTo(address: string, subject: string): Promise<SeenMail> {
    return until(`a mail to ${address}: ${subject}`, async () =>
      (await this.#emulators.inbox()).find(
        (mail) =>
          mail.to.includes(address) && mail.subject.includes(subject) && !this.#readMails.has(mail.id),
      ),
    );
  }
}

function linkIn(mail: SeenMail): string {
  const link = /https?:\/\/\S+\/s\/\S+/.exec(mail.text)?.[0];
  check(link, `the mail "${mail.subject}" holds no survey link`);
  return link;
}

async function answer(mail: SeenMail, answers: Record<string, string>): Promise<void> {
  const posted = await fetch(linkIn(mail), { method: 'POST', body: new URLSearchParams(answers) });
  check(posted.ok, `the survey page answered ${posted.status}`);
}
