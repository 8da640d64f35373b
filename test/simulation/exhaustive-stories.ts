import { findReplyAddress } from '#src/workspace/basics/case-address.ts';
import { planBackFill } from '#src/workspace/intake/back-fill.ts';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { actOnCase } from '#src/workspace/issues/act-on-case.ts';
import { answerAsk, unsubscribe } from '#src/workspace/loop/answer.ts';
import { setWhatChanged } from '#src/workspace/loop/notify-affected-customers.ts';
import { applyMailEvent } from '#src/workspace/loop/withdraw.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { registerHook } from '#src/workspace/queues/hooks.ts';
import { makeTestIssue } from '#src/workspace/tracker-requests/test-issue.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { acmeWithReplies, markReply, renderReply } from '#test/harness/replies.ts';
import { encodeTypeform, type SampleResponse } from '#test/harness/sample-response.ts';
import { day, hour } from '#test/harness/times.ts';
import { ToolHarness } from '#test/harness/tool-harness.ts';
import { lost } from '#test/workspace/fakes.ts';
import { type PostedEvent, type PostedPack, postEvents } from './event-invariants.ts';
import { defineStory, type PlayableStory, type Story } from './exhaustive.ts';
import { meetWeekly } from './huddle-invariants.ts';
import type { Stage } from './stage.ts';

/** Acme with a channel that hears of each new case. */
const settingsWithChannel = acme(({ name, text }) =>
  name === 'acme'
    ? text
        .replace('every: 2 minutes', 'every: 1 day')
        .replace(/^notices:.*$/m, 'notices: { opened: { to: [mette], by: [mail, operations] } }')
        .replace('mail: {', 'channels: { operations: { kind: webhook, url: OPS_URL, secret: OPS_SECRET } }\nmail: {')
    : name === 'upgrade-not-installed'
      ? text.replace(/^notify:.*\n/m, '')
      : text,
);

const settingsWithEvents = acme(({ name, text }) =>
  name === 'acme' ? meetWeekly(postEvents(text.replace('every: 2 minutes', 'every: 1 day'))) : text,
);
const settingsWithHook = acme(({ name, text }) =>
  name === 'acme'
    ? text
        .replace('every: 2 minutes', 'every: 1 day')
        .replace('    token: GITHUB_TOKEN\n', '$&    webhook-secret: HOOK_SECRET\n')
    : text,
);

/** What the receiver of a story took. */
const takenOf = new WeakMap<Harness, { events: PostedEvent[]; packs: PostedPack[] }>();

const dana = '5b10ac8d82e05b22cc7d4ef1';

const deliver = async (stage: Stage, response: SampleResponse) => {
  const at = stage.harness.now;
  const raw = { body: encodeTypeform(response, at), headers: {}, receivedAt: at };
  await stage.act(() => storeDeliveries(stage.harness.core, [{ source: 'upgrade-survey', raw }]));
  await stage.pass(hour);
};

const act = (
  stage: Stage,
  action: Parameters<typeof actOnCase>[2]['action'],
  value = '',
  because: string | null = null,
) => {
  const { harness } = stage;
  const form = { rootCause: null, whatChanged: null, mention: [], once: `form ${harness.now}`, who: 'dana' };
  const { id } = harness.case(0);
  return stage.act(() =>
    harness.core.sql.transaction(() => actOnCase(harness.core, id, { action, value, because, ...form })),
  );
};

const answer = (stage: Stage, kind: 'customer' | 'closer', value: string, more: [string, string][] = []) => {
  const { harness } = stage;
  const { id } = harness.question(kind);
  const form = new Map([['resolved', value], ...more]);
  return stage.act(() => harness.core.sql.transaction(() => answerAsk(harness.core, id, form)));
};

const closing = (id = '1', tracker = 'support') => ({ tracker, id, kind: 'completed' });

/** A case is opened and its issue closed; the customer and the closer are asked. */
const openAndClose = async (stage: Stage) => {
  await deliver(stage, { completed: false });
  stage.harness.trackers.support.close(0, 'completed', dana);
  await stage.poll();
  return { closings: [closing()] };
};

const closed = async (stage: Stage, then: (stage: Stage) => Promise<unknown>) => {
  const promised = await openAndClose(stage);
  await then(stage);
  return promised;
};

