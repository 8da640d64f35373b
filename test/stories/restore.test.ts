import { beforeEach, expect, it, vi } from 'vitest';
import { deliveries } from '#src/workspace/store/deliveries.ts';
import { type Backup, restoreBackup, takeBackup } from '#test/harness/backups.ts';
import { EmulatedHarness } from '#test/harness/emulated-harness.ts';
import { simulatedSettings } from '#test/harness/settings.ts';
import { day, hour, minute } from '#test/harness/times.ts';

/* A backup, work after it, and its restore: what was made and sent in the lost time is found, and not repeated. */

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let acme: EmulatedHarness;
let backup: Backup;

const lost = { token: 'r-lost', customer: 'k-lost', completed: false, ease: 10 };

/** Issues of every tracker, each with the number of its kind. */
const issues = async () => (await Promise.all(Object.values(acme.trackerUser).map((user) => user.list()))).flat();
const mails = () => acme.hosts.mail.accepted.map(({ to, subject }) => `${to}: ${subject}`);
const repeated = (texts: string[]) => texts.filter((text, index) => texts.indexOf(text) !== index);
const isToCustomer = (mail: string) => mail.includes('@customer.example');

beforeEach(async () => {
  acme = new EmulatedHarness(simulatedSettings());
  await acme.open('k-1');
  backup = takeBackup(acme.core);
  await acme.deliver(lost);
  await acme.close('sam', 0);
  await acme.pass(2 * day);
});

it('makes no second issue and sends no second mail, and the lost case gets its number and its issue back', async () => {
  const listCasesWithIssues = () => acme.cases().map(({ id, number, issue }) => [id, number, issue?.key]);
  const before = { issues: (await issues()).length, mails: mails(), cases: listCasesWithIssues() };
  const [first, second] = acme.cases();
  expect(mails().filter(isToCustomer)).toHaveLength(2);
  restoreBackup(acme.core, backup);
  expect(acme.cases().map(({ id }) => id)).toEqual([first?.id]);

  await acme.deliver(lost);
  await acme.pass(hour);
  expect(acme.deliveries().at(-1)?.outcome).toBe('waiting');
  expect(mails()).toEqual(before.mails);
  const hold = acme.call('hold');
  expect(hold?.missing).toEqual([]);
  expect(hold?.issues).toContainEqual(
    expect.objectContaining({ key: second?.issue?.key, case: 'C-2', isCaseKnown: false }),
  );
  expect(hold?.mailsFound).toBeGreaterThan(0);

  acme.call('releaseHold', { who: 'priya' });
  await acme.pass(4 * day);
  expect(listCasesWithIssues()).toEqual(before.cases);
  expect(await issues()).toHaveLength(before.issues);
  expect(mails().filter(isToCustomer)).toEqual(before.mails.filter(isToCustomer));
  expect(repeated(acme.hosts.mail.accepted.map(({ key }) => key))).toEqual([]);
  expect(acme.case(0).loop).toBe('unverified');
  expect(acme.call('hold')).toBeNull();
});

it.each([
  { what: 'a body of 1 MiB', change: { body: new Uint8Array(1024 * 1024).map((_, index) => index) } },
  { what: 'a text of signs that JSON escapes', change: { error: `\0${'\u0001a\u{1F600}\u{1F600}'.repeat(180_000)}` } },
])('brings back $what, whose line in a backup is larger than a value may be on the platform', ({ change }) => {
  const id = deliveries.list(acme.core.sql, {})[0]?.id;
  deliveries.update(acme.core.sql, { id }, change);
  const { header, lines } = takeBackup(acme.core);
  expect(lines).toHaveLength(header.lines);
  deliveries.update(acme.core.sql, { id }, { body: new Uint8Array(), error: null });
  restoreBackup(acme.core, { header, lines });
  expect(deliveries.find(acme.core.sql, { id })).toMatchObject(change);
});

it('waits until trackers were read after their settling time, and the mail host was asked', async () => {
  restoreBackup(acme.core, backup);
  await acme.pass(minute);
  expect(() => acme.call('releaseHold', { who: 'priya' })).toThrow(
    /tracker support is still to be read.*the mail host is still to be asked/s,
  );
  await acme.pass(hour);
  expect(acme.call('releaseHold', { who: 'priya' })).toEqual({ released: true });
  expect(() => acme.call('releaseHold', { who: 'priya' })).toThrow('Nothing is held here.');
});

it('gives a new case a number that no lost issue has', async () => {
  restoreBackup(acme.core, backup);
  await acme.pass(hour);
  acme.call('releaseHold', { who: 'priya' });
  await acme.deliver({ token: 'r-new', customer: 'k-new', completed: false, ease: 10 });
  await acme.pass(hour);
  // Two cases of one category are elevated, as in the lost time, when the strategic case had number 3.
  expect(acme.cases().map(({ number, kind }) => [number, kind])).toEqual([
    [1, 'tactical'],
    [3, 'strategic'],
    [4, 'tactical'],
  ]);
  await acme.deliver(lost);
  await acme.pass(hour);
  expect(acme.cases().map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  expect(new Set(acme.cases().map(({ issue }) => issue?.url)).size).toBe(4);
});

it('sends nothing that may have left where the mail host lists no mail, and shows it as unknown', async () => {
  const mailer = await acme.core.integrations.mailer();
  const { listSent: _, ...keyless } = mailer;
  acme.core.integrations = { ...acme.core.integrations, mailer: async () => keyless };
  restoreBackup(acme.core, backup);
  await acme.pass(hour);
  expect(acme.call('hold')?.mailsFound).toBeNull();
  const before = mails().filter(isToCustomer);
  acme.call('releaseHold', { who: 'priya' });
  await acme.deliver(lost);
  await acme.pass(4 * day);
  expect(mails().filter(isToCustomer)).toEqual(before);
  expect(acme.followUps(0).map(({ state, why }) => `${state}: ${why}`)).toContain(
    'skipped: the customer may have been asked before the restore',
  );
});
