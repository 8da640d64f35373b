import { verifyToken } from '#domain/base/key.ts';
import { finishSteps } from '#domain/base/steps.ts';
import { importFile } from '#src/workspace/intake/import-file.ts';
import { isGenuineDelivery, storeDeliveries } from '#src/workspace/intake/receive.ts';
import { answerAsk, isOpenForAnswers, listAsksInMail, unsubscribe } from '#src/workspace/loop/answer.ts';
import { applyMailEvent } from '#src/workspace/loop/withdraw.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { encodeTypeform } from '#test/harness/sample-response.ts';
import { minute } from '#test/harness/times.ts';
import { encodeAlert } from './alerts.ts';
import type { Chance } from './chance.ts';
import { ownIssues } from './copies.ts';
import { insideWords } from './words.ts';
import type { World } from './world.ts';

/** A customer whose personal data occurs nowhere else in the run. */
export interface SimulatedCustomer {
  key: string;
  email: string;
  name: string;
  words: string;
  tier: string;
}

export interface SentResponse {
  token: string;
  customer: SimulatedCustomer;
  completed: boolean;
  ease: number;
  wish: string | null;
  acked: boolean;
  /** The survey tool sends an alert by e-mail instead of a webhook. */
  byMail?: true;
}

export function customers(count: number): SimulatedCustomer[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `canary-key-${index}`,
    email: `canary-${index}@customer.example`,
    name: `Canaryname${index}`,
    words: `canarywords${index}`,
    tier: ['gold', 'silver', 'bronze'][index % 3] ?? 'gold',
  }));
}

/** Sometimes a stranger fills in the public link under a customer's key, with another address. */
export const sometimesForged = (customer: SimulatedCustomer, chance: Chance): SimulatedCustomer =>
  chance.happens(0.15) ? { ...customer, email: `${customer.key}@impostor.example` } : customer;

export function newResponse(customer: SimulatedCustomer, chance: Chance, number: number): SentResponse {
  return {
    token: `response-${number}`,
    customer,
    completed: chance.happens(0.5),
    ease: chance.below(11),
    wish: chance.happens(0.3) ? `I wish for @everyone ${customer.words}` : null,
    acked: false,
    ...(number % 4 === 3 && { byMail: true }),
  };
}

/** Encodes a simulated response as Typeform delivers it. */
function encodeResponse({ customer, ...response }: SentResponse, at: number): Uint8Array {
  const { key, email, name, tier } = customer;
  return encodeTypeform({ ...response, customer: key, email, name, tier }, at);
}

/** Sends until the delivery is acknowledged, as survey tools do; sometimes once too often. */
export async function deliver(world: World, response: SentResponse, chance: Chance): Promise<void> {
  const source = response.byMail ? 'alerts' : 'upgrade-survey';
  const body = (response.byMail ? encodeAlert : encodeResponse)(response, world.now);
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const headers = await world.signatures[response.byMail ? 'alert' : 'response']({ body, id: response.token });
    const raw = { body, headers, receivedAt: world.now };
    const ids = await world.mortal(async () => {
      const arrival = { source, raw };
      if (!(await isGenuineDelivery(world.core, arrival))) throw new Error('a genuine delivery was refused');
      return storeDeliveries(world.core, [arrival]);
    });
    world.diary.push({ at: world.now, what: 'delivered', source, token: response.token, ids });
    if (ids) {
      response.acked = true;
      if (!chance.happens(0.2)) return;
    }
    await world.runUntil(world.now + 5 * minute);
  }
}

/** A respondent answers in the tool with an API, or edits an answer. The tool delivers at most once. */
export async function answerInTool(world: World, chance: Chance, people: SimulatedCustomer[]): Promise<void> {
  if (chance.happens(0.2)) world.tool.isLosing = world.allows('losses') && !world.tool.isLosing;
  const { size } = world.tool.responses;
  const number = size > 0 && chance.happens(0.3) ? chance.below(size) : size;
  const customer = people[number % people.length];
  const answers = { completed: chance.happens(0.5), ease: chance.below(11) };
  const partial = chance.happens(0.2);
  const before = world.tool.responses.get(`tool-${number}`);
  // Sent again without a change, an answer is no edit, and Caselite keeps the one that it has.
  if (before?.partial === partial && JSON.stringify(before.answers) === JSON.stringify(answers)) return;
  await world.tool.submit({
    id: `tool-${number}`,
    partial,
    customer: customer?.key ?? '',
    email: customer?.email ?? '',
    answers,
  });
}

/** A row of a file that is imported repeatedly, each time with more rows. */
export interface ImportedRow {
  id: string;
  line: string;
  acked: boolean;
}

/** Imports another tool's export of all rows so far. */
export async function importExport(
  world: World,
  chance: Chance,
  people: SimulatedCustomer[],
  rows: ImportedRow[],
): Promise<void> {
  for (let more = 1 + chance.below(3); more > 0; more -= 1) {
    const id = `row-${rows.length}`;
    const at = new Date(world.now - chance.below(600) * minute).toISOString();
    rows.push({ id, line: `${id},${at},${chance.pick(people).key},${chance.below(11)}`, acked: false });
  }
  const text = ['id,at,customer,ease', ...rows.map(({ line }) => line)].join('\n');
  const file = { body: new TextEncoder().encode(text), contentType: 'text/csv' };
  const taken = await world.mortal(async () =>
    world.core.sql.transaction(() => finishSteps(importFile(world.core, 'export', file))),
  );
  if (taken) for (const row of rows) row.acked = true;
}

