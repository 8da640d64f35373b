import { beforeEach, expect, test } from 'vitest';
import { IntegrationError } from '#domain/base/errors.ts';
import { registerHook, registerHooksAgain } from '#src/workspace/queues/hooks.ts';
import { readTrackerStates } from '#src/workspace/queries/connections.ts';
import { makeTestIssue } from '#src/workspace/tracker-requests/test-issue.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { hour, minute } from '#test/harness/times.ts';
import { lost, refused } from './fakes.ts';

/* Webhooks that Caselite registers, and issues by which people try a tracker out. */

let harness: Harness;
beforeEach(() => {
  harness = new Harness(
    acme(({ name, text }) =>
      name === 'acme' ? text.replace('    token: GITHUB_TOKEN\n', '$&    webhook-secret: HOOK_SECRET\n') : text,
    ),
  );
});

const state = () => readTrackerStates(harness.core).find(({ tracker }) => tracker === 'product');
const hooks = () => harness.trackers.product.fakeHooks.all;
const register = async () => {
  harness.sql.transaction(() => registerHook(harness.core, { queue: 'product', form: '' }, { who: 'dana' }));
  await harness.pass(0);
};

test('a webhook is registered once, read back and told', async () => {
  await register();
  expect(hooks()).toEqual([{ url: 'https://caselite.test/hooks/acme/trackers/product', form: '', isOn: true }]);
  expect(state()?.hook).toMatchObject({ state: 'in use', says: expect.stringContaining('saw it in use') });
});

test('a lost answer makes no second webhook', async () => {
  harness.trackers.product.fail('register webhook', lost('after'));
  await register();
  await harness.pass(hour);
  expect(hooks()).toHaveLength(1);
  expect(state()?.hook?.state).toBe('in use');
});

test('a webhook that somebody removes or switches off is registered again', async () => {
  await register();
  for (const lose of [() => hooks().pop(), () => Object.assign(hooks()[0] ?? {}, { isOn: false })]) {
    lose();
    await harness.pass(2 * hour);
    expect(hooks()).toMatchObject([{ isOn: true }]);
    expect(state()?.hook?.says).toContain('It was lost, and registered again');
  }
});

test('a missing permission is told, and pauses nothing else', async () => {
  harness.trackers.product.always.set('list webhooks', refused('auth', 403));
  await register();
  expect(state()).toMatchObject({ paused: null, hook: { state: 'refused', says: expect.stringContaining('403') } });
  harness.trackers.product.always.clear();
  registerHooksAgain(harness.core);
  await harness.pass(0);
  expect(state()?.hook?.state).toBe('in use');
});

test('a webhook that cannot be registered again is told as such', async () => {
  await register();
  hooks().pop();
  harness.trackers.product.always.set('register webhook', refused('rejected', 422));
  await harness.pass(2 * hour);
  expect(state()?.hook).toMatchObject({ state: 'refused', says: expect.stringContaining('could not be registered') });
});

test('only a vendor that takes webhooks by its API is asked for one', () => {
  const ask =
    (queue: string, form = '') =>
    () =>
      registerHook(harness.core, { queue, form }, { who: 'dana' });
  expect(ask('support')).toThrow('takes no webhook by its API');
  expect(ask('nobody')).toThrow('takes no webhook by its API');
  expect(ask('product', 'a-form')).toThrow('is missing; choose the survey');
});

const make = async () => {
  harness.sql.transaction(() => makeTestIssue(harness.core, 'product', { who: 'dana' }));
  await harness.pass(0);
};
const issues = () => harness.trackers.product.issues;

test('a test issue is made as a test, and removed after ten minutes', async () => {
  await make();
  expect(issues().map(({ title, reachable }) => [title, reachable])).toEqual([['Test issue of Caselite', true]]);
  expect(state()?.testIssue).toMatchObject({ issue: { key: 'PRO-1' }, next: 'Remove it now' });
  await harness.pass(11 * minute);
  expect(issues()[0]?.reachable).toBe(false);
  expect(state()?.testIssue).toMatchObject({ says: expect.stringContaining('made as a case’s is, and removed') });
});

test('a person removes a test issue at once, and makes another', async () => {
  for (const _ of [1, 2, 3]) await make();
  expect(issues().map(({ reachable }) => reachable)).toEqual([false, true]);
});

test('a lost answer makes no second test issue, and is no failure', async () => {
  harness.trackers.product.fail('create', lost('after'));
  await make();
  await harness.pass(hour);
  expect(issues()).toHaveLength(1);
  expect(issues()[0]?.reachable).toBe(false);
});

test('an account that must not delete closes the test issue', async () => {
  harness.trackers.product.always.set('delete', refused('auth', 403));
  await make();
  await harness.pass(11 * minute);
  expect(issues()[0]?.snapshot).toMatchObject({ state: 'closed', closure: { kind: 'not-planned' } });
  expect(state()?.testIssue?.says).toContain('removed');
});

test('what the tracker refuses of a test issue is told', async () => {
  harness.trackers.product.refuses.set(
    'title',
    new IntegrationError('rejected', 'create issue', {
      status: 400,
      fields: [{ field: 'Impact', why: 'is required' }],
    }),
  );
  await make();
  expect(state()?.testIssue).toMatchObject({ says: expect.stringContaining('Impact'), next: 'Make a test issue' });
});
