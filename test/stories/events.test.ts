import { createServer, type Server } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { webhook } from '#adapters/notices/webhook/definition.ts';
import { createOutboundFetch } from '#adapters/outbound.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import { CaseEvent } from '#domain/integrations/case-event.ts';
import { toIsoText } from '#domain/time/units.ts';
import { replayEvents } from '#src/workspace/basics/case-events.ts';
import { record } from '#src/workspace/basics/case-operation.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { listEventAttemptsJson, listEventChannelsJson } from '#src/workspace/queries/connections.ts';
import { addEventAttempt, eventAttempts, findLastEventTakenAt, listTimelineSince } from '#src/workspace/store/mails.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, hour, minute } from '#test/harness/times.ts';
import { rowsOf } from '#test/workspace/store/rows.ts';

/* Events of cases go to a receiver of somebody else, over HTTP, which checks them with the reference library. */

const key = `whsec_${btoa('a secret of the receiver')}`;

const settingsWith = (fields: string) =>
  acme(({ name, text }) =>
    name === 'acme'
      ? text
          .replace('every: 2 minutes', 'every: 1 day')
          .replace(
            'mail: {',
            `channels: { crm: { kind: webhook, url: CRM_URL, secret: CRM_SECRET, ${fields} } }\nmail: {`,
          )
      : text,
  );