/** A person works in a tracker: closes, comments, sometimes reopens. */
export async function workInTracker(world: World, chance: Chance): Promise<void> {
  const tracker = chance.pick(['support', 'product', 'growth'] as const);
  const trackerUser = world.trackerUser[tracker];
  const issues = await ownIssues(world, tracker);
  if (issues.length === 0) return;
  const issue = chance.pick(issues);
  const person = chance.pick(trackerUser.people);
  const close = async () => {
    const kind = chance.pick(['completed', 'completed', 'completed', 'not-planned', 'duplicate'] as const);
    await trackerUser.close(issue.key, person, kind);
    world.closings.push({ tracker, id: issue.id, kind });
  };
  if (issue.state === 'closed') {
    if (issue.title === 'Test issue of Caselite') return;
    const isOtherReason = chance.happens(0.5);
    if (!isOtherReason && !chance.happens(0.2)) return;
    // Jira leads from Done to other states alone.
    if (!isOtherReason || trackerUser.kind === 'jira') {
      await trackerUser.reopen(issue.key, person);
      world.closings.push({ tracker, id: issue.id, kind: 'reopened' });
    }
    return isOtherReason ? close() : undefined;
  }
  if (chance.happens(0.3))
    await trackerUser.comment(
      issue.key,
      person,
      chance.pick(['/closed yes', `/unable because policy, ${insideWords}`, 'looking at it']),
    );
  if (chance.happens(0.6)) await close();
}

/** A customer opts out by the link of a mail, old or new. */
async function wantNoMore(world: World, mail: { to: string }, subject: string): Promise<void> {
  const done = await world.mortal(() => world.core.sql.transaction(() => unsubscribe(world.core, subject)));
  if (done) world.optOuts.set(mail.to, Math.min(world.now, world.optOuts.get(mail.to) ?? world.now));
}

const isCustomers = ({ to }: { to: string }) => to.includes('customer.example');

/** Follow-up of a mail, by the token in its link. */
export function followUpOf(world: World, mail: { text: string }): string | null {
  const token = /\/s\/(\S+)/.exec(mail.text)?.[1];
  return (token && verifyToken(world.core.keys, 'survey', token)?.subject) || null;
}

/** Subject of the opt-out link at a mail's foot; an invitation has no other link. */
function unsubscribeOf(world: World, mail: { text: string }): string | null {
  const token = /\/u\/(\S+)/.exec(mail.text)?.[1];
  return (token && verifyToken(world.core.keys, 'unsubscribe', token)?.subject) || null;
}

/**
 * A person with a due follow-up opts out by an earlier mail: most likely after answering no, because the quarantine
 * does not delay that next follow-up.
 */
async function changeMind(world: World, chance: Chance): Promise<void> {
  const due = world.sql.all<{ email: string | null; generation: number }>(
    "SELECT email, generation FROM asks JOIN customers ON key = person WHERE kind = 'customer' AND state = 'due'",
  );
  const again = due.filter(({ generation }) => generation > 1);
  const waiting = again.length > 0 ? again : due;
  if (!chance.happens(again.length > 0 ? 0.7 : 0.2)) return;
  const mails = world.mail.accepted.filter((mail) => waiting.some(({ email }) => email === mail.to));
  if (mails.length === 0) return;
  const mail = chance.pick(mails);
  const subject = unsubscribeOf(world, mail);
  if (subject) await wantNoMore(world, mail, subject);
}

/**
 * The mail provider reports a delivery, bounce or complaint: sometimes twice, sometimes late, and sometimes as a
 * forgery.
 */
async function tellOfMail(world: World, chance: Chance, mail: { id: string; to: string }): Promise<void> {
  const type = chance.pick(['email.delivered', 'email.delivered', 'email.bounced', 'email.complained']);
  const data = { email_id: mail.id, to: [mail.to] };
  const bytes = new TextEncoder().encode(JSON.stringify({ type, data }));
  const isForged = chance.happens(0.2);
  const headers = await world.signatures.mailEvent({ body: bytes, id: `told-${mail.id}`, isForged });
  const delivery = { body: bytes, headers, receivedAt: world.now };
  for (const _ of chance.happens(0.3) ? [1, 2] : [1]) {
    const done = await world.mortal(async () => {
      const events = await world.core.integrations.readMailEvents(delivery, world.now);
      if (isForged !== (events === null)) throw new Error('a forged event was believed, or a true one was not');
      world.core.sql.transaction(() => {
        for (const event of events ?? []) applyMailEvent(world.core, event);
      });
      return true;
    });
    if (!done || isForged) return;
    if (type === 'email.bounced') world.diary.push({ at: world.now, what: 'bounced', mail: mail.id });
    const promised = { 'email.bounced': world.dead, 'email.complained': world.optOuts }[type];
    promised?.set(mail.to, Math.min(world.now, promised.get(mail.to) ?? world.now));
  }
}

