import { expect, it } from 'vitest';
import { differ, shareText } from '#domain/base/share.ts';
import { readToken } from '#domain/base/token.ts';
import { decide, measure } from '#src/workspace/cases/strategic.ts';
import { answerFollowUp } from '#src/workspace/loop/answer.ts';
import { setWhatChanged } from '#src/workspace/loop/what-changed.ts';
import { strategicCase } from '#src/workspace/queries/strategic.ts';
import { workingStrategicCases } from '#src/workspace/store/case-lists.ts';
import { timelineOf } from '#src/workspace/store/timeline.ts';
import { minute } from '#test/harness/times.ts';
import { customers, deliver } from '#test/simulation/actors.ts';
import { chance as chanceOf } from '#test/simulation/chance.ts';
import { borrowMachine } from '#test/simulation/machine.ts';
import { strategicViolations } from '#test/simulation/strategic-actors.ts';
import { World } from '#test/simulation/world.ts';

/*
 * Acme's installation is hard. Scores of five or lower gather under one issue, cases of failed installations are
 * elevated to it, a team decides, the change ships, and each affected customer is informed and asked once.
 */

const hour = 60 * minute;
const day = 24 * hour;

const steps = `severity:
  by: customers
  steps: [{ from: 1, severity: low }, { from: 3, severity: high }, { from: 6, severity: urgent }]
gather-by: template
digest: 1 day
`;

it('solves a problem of many customers, and asks each of them to confirm it', async () => {
  const chance = chanceOf(7);
  const world = new World(
    chance,
    { crash: 0, integrations: 0 },
    {
      workspaceFile: (acme) => acme.replace(/^elevations:\n(?: {2}.*\n)*/m, elevations),
      template: (name, text) =>
        name === 'upgrade-hard-to-install'
          ? `${text.replace(/^(severity|gather-by|digest): .*\n/gm, '')}${steps}`
          : text,
    },
  );
  const machine = borrowMachine(() => world.now, chanceOf(7));
  try {
    await play(world);
  } finally {
    machine.restore();
  }
});

const elevations = `elevations:
  - { when: { category: Installation issues }, count: 3, within: 30 days, opens: upgrade-hard-to-install }
`;

async function play(world: World): Promise<void> {
  const people = customers(40);
  let number = 0;
  const respond = async (index: number, facts: { ease: number; completed: boolean }) => {
    const customer = people[index];
    if (!customer) throw new Error(`no customer ${index}`);
    number += 1;
    const response = { token: `story-${number}`, customer, wish: null, acked: false, ...facts };
    await deliver(world, response, { ...chanceOf(number), happens: () => false });
    await world.runUntil(world.now + 4 * hour);
  };
  const well = { ease: 9, completed: true };
  const hard = { ease: 4, completed: true };
  const failed = { ease: 8, completed: false };
  const strategic = () => {
    const [caseRecord, ...more] = workingStrategicCases(world.sql);
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
  expect(strategicCase(world.core, strategic().id).linked).toEqual([]);
  await respond(11, failed);
  const { id } = strategic();
  const gathered = strategicCase(world.core, id);
  expect(gathered).toMatchObject({ customers: 6, revenueAtRisk: 6000, severity: 'urgent' });
  expect(gathered.linked).toHaveLength(3);
  expect(gathered).toMatchObject({ decisionOwner: 'dana', loopOwner: 'dana' });
  await world.runUntil(world.now + 2 * day);
  const [issue] = await world.trackerUser.product.list();
  if (!issue) throw new Error('no issue');
  expect(issue.title).toContain('6 customers');
  expect(issue.labels).toContain('severity:urgent');
  const digests = issue.comments.filter(({ text }) => text.includes('came behind this issue'));
  expect(digests.length).toBeGreaterThan(0);
  expect(digests.length).toBeLessThanOrEqual(3);
  for (const { comments } of (await world.trackerUser.support.list()).slice(0, 3))
    expect(comments.some(({ text }) => text.includes('Part of a larger problem'))).toBe(true);

  // The team agrees, and names the measure of success.
  world.core.sql.transaction(() => {
    decide(world.core, id, { text: 'Sign the driver, and ask for no restart.', who: 'dana' });
    measure(world.core, id, {
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
  await world.trackerUser.product.close(issue.key, 'priya-acme');
  await world.runUntil(world.now + 2 * day);
  const told = () =>
    world.mail.accepted.filter(
      ({ to, subject }) => to.includes('customer.example') && subject.includes('Did we solve it'),
    );
  expect(told()).toEqual([]);
  expect(strategicCase(world.core, id)).toMatchObject({ loop: 'resolved', waitsForWords: true });
  world.core.sql.transaction(() =>
    setWhatChanged(world.core, id, { text: 'Version 12.1 signs its driver.', who: 'dana' }),
  );
  await world.runUntil(world.now + 6 * hour);
  expect(
    told()
      .map(({ to }) => to)
      .sort(),
  ).toEqual([6, 7, 8, 9, 10, 11].map((index) => people[index]?.email).sort());
  for (const { text } of told()) expect(text).toContain('Version 12.1 signs its driver.');

  // One of six says no, less than a fifth; the others say yes.
  told().forEach(({ text }, index) => {
    const token = /\/s\/(\S+)/.exec(text)?.[1] ?? '';
    const followUp = readToken(world.core.keys, 'survey', token)?.subject ?? '';
    const resolved = index === 0 ? 'no' : 'yes';
    expect(
      world.core.sql.transaction(() => answerFollowUp(world.core, followUp, new Map([['resolved', resolved]]))),
    ).toEqual({ status: 'thanks' });
  });
  await world.runUntil(world.now + 3 * day);
  const closed = strategicCase(world.core, id);
  expect(closed.loop).toBe('confirmed');
  expect(closed.members.filter(({ verdict }) => verdict === 'disputed')).toHaveLength(1);
  expect(closed.mailState).toMatchObject({ answered: 6, due: 0, sent: 0 });
  expect(told()).toHaveLength(6);

  // Since then no respondent finds it hard, and the figures show how certain that is.
  for (let index = 15; index < 37; index += 1) await respond(index, well);
  const { rate, measure: measured } = strategicCase(world.core, id);
  expect(shareText(rate.before)).toBe('too few responses to tell: 6');
  expect(rate.until).toMatchObject({ count: 4, total: 16 });
  expect(rate.since).toMatchObject({ count: 0, total: 22 });
  expect(rate.since && differ(rate.until, rate.since)).toBe(false);
  expect(measured).toMatchObject({ before: 25, after: 0 });
  expect(rate.since && shareText(rate.since)).toBe('0 of 22: 0 %, most likely between 0 and 15 %');

  expect(strategicViolations(world)).toEqual([]);
  const history = timelineOf(world.sql, id).map(({ what }) => what);
  for (const what of ['opened', 'severity raised', 'case linked', 'decided', 'measured', 'what changed'])
    expect(history).toContain(what);
  for (const { key } of people) expect(world.trackerStates()).not.toContain(`"${key}"`);
}
