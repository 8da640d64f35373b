import type { SeenIssue, TrackerUser } from '#adapters/emulators/tracker-user.ts';
import { typeform } from '#adapters/surveys/typeform/definition.ts';
import { responseId } from '#domain/base/key.ts';
import type { Case } from '#domain/cases/case-record.ts';
import { makeDelivery } from '#domain/integrations/survey-source.ts';
import { isGenuine, storeDeliveries } from '#src/workspace/intake/receive.ts';
import { type Operations, operations, type Rest } from '#src/workspace/operations.ts';
import { getCase } from '#src/workspace/store/cases.ts';
import { followUpsOfCase } from '#src/workspace/store/follow-ups.ts';
import { encodeTypeform, type SampleResponse } from '#test/harness/sample-response.ts';
import { chance } from '#test/simulation/chance.ts';
import { borrowMachine } from '#test/simulation/machine.ts';
import { secrets, World } from '#test/simulation/world.ts';

const zone = 'Europe/Berlin';

/** Acme as shipped, with emulated trackers and mail, for stories with dates. */
export class Played {
  readonly world: World;
  readonly #machine: { restore(): void };
  #read = 0;

  constructor(
    workspaceFile: (acme: string) => string = (acme) => acme,
    template: (name: string, text: string) => string = (_, text) => text,
  ) {
    this.world = new World(chance(1), { crash: 0, integrations: 0 }, { workspaceFile, template });
    this.#machine = borrowMachine(() => this.world.now, chance(1));
  }

  end(): void {
    this.#machine.restore();
  }

  get trackerUser(): Record<'support' | 'product' | 'growth', TrackerUser> {
    return this.world.trackerUser;
  }

  /** Lets time pass until this wall-clock time in Berlin, in winter. */
  until(when: string): Promise<void> {
    return this.world.runUntil(Date.parse(`${when.replace(' ', 'T')}:00+01:00`));
  }

  async respond(told: SampleResponse): Promise<void> {
    const bytes = encodeTypeform(told, this.world.now);
    const { headers } = await makeDelivery(typeform, bytes, secrets.TYPEFORM_SECRET, {
      id: told.token ?? 'r-1',
      now: this.world.now,
    });
    const arrival = { source: 'upgrade-survey', raw: { body: bytes, headers, receivedAt: this.world.now } };
    if (!(await isGenuine(this.world.core, arrival))) throw new Error('not genuine');
    storeDeliveries(this.world.core, [arrival]);
    await this.world.runUntil(this.world.now + 1000);
  }

  /** Runs an operation of the workspace like a route. */
  ask<Name extends keyof Operations>(name: Name, ...values: Rest<Operations[Name]>): ReturnType<Operations[Name]> {
    const operation = operations[name] as (core: unknown, ...values: unknown[]) => unknown;
    return this.world.core.sql.transaction(() => operation(this.world.core, ...values)) as ReturnType<Operations[Name]>;
  }

  caseId(number = 1): string {
    const [row] = this.world.sql.all<{ id: string }>('SELECT id FROM cases WHERE number = ?', number);
    if (!row) throw new Error(`no case ${number}`);
    return row.id;
  }

  /** Mails since the last call, oldest first: `Tue 07:00 sam: subject`. */
  mails(): string[] {
    const fresh = this.world.mail.accepted.slice(this.#read);
    this.#read = this.world.mail.accepted.length;
    return fresh.map(({ to, subject, at }) => `${this.clock(at)} ${to.replace(/@acme\.example$/, '')}: ${subject}`);
  }

  /** The newest mail to a person, as text. */
  mailTo(person: string): string {
    const mail = this.world.mail.accepted.findLast(({ to }) => to === `${person}@acme.example`);
    return mail?.text ?? '';
  }

  clock(at: number): string {
    const text = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
    });
    return text.format(at).replace(',', '');
  }

  found(number = 1): Case {
    return getCase(this.world.sql, this.caseId(number));
  }

  timeline(number = 1): string[] {
    return this.ask('case', this.caseId(number)).timeline.map(({ what, why }) => `${what}: ${why}`);
  }

  /** The first case's issue as its tracker shows it. */
  async issue(): Promise<SeenIssue> {
    const [issue] = await this.trackerUser.support.list();
    if (!issue) throw new Error('no issue');
    return issue;
  }

  answerAsCustomer(answers: Record<string, string>, number = 1): void {
    this.#answer('customer', answers, number);
  }

  answerAsCloser(answers: Record<string, string>, number = 1): void {
    this.#answer('closer', answers, number);
  }

  /** Each template's decision about a response of the upgrade survey. */
  decisions(token: string): { template: string; opened: boolean; why: string[] }[] {
    const id = responseId(this.world.core.keys, 'upgrade-survey', 'upgrade', token);
    return this.ask('response', id).decisions;
  }

  /** A person answers the newest survey that they received. */
  #answer(side: 'customer' | 'closer', answers: Record<string, string>, number: number): void {
    const caseRecord = this.found(number);
    const asked = followUpsOfCase(this.world.sql, caseRecord.id).find(
      ({ kind, generation }) => kind === side && generation === caseRecord.generation,
    );
    if (!asked) throw new Error(`the ${side} was not asked`);
    const { status } = this.ask('answer', asked.id, new Map(Object.entries(answers)));
    if (status !== 'thanks') throw new Error(`the answer was ${status}`);
  }
}
