import { expect, it } from 'vitest';
import { verifyToken } from '#domain/base/key.ts';
import { differ, formatShare } from '#domain/base/share.ts';
import { decide, measure } from '#src/workspace/cases/strategic.ts';
import { answerAsk } from '#src/workspace/loop/answer.ts';
import { setWhatChanged } from '#src/workspace/loop/notify-affected-customers.ts';
import { readCaseLinks, readStrategicCaseJson } from '#src/workspace/queries/strategic.ts';
import { listTimelineEntries, listWorkingStrategicCases } from '#src/workspace/store/cases.ts';
import { EmulatedHarness } from '#test/harness/emulated-harness.ts';
import { simulatedSettings } from '#test/harness/settings.ts';
import { day, hour } from '#test/harness/times.ts';
import { strategicInvariants } from '#test/simulation/strategic-invariants.ts';

/*
 * Acme's installation is hard. Scores of five or lower gather under one issue, cases of failed installations are
 * elevated to it, a team decides, the change ships, and each affected customer is informed and asked once.
 */

const steps = `severity:
  by: customers
  steps: [{ from: 1, severity: low }, { from: 3, severity: high }, { from: 6, severity: urgent }]
gather: { cases: [{ category: Installation issues, count: 3, within: 30 days }] }
digest: 1 day
`;

it('solves a problem of many customers, and asks each of them to confirm it', async () => {
  const settings = simulatedSettings(undefined, (name, text) =>
    name === 'upgrade-hard-to-install'
      ? `${text.replace(/^(severity|digest): .*\n|^gather:\n(?: {2}.*\n)*/gm, '')}${steps}`
      : text,
  );
  await play(new EmulatedHarness(settings));
});