/** The canonical ways of a case, as short as they can be. */
const storiesOfCases: Story[] = [
  {
    name: 'delivery to case to issue',
    async play(stage) {
      await deliver(stage, { completed: false });
      return {};
    },
  },
  {
    name: 'close and confirm',
    play: (stage) =>
      closed(stage, async () => {
        await stage.pass(2 * day);
        await answer(stage, 'closer', 'yes');
        await answer(stage, 'customer', 'yes');
      }),
  },
  {
    name: 'dispute and reopen',
    play: (stage) =>
      closed(stage, async () => {
        await stage.pass(2 * day);
        await answer(stage, 'customer', 'no');
      }),
  },
  {
    name: 'known gap',
    play: (stage) =>
      closed(stage, async () => {
        await stage.pass(2 * day);
        await answer(stage, 'closer', 'no', [['blocker', 'policy']]);
        await answer(stage, 'customer', 'no');
      }),
  },
  {
    name: 'unable by command',
    play: (stage) =>
      closed(stage, async ({ harness }) => {
        harness.trackers.support.say(0, dana, '/unable because policy');
        await stage.poll();
        await stage.pass(2 * day);
        await answer(stage, 'customer', 'no');
      }),
  },
  {
    name: 'merged mails',
    play: async (stage) => {
      await deliver(stage, { token: 'r-1', completed: false, wish: 'more' });
      stage.harness.trackers.support.close(0, 'completed', dana);
      stage.harness.trackers.growth.close(0, 'completed', 'dana@acme.example');
      await stage.poll();
      await stage.poll('growth');
      await stage.pass(2 * day);
      // Acme as shipped asks about wishes without waiting for a release.
      return { closings: [closing(), closing('1', 'growth')], shipped: [{ kind: 'milestone', at: 0 }] };
    },
  },
  {
    name: 'opt-out between',
    play: async (stage) => {
      const promised = await openAndClose(stage);
      const { harness } = stage;
      const { id } = harness.question('customer');
      await stage.act(() => harness.core.sql.transaction(() => unsubscribe(harness.core, id)));
      const optOuts = new Map([['k-1@customer.example', harness.now]]);
      await stage.pass(2 * day);
      return { ...promised, optOuts };
    },
  },
  {
    name: 'erasure between',
    play: (stage) =>
      closed(stage, async ({ harness }) => {
        const { core } = harness;
        await stage.act(() => core.sql.transaction(() => erasePerson(core, 'k-1@customer.example', 'dana')));
      }),
  },
  {
    name: 'bounced mail',
    play: (stage) =>
      closed(stage, async ({ harness }) => {
        await stage.pass(2 * day);
        const { key, to } = harness.mail.to('k-1@customer.example')[0] ?? { key: '', to: '' };
        const event = { what: 'bounced' as const, provider: `provider-${key}`, address: to, why: 'no such mailbox' };
        await stage.act(() => harness.core.sql.transaction(() => applyMailEvent(harness.core, event)));
      }),
  },
  {
    name: 'declined with a reason',
    play: async (stage) => {
      await deliver(stage, { completed: false });
      await act(stage, 'decline', '', 'outsidewords for the customer');
      await stage.pass(2 * day);
      return { closedFromPage: new Set([stage.harness.case(0).id]) };
    },
  },
  {
    name: 'reassign, severity and comment',
    play: async (stage) => {
      await deliver(stage, { completed: false });
      await act(stage, 'assign', 'sam');
      await act(stage, 'severity', 'high', 'they called');
      await act(stage, 'comment', 'We look at it.');
      await stage.pass(hour);
      return {};
    },
  },
  {
    name: 'commands',
    play: async (stage) => {
      await deliver(stage, { completed: false });
      stage.harness.trackers.support.say(0, dana, '/severity high because they called\n/root-cause a missing file');
      await stage.poll();
      return {};
    },
  },
  {
    name: 'the ladder',
    play: async (stage) => {
      await deliver(stage, { completed: false });
      await stage.pass(2 * day);
      return {};
    },
  },
  {
    name: 'closed and reopened in the tracker',
    play: (stage) =>
      closed(stage, async ({ harness }) => {
        harness.trackers.support.reopen(0);
        await stage.poll();
      }),
  },
  {
    name: 'a second response joins',
    play: async (stage) => {
      await deliver(stage, { token: 'r-1', completed: false });
      await deliver(stage, { token: 'r-2', completed: false });
      return {};
    },
  },
  {
    name: 'a response after the closing reopens',
    play: (stage) =>
      closed(stage, async () => {
        await stage.pass(2 * day);
        await deliver(stage, { token: 'r-2', completed: false });
      }),
  },
  {
    name: 'a create without an answer',
    async play(stage) {
      stage.harness.trackers.support.fail('create', lost('after'));
      await deliver(stage, { completed: false });
      return {};
    },
  },
  {
    name: 'a comment without an answer',
    async play(stage) {
      await deliver(stage, { completed: false });
      stage.harness.trackers.support.fail('comment', lost('after'));
      await act(stage, 'comment', 'We look at it.');
      await stage.pass(hour);
      return {};
    },
  },
  {
    name: 'a mail without an answer',
    play: (stage) =>
      closed(stage, async ({ harness }) => {
        harness.mail.fail('send', lost('after'));
        await stage.pass(2 * day);
      }),
  },
  {
    name: 'an issue that is hidden for a while',
    async play(stage) {
      await deliver(stage, { completed: false });
      stage.harness.trackers.support.vanish(0);
      await stage.poll();
      stage.harness.trackers.support.comeBack(0);
      await stage.pass(hour);
      return {};
    },
  },
  {
    name: 'two customers of a strategic case',
    async play(stage) {
      const { harness } = stage;
      await deliver(stage, { token: 'r-1', customer: 'k-1', ease: 2 });
      await deliver(stage, { token: 'r-2', customer: 'k-2', ease: 2 });
      const words = { text: 'The installer signs its driver now.', who: 'dana' };
      const { core } = harness;
      await stage.act(() => core.sql.transaction(() => setWhatChanged(core, harness.case().id, words)));
      harness.trackers.product.close(0);
      await stage.poll('product');
      await stage.pass(2 * day);
      return { closings: [closing('1', 'product')], shipped: [{ kind: 'milestone', at: 0 }] };
    },
  },
  {
    name: 'a receipt, and a reply of the customer',
    open: (store) => new Harness(acmeWithReplies(), store),
    async play(stage) {
      await deliver(stage, { completed: false });
      const { core } = stage.harness;
      const address = findReplyAddress(core, stage.harness.case()) ?? '';
      const body = await markReply(address, renderReply('k-1@customer.example', 'It stops at 80 %.'));
      const raw = { body, headers: {}, receivedAt: stage.harness.now };
      await stage.act(() => storeDeliveries(core, [{ source: 'mail', raw }]));
      await stage.pass(hour);
      return {};
    },
  },
  {
    name: 'a notice to a channel',
    open: (store) => {
      const harness = new Harness(settingsWithChannel, store);
      harness.core.integrations.channel = async () => ({ send: async () => {} });
      return harness;
    },
    async play(stage) {
      await deliver(stage, { completed: false });
      return {};
    },
  },
  {
    name: 'a test issue and a webhook',
    open: (store) => new Harness(settingsWithHook, store),
    async play(stage) {
      const { core } = stage.harness;
      await stage.act(() => core.sql.transaction(() => makeTestIssue(core, 'product', { who: 'dana' })));
      const place = { queue: 'product', form: '' };
      await stage.act(() => core.sql.transaction(() => registerHook(core, place, { who: 'dana' })));
      await stage.pass(hour);
      return {};
    },
  },
  {
    name: 'events and a huddle pack to a channel',
    open: (store) => {
      const harness = new Harness(settingsWithEvents, store);
      const taken = { events: [] as PostedEvent[], packs: [] as PostedPack[] };
      takenOf.set(harness, taken);
      harness.core.integrations.channel = async () => ({
        send: async (notice) => void ('lines' in notice && taken.packs.push(notice)),
        sendEvent: async (id, { data }) =>
          void taken.events.push({ id, sequence: data.sequence, caseId: data.case.id }),
      });
      return harness;
    },
    async play(stage) {
      await deliver(stage, { completed: false });
      await stage.pass(day);
      return takenOf.get(stage.harness) ?? {};
    },
  },
];

