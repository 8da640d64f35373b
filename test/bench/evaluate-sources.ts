import type { RawDelivery } from '#domain/integrations/survey-source.ts';
import { createSignedDelivery } from '#domain/integrations/survey-source.ts';
import { readFixtures } from '#test/contracts/survey-fixtures.ts';
import { surveyRigs } from '#test/contracts/survey-harnesses.ts';

/*
 * Cost of receiving a delivery: verifies and reads the largest delivery of each source, compared with a bare JSON.parse
 * of as many bytes. All sources take turns in one run, so that the ratios are comparable.
 */

const rounds = 40;
const callsPerRound = 25;
const now = Date.UTC(2026, 10, 23, 8);

interface Contender {
  kind: string;
  bytes: number;
  verify: () => Promise<unknown>;
  parse: () => unknown;
  bare: () => unknown;
}

async function contender({ kind, harness }: (typeof surveyRigs)[number]): Promise<Contender> {
  const settings = harness.definition.settings.parse(harness.settings);
  const [secret] = harness.secrets;
  const [largest] = readFixtures(kind)
    .filter(({ name, expected }) => !name.startsWith('api-') && !Object.hasOwn(expected as object, 'refused'))
    .toSorted((a, b) => b.body.length - a.body.length);
  if (!largest) throw new Error(`no deliveries of ${kind}`);
  const bare = kind === 'qualtrics' ? new TextEncoder().encode('{"SurveyID":"S","ResponseID":"R"}') : largest.body;
  const sent = await createSignedDelivery(harness.definition, bare, secret, { id: 'msg_1', now }, settings);
  const { body } = sent;
  const headers = { ...sent.headers, 'content-type': largest.delivery.headers['content-type'] ?? '' };
  const delivery: RawDelivery = { body, headers, query: sent.query, receivedAt: now };
  if (!(await harness.definition.verify(delivery, [secret], now, settings)))
    throw new Error(`${kind} does not verify what it signs`);
  const raw = new TextDecoder().decode(body);
  const text = raw.startsWith('{') ? raw : JSON.stringify({ text: raw });
  return {
    kind,
    bytes: body.length,
    verify: () => harness.definition.verify(delivery, [secret], now, settings),
    parse: () => harness.definition.parse(delivery, settings),
    bare: () => JSON.parse(text),
  };
}

/** Microseconds per call in the fastest round, because load on the machine only adds time. */
async function time(call: () => unknown): Promise<number> {
  const start = performance.now();
  for (let count = 0; count < callsPerRound; count += 1) await call();
  return ((performance.now() - start) * 1000) / callsPerRound;
}

const contenders = await Promise.all(surveyRigs.map(contender));
const best = new Map<string, number[]>();
for (let round = 0; round < rounds; round += 1) {
  for (const { kind, verify, parse, bare } of contenders) {
    const times = [await time(verify), await time(parse), await time(bare)];
    const known = best.get(kind);
    best.set(kind, known ? known.map((value, index) => Math.min(value, times[index] ?? value)) : times);
  }
}

const line = (cells: string[]) =>
  cells.map((cell, index) => (index === 0 ? cell.padEnd(20) : cell.padStart(12))).join('');
console.log(line(['source', 'bytes', 'verify µs', 'read µs', 'bare µs', 'ratio']));
for (const { kind, bytes } of contenders) {
  const [verify = 0, parse = 0, bare = 0] = best.get(kind) ?? [];
  const ratio = ((verify + parse) / bare).toFixed(1);
  console.log(line([kind, String(bytes), verify.toFixed(1), parse.toFixed(1), bare.toFixed(2), ratio]));
}
