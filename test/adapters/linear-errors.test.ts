import { describe, expect, it } from 'vitest';
import { IntegrationError } from '#domain/base/errors.ts';
import { answering, draftOf, losing, refusal, searchOf, setup } from './linear-setup.ts';

const date = 'Mon, 23 Nov 2026 09:00:00 GMT';
const dateMs = Date.parse(date);
const limited = { type: 'ratelimited', code: 'RATELIMITED', statusCode: 429 };

function down(code: string): never {
  throw new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}

type Row = [name: string, answer: () => Response, code: string, retryAfterMs: number | null];

const table: Row[] = [
  ['limit, missing headers', () => refusal(400, limited), 'rate-limited', 60_000],
  ['limit without a type', () => refusal(400, { code: 'RATELIMITED' }), 'rate-limited', 60_000],
  [
    'limit, the exhausted window counts',
    () =>
      refusal(400, limited, {
        date,
        'x-ratelimit-requests-remaining': '12',
        'x-ratelimit-requests-reset': String(dateMs + 3_600_000),
        'x-ratelimit-complexity-remaining': '0',
        'x-ratelimit-complexity-reset': String(dateMs + 90_000),
      }),
    'rate-limited',
    90_000,
  ],
  [
    'limit, reset in the past',
    () => refusal(400, limited, { date, 'x-ratelimit-requests-reset': String(dateMs - 5000) }),
    'rate-limited',
    1000,
  ],
  [
    'limit, absurd reset',
    () => refusal(400, limited, { date, 'x-ratelimit-requests-reset': String(dateMs * 2) }),
    'rate-limited',
    86_400_000,
  ],
  ['429', () => new Response('', { status: 429, headers: { 'retry-after': '7' } }), 'rate-limited', 7000],
  [
    '429 until a date',
    () => new Response('', { status: 429, headers: { date, 'retry-after': 'Mon, 23 Nov 2026 09:00:30 GMT' } }),
    'rate-limited',
    30_000,
  ],
  ['bad key', () => refusal(401, { type: 'authentication error', code: 'AUTHENTICATION_ERROR' }), 'auth', null],
  ['bad key in a 200', () => refusal(200, { code: 'AUTHENTICATION_ERROR' }), 'auth', null],
  ['forbidden', () => refusal(200, { type: 'forbidden', code: 'FORBIDDEN' }), 'auth', null],
  ['401 page', () => new Response('<html>', { status: 401 }), 'auth', null],
  ['403 page', () => new Response('<html>', { status: 403 }), 'auth', null],
  ['404 page', () => new Response('<html>', { status: 404 }), 'rejected', null],
  ['400 page', () => new Response('<html>', { status: 400 }), 'rejected', null],
  ['413', () => new Response('', { status: 413 }), 'rejected', null],
  ['redirect', () => new Response(null, { status: 302, headers: { location: '/x' } }), 'rejected', null],
  ['409', () => new Response('', { status: 409 }), 'unknown', null],
  ['invalid input', () => refusal(400, { type: 'invalid input', code: 'INPUT_ERROR' }), 'rejected', null],
  ['invalid input, code only', () => refusal(200, { code: 'INPUT_ERROR' }), 'rejected', null],
  ['user error', () => refusal(200, { type: 'user error' }), 'rejected', null],
  ['over the plan', () => refusal(200, { type: 'usage limit exceeded' }), 'rejected', null],
  ['internal error', () => refusal(200, { type: 'internal error' }), 'unknown', null],
  ['lock timeout', () => refusal(200, { type: 'lock timeout' }), 'unknown', null],
  ['error without facts', () => refusal(200, {}), 'unknown', null],
  ['500', () => new Response('', { status: 500 }), 'unknown', null],
  ['502 with a refusal in it', () => refusal(502, { type: 'invalid input' }), 'unknown', null],
  ['503', () => new Response('', { status: 503, headers: { 'retry-after': '20' } }), 'unknown', 20_000],
  ['200 page', () => new Response('<html>'), 'unknown', null],
  ['200 empty', () => new Response(''), 'unknown', null],
  ['200 cut', () => new Response('{"data":{"issueCreate":'), 'unknown', null],
  ['200 null', () => new Response('null'), 'unknown', null],
  ['200 other shape', () => Response.json({ data: {} }), 'unknown', null],
  ['200 partial', () => Response.json({ data: { issueCreate: null }, errors: [] }), 'unknown', null],
  [
    '200 no success',
    () => Response.json({ data: { issueCreate: { success: false, lastSyncId: 1, issue: null } } }),
    'unknown',
    null,
  ],
  [
    '200 another issue',
    () => Response.json({ data: { issueCreate: { success: true, lastSyncId: 1, issue: { id: 'x' } } } }),
    'unknown',
    null,
  ],
  ['refused connection', () => down('ECONNREFUSED'), 'unavailable', null],
  ['no such host', () => down('ENOTFOUND'), 'unavailable', null],
  ['certificate', () => down('CERT_HAS_EXPIRED'), 'unavailable', null],
  ['reset', () => down('ECONNRESET'), 'unknown', null],
  [
    'deadline',
    () => {
      throw new DOMException('too slow', 'TimeoutError');
    },
    'unknown',
    null,
  ],
];