const unhappy = { id: 't-1', answers: { done: false, effort: 2 } };

/** The ways of a response whose survey tool has an API. */
const storiesOfTools: Story<ToolHarness>[] = [
  {
    name: 'a response fetched from its tool',
    open: (store) => new ToolHarness({ deliveries: 'reference', titles: false }, undefined, store),
    rest: 3 * hour,
    async play(stage) {
      const { tool } = stage.harness;
      await stage.act(async () => {
        const stored = tool.responses.get(unhappy.id);
        await (stored ? tool.send(stored) : tool.submit(unhappy));
      });
      await stage.pass(hour);
      return { toolResponses: [...tool.responses.values()] };
    },
  },
  {
    name: 'a back-filled response',
    open: (store) => new ToolHarness({ titles: false }, (yaml) => yaml, store),
    rest: 3 * hour,
    async play(stage) {
      const { tool } = stage.harness;
      tool.isLosing = true;
      await tool.submit(unhappy);
      await stage.act(() => planBackFill(stage.harness.core, 'tool', 0, ['upgrade']));
      await stage.pass(hour);
      return { toolResponses: [...tool.responses.values()] };
    },
  },
];

export const stories: PlayableStory[] = [
  ...storiesOfCases.map((story) => defineStory(story)),
  ...storiesOfTools.map((story) => defineStory(story)),
];
