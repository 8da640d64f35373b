import { createEmulator, type Emulator } from 'emulate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microsoftTeams } from '#adapters/notices/microsoft-teams/definition.ts';
import { slack } from '#adapters/notices/slack/definition.ts';
import { createOutboundFetch } from '#adapters/outbound.ts';
import type { HuddleNotice, Notice } from '#domain/integrations/mailer.ts';
import { findFreeTcpPort } from '#test/harness/free-port.ts';
import { sendHuddle } from '#src/workspace/queries/huddle.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour } from '#test/harness/times.ts';

/* Notices in a chat: Slack as a third party plays it, and Teams by what its workflow gets. */

const addresses = {
  slack: 'https://hooks.slack.com/services/T000000001/B000000001/X000000001',
  'microsoft-teams': 'https://prod-12.westeurope.logic.azure.com/workflows/1/triggers/manual/paths/invoke?sig=x',
};
const definitions = { slack, 'microsoft-teams': microsoftTeams };

/** A channel whose requests go to a host of the test. */
const connect = (
  kind: keyof typeof definitions,
  answer: (request: Request) => Promise<Response>,
  url = addresses[kind],
) =>
  definitions[kind].create(definitions[kind].settings.parse({ kind, url: 'ROOM_URL' }), {
    createFetch: (address) => createOutboundFetch(address, (input, init) => answer(new Request(input, init))),
    now: Date.now,
    secret: () => url,
  });

const notice: Notice = {
  key: 'n_1',
  at: '2026-11-23T08:00:00.000Z',
  workspace: 'acme',
  event: 'closed-against-rules',
  headline: 'C-1: closed by Kim Canary for 40,000 €',
  case: {
    handle: 'C-1',
    category: '<!channel> [x](y)',
    severity: 'high',
    tier: 'gold',
    url: 'https://caselite.test/c',
  },
  responseUrl: 'https://caselite.test/r',
  people: ['Dana & Sam'],
};

const pack: HuddleNotice = {
  ...{ key: 'huddle:acme:board:2026-W49:room', at: notice.at, workspace: 'acme', event: 'huddle' },
  headline: 'Huddle <board> 2026-W49',
  lines: ['2026-11-23 to 2026-11-29', 'Overdue & <!here>: 2 (C-1, C-3)'],
  url: 'https://caselite.test/w/acme/huddle?every=week&team=sales',
};

