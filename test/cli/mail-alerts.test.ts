import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DataFolder } from '#src/cli/data-folder.ts';
import { until } from '#src/cli/progress.ts';
import { type Stack, startStack } from '#src/cli/stack.ts';
import { findFreeTcpPort } from '#test/harness/free-port.ts';
import { projectRoot } from '#src/cli/workspace-files.ts';
import { renderMail } from '#test/harness/alert-mails.ts';
import { inbound, renderReply } from '#test/harness/replies.ts';
import { Stage } from '#tools/tour-stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'caselite-mail-'));
let stack: Stack;
let smtpPort: number;

const source = `sources:
  alerts:
    kind: mail
    senders: ["@survey.example"]
    relay: mx.acme.example
    lines: ["Installed: {completed}", "Ease: {ease} out of 10", "Customer no: {customer-id}", "E-mail: {email}", "Answer <https://survey.example/r/{id}>"]
    response:
      id: id
      link: links.id
      submitted-at: mail.date
      answers: [{ at: completed, title: Installed }, { at: ease, title: Ease, type: number }]
    questions: { completed: completed, ease: ease }
    respondent: { key: hidden.customer-id, email: hidden.email }
`;

beforeAll(async () => {
  const shipped = readFileSync(join(projectRoot, 'templates', 'workspaces', 'acme-tour.yaml'), 'utf8');
  const text = shipped
    .replace('sources:\n', `${inbound}sources:\n${source.replace('sources:\n', '')}`)
    .replace(
      'upgrade-not-installed: { source: upgrade-survey',
      'upgrade-not-installed: { source: [upgrade-survey, alerts]',
    );
  for (const path of ['workspaces', 'data']) mkdirSync(join(folder, path));
  const workspaceFilePath = join(folder, 'workspaces', 'acme-tour.yaml');
  writeFileSync(workspaceFilePath, text);
  smtpPort = await findFreeTcpPort();
  const port = await findFreeTcpPort();
  stack = await startStack({
    folder: new DataFolder(join(folder, 'data')),
    workspaceFilePath,
    port,
    emulators: true,
    smtpPort,
  });
}, 60_000);

