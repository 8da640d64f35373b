import { describe, expect, it } from 'vitest';
import { signWebhook, verifyWebhook } from '#adapters/signature.ts';

const secret = 'whsec_c2VjcmV0LW9mLXRoZS10ZXN0cw==';
const other = 'whsec_YW5vdGhlci1zZWNyZXQ=';
const now = Date.UTC(2026, 10, 20);
const body = new TextEncoder().encode('{}');

const verify = (headers: Record<string, string>, given = body) =>
  verifyWebhook({ body: given, headers, receivedAt: now }, [secret], now);

describe('a signature (hostile 17)', () => {
  it('of an id with a dot is refused, because it could be read two ways', async () => {
    const headers = await signWebhook(body, secret, { id: `m.${now / 1000}`, now });
    expect(await verify(headers)).toBe(false);
    const second = new TextEncoder().encode(`${now / 1000}.{}`);
    expect(await verify({ ...headers, 'webhook-id': 'm' }, second)).toBe(true);
  });

  it('among others counts wherever it stands', async () => {
    const good = await signWebhook(body, secret, { id: 'm', now });
    const bad = (await signWebhook(body, other, { id: 'm', now }))['webhook-signature'] ?? '';
    const own = good['webhook-signature'] ?? '';
    const verdicts = [`${bad} ${own}`, `${own} ${bad}`, `v2,x ${own}`, `${bad} ${bad}`].map((list) =>
      verify({ ...good, 'webhook-signature': list }),
    );
    expect(await Promise.all(verdicts)).toEqual([true, true, true, false]);
  });
});
