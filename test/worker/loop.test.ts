import { expect, test } from 'vitest';
import { newWorkspace } from './harness.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';

useNetwork();

const soon = (yaml: string) =>
  yaml
    .replace('delay: 1 day', 'delay: 0 seconds')
    .replace('every: 2 minutes, settle: 10 minutes', 'every: 30 seconds, settle: 10 minutes');

test('a response becomes a case and an issue, its closing a mail, and a yes a confirmed loop', async () => {
  const hosts = emulatedHosts();
  network.use(...hosts.handlers);
  const { deliver, settle, cases, call, stub } = await newWorkspace(soon);
  await deliver({ token: 'loop', completed: false, ease: 9 });
  await settle();
  const [opened] = await cases();
  expect(opened).toMatchObject({
    severity: 'urgent',
    loop: 'working',
    issue: { kind: 'jira', state: 'open' },
  });

  await hosts.jira.close(opened?.issue?.key ?? '', '5b10ac8d82e05b22cc7d4ef1');
  await call('POST', 'poll');
  await settle();
  expect((await cases())[0]?.loop).toBe('asked');
  const mail = hosts.mail.find(({ to }) => to === 'loop@customer.example');
  const token = /\/s\/(\S+)/.exec(mail?.text ?? '')?.[1] ?? '';
  expect(token).not.toBe('');
  const subject = token.split('.')[1] ?? '';
  const result = await stub.call({ kind: 'link', purpose: 'survey', subject }, 'answer', [
    subject,
    new Map([['resolved', 'yes']]),
  ]);
  expect(result).toMatchObject({ ok: true, value: { status: 'thanks' } });
  expect((await cases())[0]).toMatchObject({ loop: 'confirmed', verdicts: [{ verdict: 'confirmed' }] });
});

test('a tracker that is down loses nothing: its queue waits, and the others go on', async () => {
  const hosts = emulatedHosts();
  const { http, HttpResponse } = await import('msw');
  network.use(
    http.all('http://jira.test/*', () => HttpResponse.text('down', { status: 503 })),
    ...hosts.handlers,
  );
  const { deliver, settle, cases } = await newWorkspace(soon);
  await deliver({ token: 'down', completed: false, ease: 3 });
  await settle();
  const opened = await cases();
  expect(opened.find(({ template }) => template === 'upgrade-hard-to-install')?.issue).toMatchObject({
    kind: 'github',
  });
  expect(opened.find(({ template }) => template === 'upgrade-not-installed')).toMatchObject({
    issue: null,
    needsPerson: null,
  });
});

test('a tracker that never answers delays neither new deliveries nor the other trackers', async () => {
  const hosts = emulatedHosts();
  const { http, HttpResponse } = await import('msw');
  let asked = 0;
  let letGo = () => {};
  const hanging = new Promise<void>((done) => {
    letGo = done;
  });
  network.use(
    http.all('http://jira.test/*', async () => {
      asked += 1;
      await hanging;
      return HttpResponse.text('down', { status: 503 });
    }),
    ...hosts.handlers,
  );
  const { deliver, cases } = await newWorkspace(soon);
  const patient = { timeout: 8000 };
  try {
    await deliver({ token: 'hangs', completed: false, ease: 9 });
    await expect.poll(() => asked, patient).toBeGreaterThan(0);
    await deliver({ token: 'meanwhile', completed: true, ease: 3 });
    await expect
      .poll(async () => (await cases()).map(({ template, issue }) => `${template}: ${issue?.kind}`), patient)
      .toEqual(['upgrade-hard-to-install: github', 'upgrade-not-installed: undefined']);
  } finally {
    letGo();
  }
});