/** A receiver that answers by a script; null never answers. */
class Receiver {
  readonly taken: { id: string; event: CaseEvent }[] = [];
  answer: (event: CaseEvent) => number | null = () => 204;
  readonly #server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    new Webhook(key).verify(text, request.headers as Record<string, string>);
    const id = String(request.headers['webhook-id']);
    const event = CaseEvent.parse(JSON.parse(text));
    const status = this.answer(event);
    if (status === null || status < 300) this.taken.push({ id, event });
    if (status === null) response.destroy();
    else response.writeHead(status).end();
  });
  async listen() {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/events`;
  }
  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

let receiver: Receiver;
let url: string;
beforeEach(async () => {
  receiver = new Receiver();
  url = await receiver.listen();
});
afterEach(() => receiver.close());

function workspace(fields = 'events: all') {
  const harness = new Harness(settingsWith(fields));
  const values: Record<string, string> = { CRM_URL: url, CRM_SECRET: key };
  harness.core.integrations.channel = (name) => {
    const settings = harness.core.settings.workspace.channels[name];
    if (!settings) throw new IntegrationError('rejected', 'find channel');
    return webhook.create(webhook.settings.parse(settings), {
      createFetch: (address) => createOutboundFetch(address),
      now: Date.now,
      secret: (secret) => values[secret] ?? '',
    });
  };
  return harness;
}

const unhappy = { completed: false, customer: 'k-1', email: 'kim@customer.example', name: 'Kim Canary' };
const receiveThree = async (harness: Harness) => {
  for (const customer of ['k-1', 'k-2', 'k-3']) await harness.receive({ ...unhappy, token: customer, customer });
};
const types = () => receiver.taken.map(({ event }) => event.type);
const sequences = () => receiver.taken.map(({ event }) => event.data.sequence);
const attempts = (harness: Harness) => listEventAttemptsJson(harness.core, 'crm', { cursor: null, limit: 100 }).items;

describe('events of cases', () => {
  it('go out signed, each once, in the order of the timeline, and name no customer', async () => {
    const harness = workspace();
    await harness.receive(unhappy);
    await harness.pass(hour);
    harness.trackers.support.close(0, 'completed', '5b10ac8d82e05b22cc7d4ef1');
    await harness.poll();
    await harness.pass(2 * day);
    expect(types()).toEqual(expect.arrayContaining(['case.opened', 'case.assigned', 'case.closed', 'case.asked']));
    expect(receiver.taken.map(({ event }) => event.data.event)).toEqual(harness.timeline());
    expect(sequences()).toEqual(sequences().toSorted((a, b) => a - b));
    expect(new Set(receiver.taken.map(({ id }) => id)).size).toBe(receiver.taken.length);
    expect(JSON.stringify(receiver.taken)).not.toMatch(/canary|k-1|customer\.example/i);
    const [first] = receiver.taken;
    expect(first?.event.data.case).toMatchObject({
      handle: 'C-1',
      url: `https://caselite.test/w/acme/cases/${harness.case().id}`,
    });
  });

  it('are chosen by type, and go on after an erasure', async () => {
    const harness = workspace('events: [case.opened, case.closed]');
    await harness.receive(unhappy);
    expect(types()).toEqual(['case.opened']);
    receiver.answer = () => 503;
    harness.trackers.support.close(0, 'completed', '5b10ac8d82e05b22cc7d4ef1');
    await harness.poll();
    harness.sql.transaction(() => erasePerson(harness.core, 'k-1', 'priya'));
    receiver.answer = () => 204;
    await harness.pass(hour);
    expect(types()).toEqual(['case.opened', 'case.closed']);
    expect(JSON.stringify(receiver.taken[1])).not.toMatch(/canary|kim@/i);
  });

  it('are tried again under one id after an error and after a lost answer, in order, with a log', async () => {
    const harness = workspace('events: [case.opened, case.assigned]');
    let requests = 0;
    receiver.answer = () => {
      requests += 1;
      return requests === 1 ? 500 : requests === 2 ? null : 200;
    };
    await harness.receive(unhappy);
    await harness.pass(hour);
    expect(types()).toEqual(['case.opened', 'case.opened', 'case.assigned']);
    expect(receiver.taken[0]?.id).toBe(receiver.taken[1]?.id);
    expect(attempts(harness).map(({ error }) => error === null)).toEqual([true, true, false, false]);
    expect(attempts(harness).at(-1)?.error).toMatch(/500/);
  });

  it('end after days of refusals with one notice to the admins, and a replay posts what was missed', async () => {
    const harness = workspace('events: [case.opened, case.assigned, case.escalated]');
    receiver.answer = () => 410;
    await harness.receive(unhappy);
    await harness.pass(5 * day + hour);
    const told = harness.mail.accepted.filter(({ subject }) => subject === 'Events of cases no longer go to crm');
    expect(new Set(told.map(({ to }) => to)).size).toBe(told.length);
    expect(told).not.toEqual([]);
    expect(listEventChannelsJson(harness.core)).toMatchObject([
      { name: 'crm', endedAt: expect.any(String), waiting: 0 },
    ]);
    const tries = attempts(harness).length;
    await harness.receive({ ...unhappy, token: 'r-2', customer: 'k-2' });
    await harness.pass(hour);
    expect(attempts(harness)).toHaveLength(tries);
    expect(receiver.taken).toEqual([]);

    receiver.answer = () => 200;
    const since = toIsoText(harness.now - 6 * day);
    const again = harness.sql.transaction(() => replayEvents(harness.core, 'crm', { since, who: 'priya' }));
    await harness.pass(minute);
    expect(receiver.taken).toHaveLength(again.replayed);
    expect(types().filter((type) => type === 'case.opened')).toHaveLength(2);
    expect(listEventChannelsJson(harness.core)).toMatchObject([{ endedAt: null, trouble: null }]);
    const one = receiver.taken[0];
    harness.sql.transaction(() =>
      replayEvents(harness.core, 'crm', { sequence: one?.event.data.sequence ?? 0, who: 'priya' }),
    );
    await harness.pass(minute);
    expect(receiver.taken.filter(({ id }) => id === one?.id)).toHaveLength(2);
  });

  it('that waited for a missing secret for days are not ended by the first failure afterwards', async () => {
    const harness = workspace('events: [case.opened, case.assigned]');
    const { channel } = harness.core.integrations;
    harness.core.integrations.channel = () => Promise.reject(new IntegrationError('auth', 'setting up Webhook'));
    await harness.receive(unhappy);
    await harness.pass(6 * day);
    let requests = 0;
    receiver.answer = () => {
      requests += 1;
      return requests % 2 === 1 ? 500 : 200;
    };
    harness.core.integrations.channel = channel;
    await harness.pass(day);
    expect(types()).toEqual(['case.opened', 'case.assigned']);
  });

  it('that a receiver refuses hold up no other case', async () => {
    const harness = workspace('events: [case.opened, case.assigned]');
    receiver.answer = ({ data }) => (data.case.handle === 'C-4' ? 204 : 422);
    await receiveThree(harness);
    await harness.pass(hour);
    await harness.receive({ ...unhappy, token: 'k-4', customer: 'k-4' });
    await harness.pass(minute);
    expect(types()).toEqual(['case.opened', 'case.assigned']);
  });

  it('that a receiver refuses for days are told once a day, not one by one', async () => {
    const harness = workspace('events: [case.opened, case.assigned]');
    receiver.answer = ({ data }) => (data.case.handle === 'C-4' ? 204 : 422);
    await receiveThree(harness);
    await harness.pass(day);
    await harness.receive({ ...unhappy, token: 'k-4', customer: 'k-4' });
    await harness.pass(4 * day + hour);
    const told = harness.mail.accepted.filter(({ subject }) => /did not reach crm|no longer go to crm/.test(subject));
    expect(told.map(({ subject }) => subject)).toEqual([expect.stringMatching(/^An event of C-\d did not reach crm$/)]);
    expect(listEventChannelsJson(harness.core)).toMatchObject([{ endedAt: null, waiting: 0 }]);
  });

  it('end quietly together when their channel is gone from the settings', async () => {
    const harness = workspace();
    receiver.answer = () => 503;
    await receiveThree(harness);
    harness.core.settings = acme();
    await harness.pass(hour);
    expect(harness.mail.accepted.filter(({ subject }) => subject.includes('crm'))).toEqual([]);
    const states = rowsOf(harness.sql, 'outbox')
      .filter(({ kind, state }) => kind === 'event.send' && state !== 'done')
      .map(({ state, error }) => `${state}: ${error}`);
    expect(states.length).toBeGreaterThan(3);
    expect(new Set(states.slice(1))).toEqual(new Set(['refused: the channel is no longer in the settings']));
  });

  it('keep the last success of a channel in the log behind any number of failed tries', () => {
    const { sql } = workspace();
    const attempt = { channel: 'crm', eventId: 'e_1', caseId: 'c_1', sequence: 1, type: 'case.opened' };
    sql.transaction(() => {
      for (let at = 1; at <= 1010; at += 1) addEventAttempt(sql, { ...attempt, at, error: at > 7 ? 'gone' : null });
    });
    expect(findLastEventTakenAt(sql, 'crm')).toBe(7);
    expect(eventAttempts.page(sql, { channel: 'crm' }, 2000, 2000)).toHaveLength(1001);
  });
});

it('a replay since an instant misses nothing though the clock was set back', async () => {
  const harness = workspace();
  await harness.receive(unhappy);
  const entries: number[] = [];
  const since = harness.now + 50 * minute;
  for (const minutes of [10, 30, 55, 60, 15, 20, 25, 40, 65, 80]) {
    const at = since + (minutes - 50) * minute;
    harness.now = at;
    harness.sql.transaction(() => record(harness.core, harness.case().id, 'commented', `at ${minutes}`));
    if (at >= since) entries.push(at);
  }
  expect(listTimelineSince(harness.sql, since, 100).map(({ at }) => at)).toEqual(entries);
});
