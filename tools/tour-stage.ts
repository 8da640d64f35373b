import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SeenMail } from '#adapters/emulators/emulator.ts';
import type { SeenIssue, TrackerUser } from '#adapters/emulators/tracker-user.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import { until } from '#src/cli/progress.ts';
import { asSent } from '#src/cli/send.ts';
import type { Stack } from '#src/cli/stack.ts';
import { projectRoot } from '#src/cli/workspace-files.ts';

/** A customer of this run only, so that the tour can be repeated on the same data. */
type TourCustomer = { key: string; email: string; name: string; tier: 'gold' | 'silver' | 'bronze'; words: string };

export class Failed extends Error {}

export function check(holds: unknown, what: string): asserts holds {
  if (!holds) throw new Failed(what);
}

/** What steps of the tour use from outside: the API, the trackers as people see them, and the inbox. */
export class Stage {
  readonly stack: Stack;
  readonly emulators: NonNullable<Stack['emulators']>;
  readonly run = Date.now().toString(36);
  readonly gold = this.customer('gold');
  readonly silver = this.customer('silver');
  readonly bronze = this.customer('bronze');
  readonly readMails = new Set<string>();
  strategicBefore = 0;

  constructor(stack: Stack, emulators: NonNullable<Stack['emulators']>) {
    this.stack = stack;
    this.emulators = emulators;
  }

  customer(tier: TourCustomer['tier']): TourCustomer {
    const id = `${tier}-${this.run}`;
    return { key: `cust-${id}`, email: `${id}@customer.example`, name: `Customer${id}`, tier, words: `Verbatim${id}` };
  }

  account(person: string, { issue }: CaseJson): string {
    return this.stack.workspace.people[person]?.accounts[issue?.kind ?? ''] ?? '';
  }

  trackerUser({ handle, issue }: CaseJson): TrackerUser {
    const trackerUser = this.emulators.trackerUser[issue?.kind ?? ''];
    if (!trackerUser) throw new Failed(`${handle} has no issue in an emulated tracker`);
    return trackerUser;
  }

  async upgradeSurvey(customer: TourCustomer, answers: { completed: boolean; ease: number }): Promise<void> {
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
      if (answer.field.ref === 'upgrade_comment') answer.text = `It stops at the license check. ${customer.words}`;
    }
    await this.deliver('upgrade-survey', delivery);
  }

  async deliver(source: string, json: unknown): Promise<void> {
    const body = new TextEncoder().encode(JSON.stringify(json));
    const { headers } = await asSent(this.stack.workspace, source, body, (name) => this.stack.secrets.get(name));
    const { status, text } = await this.stack.client.deliver(source, body, headers);
    check(status === 202, `a delivery was answered with ${status}: ${text}`);
  }

  cases(): Promise<CaseJson[]> {
    return this.stack.client.list('cases');
  }

  caseOf(template: string, { key }: TourCustomer): Promise<CaseJson> {
    return until(`a case of ${template} with an issue`, async () =>
      (await this.cases()).find(
        (caseJson) => caseJson.template === template && caseJson.customer.key === key && caseJson.issue,
      ),
    );
  }

  async strategic(): Promise<CaseJson | undefined> {
    return (await this.cases()).find(
      ({ template, kind }) => template === 'upgrade-hard-to-install' && kind === 'strategic',
    );
  }

  caseUntil({ id, handle }: CaseJson, what: string, holds: (caseJson: CaseJson) => boolean): Promise<CaseJson> {
    return until(`${handle} is ${what}`, async () =>
      (await this.cases()).find((caseJson) => caseJson.id === id && holds(caseJson)),
    );
  }

  async issue(tracker: 'support' | 'product' | 'growth', caseJson: CaseJson): Promise<SeenIssue> {
    const { handle, issue } = caseJson;
    check(issue?.tracker === tracker, `${handle} has its issue in ${issue?.tracker}, not in ${tracker}`);
    const seen = (await this.trackerUser(caseJson).list()).find(({ key }) => key === issue.key);
    if (!seen?.title.includes(handle)) throw new Failed(`${tracker} has no issue for ${handle}`);
    return seen;
  }

  mailTo(address: string, ...words: string[]): Promise<SeenMail> {
    return until(`a mail to ${address}: ${words.join(' … ')}`, async () =>
      (await this.emulators.inbox()).find(
        (mail) =>
          mail.to.includes(address) &&
          words.every((word) => mail.subject.includes(word)) &&
          !this.readMails.has(mail.id),
      ),
    );
  }

  close(caseJson: CaseJson): Promise<void> {
    return this.trackerUser(caseJson).close(caseJson.issue?.key ?? '', this.account('dana', caseJson));
  }

  async answer(mail: SeenMail, answers: Record<string, string>): Promise<void> {
    const link = linkIn(mail);
    // A browser names the page that posts a form.
    const headers = { origin: new URL(link).origin };
    const posted = await fetch(link, { method: 'POST', body: new URLSearchParams(answers), headers });
    check(posted.ok, `the survey page answered ${posted.status}`);
    this.readMails.add(mail.id);
  }
}

export function linkIn(mail: SeenMail): string {
  const link = /https?:\/\/\S+\/s\/\S+/.exec(mail.text)?.[0];
  check(link, `the mail "${mail.subject}" holds no survey link`);
  return link;
}
