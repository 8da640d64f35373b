import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { DataFolder } from '#src/cli/data-folder.ts';
import { startEmulators } from '#src/cli/emulators.ts';
import { findFreeTcpPort } from '#test/harness/free-port.ts';
import { acme } from '#test/domain/samples.ts';

async function start(ports: Record<string, number>, trackers = {}) {
  const { workspace } = acme();
  const folder = mkdtempSync(join(tmpdir(), 'caselite-emulators-'));
  const emulators = await startEmulators({
    folder: new DataFolder(folder),
    ports,
    workspace: { ...workspace, trackers, mail: { ...workspace.mail, from: '' } },
    secrets: new Map([['ACME__RESEND_KEY', 'a key']]),
    dashboardUrl: 'http://127.0.0.1:1',
    onAction: () => {},
  });
  onTestFinished(async () => {
    await emulators.close();
    rmSync(folder, { recursive: true });
  });
  return emulators;
}

it('the local mail host has the domain of the sender that a file without mail gets', async () => {
  const { addresses } = await start({});
  const answer = await fetch(`${addresses.get('RESEND_API_URL')}/domains`, {
    headers: { authorization: 'Bearer a key' },
  });
  expect(await answer.json()).toMatchObject({ data: [{ name: 'mail.example' }] });
  expect(addresses.get('MAIL_FROM')).toContain('@mail.example>');
});

it('two starts at once that want the same ports both get ports, and say which', async () => {
  const names = ['desk', 'github', 'jira', 'linear', 'resend'];
  const wanted = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await findFreeTcpPort()])));
  const both = await Promise.all([1, 2].map(() => start(wanted, acme().workspace.trackers)));
  const taken = both.flatMap(({ ports }) => Object.values(ports));
  expect(new Set(taken).size).toBe(2 * names.length);
  expect(names.filter((name) => !both.some(({ ports }) => ports[name] === wanted[name]))).toEqual([]);
  for (const { urls, addresses, ports } of both) {
    expect((await fetch(urls.desk)).status).toBe(200);
    expect(addresses.get('JIRA_API_URL')).toBe(`http://127.0.0.1:${ports.jira}`);
  }
});