async function play(harness: EmulatedHarness): Promise<void> {
  const people = Array.from({ length: 40 }, (_, index) => ({
    customer: `canary-key-${index}`,
    email: `canary-${index}@customer.example`,
    name: `Canaryname${index}`,
    tier: ['gold', 'silver', 'bronze'][index % 3] ?? 'gold',
  }));
  let number = 0;
  const respond = async (index: number, facts: { ease: number; completed: boolean }) => {
    const customer = people[index];
    if (!customer) throw new Error(`no customer ${index}`);
    number += 1;
    await harness.deliver({ token: `story-${number}`, ...customer, ...facts });
    await harness.pass(4 * hour);
  };
  const well = { ease: 9, completed: true };
  const hard = { ease: 4, completed: true };
  const failed = { ease: 8, completed: false };
  const strategic = () => {
    const [caseRecord, ...more] = listWorkingStrategicCases(harness.sql);
    expect(more).toEqual([]);
    if (!caseRecord) throw new Error('no strategic case is at work');
    return caseRecord;
  };

  // A third of the respondents find it hard; an easy installation is the most frequent request.
  for (const index of [0, 1, 2, 3, 4, 5]) await respond(index, well);
  await respond(6, hard);
  expect(strategic().severity).toBe('low');
  await respond(7, hard);
  await respond(7, hard);
  expect(strategic().severity).toBe('low');
  await respond(8, hard);
  expect(strategic().severity).toBe('high');

  // Three could not install it at all. Each has a tactical case, and all three are linked to the strategic one.
  for (const index of [9, 10]) await respond(index, failed);
  expect(readCaseLinks(harness.core, strategic().id).links).toEqual([]);
  await respond(11, failed);
  const { id } = strategic();
  const gathered = readStrategicCaseJson(harness.core, id);
  expect(gathered).toMatchObject({ customers: 6, revenueAtRisk: 6000, severity: 'urgent' });
  expect(readCaseLinks(harness.core, id).links).toHaveLength(3);
  expect(gathered).toMatchObject({ decisionOwner: 'dana', loopOwner: 'dana' });
  await harness.pass(2 * day);
  const [issue] = await harness.trackerUser.product.list();
  if (!issue) throw new Error('no issue');
  expect(issue.title).toContain('6 customers');
  expect(issue.labels).toContain('severity:urgent');
  const digests = issue.comments.filter(({ text }) => text.includes('joined this issue'));
  expect(digests.length).toBeGreaterThan(0);
  expect(digests.length).toBeLessThanOrEqual(3);
  for (const { comments } of (await harness.trackerUser.support.list()).slice(0, 3))
    expect(comments.some(({ text }) => text.includes('Part of a larger problem'))).toBe(true);

  // The team agrees, and names the measure of success.
  harness.core.sql.transaction(() => {
    decide(harness.core, id, { text: 'Sign the driver, and ask for no restart.', who: 'dana' });
    measure(harness.core, id, {
      name: 'Hard installations',
      unit: '%',
      source: 'theme-rate',
      before: null,
      after: null,
      who: 'dana',
    });
  });
  for (const index of [12, 13, 14]) await respond(index, well);

  // It ships, and the issue is closed. No customer is informed before a person has described the change.
  await harness.trackerUser.product.close(issue.key, 'priya-acme');
  await harness.pass(2 * day);
  const asked = () =>
    harness.hosts.mail.accepted.filter(
      ({ to, subject }) => to.includes('customer.example') && subject.includes('Did we solve it'),
    );
  expect(asked()).toEqual([]);
  expect(readStrategicCaseJson(harness.core, id)).toMatchObject({ loop: 'resolved', waitsForWords: true });
  harness.core.sql.transaction(() =>
    setWhatChanged(harness.core, id, { text: 'Version 12.1 signs its driver.', who: 'dana' }),
  );
  await harness.pass(6 * hour);
  expect(
    asked()
      .map(({ to }) => to)
      .sort(),
  ).toEqual([6, 7, 8, 9, 10, 11].map((index) => people[index]?.email).sort());
  for (const { text } of asked()) expect(text).toContain('Version 12.1 signs its driver.');

  // One of six says no, less than a fifth; the others say yes.
  asked().forEach(({ text }, index) => {
    const token = /\/s\/(\S+)/.exec(text)?.[1] ?? '';
    const followUp = verifyToken(harness.core.keys, 'survey', token)?.subject ?? '';
    const resolved = index === 0 ? 'no' : 'yes';
    expect(
      harness.core.sql.transaction(() => answerAsk(harness.core, followUp, new Map([['resolved', resolved]]))),
    ).toEqual({ status: 'thanks' });
  });
  await harness.pass(3 * day);
  const closed = readStrategicCaseJson(harness.core, id);
  expect(closed.loop).toBe('confirmed');
  expect(closed.members.filter(({ verdict }) => verdict === 'disputed')).toHaveLength(1);
  expect(closed.mailState).toMatchObject({ answered: 6, due: 0, sent: 0 });
  expect(asked()).toHaveLength(6);

  // Since then no respondent finds it hard, and the figures show how certain that is.
  for (let index = 15; index < 37; index += 1) await respond(index, well);
  const { rate, measure: measured } = readStrategicCaseJson(harness.core, id);
  expect(formatShare(rate.before)).toBe('too few responses: 6');
  expect(rate.until).toMatchObject({ count: 4, total: 16 });
  expect(rate.since).toMatchObject({ count: 0, total: 22 });
  expect(rate.since && differ(rate.until, rate.since)).toBe(false);
  expect(measured).toMatchObject({ before: 25, after: 0 });
  expect(rate.since && formatShare(rate.since)).toBe('0 of 22: 0 %, most likely between 0 and 15 %');

  expect(Object.values(strategicInvariants).flatMap((invariant) => invariant(harness))).toEqual([]);
  const history = listTimelineEntries(harness.sql, id).map(({ what }) => what);
  for (const what of ['opened', 'severity raised', 'case linked', 'decided', 'measured', 'what changed'])
    expect(history).toContain(what);
  for (const { customer } of people) expect(harness.hosts.trackerStates()).not.toContain(`"${customer}"`);
}
