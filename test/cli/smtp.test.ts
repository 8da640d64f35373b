import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, expect, it, vi } from 'vitest';
import { DataFolder } from '#src/cli/data-folder.ts';
import { until } from '#src/cli/progress.ts';
import { startStack } from '#src/cli/stack.ts';
import { findFreeTcpPort } from '#test/harness/free-port.ts';
import { projectRoot } from '#src/cli/workspace-files.ts';
import { parseMail } from '#test/contracts/parse-mail.ts';
import { sendSampleDeliveries } from '#tools/samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'caselite-smtp-'));
const closing: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
  rmSync(folder, { recursive: true, force: true });
});

it('the worker sends its mail over SMTP, with the name and password that the settings name', async () => {
  const mails: { to: string; subject: string; user: string }[] = [];
  const server = new SMTPServer({
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    onAuth: ({ username, password }, _session, done) =>
      password === 'a password' ? done(null, { user: username }) : done(new Error('Invalid login')),
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', async () => {
        const { subject } = await parseMail(Buffer.concat(parts));
        mails.push({
          to: session.envelope.rcptTo.map(({ address }) => address).join(),
          subject,
          user: String(session.user),
        });
        done();
      });
    },
  });
  // A stopped runtime resets its open connections, and an unheard error would end the test run.
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  closing.push(() => new Promise<void>((done) => server.close(() => done())));
  const variables = {
    SMTP_URL: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    ACME_TOUR__SMTP_USER: 'acme',
    ACME_TOUR__SMTP_PASSWORD: 'a password',
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  closing.push(async () => vi.unstubAllEnvs());
  const shipped = join(projectRoot, 'templates', 'workspaces', 'acme-tour.yaml');
  const text = readFileSync(shipped, 'utf8').replace(
    /^mail: .*$/m,
    'mail: { kind: smtp, from: "Acme <feedback@acme.example>", user: SMTP_USER, password: SMTP_PASSWORD }',
  );
  mkdirSync(join(folder, 'workspaces'));
  const workspaceFile = join(folder, 'workspaces', 'acme-tour.yaml');
  writeFileSync(workspaceFile, text);
  const stack = await startStack({
    folder: new DataFolder(join(folder, 'data')),
    workspaceFilePath: workspaceFile,
    port: await findFreeTcpPort(),
    emulators: true,
  });
  closing.unshift(() => stack.stop());
  const print = vi.spyOn(console, 'log');
  await sendSampleDeliveries(stack);
  const printed = print.mock.calls.join('\n');
  print.mockRestore();
  for (const name of ['Jira issue SUP-1', 'GitHub issue #1', 'Linear issue GRO-1']) expect(printed).toContain(name);
  await until('a mail over SMTP', async () => mails.length > 0);
  expect(mails[0]).toMatchObject({ user: 'acme', to: expect.stringContaining('@acme.example') });
  await until('mails that are known as sent', async () =>
    (await stack.client.list('mails')).some(({ state }) => state === 'sent'),
  );
}, 60_000);
