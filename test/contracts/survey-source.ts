import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { IntegrationError } from '#domain/base/errors.ts';
import type {
  RawDelivery,
  ResponseReference,
  SurveyApi,
  SurveySourceDefinition,
} from '#domain/integrations/survey-source.ts';
import { createSignedDelivery } from '#domain/integrations/survey-source.ts';
import type { SourceSettings } from '#domain/settings/workspace-file.ts';
import { mutations } from './mutations.ts';
import { apiOver, outcome, readable, readByApi, readFixtures, receivedAt } from './survey-fixtures.ts';

/** A signature from another program (openssl), with the exact bytes that it signs. */
interface Vector {
  body: string;
  secret: string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
}

export interface SurveySourceHarness<Settings extends SourceSettings> {
  definition: SurveySourceDefinition<Settings>;
  settings: z.input<z.ZodType<Settings>>;
  /** Two secrets in the tool's format. */
  secrets: [string, string];
  /** Place of the proof: a header or the body itself (signed), or a secret in clear text. */
  proof: { header: string; ownershipMarks: boolean } | 'query' | 'signed-form' | 'field';
  vectors: Vector[];
  /** The clock for the vectors, in UTC milliseconds. */
  vectorsAt?: number;
  /** Request for an answer of the vendor's API (fixtures named `api-…`). */
  reference?: ResponseReference;
}

const encoder = new TextEncoder();

