import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { standardWebhooks } from '#adapters/surveys/standard-webhooks/definition.ts';
import { createSignedDelivery } from '#domain/integrations/survey-source.ts';

const encoder = new TextEncoder();
const secret = 'whsec_c2VjcmV0IG9mIHRoZXNlIHRlc3RzLCAzMiBieXRlcyE=';
const now = Date.UTC(2026, 10, 23, 8);
const text = '{"feedback":{"id":"fb-1","note":"grüße"}}';

/** Headers of a tool that signs with the reference library. */
function signed(id = 'msg_1', at = now, key = secret): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': new Webhook(key).sign(id, new Date(at), text),
  };
}

const verify = (headers: Record<string, string>, secrets = [secret], body = encoder.encode(text), at = now) =>
  standardWebhooks.verify({ body, headers, receivedAt: at }, secrets, at);

describe('a Standard Webhooks signature', () => {
  it('of the reference library is verified', async () => {
    expect(await verify(signed())).toBe(true);
  });

  it('of ours is verified by the reference library', async () => {
    const at = Date.now();
    const { headers } = await createSignedDelivery(standardWebhooks, encoder.encode(text), secret, {
      id: 'msg_2',
      now: at,
    });
    expect(new Webhook(secret).verify(text, headers)).toEqual(JSON.parse(text));
  });

  it('fails with any bit of the body changed', async () => {
    const body = encoder.encode(text);
    for (let index = 0; index < body.length; index += 1) {
      const changed = Uint8Array.from(body, (byte, at) => (at === index ? byte ^ 1 : byte));
      expect(await verify(signed(), [secret], changed)).toBe(false);
    }
  });

  it('fails with any character of it changed, dropped or added', async () => {
    const headers = signed();
    const signature = headers['webhook-signature'] ?? '';
    const failsWith = async (changed: string) =>
      expect(await verify({ ...headers, 'webhook-signature': changed })).toBe(false);
    for (let index = 0; index < signature.length; index += 1) {
      for (const letter of ['A', 'b', '+', '=']) {
        const changed = signature.slice(0, index) + letter + signature.slice(index + 1);
        if (changed !== signature) await failsWith(changed);
        await failsWith(signature.slice(0, index) + letter + signature.slice(index));
      }
      await failsWith(signature.slice(0, index) + signature.slice(index + 1));
    }
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])(
    'fails without %s, or with another',
    async (name) => {
      const { [name]: _, ...rest } = signed();
      expect(await verify(rest)).toBe(false);
      expect(await verify({ ...rest, [name]: '' })).toBe(false);
      expect(await verify({ ...rest, [name]: signed('msg_9', now + 1000)[name] ?? '' })).toBe(false);
    },
  );

  it.each([
    [0, true],
    [5 * 60_000, true],
    [5 * 60_000 + 1000, false],
    [-5 * 60_000, true],
    [-5 * 60_000 - 1000, false],
    [3 * 86_400_000, false],
  ])('made %i ms ago is taken: %s', async (age, taken) => {
    expect(await verify(signed('msg_1', now - age))).toBe(taken);
  });

  it.each([['1e9'], ['-1'], [' 1'], ['NaN'], ['0x10'], ['17950000000000']])('has no time %j', async (timestamp) => {
    expect(await verify({ ...signed(), 'webhook-timestamp': timestamp })).toBe(false);
  });

  it('may be one of several', async () => {
    const { 'webhook-signature': good = '', ...rest } = signed();
    const other = `v1,${btoa('x'.repeat(32))}`;
    for (const several of [`${other} ${good}`, `${good} ${other}`, `v1a,abc ${good}`, `v1,%% ${good}`])
      expect(await verify({ ...rest, 'webhook-signature': several })).toBe(true);
    for (const none of [other, good.replace('v1,', 'v2,'), good.replace('v1,', ''), good.replace(',', ' ')])
      expect(await verify({ ...rest, 'webhook-signature': none })).toBe(false);
  });

  it('is verified by either of two secrets while they rotate', async () => {
    const next = 'whsec_bmV4dCBzZWNyZXQ=';
    expect(await verify(signed(), [next, secret])).toBe(true);
    expect(await verify(signed('msg_1', now, next), [next, secret])).toBe(true);
    expect(await verify(signed(), [next])).toBe(false);
  });

  it.each([[[]], [['']], [['whsec_']], [['whsec_not base64!']]])(
    'fails closed with the secrets %j',
    async (secrets) => {
      expect(await verify(signed(), secrets)).toBe(false);
    },
  );

  it('takes a secret without its prefix', async () => {
    expect(await verify(signed(), [secret.replace('whsec_', '')])).toBe(true);
  });
});