afterAll(async () => {
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const alert = (
  id: string,
  customer: { key: string; email: string },
  more: Partial<Parameters<typeof renderMail>[0]> = {},
) =>
  renderMail({
    id,
    ...more,
    parts: [
      {
        type: 'text/html',
        text: `<p>Installed: No</p><p>Ease: 2 out of 10</p><p>Customer no: ${customer.key}</p><p>E-mail: ${customer.email}</p><p><a href="https://survey.example/r/${id}">Answer</a></p>`,
      },
    ],
  });

async function send(raw: Uint8Array, to = 'acme-tour.alerts@feedback.acme.example'): Promise<string> {
  const transport = createTransport({ host: '127.0.0.1', port: smtpPort, ignoreTLS: true });
  const { response } = await transport.sendMail({
    envelope: { from: 'bounces@survey.example', to },
    raw: Buffer.from(raw),
  });
  transport.close();
  return response;
}

const deliveries = async () =>
  (await stack.client.list('deliveries')).filter((delivery) => delivery.source === 'alerts');

it('an alert by SMTP opens a case, its closing asks the customer, and the reply stands in the case', async () => {
  if (!stack.emulators) throw new Error('no emulators');
  const stage = new Stage(stack, stack.emulators);
  expect(await send(alert('r-1', stage.gold))).toMatch(/^250/);
  const opened = await stage.caseOf('upgrade-not-installed', stage.gold);
  const { title } = await stage.issue('support', opened);
  expect(title).toContain('Could not install the upgrade');
  const [response] = (await stack.client.list('responses')).filter((each) => each.source === 'alerts');
  expect(response?.answers.map(({ alias, value }) => [alias, value])).toEqual([
    ['completed', 'No'],
    ['ease', 2],
  ]);
  await stage.close(opened);
  const asked = await stage.mailTo(stage.gold.email, 'Did we solve it');
  const page = /https?:\/\/\S+\/f\/\S+/.exec(asked.text)?.[0] ?? '';
  const shown = await fetch(page);
  expect([shown.headers.get('referrer-policy'), shown.headers.get('x-robots-tag')]).toEqual(['no-referrer', 'noindex']);
  expect(await shown.text()).toMatch(/<h2>Done<\/h2>/);
  const words = 'Thank you, but the driver is still missing.';
  const mail = renderReply(
    stage.gold.email,
    `${words}\n\nOn Tuesday Acme <feedback@acme.example> wrote:\n> Did we solve it?`,
  );
  expect(await send(mail, asked.replyTo ?? '')).toMatch(/^250/);
  const away = renderReply(stage.gold.email, 'I am away.', { headers: ['Auto-Submitted: auto-replied'] });
  expect(await send(away, asked.replyTo ?? '')).toMatch(/^250/);
  const guessed = (asked.replyTo ?? '').replace(/[0-9a-v]{20}@/, `${'0'.repeat(20)}@`);
  await expect(send(mail, guessed)).rejects.toThrow('550');
  const copy = await stage.mailTo('dana@acme.example', 'Replied', opened.handle);
  expect(copy.text).toContain(words);
  expect(copy.text).not.toContain('wrote:');
  const { items } = await stack.client.call('GET cases/:id/messages', { id: opened.id });
  const replies = items.filter(({ kind }) => kind.endsWith('reply'));
  expect(replies.map(({ kind }) => kind).sort()).toEqual(['automatic-reply', 'reply']);
  expect(replies.find(({ kind }) => kind === 'reply')?.text).toBe(words);
  await stage.answer(asked, { resolved: 'yes', handling: '5' });
  await until('an answer to the follow-up', async () =>
    (await stack.client.list('follow-ups')).some(
      ({ case: id, kind, state }) => id === opened.id && kind === 'customer' && state === 'answered',
    ),
  );
}, 90_000);

it('a second mail of one response is a duplicate, and its bytes stay as they came', async () => {
  if (!stack.emulators) throw new Error('no emulators');
  const raw = alert('r-2', new Stage(stack, stack.emulators).silver);
  await send(raw);
  await send(raw);
  await until('a duplicate', async () => (await deliveries()).some(({ outcome }) => outcome === 'duplicate'));
  const [newest] = await deliveries();
  expect(newest?.bytes).toBe(raw.length);
}, 60_000);

it('a mail for nobody, or too large, is refused in the session', async () => {
  const customer = { key: 'c', email: 'c@customer.example' };
  await expect(send(alert('r-3', customer), 'nobody@feedback.acme.example')).rejects.toThrow('550');
  await expect(send(alert('r-3', customer), 'acme-tour.nothing@feedback.acme.example')).rejects.toThrow('550');
  await expect(send(alert('r-3', customer), 'elsewhere.alerts@feedback.acme.example')).rejects.toThrow('550');
  const large = renderMail({
    id: 'large',
    parts: [{ type: 'text/plain', text: 'x'.repeat(1_200_000), encoding: '8bit' }],
  });
  await expect(send(large)).rejects.toThrow(/5\d\d/);
  // A client that hangs up in the midst of a mail.
  const socket = createConnection(smtpPort, '127.0.0.1');
  const commands = ['EHLO x', 'MAIL FROM:<a@b.example>', 'RCPT TO:<acme-tour.alerts@b.example>', 'DATA', 'From: a@b'];
  for (const command of commands) {
    socket.write(`${command}\r\n`);
    await new Promise((answered) => setTimeout(answered, 50));
  }
  socket.destroy();
  await new Promise((answered) => setTimeout(answered, 100));
  await expect(send(alert('r-3', customer), 'nobody@feedback.acme.example')).rejects.toThrow('550');
}, 60_000);

it('the pipe of a mail server takes a mail, and keeps it while Caselite is not to be had', async () => {
  const pipe = async (given: string[], raw: Uint8Array) => {
    const child = spawn(process.execPath, ['src/cli/caselite.ts', 'receive-mail', ...given], {
      cwd: projectRoot,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin.end(raw);
    return new Promise((done) => child.once('exit', done));
  };
  const data = ['--data', join(folder, 'data')];
  const foreign = alert('r-4', { key: 'c', email: 'c@customer.example' }, { from: 'x@elsewhere.example' });
  expect(await pipe(['acme-tour/alerts', ...data], foreign)).toBe(0);
  expect(await pipe(['acme-tour/alerts', '--url', 'http://127.0.0.1:9'], foreign)).toBe(75);
  await until('a mail set aside', async () =>
    (await deliveries()).some(({ outcome, error }) => outcome === 'set-aside' && error?.includes('not among senders')),
  );
  expect((await stack.emulators?.inbox())?.filter(({ to }) => to.includes('elsewhere'))).toEqual([]);
}, 60_000);