/** The contract of every survey tool. */
export function describeSurveySource<Settings extends SourceSettings>(harness: SurveySourceHarness<Settings>): void {
  const { definition, proof } = harness;
  const settings = definition.settings.parse(harness.settings);
  const [secret, next] = harness.secrets;
  const fixtures = readFixtures(definition.kind);
  const deliveries = fixtures.filter(({ name }) => !name.startsWith('api-'));
  const smallest = deliveries
    .filter(({ expected }) => !Object.hasOwn(expected as object, 'refused'))
    .toSorted((a, b) => a.body.length - b.body.length)[0];
  if (!smallest) throw new Error(`no deliveries in test/fixtures/survey/${definition.kind}`);
  const now = harness.vectorsAt ?? receivedAt;
  /** The outcome of a delivery, whose body some tools prepare. */
  async function read(delivery: RawDelivery): Promise<unknown> {
    const body = (await definition.prepare?.(delivery.body, settings)) ?? delivery.body;
    return outcome(() => definition.parse({ ...delivery, body }, settings), settings);
  }
  const verify = (delivery: RawDelivery, secrets = [secret]) => definition.verify(delivery, secrets, now, settings);

  /** The tool's smallest genuine delivery. */
  async function genuine(key = secret): Promise<RawDelivery> {
    const isBare = proof === 'signed-form';
    const plain = isBare ? encoder.encode('{"SurveyID":"SV_1","ResponseID":"R_1"}') : smallest?.body;
    const signed = await createSignedDelivery(
      definition,
      plain ?? new Uint8Array(),
      key,
      { id: 'msg_1', now },
      settings,
    );
    return { ...signed, receivedAt: now };
  }

  describe(`${definition.title}: its proof`, () => {
    it.each(harness.vectors)('is the one that other programs make %#', async (vector) => {
      const { body, headers = {}, query = {} } = vector;
      const delivery = { body: encoder.encode(body), headers, query, receivedAt: now };
      expect(await verify(delivery, [vector.secret])).toBe(true);
      expect(await verify(delivery, [next])).toBe(false);
      const signed = await definition.signer?.sign(delivery.body, vector.secret, { id: 'msg_1', now }, settings);
      if (typeof proof === 'object') expect(signed?.[proof.header]).toBe(headers[proof.header]);
    });

    it('fails with each byte of the body flipped, where it covers the body', async () => {
      const delivery = await genuine();
      expect(await verify(delivery)).toBe(true);
      const covers = proof === 'signed-form' || (typeof proof === 'object' && proof.ownershipMarks);
      if (!covers) return;
      for (let index = 0; index < delivery.body.length; index += 1) {
        const body = delivery.body.map((byte, at) => (at === index ? byte ^ 1 : byte));
        expect(await verify({ ...delivery, body }), `byte ${index}`).toBe(false);
      }
      expect(await verify({ ...delivery, body: delivery.body.slice(0, -1) })).toBe(false);
      expect(await verify({ ...delivery, body: new Uint8Array() })).toBe(false);
    });

    it('fails with each character of it changed, dropped or doubled', async () => {
      const delivery = await genuine();
      const given = textOf(delivery);
      expect(given.length).toBeGreaterThan(8);
      for (let index = 0; index < given.length; index += 1) {
        const letter = given[index] === 'A' ? 'B' : 'A';
        const [before, after] = [given.slice(0, index), given.slice(index + 1)];
        for (const changed of [before + letter + after, before + after, before + letter + given.slice(index)])
          expect(await verify(withText(delivery, changed)), `character ${index}`).toBe(false);
      }
      expect(await verify(withText(delivery, ''))).toBe(false);
    });

    it('is taken from either of two secrets while they rotate, and fails closed without one', async () => {
      const delivery = await genuine();
      expect(await verify(delivery, [next, secret])).toBe(true);
      expect(await verify(await genuine(next), [next, secret])).toBe(true);
      expect(await verify(delivery, [next])).toBe(false);
      expect(await verify(delivery, [])).toBe(false);
      expect(await verify(delivery, [''])).toBe(false);
      expect(await verify({ ...delivery, headers: {}, query: {}, body: encoder.encode('{}') })).toBe(false);
    });

    it('is refused, not an error, when everything about it is odd', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.string({ maxLength: 40 }), async (body, text) => {
          const odd = withText({ body, headers: {}, query: {}, receivedAt: now }, text);
          expect(await verify(odd)).toBe(false);
        }),
        { numRuns: 50 },
      );
    });

    it('is not stored where it is a secret in clear', async () => {
      const delivery = await genuine();
      const stored = definition.redact?.(delivery, settings) ?? delivery;
      const { query: _, ...kept } = stored;
      const text = JSON.stringify(kept.headers) + new TextDecoder().decode(kept.body);
      expect(text).not.toContain(secret);
      if (proof !== 'signed-form') expect(await read(stored)).toEqual(await read(delivery));
    });
  });

  describe(`${definition.title}: a delivery`, () => {
    it.each(deliveries)('$name is read as expected', async ({ delivery, expected }) => {
      expect(await read(delivery)).toEqual(expected);
    });

    it.each(deliveries)('$name is read the same every time, whenever it comes', async ({ delivery }) => {
      const late = { ...delivery, receivedAt: receivedAt + 86_400_000 };
      const untimed = async (rawDelivery: RawDelivery) => {
        const { submittedAt: _, ...rest } = (await read(rawDelivery)) as Record<string, unknown>;
        return rest;
      };
      expect(await read(delivery)).toEqual(await read(delivery));
      expect(await untimed(late)).toEqual(await untimed(delivery));
    });

    it.each(deliveries)('$name spoilt in any way is read, or refused by the name of a field', async ({ delivery }) => {
      for (const body of mutations(delivery.body)) {
        const result = (await read({ ...delivery, body })) as { fields?: string[] };
        if (result.fields) expect(result.fields[0] ?? '', new TextDecoder().decode(body)).not.toBe('');
      }
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    });

    it('of any bytes is refused by the name of a field', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (body) => {
          const headers = smallest.delivery.headers;
          const result = await read({ body, headers, receivedAt });
          expect((result as { fields?: string[] }).fields?.[0]).toBeTruthy();
        }),
      );
    });
  });

  if (!definition.api?.secrets(settings).length) return;

  describe(`${definition.title}: its API`, () => {
    const reference = harness.reference ?? { form: 'f/1', responseId: 'r/1', revision: 0 };
    const answered = (body: BodyInit | null, init?: ResponseInit) =>
      apiOver(definition, settings, () => new Response(body, init));

    const answers = fixtures.filter(({ name }) => name.startsWith('api-'));
    if (answers.length > 0) {
      it.each(answers)('$name is read as expected', async ({ body, expected }) => {
        const { api, asked } = answered(new Uint8Array(body));
        const read = await readByApi(api, reference).then(
          (incomingResponse) => incomingResponse && readable(incomingResponse, settings),
          (error: unknown) => ({ refused: String(error) }),
        );
        expect(read).toEqual(expected);
        expect(asked).toHaveLength(1);
        expect(asked[0]?.url).toMatch(/^https:\/\/api\.vendor\.test\//);
      });
    }

    it.each([
      [401, {}, 'auth'],
      [429, { 'retry-after': '7' }, 'rate-limited'],
      [503, {}, 'unavailable'],
      [400, {}, 'rejected'],
    ])('answering %i is an outcome', async (status, headers, code) => {
      for (const call of calls(answered('{}', { status, headers }).api, reference)) {
        const error = await call().catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(IntegrationError);
        expect(error).toMatchObject({ code, status });
        if (status === 429) expect(error).toMatchObject({ retryAfterMs: 7000 });
      }
    });

    it.each(['', 'no JSON', '[]', 'null', '{"items":7,"data":7,"result":7,"content":7}'])(
      'answering %j is an outcome',
      async (body) => {
        for (const call of calls(answered(body).api, reference))
          expect(await call().catch((thrown: unknown) => thrown)).toBeInstanceOf(IntegrationError);
      },
    );

    it('that does not answer is an outcome', async () => {
      const { api } = apiOver(definition, settings, () => {
        throw new TypeError('fetch failed');
      });
      for (const call of calls(api, reference)) {
        const error = await call().catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: 'unavailable' });
        expect(String(error)).not.toContain('the ');
      }
    });

    it('that knows no such response yet says so', async () => {
      const { api } = answered('{}', { status: 404 });
      if (api.fetchResponse) expect(await api.fetchResponse(reference)).toBeNull();
    });
  });

  function textOf({ headers, query, body }: RawDelivery): string {
    if (typeof proof === 'object') return headers[proof.header] ?? '';
    if (proof === 'query') return query?.secret ?? '';
    if (proof === 'signed-form') return new URLSearchParams(new TextDecoder().decode(body)).get('HMAC') ?? '';
    return secret;
  }

  function withText(delivery: RawDelivery, text: string): RawDelivery {
    if (typeof proof === 'object') return { ...delivery, headers: { ...delivery.headers, [proof.header]: text } };
    if (proof === 'query') return { ...delivery, query: { secret: text } };
    if (proof === 'signed-form') {
      const form = new URLSearchParams(new TextDecoder().decode(delivery.body));
      form.set('HMAC', text);
      return { ...delivery, body: encoder.encode(form.toString()) };
    }
    const body = new TextDecoder().decode(delivery.body).replace(`"${secret}"`, () => JSON.stringify(text));
    return { ...delivery, body: encoder.encode(body) };
  }
}

function calls(api: SurveyApi, reference: ResponseReference): (() => Promise<unknown>)[] {
  return [
    ...(api.fetchResponse ? [async () => api.fetchResponse?.(reference)] : []),
    ...(api.fetchQuestions ? [async () => api.fetchQuestions?.('f/1')] : []),
    ...(api.listResponses ? [async () => api.listResponses?.('f/1', 0, null)] : []),
  ];
}
