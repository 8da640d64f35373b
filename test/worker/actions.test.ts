import { expect, test } from 'vitest';
import { newWorkspace } from './harness.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';

useNetwork();

test('a program acts on a case in the name of a person, and a refused action comes with its reason', async () => {
  network.use(...emulatedHosts().handlers);
  const { deliver, settle, call, cases } = await newWorkspace();
  await deliver({ token: 'one', completed: false, ease: 4 });
  await settle();
  const mine = async () => (await cases()).find(({ template }) => template === 'upgrade-not-installed');
  const caseJson = await mine();
  const act = async (action: string, body: unknown) => {
    const response = await call('POST', `cases/${caseJson?.id}/actions/${action}`, body);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  expect(await act('severity', { severity: 'low', who: 'sam' })).toMatchObject({
    status: 202,
    body: { severity: 'low', sending: [{ what: 'An edit' }] },
  });
  expect(await act('severity', { severity: 'awful', who: 'sam' })).toMatchObject({
    status: 422,
    body: { problems: [{ field: 'severity', message: 'is not among urgent, high, normal, low' }] },
  });
  expect(await act('severity', { value: 'low', who: 'sam' })).toMatchObject({
    status: 422,
    body: { problems: [{ field: 'value', message: expect.stringContaining('there are severity, who') }] },
  });
  expect((await act('severity', { severity: 'low' })).body.detail).toContain('who: is not under people');
  expect(await act('comment', { comment: 'Ada rang us.', who: 'sam' })).toMatchObject({
    status: 422,
    body: { problems: [{ field: 'comment', message: expect.stringContaining('must stay out of the tracker') }] },
  });
  expect((await act('comment', { comment: 'Please look.', who: 'sam', mention: ['dana'] })).status).toBe(202);
  expect((await act('close', { because: 'it works', who: 'sam' })).status).toBe(403);
  expect((await act('severity', { severity: 'low', who: 'nobody' })).status).toBe(422);
  expect((await act('paint', { who: 'sam' })).body.detail).toContain(
    'the actions are comment, note, owner, category, decline',
  );
  const empty = await call('POST', `cases/${caseJson?.id}/actions/severity`);
  expect([empty.status, await empty.text()]).toEqual([422, expect.stringContaining('body: is not JSON')]);
  const byHandle = await call('GET', `cases/${caseJson?.handle}`);
  expect([byHandle.status, await byHandle.json()]).toEqual([200, expect.objectContaining({ id: caseJson?.id })]);
  const signs = await call('GET', `cases/${caseJson?.handle}/signs`);
  expect([signs.status, await signs.text()]).toEqual([404, expect.stringContaining('go by their \\"id\\"')]);

  const closed = await act('close', { because: 'it works', 'root-cause': 'a driver', who: 'dana' });
  expect(closed).toMatchObject({ status: 202, body: { rootCause: 'a driver', loop: 'working' } });
  await settle();
  expect(await mine()).toMatchObject({
    loop: 'resolved',
    closingReason: 'fixed',
    sending: [],
    issue: { state: 'closed' },
    closers: ['dana'],
  });
});
