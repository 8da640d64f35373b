import { deriveId, deriveResponseId } from '#domain/base/key.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, hour } from '#test/harness/times.ts';
import type { SimulatedCustomer } from './actors.ts';
import { recordHarness } from './harness-history.ts';
import type { History } from './history.ts';
import { withParts } from './plan-invariants.ts';
import { outsideWords } from './words.ts';

const customer = (number: number): SimulatedCustomer => ({
  key: `canary-key-${number}`,
  email: `canary-${number}@customer.example`,
  name: `Canaryname${number}`,
  words: `canarywords${number}`,
  tier: 'gold',
});

/** Acme as shipped, polled once a day, with response plans as sub-issues. */
export const readPlannedAcme = () =>
  acme(({ name, text }) => withParts(name, text.replace('every: 2 minutes', 'every: 1 day')));

/**
 * A short run in which everything goes well, as a base for histories with one mistake: C-1 is fixed and its customer
 * asked, C-2 declined with a reason, C-3 open with a plan; rows of rarer kinds are written by hand.
 */
export async function playHealthyRun(): Promise<History> {
  const harness = new Harness(readPlannedAcme());
  const { support, growth } = harness.trackers;
  const [first, second, third] = [customer(1), customer(2), customer(3)];
  const answer = ({ key, email, name }: SimulatedCustomer) => ({ customer: key, email, name });
  await harness.receive({ ...answer(first), token: 'r-1', completed: false });
  await harness.receive({ ...answer(second), token: 'r-2', wish: second.words });
  await harness.pass(hour);
  support.close(0, 'completed', '5b10ac8d82e05b22cc7d4ef1');
  growth.say(0, 'dana@acme.example', `/declined because ${outsideWords}`);
  growth.close(0, 'not-planned', 'dana@acme.example');
  await harness.poll();
  await harness.pass(3 * day);
  await harness.receive({ ...answer(third), token: 'r-3', completed: false });
  await harness.pass(hour);
  const { sql, core, now } = harness;
  const keyOf = (id: string) => deriveResponseId(core.keys, 'tool', 'upgrade', id);
  sql.run("INSERT INTO forms (source, form, watermark) VALUES ('tool', 'upgrade', 0)");
  insertDelivery(harness, 'tool', keyOf('t-1'));
  insertResponse(harness, 'tool', keyOf('t-1'));
  insertDelivery(harness, 'export', deriveResponseId(core.keys, 'export', 'default', 'row-1'));
  insertResponse(harness, 'export', deriveResponseId(core.keys, 'export', 'default', 'row-1'));
  sql.run(
    `INSERT INTO asks (id, kind, rule, origin_id, person, survey, state, why, due_at)
      VALUES ('s-1', 'resurvey', 'later', 'r-1', 'k-1', 'recovery', 'skipped', 'the customer asked for no more mail', ?)`,
    now - day,
  );
  sql.run(
    `INSERT INTO asks (id, kind, rule, event, person, origin_id, event_at, due_at, state, why)
      VALUES ('i-1', 'invitation', 'upgrade', 'e-1', 'k-1', 'd-1', ?1, ?1, 'skipped', 'answered before')`,
    now - day,
  );
  const history = await recordHarness(harness);
  const sent = { completed: false, ease: 8, wish: null, acked: true };
  return {
    ...history,
    sent: [
      { ...sent, token: 'r-1', customer: first },
      { ...sent, token: 'r-2', customer: second, completed: true, wish: second.words },
      { ...sent, token: 'r-3', customer: third },
    ],
    imported: [{ id: 'row-1', line: 'row-1', acked: true }],
    toolResponses: [
      {
        id: 't-1',
        form: 'upgrade',
        revision: 1,
        submittedAt: now,
        changedAt: now,
        partial: false,
        customer: 'k-9',
        email: 'k-9@customer.example',
        answers: { completed: true },
      },
    ],
    closings: [
      { tracker: 'support', id: '1', kind: 'completed' },
      { tracker: 'growth', id: '1', kind: 'explained' },
    ],
    limits: { jira: { refused: [], early: [] } },
  };
}

function insertDelivery({ sql, core, now }: Harness, source: string, response: string): void {
  const id = deriveId(core.keys, 'd', source, response);
  sql.run(
    `INSERT INTO deliveries (id, source, received_at, headers, body, outcome, response_id)
      VALUES (?, ?, ?, '{}', X'00', 'stored', ?)`,
    id,
    source,
    now,
    response,
  );
}

function insertResponse({ sql, now }: Harness, source: string, id: string): void {
  sql.run(
    `INSERT INTO responses (id, source, form, revision, submitted_at, received_at, customer_key, content, decided_revision)
      VALUES (?1, ?2, 'upgrade', 1, ?3, ?3, 'k-9', '{}', 1)`,
    id,
    source,
    now,
  );
}
