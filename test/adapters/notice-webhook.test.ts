import { Webhook } from 'standardwebhooks';
import { describe, expect, it, vi } from 'vitest';
import { webhook } from '#adapters/notices/webhook/definition.ts';
import { createOutboundFetch } from '#adapters/outbound.ts';
import type { Notice } from '#domain/integrations/mailer.ts';

const settings = webhook.settings.parse({ kind: 'webhook', url: 'OPS_URL', secret: 'OPS_SECRET' });
const secrets: Record<string, string> = {
  OPS_URL: 'https://ops.acme.example/notices?room=1',
  OPS_SECRET: 'whsec_c2VjcmV0IG9mIHRoZSBvcGVyYXRpb25z',
};
const notice: Notice = {
  key: 'n_1',
  at: '2026-11-23T08:00:00.000Z',
  workspace: 'acme',
  event: 'overdue',
  headline: 'C-1 is overdue',
  case: { handle: 'C-1', category: 'Wünsche', severity: 'high', tier: null, url: 'https://caselite.test/c' },
  responseUrl: 'https://caselite.test/r',
  people: ['Dana Reyes'],
};

/** A third party's receiver. It uses the reference library, which reads the machine's clock. */
function receiver(answer: () => Response = () => new Response(null, { status: 204 })) {
  const taken: { id: string | null; url: string; notice: unknown }[] = [];
  const fetch = async (input: Request | URL | string, init?: RequestInit) => {
    const request = new Request(input, init);
    const verified = new Webhook(secrets.OPS_SECRET ?? '').verify(
      await request.text(),
      Object.fromEntries(request.headers),
    );
    taken.push({ id: request.headers.get('webhook-id'), url: request.url, notice: verified });
    return answer();
  };
  return { taken, fetch };
}

const channel = (fetch: typeof globalThis.fetch, changed: Record<string, string> = {}) =>
  webhook.create(settings, {
    createFetch: (address) => createOutboundFetch(address, fetch),
    now: Date.now,
    secret: (name) => ({ ...secrets, ...changed })[name] ?? '',
  });

describe('a webhook for notices', () => {
  it('is signed so that the reference library takes it, under the key of the notice each time', async () => {
    const { taken, fetch } = receiver();
    const target = await channel(fetch);
    await target.send(notice);
    await target.send(notice);
    expect(taken).toEqual([
      { id: 'n_1', url: secrets.OPS_URL, notice },
      { id: 'n_1', url: secrets.OPS_URL, notice },
    ]);
  });

  it('is not taken with another secret', async () => {
    const { taken, fetch } = receiver();
    const target = await channel(fetch, { OPS_SECRET: 'whsec_YW5vdGhlciBzZWNyZXQ=' });
    await expect(target.send(notice)).rejects.toMatchObject({ code: 'unknown' });
    expect(taken).toEqual([]);
  });

  it.each([
    [503, 'unknown'],
    [429, 'rate-limited'],
    [401, 'auth'],
    [410, 'rejected'],
    [302, 'rejected'],
  ])('answered with %i is %s, and no redirect is followed', async (status, code) => {
    const { taken, fetch } = receiver(
      () => new Response(null, { status, headers: { location: 'https://elsewhere.example/' } }),
    );
    const target = await channel(fetch);
    await expect(target.send(notice)).rejects.toMatchObject({ code });
    expect(taken).toHaveLength(1);
  });

  it.each([
    ['OPS_URL', 'somewhere', 'OPS_URL holds no address'],
    ['OPS_URL', 'http://ops.acme.example/', 'https://'],
    ['OPS_SECRET', 'whsec_not base64!', 'OPS_SECRET is not base64 after whsec_'],
    ['OPS_SECRET', '==', 'OPS_SECRET is not base64 after whsec_'],
  ])('with the secret %s as “%s” is not set up, and says which secret is wrong', async (name, value, says) => {
    const fetch = vi.fn();
    const made = channel(fetch, { [name]: value });
    await expect(made).rejects.toMatchObject({ code: 'auth', message: expect.stringContaining(says) });
    await expect(made).rejects.not.toMatchObject({ message: expect.stringContaining(value) });
    expect(fetch).not.toHaveBeenCalled();
  });

  it('reaches this machine without encryption', async () => {
    const { fetch } = receiver();
    await (await channel(fetch, { OPS_URL: 'http://127.0.0.1:9000/' })).send(notice);
  });

  it('names its secret and its address', () => {
    expect(webhook.secrets(settings)).toEqual(['OPS_SECRET']);
    expect(webhook.addresses(settings)).toEqual(['OPS_URL']);
    expect(webhook.settings.safeParse({ kind: 'webhook', url: 'https://ops.example', secret: 'X' }).success).toBe(
      false,
    );
  });
});
