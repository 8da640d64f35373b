import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { DataFolder } from '#src/cli/data-folder.ts';
import { startEmulators } from '#src/cli/emulators.ts';
import { findFreeTcpPort } from '#src/cli/stack.ts';
import { acme } from '#test/domain/samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'caselite-emulators-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('the local mail host has the domain of the sender that a file without mail gets', async () => {
  const { workspace } = acme();
  const emulators = await startEmulators({
    folder: new DataFolder(folder),
    ports: { desk: await findFreeTcpPort(18_788), resend: await findFreeTcpPort(18_794) },
    workspace: { ...workspace, trackers: {}, mail: { ...workspace.mail, from: '' } },
    secrets: new Map([['ACME__RESEND_KEY', 'a key']]),
    dashboardUrl: 'http://127.0.0.1:1',
    onAction: () => {},
  });
  try {
    const answer = await fetch(`${emulators.addresses.get('RESEND_API_URL')}/domains`, {
      headers: { authorization: 'Bearer a key' },
    });
    expect(await answer.json()).toMatchObject({ data: [{ name: 'mail.example' }] });
    expect(emulators.addresses.get('MAIL_FROM')).toContain('@mail.example>');
  } finally {
    await emulators.close();
  }
});
