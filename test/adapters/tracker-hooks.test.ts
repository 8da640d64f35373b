import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { github } from '#adapters/trackers/github/definition.ts';
import { jira } from '#adapters/trackers/jira/definition.ts';
import { linear } from '#adapters/trackers/linear/definition.ts';

const secret = "It's a Secret to Everybody";
const now = Date.UTC(2026, 10, 23, 9);
const bytes = (text: string) => new TextEncoder().encode(text);
const hex = (body: string | Uint8Array, key = secret) => createHmac('sha256', key).update(body).digest('hex');

const linearBody = (at = now) => JSON.stringify({ action: 'update', type: 'Issue', webhookTimestamp: at });

/** One genuine delivery of each tracker; the signatures of GitHub and Jira come from their documentation. */
const genuine = [
  {
    kind: 'github',
    hook: github.webhook,
    body: 'Hello, World!',
    headers: {
      'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    },
    signature: 'x-hub-signature-256',
    id: 'x-github-delivery',
  },
  {
    kind: 'jira',
    hook: jira.webhook,
    body: 'Hello World!',
    headers: {
      'x-hub-signature': 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9',
      'x-atlassian-webhook-identifier': 'd3162e72',
    },
    signature: 'x-hub-signature',
    id: 'x-atlassian-webhook-identifier',
  },
  {
    kind: 'linear',
    hook: linear.webhook,
    body: linearBody(),
    headers: {
      'linear-signature': hex(linearBody()),
      'linear-delivery': '234d1a4e-b617-4388-90fe-adc3633d6b72',
    },
    signature: 'linear-signature',
    id: 'linear-delivery',
  },
];

describe.each(genuine)('a webhook of $kind', ({ hook, body, headers, signature, id }) => {
  const given = new Map<string, string>(Object.entries(headers));
  const verify = (changed: Record<string, string> = {}, secrets = [secret], text: string | Uint8Array = body) =>
    hook.verify(
      {
        body: typeof text === 'string' ? bytes(text) : text,
        headers: { ...Object.fromEntries(given), ...changed },
      },
      secrets,
      now,
    );

  it('is known by the id that stays when it is sent again', async () => {
    expect(await verify()).toBe(given.get(id));
  });

  it('holds under the secret before this one while secrets are changed', async () => {
    expect(await verify({}, ['the new one', secret])).toBe(given.get(id));
    expect(await verify({}, ['the new one'])).toBeNull();
    expect(await verify({}, [])).toBeNull();
    expect(await verify({}, [''])).toBeNull();
  });

  it('is not believed when any byte of it differs', async () => {
    for (let index = 0; index < body.length; index += 1) {
      const changed = bytes(body);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(await verify({}, [secret], changed)).toBeNull();
    }
  });

  it.each([
    ['missing', ''],
    ['empty after its prefix', 'sha256='],
    ['of another key', `sha256=${hex('Hello', 'another')}`],
    ['half of one', 'sha256=757107ea0eb2509f'],
    ['no hex', 'sha256=zz'],
  ])('is not believed with a signature that is %s', async (_, value) => {
    expect(await verify({ [signature]: value })).toBeNull();
  });

  it('is not believed in capitals, which would be a second spelling of one signature', async () => {
    const spelt = given.get(signature) ?? '';
    expect(await verify({ [signature]: spelt.toUpperCase() })).toBeNull();
  });

  it('is not believed without an id, or with one that is too long to keep', async () => {
    expect(await verify({ [id]: '' })).toBeNull();
    expect(await verify({ [id]: 'x'.repeat(201) })).toBeNull();
  });

  it('needs a secret in the settings', () => {
    const settings = { 'webhook-secret': 'HOOK_SECRET' };
    expect(hook.secret(settings as never)).toBe('HOOK_SECRET');
    expect(hook.secret({} as never)).toBeNull();
  });
});

describe('the issue in a webhook', () => {
  it.each([
    ['GitHub, deleted', github, { action: 'deleted', issue: { number: 12 } }, '12'],
    ['GitHub, ping', github, { zen: 'Keep it logically awesome.' }, undefined],
    ['Jira, deleted', jira, { webhookEvent: 'jira:issue_deleted', issue: { id: '10001', key: 'SUP-1' } }, '10001'],
    ['Linear, removed', linear, { action: 'remove', type: 'Issue', data: { id: 'a' } }, 'a'],
    ['Linear, commented', linear, { type: 'Comment', data: { id: 'c', issueId: 'a' } }, 'a'],
  ])('is named by %s', (_, { webhook }, payload, id) => {
    expect(webhook.namedIssue?.safeParse(payload).data).toBe(id);
  });
});

describe('an edited text in a webhook', () => {
  const settings = github.settings.parse({ kind: 'github', repository: 'Acme/Product', token: 'GITHUB_TOKEN' });
  const payload = {
    action: 'edited',
    issue: {
      id: 2,
      number: 7,
      title: 'Could not install',
      body: '- [x] Qa: Check (Sam)\r\n',
      updated_at: '2026-11-23T09:00:01Z',
    },
    changes: { body: { from: '- [ ] Qa: Check (Sam)\r\n' } },
    repository: { id: 1, name: 'product', full_name: 'acme/product' },
    sender: { login: 'sam-acme', id: 3, type: 'User' },
  };
  const read = (changed: object = {}) =>
    github.webhook.readTextEdit?.(bytes(JSON.stringify({ ...payload, ...changed })), settings);

  it('of GitHub tells who edited which issue, when, and both texts', () => {
    expect(read()).toEqual({
      issue: '7',
      account: 'sam-acme',
      before: '- [ ] Qa: Check (Sam)\r\n',
      after: '- [x] Qa: Check (Sam)\r\n',
      at: now + 1000,
    });
  });

  it.each([
    ['a comment', { comment: { id: 4, body: '- [x]' } }],
    ['a title alone', { changes: { title: { from: 'Another' } } }],
    ['an issue of another repository', { repository: { full_name: 'acme/other' } }],
    ['an issue that was closed', { action: 'closed' }],
    ['an issue without a text', { issue: { ...payload.issue, body: null } }],
  ])('is none of %s', (_, changed) => {
    expect(read(changed)).toBeNull();
  });

  it('is told by no other tracker, whose issues say so', () => {
    expect([jira, linear].map(({ webhook }) => webhook.readTextEdit)).toEqual([undefined, undefined]);
  });
});

describe('a webhook of linear', () => {
  const at = (sent: unknown) => {
    const body = JSON.stringify({ webhookTimestamp: sent });
    return linear.webhook.verify(
      { body: bytes(body), headers: { 'linear-signature': hex(body), 'linear-delivery': 'd-1' } },
      [secret],
      now,
    );
  };

  it('holds for a minute around its own time, to the millisecond', async () => {
    expect(await at(now - 60_000)).toBe('d-1');
    expect(await at(now + 60_000)).toBe('d-1');
    expect(await at(now - 60_001)).toBeNull();
    expect(await at(now + 60_001)).toBeNull();
  });

  it.each([undefined, null, 'yesterday', {}, Number.NaN])('is not believed with %s for a time', async (sent) => {
    expect(await at(sent)).toBeNull();
  });

  it('is not believed when it is no JSON, however well it is signed', async () => {
    const headers = { 'linear-signature': hex('not json'), 'linear-delivery': 'd-1' };
    expect(await linear.webhook.verify({ body: bytes('not json'), headers }, [secret], now)).toBeNull();
  });
});
