import { expect, it } from 'vitest';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { startRereadingResponses } from '#src/workspace/intake/source-calls.ts';
import * as store from '#src/workspace/store/index.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { hour } from '#test/harness/times.ts';

const source = `sources:
  own:
    kind: json
    secret: OWN_SECRET
    proof: { kind: bearer }
    response: { id: id, answers: answers }
`;
const settings = acme(({ name, text }) => (name === 'acme' ? text.replace('sources:\n', source) : text));

it('a response is stored after a reread as after its arrival: whole characters, and each text up to its bound', async () => {
  const harness = new Harness(settings);
  // The escape is half of an emoji, which a tool cut.
  const body = `{"id":"r-1\\ud83d","answers":{"wish":"cut \\ud83d","essay":"${'x'.repeat(70_000)}"}}`;
  const raw = { body: new TextEncoder().encode(body), headers: {}, receivedAt: harness.now };
  storeDeliveries(harness.core, [{ source: 'own', raw }]);
  await harness.pass(0);
  const before = harness.responses();
  expect(before.map(({ content }) => content.answers.map(({ value }) => String(value).length))).toEqual([[5, 65_536]]);
  expect(before[0]?.content.answers[0]?.value).toBe('cut \ufffd');
  const [{ id, incoming } = { id: '', incoming: null }] = before;
  if (incoming) store.responses.update(harness.core.sql, { id }, { incoming: { ...incoming, answers: [] } });
  startRereadingResponses(harness.core, 'own');
  await harness.pass(hour);
  expect(harness.responses()).toEqual(before);
});
