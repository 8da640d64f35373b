import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { AppError } from '#domain/base/errors.ts';
import { limitBody, usualLimit } from '#src/routes/read-body.ts';
import { statuses } from '#src/routes/statuses.ts';

/** A worker that repeats its body, and ends the reading by `deadline`. */
function createEcho(deadline: AbortSignal) {
  const app = new Hono();
  app.onError((error, c) => c.text(error.message, error instanceof AppError ? statuses[error.code] : 500));
  return app.post(
    '/',
    limitBody(usualLimit, (isOver) => {
      if (deadline.aborted) isOver();
      deadline.addEventListener('abort', isOver, { once: true });
      return () => deadline.removeEventListener('abort', isOver);
    }),
    async (c) => c.text(await c.req.text()),
  );
}

const post = (app: Hono, body: BodyInit, headers: Record<string, string> = {}) =>
  app.request('/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit);

it('is read once for two routes, and held to the limit of each', async () => {
  const narrow = new Hono();
  narrow.onError((error, c) => c.text(error.message, error instanceof AppError ? statuses[error.code] : 500));
  narrow.post('/', limitBody(usualLimit), limitBody({ kibibytes: 1, remedy: 'send less' }), (c) => c.text('read'));
  expect([(await post(narrow, 'a')).status, (await post(narrow, 'a'.repeat(1025))).status]).toEqual([200, 413]);
});

describe('a body', () => {
  const never = new AbortController().signal;

  it('of exactly 1 MiB is read, whether its length is known or not', async () => {
    const bytes = new Uint8Array(1024 * 1024).fill(0x61);
    for (const body of [bytes, new Blob([bytes]).stream()]) {
      const answer = await post(createEcho(never), body);
      expect([answer.status, (await answer.text()).length]).toEqual([200, bytes.length]);
    }
  });

  it('of one byte more is refused, whether its length is known or not', async () => {
    const bytes = new Uint8Array(1024 * 1024 + 1);
    for (const [body, headers] of [
      [bytes, { 'content-length': String(bytes.length) }],
      [new Blob([bytes]).stream(), {}],
    ] as const)
      expect((await post(createEcho(never), body, headers)).status).toBe(413);
  });

  it('that breaks off, as one with a bad chunk does, is a fault of its sender and not of ours', async () => {
    for (const headers of [{}, { 'content-length': '9' }]) {
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('a'));
          controller.error(new TypeError('Failed to parse chunk'));
        },
      });
      const answer = await post(createEcho(never), body, headers as Record<string, string>);
      expect([answer.status, await answer.text()]).toEqual([422, 'body: broke off before its end; send it again']);
    }
  });

  it('that never comes, or comes a byte at a time, is ended by the deadline (security minor, hostile 17)', async () => {
    for (const first of ['', 'a']) {
      const deadline = new AbortController();
      let isCancelled = false;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (first) controller.enqueue(new TextEncoder().encode(first));
          deadline.abort();
          return new Promise(() => {});
        },
        cancel() {
          isCancelled = true;
        },
      });
      const answer = await post(createEcho(deadline.signal), body);
      expect([answer.status, await answer.text()]).toEqual([
        408,
        'body: did not arrive within 30 seconds; send it again',
      ]);
      expect(isCancelled).toBe(true);
    }
  });

  it('of a known length that never comes is ended by the deadline', async () => {
    const deadline = new AbortController();
    const body = new ReadableStream({ pull: () => deadline.abort() });
    const answer = await post(createEcho(deadline.signal), body, { 'content-length': '5' });
    expect(answer.status).toBe(408);
  });

  it('in an encoding that is not understood is refused with the remedy (hostile 17)', async () => {
    for (const encoding of ['gzip', 'br', 'identity, gzip']) {
      const answer = await post(createEcho(never), 'x', { 'content-encoding': encoding });
      expect([answer.status, await answer.text()]).toEqual([
        415,
        `body: is encoded as ${encoding}; send it without Content-Encoding`,
      ]);
    }
    expect((await post(createEcho(never), 'x', { 'content-encoding': 'identity' })).status).toBe(200);
  });
});
