import type { Running } from './running.ts';

/* Deliveries that are forged, old, copied or poisonous. */

const source = 'feedback-form';
const hook = `/hooks/acme/${source}`;

const feedback = (id: string, more: Record<string, unknown> = {}) => ({
  feedback: {
    id,
    form: 'attack',
    submitted_at: new Date().toISOString(),
    answers: { wish: 'nothing', ease: 9 },
    ...more,
  },
});
const bytes = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));

/** What is not signed rightly is refused, and every refusal reads alike. */
export async function* forgedDeliveries(running: Running): AsyncGenerator<string | null> {
  const { body, headers } = await running.sign(source, bytes(feedback('forged')));
  const old = String(Math.floor(Date.now() / 1000) - 600);
  const forged: [string, Record<string, string>, Uint8Array][] = [
    ['no signature', { 'content-type': 'application/json' }, body],
    ['another body', headers, bytes(feedback('another'))],
    ['an old time', { ...headers, 'webhook-timestamp': old }, body],
    ['another id', { ...headers, 'webhook-id': 'msg_other' }, body],
    ['a signature of nothing', { ...headers, 'webhook-signature': 'v1,' }, body],
    ['an unknown scheme', { ...headers, 'webhook-signature': `v9,${headers['webhook-signature']?.slice(3)}` }, body],
  ];
  const answers = new Set<string>();
  for (const [name, given, content] of forged) {
    const answer = await running.ask(hook, { method: 'POST', headers: given, body: new Uint8Array(content) });
    answers.add((await answer.text()).replace(/\d+/g, ''));
    yield answer.status === 401 ? null : `${name} answered ${answer.status}`;
  }
  for (const path of [`${hook}x`, '/hooks/nobody/feedback-form']) {
    const { status } = await running.ask(path, { method: 'POST', headers, body: new Uint8Array(body) });
    yield status === 401 ? null : `${path} answered ${status}`;
  }
  yield answers.size === 1 ? null : 'refusals tell what was wrong';
}

/** Fifty copies at once are one response, and one case. */
export async function* copies(running: Running): AsyncGenerator<string | null> {
  const { body, headers } = await running.sign(
    source,
    bytes(feedback('copied', { answers: { wish: 'a wish', ease: 1 } })),
  );
  const post = () => running.ask(hook, { method: 'POST', headers, body: new Uint8Array(body) });
  const answers = await Promise.all(Array.from({ length: 50 }, post));
  yield* answers.map(({ status }) => (status === 202 ? null : `a copy answered ${status}`));
  await running.settle();
  const responses = (await running.client.list('responses')).filter((response) => response.source === source);
  yield responses.length === 1 ? null : `50 copies are ${responses.length} responses`;
}

/** Poison is kept aside as bytes, and the next delivery works. */
export async function* poison(running: Running): AsyncGenerator<string | null> {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const poisons: Uint8Array[] = [
    new TextEncoder().encode(nested(100_000)),
    new TextEncoder().encode(`{"feedback":${nested(70)}}`),
    bytes(Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${index}`, index]))),
    bytes({ feedback: { ...feedback('many').feedback, answers: Array.from({ length: 50_000 }, () => 1) } }),
    Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d]),
    new TextEncoder().encode('{"feedback":{"id":"\\ud800","form":"x","answers":{"wish":"\\udfff"}}}'),
    new TextEncoder().encode('{"__proto__":{"feedback":1},"constructor":{"prototype":{}}}'),
    bytes(feedback('huge-number', { submitted_at: 1e300 })),
    bytes(feedback('odd-day', { submitted_at: '2026-02-30T25:61:00Z' })),
    bytes(feedback('x'.repeat(100_000))),
    new Uint8Array(0),
  ];
  for (const body of poisons) {
    const { status } = await running.deliver(source, body);
    yield status === 202 || status === 400 || status === 413 || status === 422 ? null : `poison answered ${status}`;
  }
  await running.deliver(source, feedback('after-the-poison'));
  await running.settle();
  const last = (await running.client.list('deliveries')).some(({ outcome }) => outcome === 'stored');
  yield last ? null : 'nothing is stored after the poison';
}
