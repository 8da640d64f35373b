import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import type { Page } from '#domain/base/page.ts';
import type { DeliveryJson } from '#domain/json/intake-json.ts';
import worker from '#src/worker.ts';
import { renderMail } from '#test/harness/alert-mails.ts';
import { newWorkspace } from './harness.ts';
import { useNetwork } from './network.ts';

useNetwork();

const source = `sources:
  alerts:
    kind: mail
    senders: ["@survey.example"]
    relay: mx.cloudflare.net
    lines: ["Rating: {rating}", "E-mail: {email}"]
    response: { id: mail.id, submitted-at: mail.date, answers: [{ at: rating, title: Rating, type: number }] }
    questions: { rating: rating }
    respondent: { email: hidden.email }
`;
const newAlertWorkspace = () => newWorkspace((text) => text.replace('sources:\n', source));

const alert = (verdict: string, text = 'Rating: 2\nE-mail: ann@customer.example\n') =>
  renderMail({ id: 'one', verdict, parts: [{ type: 'text/plain', text }] });
const proved =
  'Authentication-Results: mx.cloudflare.net;\r\n\tdkim=pass header.d=survey.example header.s=a;\r\n\tdmarc=pass header.from=survey.example policy.dmarc=none';

/** A mail as Email Routing hands it on. @returns why it was rejected */
async function route(to: string, raw: Uint8Array): Promise<string | null> {
  let rejected: string | null = null;
  const message = { from: 'bounces@survey.example', to, raw: new Blob([new Uint8Array(raw)]).stream() };
  await worker.email({ ...message, setReject: (reason: string) => (rejected = reason) }, env as never);
  return rejected;
}

const listDeliveries = async ({ call }: Awaited<ReturnType<typeof newWorkspace>>) =>
  ((await (await call('GET', 'deliveries')).json()) as Page<DeliveryJson>).items;

test('a mail that the platform routes here is read, when its verdict proves the sender', async () => {
  const workspace = await newAlertWorkspace();
  expect(await route(`${workspace.name}.alerts@feedback.acme.example`, alert(proved))).toBeNull();
  expect(await route(`${workspace.name}.alerts@feedback.acme.example`, alert(''))).toBeNull();
  await workspace.settle();
  const deliveries = await listDeliveries(workspace);
  expect(deliveries.map(({ outcome }) => outcome)).toEqual(['set-aside', 'stored']);
  expect(deliveries[0]?.error).toContain('no Authentication-Results of mx.cloudflare.net');
  const { items } = (await (await workspace.call('GET', 'responses')).json()) as Page<{
    answers: { value: unknown }[];
  }>;
  expect(items.map(({ answers }) => answers.map(({ value }) => value))).toEqual([[2]]);
});

test('a mail for nobody is rejected, and one for a workspace without the secret too', async () => {
  const workspace = await newAlertWorkspace();
  expect(await route(`${workspace.name}.nothing@feedback.acme.example`, alert(proved))).toContain('No such mailbox');
  expect(await route('elsewhere.alerts@feedback.acme.example', alert(proved))).toContain('No such mailbox');
  const large = alert(proved, 'x'.repeat(1_100_000));
  expect(await route(`${workspace.name}.alerts@feedback.acme.example`, large)).toContain('larger than 1 MiB');
  expect(await route('nobody', alert(proved))).toContain('No such mailbox');
});

test('a mail is read again by changed settings, from the bytes that came', async () => {
  const workspace = await newAlertWorkspace();
  await route(`${workspace.name}.alerts@feedback.acme.example`, alert(proved));
  await workspace.settle();
  const files = workspace.files.map((file) => ({
    ...file,
    text: String(file.text).replace('title: Rating,', 'title: How was it?,'),
  }));
  expect((await workspace.call('PUT', 'settings', { files })).status).toBe(200);
  await workspace.settle();
  const { items } = (await (await workspace.call('GET', 'responses')).json()) as Page<{
    answers: { question: string }[];
  }>;
  expect(JSON.stringify(items)).toContain('How was it?');
});