describe('a create that fails', () => {
  it.each(table)('%s', async (_name, answer, code, retryAfterMs) => {
    const { tracker, wire, state } = await setup();
    let calls = 0;
    wire.now = answering('createIssue', async () => {
      calls += 1;
      return answer();
    });
    const error: unknown = await tracker.createIssue(draftOf()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(IntegrationError);
    expect(error).toMatchObject({ code, retryAfterMs, operation: expect.stringMatching(/^linear create/) });
    // After a refusal of content Linear gets a second request, for a plain issue.
    expect(calls).toBe(error instanceof IntegrationError && error.reason === 'content' ? 2 : 1);
    expect(state.issues).toEqual([]);
  });

  it('tells nothing of what was sent', async () => {
    const { tracker, wire } = await setup();
    const extensions = { type: 'invalid input', code: 'INPUT_ERROR', userPresentableMessage: 'Upgrade' };
    wire.now = answering('createIssue', () => refusal(400, extensions, {}, 'Upgrade not installed'));
    const error: unknown = await tracker.createIssue(draftOf()).catch((thrown: unknown) => thrown);
    expect(String(error)).toBe('IntegrationError: linear createIssue: rejected: status 400: INPUT_ERROR');
    expect(error).not.toHaveProperty('cause');
    expect(JSON.stringify(error)).not.toContain('Upgrade');
  });

  it('is without effect when a step before it got no answer', async () => {
    const { tracker, wire, sent } = await setup();
    wire.now = answering('team', () => new Response('', { status: 500 }));
    await expect(tracker.createIssue(draftOf())).rejects.toMatchObject({ code: 'unavailable' });
    expect(sent).toEqual([]);
  });

  it('has an unknown outcome when it worked and the read after it failed', async () => {
    const { tracker, wire } = await setup();
    wire.now = answering('issueById', () => refusal(400, limited));
    await expect(tracker.createIssue(draftOf())).rejects.toMatchObject({
      code: 'unknown',
      retryAfterMs: 60_000,
    });
    expect(await tracker.findCreatedIssue(searchOf(draftOf()))).toMatchObject({ key: 'GRO-1' });
  });

  it('is in doubt when the host worked and then answered 500', async () => {
    const { tracker, wire, state } = await setup();
    wire.now = async (operation, send) => {
      const answer = await send();
      return operation === 'createIssue' ? new Response('', { status: 500 }) : answer;
    };
    await expect(tracker.createIssue(draftOf())).rejects.toMatchObject({ code: 'unknown' });
    expect(state.issues).toHaveLength(1);
  });
});

describe('a read that fails', () => {
  it('is tried again', async () => {
    const { tracker, wire, sent } = await setup();
    const { id } = await tracker.createIssue(draftOf());
    sent.length = 0;
    wire.now = losing('issueById', 2);
    expect(await tracker.readIssue(id)).toMatchObject({ key: 'GRO-1' });
    expect(sent).toHaveLength(3);
  });

  it('is not tried again when refused', async () => {
    const { tracker, wire } = await setup();
    let calls = 0;
    wire.now = answering('issueById', () => {
      calls += 1;
      return refusal(400, limited);
    });
    await expect(tracker.readIssue(draftOf().uuid)).rejects.toMatchObject({ code: 'rate-limited' });
    expect(calls).toBe(1);
  });

  it('does not take a half answer for an issue', async () => {
    const { tracker, wire } = await setup();
    wire.now = answering('issueById', () => Response.json({ data: { issue: { id: draftOf().uuid } } }));
    await expect(tracker.readIssue(draftOf().uuid)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('stops a list that never ends', async () => {
    const { tracker, wire } = await setup();
    const issues = { nodes: [], pageInfo: { hasNextPage: true, endCursor: 'again' } };
    wire.now = answering('issueChanges', () => Response.json({ data: { issues } }));
    await expect(tracker.listChanges('0', 1)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('a wrong key', () => {
  it('is told as such by the emulator too', async () => {
    const { tracker, state } = await setup();
    state.token = 'another';
    await expect(tracker.readIssue(draftOf().uuid)).rejects.toMatchObject({ code: 'auth', status: 401 });
  });
});

describe('the page of an issue', () => {
  it('escapes what people wrote', async () => {
    const { app, tracker } = await setup();
    await tracker.createIssue(draftOf({ title: '<script>alert(1)</script>', body: '<img onerror=x>' }));
    const page = await (await app.request('/issue/GRO-1')).text();
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toMatch(/<script|<img/);
    expect((await app.request('/issue/GRO-2')).status).toBe(404);
  });
});
