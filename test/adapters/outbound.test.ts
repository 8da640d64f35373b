import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { registry } from '#adapters/index.ts';
import { createMeteredFetch, createOutboundFetch } from '#adapters/outbound.ts';
import type { Fetch } from '#domain/base/ports.ts';

/* msw answers for the vendor's host, and for a host that must never be called. */
const visited: { url: string; authorization: string | null }[] = [];
const note = (request: Request) =>
  visited.push({ url: request.url, authorization: request.headers.get('authorization') });

const mebibyte = 1024 * 1024;
const stream = (chunks: number) =>
  new ReadableStream<Uint8Array>({
    pull(controller) {
      chunks -= 1;
      if (chunks < 0) controller.close();
      else controller.enqueue(new Uint8Array(mebibyte));
    },
  });

const server = setupServer(
  http.get('https://api.vendor.test/ok', ({ request }) => {
    note(request);
    return HttpResponse.json({ fine: true }, { status: 201, headers: { 'x-ratelimit-remaining': '7' } });
  }),
  http.post('https://api.vendor.test/echo', async ({ request }) => {
    note(request);
    return HttpResponse.text(`${request.headers.get('idempotency-key')}: ${await request.text()}`);
  }),
  http.all('https://api.vendor.test/moved', ({ request }) => {
    note(request);
    return new HttpResponse(null, { status: 302, headers: { location: 'https://evil.test/take' } });
  }),
  http.get('https://api.vendor.test/nothing', () => new HttpResponse(null, { status: 204 })),
  http.get('https://api.vendor.test/silent', () => new Promise(() => undefined)),
  http.get('https://api.vendor.test/large/:size', ({ params }) => new HttpResponse(stream(Number(params.size)))),
  http.all('*', ({ request }) => {
    note(request);
    return HttpResponse.text('should never be called');
  }),
);

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));
afterEach(() => {
  visited.length = 0;
  vi.useRealTimers();
});
afterAll(() => server.close());

/** Bound on each call, because msw replaces the global fetch after this module is loaded. */
const send: Fetch = (input, init) => createOutboundFetch('https://api.vendor.test/v3/')(input, init);
const headers = { authorization: 'Bearer secret' };

async function expectDeadline(answer: Promise<Response>): Promise<void> {
  let outcome = 'waits';
  const ended = answer.catch((error: Error) => {
    outcome = error.name;
  });
  await vi.advanceTimersByTimeAsync(14_999);
  expect(outcome).toBe('waits');
  await vi.advanceTimersByTimeAsync(1);
  await ended;
  expect(outcome).toBe('TimeoutError');
}

describe('what leaves', () => {
  it('reaches its host, and the answer comes back whole', async () => {
    const response = await send('https://api.vendor.test/ok', { headers });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-ratelimit-remaining')).toBe('7');
    expect(await response.json()).toEqual({ fine: true });
    const request = new Request('https://api.vendor.test/echo', {
      method: 'POST',
      body: 'words',
      headers: { 'idempotency-key': 'k' },
    });
    expect(await (await send(request)).text()).toBe('k: words');
    expect((await send('https://api.vendor.test/nothing')).status).toBe(204);
  });

  it.each([
    ['https://evil.test/'],
    ['http://api.vendor.test/ok'],
    ['https://api.vendor.test:8443/ok'],
    ['https://api.vendor.test.evil.test/ok'],
    ['https://api.vendor.test@evil.test/ok'],
    ['https://sub.api.vendor.test/ok'],
    ['http://127.0.0.1/'],
    ['http://169.254.169.254/latest/meta-data'],
    ['file:///etc/passwd'],
    ['data:text/plain,x'],
  ])('never reaches %s', async (url) => {
    await expect(send(url, { headers })).rejects.toThrow(/may be called here|includes credentials/);
    expect(visited).toEqual([]);
  });

  it.each(['GET', 'POST'])('follows no redirect of a %s', async (method) => {
    const response = await send('https://api.vendor.test/moved', { method, headers });
    expect(response.status).toBe(302);
    expect(visited.map(({ url }) => url)).toEqual(['https://api.vendor.test/moved']);
  });

  it('follows none even where the caller asks for it', async () => {
    await send('https://api.vendor.test/moved', { headers, redirect: 'follow' });
    expect(visited.map(({ url }) => url)).toEqual(['https://api.vendor.test/moved']);
  });

  it('gives up after 15 seconds on a host that is silent', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await expectDeadline(send('https://api.vendor.test/silent'));
  });

  it('gives up after 15 seconds on an answer that does not end', async () => {
    const slow = createServer((_, answer) => {
      answer.writeHead(200);
      answer.write('the beginning');
    }).listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const url = `http://127.0.0.1:${(slow.address() as AddressInfo).port}`;
    // The real fetch, because msw's response bodies ignore the deadline.
    server.close();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await expectDeadline(createOutboundFetch(url)(`${url}/slow`));
    server.listen({ onUnhandledFrame: 'error' });
    slow.closeAllConnections();
    slow.close();
  });

  it('leaves no timer behind', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await send('https://api.vendor.test/ok');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('reads 16 MiB and no more', async () => {
    const response = await send('https://api.vendor.test/large/16');
    expect((await response.arrayBuffer()).byteLength).toBe(16 * mebibyte);
    await expect(send('https://api.vendor.test/large/17')).rejects.toThrow('larger than 16 MiB');
  });
});

describe('a limit of a host', () => {
  it.each([
    ['a status', 'jira', 429, '{}', 60_000],
    ['words', 'github', 403, '{"message":"You have exceeded a secondary rate limit."}', 60_000],
    ['a code', 'linear', 400, '{"errors":[{"extensions":{"code":"RATELIMITED"}}]}', 60_000],
    ['nothing, where a permission is missing', 'github', 403, '{"message":"Must have push access"}', null],
    ['nothing, where another host says it', 'jira', 403, '{"message":"a secondary rate limit"}', null],
  ])('that %s tells holds every request there', async (_, vendor, status, text, wait) => {
    const waits: (number | null)[] = [];
    const meter = { ask: () => 0, recordReportedLimits: (__: Headers, asked: number | null) => void waits.push(asked) };
    const answer = await createMeteredFetch(
      async () => new Response(text, { status }),
      meter,
      registry.trackers.find(({ kind }) => kind === vendor)?.rateLimit ?? {},
    )('https://api.vendor.test/');
    expect(waits).toEqual([wait]);
    expect(await answer.text()).toBe(text);
  });
});
