import type { SeenIssue, TrackerUser, TrackerUserEdit } from '#adapters/emulators/tracker-user.ts';
import type { AcceptedMail } from '#adapters/mail/resend/emulator/mail-host.ts';
import { typeform } from '#adapters/surveys/typeform/definition.ts';
import { deriveResponseId } from '#domain/base/key.ts';
import type { Fetch } from '#domain/base/ports.ts';
import type { Mailer } from '#domain/integrations/mailer.ts';
import { createSignedDelivery } from '#domain/integrations/survey-source.ts';
import type { Settings } from '#domain/templates/template.ts';
import { createIntegrations } from '#src/wiring.ts';
import { isGenuineDelivery, storeDeliveries } from '#src/workspace/intake/receive.ts';
import { type Operations, operations, type Rest } from '#src/workspace/operations.ts';
import { createRateMeter } from '#src/workspace/queues/rate-limit.ts';
import { registryWithTool } from '#test/emulators/survey-tool-source.ts';
import {
  deployment,
  type EmulatedHosts,
  emulateHosts,
  secrets,
  strangers,
  type TrackerName,
  trackerNames,
} from './emulated-hosts.ts';
import { encodeTypeform, type SampleResponse } from './sample-response.ts';
import { day, hour, minute } from './times.ts';
import { WorkspaceHarness } from './workspace-harness.ts';

/** Time until a call is answered, about what vendors take. */
const callMs = 220;
/** Time until a change in a tracker is polled and answered. */
const reactionMs = 2.5 * hour;

/** A workspace with emulated trackers and mail, called by the real adapters, and people who work in the trackers. */
export class EmulatedHarness extends WorkspaceHarness {
  readonly hosts: EmulatedHosts;
  /** Called with every request that leaves. */
  onRequest: (request: Request) => void = () => {};
  readonly #people: Settings['workspace']['people'];
  #mailsRead = 0;
  #commentsRead = 0;