describe('Slack', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await createEmulator({ service: 'slack', port: await findFreeTcpPort() });
  });
  afterAll(() => emulator.close());

  const toEmulator = async (request: Request) => {
    const { pathname } = new URL(request.url);
    return fetch(emulator.url + pathname, { method: 'POST', headers: request.headers, body: await request.text() });
  };
  const read = async () => {
    const headers = { authorization: 'Bearer test_token_admin', 'content-type': 'application/json' };
    const ask = async <Answer>(method: string, body = {}) => {
      const answer = await fetch(`${emulator.url}/api/${method}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      return (await answer.json()) as Answer;
    };
    const { channels } = await ask<{ channels: { id: string; name: string }[] }>('conversations.list');
    const general = channels.find(({ name }) => name === 'general')?.id;
    const { messages } = await ask<{
      messages: { text: string; blocks?: { type: string; text?: object; elements?: object[] }[] }[];
    }>('conversations.history', { channel: general });
    return messages.filter(({ blocks }) => blocks);
  };

  it('shows a notice with links, names no customer and mentions nobody', async () => {
    await (await connect('slack', toEmulator)).send(notice);
    const [message] = await read();
    expect(message?.text).toBe('Closed against rules: C-1');
    expect(message?.blocks).toEqual([
      { type: 'header', text: { type: 'plain_text', text: 'Closed against rules: C-1', emoji: false } },
      { type: 'section', text: { type: 'plain_text', text: '<!channel> [x](y) · high · gold', emoji: false } },
      { type: 'section', text: { type: 'plain_text', text: 'For Dana & Sam', emoji: false } },
      {
        type: 'context',
        elements: [
          {
            type: 'mrkdwn',
            text: '<https://caselite.test/c|Open case C-1> · <https://caselite.test/r|Read the response>',
          },
        ],
      },
    ]);
    expect(JSON.stringify(message)).not.toMatch(/Kim|40,000/);
  });

  it('shows a huddle pack with one link, and mentions nobody', async () => {
    await (await connect('slack', toEmulator)).send(pack);
    const message = (await read()).find(({ text }) => text.startsWith('Huddle'));
    expect(message?.text).toBe('Huddle &lt;board&gt; 2026-W49');
    expect(message?.blocks).toMatchObject([
      { type: 'header', text: { type: 'plain_text', text: 'Huddle <board> 2026-W49' } },
      { type: 'section', text: { type: 'plain_text', text: '2026-11-23 to 2026-11-29' } },
      { type: 'section', text: { type: 'plain_text', text: 'Overdue & <!here>: 2 (C-1, C-3)' } },
      {
        type: 'context',
        elements: [{ text: '<https://caselite.test/w/acme/huddle?every=week&amp;team=sales|Open it in Caselite>' }],
      },
    ]);
  });

  it('gets a huddle pack of the workspace file once, though it is asked for again', async () => {
    const settings = slowAcme(
      (text) =>
        `${text}\nchannels: { room: { kind: slack, url: ROOM_URL } }\nhuddles: { sales: { to: dana, channels: room } }\n`,
    );
    const harness = new Harness(settings);
    harness.core.integrations.channel = () => connect('slack', toEmulator);
    await harness.receive({ completed: false, name: 'Kim Canary' });
    harness.now += 7 * day;
    sendHuddle(harness.core, 'sales');
    await harness.pass(day);
    sendHuddle(harness.core, 'sales');
    await harness.pass(day);
    const packs = (await read()).filter(({ text }) => text === 'Huddle sales 2026-W49');
    expect(packs).toHaveLength(1);
    expect(JSON.stringify(packs)).toContain('Overdue: 1 (C-1)');
    expect(JSON.stringify(packs)).not.toContain('Canary');
  });

  it('gets what a case template sends there, in place of a mail', async () => {
    const settings = acme(({ name, text }) =>
      name === 'acme'
        ? text
            .replace('every: 2 minutes', 'every: 1 day')
            .replace('mail: {', 'channels: { room: { kind: slack, url: ROOM_URL } }\nmail: {')
        : name.startsWith('upgrade')
          ? `${text.replace(/^notify:.*\n/m, '')}\nnotify: { opened: { to: [managers], by: [room] } }\n`
          : text,
    );
    const harness = new Harness(settings);
    harness.core.integrations.channel = () => connect('slack', toEmulator);
    const before = (await read()).length;
    await harness.receive({ completed: false, name: 'Kim Canary' });
    await harness.pass(hour);
    const messages = await read();
    expect(messages).toHaveLength(before + 1);
    expect(messages.map(({ text }) => text)).toContain('Opened: C-1');
    expect(harness.mail.to('dana@acme.example', 'Could not install')).toEqual([]);
    await harness.pass(day);
    expect(JSON.stringify(await read())).not.toContain('Canary');
  });
});

describe('Microsoft Teams', () => {
  it('gets an Adaptive Card whose texts are no Markdown', async () => {
    const bodies: unknown[] = [];
    const target = await connect('microsoft-teams', async (request) => {
      expect(request.url).toBe(addresses['microsoft-teams']);
      bodies.push(await request.json());
      return new Response(null, { status: 202 });
    });
    await target.send({ ...notice, cases: 12 });
    const [body] = bodies as { attachments: { contentType: string; content: Record<string, object[]> }[] }[];
    const [card] = body?.attachments ?? [];
    expect(card?.contentType).toBe('application/vnd.microsoft.card.adaptive');
    expect(card?.content).toMatchObject({ type: 'AdaptiveCard', version: '1.4' });
    expect(card?.content.body).toMatchObject([
      { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: 'Closed against rules: 12 cases' }] },
      { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: 'For Dana & Sam' }] },
    ]);
    expect(card?.content.actions).toMatchObject([
      { type: 'Action.OpenUrl', title: 'Open the list of cases', url: 'https://caselite.test/c' },
      { type: 'Action.OpenUrl', url: 'https://caselite.test/r' },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/Kim|40,000/);
  });
});

it('Microsoft Teams gets a huddle pack as lines without Markdown and one link', async () => {
  const bodies: unknown[] = [];
  const target = await connect('microsoft-teams', async (request) => {
    bodies.push(await request.json());
    return new Response(null, { status: 202 });
  });
  await target.send(pack);
  const content = { actions: [{ title: 'Open it in Caselite', url: pack.url }] };
  const body = [pack.headline, ...pack.lines].map((text) => ({ type: 'RichTextBlock', inlines: [{ text }] }));
  expect(bodies).toMatchObject([{ attachments: [{ content: { ...content, body } }] }]);
});

describe.each(['slack', 'microsoft-teams'] as const)('a channel of %s', (kind) => {
  it.each([
    [503, 'unknown'],
    [429, 'rate-limited'],
    [403, 'auth'],
    [404, 'auth'],
    [410, 'auth'],
    [400, 'rejected'],
  ])('answered with %i is %s', async (status, code) => {
    const target = await connect(kind, async () => new Response('no', { status }));
    await expect(target.send(notice)).rejects.toMatchObject({ code });
  });

  it.each([
    'http://hooks.slack.com/services/1',
    'https://127.0.0.1/services/1',
    'https://hooks.slack.com.evil.example/',
    'https://logic.azure.com.evil.example/',
    'https://metadata.internal/',
    'somewhere',
  ])('never calls %s', async (url) => {
    const made = connect(kind, () => Promise.reject(new Error('called')), url);
    await expect(made).rejects.toMatchObject({
      code: 'auth',
      message: expect.stringContaining('ROOM_URL holds no address'),
    });
    await expect(made).rejects.not.toMatchObject({ message: expect.stringContaining(url) });
  });
});