/** Whether the page of a mail asks this question; one about several cases leaves out those for which it is too late. */
export function isOnPage(world: World, id: string): boolean {
  // Whoever looks from outside never dies with the process.
  const core = { ...world.core, sql: world.sql };
  return listAsksInMail(core, id).some((asked) => asked.ask.id === id && isOpenForAnswers(core, asked));
}

/** Customers and closers read their mail, then answer, stay silent or opt out. */
export async function readMail(world: World, chance: Chance, read: Set<string>): Promise<void> {
  await changeMind(world, chance);
  for (const mail of world.mail.accepted) {
    if (read.has(mail.id) || chance.happens(0.5)) continue;
    read.add(mail.id);
    const subject = followUpOf(world, mail);
    const isCustomer = isCustomers(mail);
    if (isCustomer && subject && chance.happens(0.4)) await tellOfMail(world, chance, mail);
    const end = isCustomer && !subject ? unsubscribeOf(world, mail) : null;
    if (end && chance.happens(0.1)) await wantNoMore(world, mail, end);
    if (!subject || chance.happens(0.3)) continue;
    if (isCustomer && chance.happens(0.1)) {
      await wantNoMore(world, mail, subject);
    } else {
      const answer = isCustomer
        ? chance.pick(['yes', 'yes', 'no', 'partly'])
        : chance.pick(['yes', 'yes', 'unable', 'partly']);
      const form = new Map([
        [isCustomer ? 'resolved' : 'closed', answer],
        ['comment', 'canarywords in the survey'],
      ]);
      const send = async () => {
        const isShown = isOnPage(world, subject);
        const taken = await world.mortal(() => world.core.sql.transaction(() => answerAsk(world.core, subject, form)));
        const given = form.get(isCustomer ? 'resolved' : 'closed') ?? '';
        const isTaken = isShown && taken?.status === 'thanks';
        world.diary.push({ at: world.now, what: 'answered', mail: mail.id, ask: subject, answer: given, isTaken });
        return taken;
      };
      const first = await send();
      // Another mail about the same may be answered later, and then this answer is the last.
      if (first?.status === 'thanks' && world.corrections.has(subject)) world.corrections.set(subject, answer);
      if (!isCustomer || !chance.happens(0.4)) continue;
      // A slip, corrected at once; with a program that checks mail, both come with the mail.
      const last = answer === 'yes' ? 'no' : 'yes';
      form.set('resolved', last);
      const second = await send();
      if (first?.status === 'thanks' && second?.status === 'thanks') world.corrections.set(subject, last);
    }
  }
}

/** A respondent who asks for erasure later: no data of this person may remain anywhere. */
export const leaver: SimulatedCustomer = {
  key: 'canary-leaver-key',
  email: 'canary-leaver@customer.example',
  name: 'Canaryleaver',
  words: 'canaryleaverwords',
  tier: 'gold',
};

/** The person responds early and is erased at a later step; a crash during the erasure repeats it. */
export async function comeAndLeave(
  world: World,
  chance: Chance,
  { step, steps }: { step: number; steps: number },
  sent: SentResponse[],
): Promise<void> {
  if (step < 4 && chance.happens(0.4)) {
    const response = newResponse(leaver, chance, sent.length);
    sent.push(response);
    await deliver(world, response, chance);
  }
  const isKnown = world.sql.all('SELECT 1 FROM customers WHERE email = ?', leaver.email).length > 0;
  if (step > 4 && isKnown && (step > steps - 4 || chance.happens(0.1))) {
    const done = await world.mortal(() =>
      world.core.sql.transaction(() => erasePerson(world.core, leaver.email, 'dana')),
    );
    if (done) world.diary.push({ at: world.now, what: 'erased', address: leaver.email });
  }
}

/** A person downloads an export; or another tool asks the person something, which it tells. */
export async function download(world: World, chance: Chance, customer: SimulatedCustomer): Promise<void> {
  const id = `download-${chance.below(20)}`;
  const { key, email, name } = customer;
  const event = {
    id,
    ...(id.endsWith('-19') ? { event: 'survey.sent', subject: 'relationship' } : { event: 'upgrade.downloaded' }),
    at: new Date(world.now).toISOString(),
    customer: { key, email, name },
  };
  await sendEvent(world, chance, event);
}

/** Another tool sends an event until it is acknowledged, sometimes once too often. */
export async function sendEvent(
  world: World,
  chance: Chance,
  event: { id: string; [field: string]: unknown },
): Promise<void> {
  const body = new TextEncoder().encode(JSON.stringify(event));
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const headers = await world.signatures.event({ body, id: event.id });
    const ids = await world.mortal(async () => {
      const arrival = { source: 'events', raw: { body, headers, receivedAt: world.now } };
      if (!(await isGenuineDelivery(world.core, arrival))) throw new Error('a genuine event was refused');
      return storeDeliveries(world.core, [arrival]);
    });
    if (ids && !chance.happens(0.2)) return;
    await world.runUntil(world.now + minute);
  }
}