  constructor(settings: Settings, { mailer }: { mailer?: Promise<Mailer> } = {}) {
    super(settings);
    this.#people = { ...settings.workspace.people };
    this.hosts = emulateHosts({ now: () => this.now, people: this.#people });
    const integrations = createIntegrations(settings, (name) => deployment.get(name), {
      fetch: this.#fetch,
      retryMs: 0,
      registry: registryWithTool,
      now: () => this.now,
      meter: (queue, rateLimit) => createRateMeter(this.core, queue, rateLimit),
    });
    this.core.integrations = mailer ? { ...integrations, mailer: () => mailer } : integrations;
  }

  readonly #fetch: Fetch = async (input, init) => {
    // The deadlines of calls are the simulated clock's; real time has no say.
    const request = new Request(input, { ...init, signal: null });
    const url = new URL(request.url);
    const host = this.hosts.hosts.get(url.hostname);
    if (!host) throw new Error(`no host ${url.hostname}: only hosts that the settings name may be called`);
    this.onRequest(request);
    this.hosts.limitOf(url)?.sends(request.url);
    const response = await host(request);
    this.now += callMs;
    return response;
  };

  get trackerUser(): Record<TrackerName, TrackerUser> {
    return this.hosts.trackerUser;
  }

  /** Delivers responses one by one, signed as Typeform signs, and does what follows at once. */
  async deliver(...responses: SampleResponse[]): Promise<void> {
    for (const response of responses) {
      const body = encodeTypeform(response, this.now);
      const id = response.token ?? 'r-1';
      const { headers } = await createSignedDelivery(typeform, body, secrets.TYPEFORM_SECRET, { id, now: this.now });
      const arrival = { source: 'upgrade-survey', raw: { body, headers, receivedAt: this.now } };
      if (!(await isGenuineDelivery(this.core, arrival))) throw new Error('a genuine delivery was refused');
      storeDeliveries(this.core, [arrival]);
      await this.pass(1000);
    }
  }

  /** Opens a case for each customer, who could not install the upgrade; comments so far count as read. */
  async open(...customers: string[]): Promise<void> {
    await this.deliver(
      ...customers.map((customer) => ({ token: `r-${customer}`, customer, completed: false, ease: 10 })),
    );
    await this.pass(10 * minute);
    this.#commentsRead = (await this.issue()).comments.length;
  }

  /** Calls an operation of the workspace as a route does. */
  call<Name extends keyof Operations>(name: Name, ...values: Rest<Operations[Name]>): ReturnType<Operations[Name]> {
    const operation = operations[name].run as (core: unknown, ...values: unknown[]) => unknown;
    return this.sql.transaction(() => operation(this.core, ...values)) as ReturnType<Operations[Name]>;
  }

  /** The issue of a case as its tracker shows it now. */
  async issue(index = 0): Promise<SeenIssue> {
    const key = this.case(index).issue?.key;
    const issue = (await this.#userOf(index).list()).find((entry) => entry.key === key);
    if (!issue) throw new Error(`case ${index} has no issue in its tracker`);
    return issue;
  }

  /** The account of a person, or of a stranger, in the tracker of a case. */
  account(person: string, index = 0): string {
    if (person === 'a stranger') return strangers[this.#trackerOf(index)];
    const { kind } = this.#userOf(index);
    const account = this.#people[person]?.accounts[kind];
    if (typeof account !== 'string') throw new Error(`${person} has no account in ${kind}`);
    return account;
  }

  async comment(person: string, text: string, index = 0): Promise<void> {
    await this.#userOf(index).comment((await this.issue(index)).key, this.account(person, index), text);
  }

  async close(
    person: string,
    index = 0,
    kind: 'completed' | 'not-planned' | 'duplicate' = 'completed',
    original?: number,
  ): Promise<void> {
    const { key } = await this.issue(index);
    const repeated = original === undefined ? undefined : (await this.issue(original)).key;
    await this.#userOf(index).close(key, this.account(person, index), kind, repeated);
  }

  /** Dana closes, and a day later customer and closer both say that it is solved. */
  async closeAndConfirm(): Promise<void> {
    await this.close('dana');
    await this.pass(day);
    this.answer('customer', { resolved: 'yes' });
    this.answer('closer', { closed: 'yes' });
  }

  async edit(person: string, change: TrackerUserEdit, index = 0): Promise<void> {
    await this.#userOf(index).edit((await this.issue(index)).key, this.account(person, index), change);
  }

  /** Waits for the workspace to react to an act; returns what it wrote on the first issue since the last answers. */
  async answersTo(act: Promise<void>): Promise<string[]> {
    await act;
    await this.pass(reactionMs);
    const { comments } = await this.issue();
    const fresh = comments.slice(this.#commentsRead);
    this.#commentsRead = comments.length;
    const people = [...this.#userOf(0).people, strangers[this.#trackerOf(0)]];
    return fresh.filter(({ author }) => !people.includes(author)).map(({ text }) => text);
  }

  /** Answers, as the customer or the closer, the question about the newest closing of a case. */
  answer(kind: 'customer' | 'closer', answers: Record<string, string>, index = 0): void {
    const { status } = this.call('answer', this.question(kind, index).id, new Map(Object.entries(answers)));
    if (status !== 'thanks') throw new Error(`the answer was ${status}`);
  }

  /** Mails since the last call, oldest first. */
  freshMails(): AcceptedMail[] {
    const { accepted } = this.hosts.mail;
    const fresh = accepted.slice(this.#mailsRead);
    this.#mailsRead = accepted.length;
    return fresh;
  }

  /** The newest mail to a person of the workspace, as text. */
  mailTo(person: string): string {
    const mail = this.hosts.mail.accepted.findLast(({ to }) => to === `${person}@acme.example`);
    return mail?.text ?? '';
  }

  /** The history of a case, each entry as `what: why`. */
  history(index = 0): string[] {
    return this.call('case', this.case(index).id).timeline.map(({ what, why }) => `${what}: ${why}`);
  }

  /** What each template decided about a response of the upgrade survey. */
  decisions(token: string) {
    const id = deriveResponseId(this.core.keys, 'upgrade-survey', 'upgrade', token);
    return this.call('response', id).decisions;
  }

  #trackerOf(index: number): TrackerName {
    const { tracker } = this.case(index);
    const name = trackerNames.find((known) => known === tracker);
    if (!name) throw new Error(`tracker ${tracker} is not emulated`);
    return name;
  }

  #userOf(index: number): TrackerUser {
    return this.trackerUser[this.#trackerOf(index)];
  }
}
