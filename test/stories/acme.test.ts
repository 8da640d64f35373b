import { beforeEach, expect, it, vi } from 'vitest';
import { mailLines, passUntil, showTime } from '#test/harness/calendar.ts';
import { EmulatedHarness } from '#test/harness/emulated-harness.ts';
import { simulatedSettings } from '#test/harness/settings.ts';

/*
 * Acme's upgrade, from its YAML alone. A survey asks whether the upgrade was installed and how easy that was: a
 * customer without an installation gets a tactical case by tier, and one who found it hard joins the strategic case of
 * the product.
 */

// Days of Acme with all its services.
vi.setConfig({ testTimeout: 120_000 });

let acme: EmulatedHarness;
beforeEach(() => {
  acme = new EmulatedHarness(simulatedSettings());
});

const sam = '5b10ac8d82e05b22cc7d4ef2';
const colleagues = (mails: string[]) => mails.filter((mail) => !mail.includes('@customer.example'));

it('opens a case for each who could not install, with severity, goal, team and people by tier', async () => {
  await acme.deliver({ token: 'g', customer: 'k-gold', completed: false, tier: 'gold' });
  await acme.deliver({ token: 's', customer: 'k-silver', completed: false, tier: 'silver' });
  await acme.deliver({ token: 'b', customer: 'k-bronze', completed: false, tier: 'bronze' });
  await acme.deliver({ token: 'y', customer: 'k-happy', completed: true, ease: 9 });
  // Two cases of one category are elevated here, which opens a strategic case beside them.
  const tactical = acme.cases().filter(({ kind }) => kind === 'tactical');
  const cases = tactical.map(({ id }) => acme.call('case', id));
  expect(
    cases.map(({ severity, dueAt, assignee, loopOwner, category }) => [
      severity,
      showTime(Date.parse(dueAt)),
      assignee,
      loopOwner,
      category,
    ]),
  ).toEqual([
    ['urgent', 'Tue 09:00', 'sam', 'dana', 'Installation issues'],
    ['high', 'Wed 09:00', 'sam', 'dana', 'Installation issues'],
    ['normal', 'Thu 09:00', 'sam', 'dana', 'Installation issues'],
  ]);
  const issues = await acme.trackerUser.support.list();
  expect(issues.map(({ labels }) => labels.filter((name) => /^(severity|tier|category):/.test(name)).sort())).toEqual([
    ['category:installation-issues', 'severity:urgent', 'tier:gold'],
    ['category:installation-issues', 'severity:high', 'tier:silver'],
    ['category:installation-issues', 'severity:normal', 'tier:bronze'],
  ]);
  // Assignee and loop owner are notified, with a link to the response but no word of it.
  expect(mailLines(acme).slice(0, 2)).toEqual([
    'Mon 09:00 sam: Urgent · Gold · due Tue 24 Nov, 09:00 · yours: Could not install the upgrade, C-1',
    'Mon 09:00 dana: Urgent · Gold · due Tue 24 Nov, 09:00 · yours: Could not install the upgrade, C-1',
  ]);
  expect(acme.mailTo('sam')).toMatch(/The full response: https:\S+\/responses\/r_/);
  // The fourth response opened nothing, and its decision has the reason.
  expect(acme.decisions('y')).toContainEqual(
    expect.objectContaining({ template: 'upgrade-not-installed', opened: false }),
  );
});

it('goes from a no to a confirmed closing: contact, plan, closing, both sides asked', async () => {
  await acme.deliver({ completed: false, tier: 'gold' });
  const id = acme.case().id;
  await passUntil(acme, '2026-11-23 10:00');
  acme.call('markContacted', id, { who: 'sam', how: 'by phone' });
  acme.call('tickPlan', id, { position: 1, done: true, who: 'dana' });
  await passUntil(acme, '2026-11-23 14:00');
  expect((await acme.issue()).body).toContain('Account management: Call the customer');
  await acme.trackerUser.support.close('SUP-1', sam, 'completed');
  await passUntil(acme, '2026-11-23 19:00');
  expect(colleagues(mailLines(acme))).toEqual([
    'Mon 09:00 sam: Urgent · Gold · due Tue 24 Nov, 09:00 · yours: Could not install the upgrade, C-1',
    'Mon 09:00 dana: Urgent · Gold · due Tue 24 Nov, 09:00 · yours: Could not install the upgrade, C-1',
    // Sam may work on it, but only Dana may close it.
    'Mon 15:30 dana: Closed against the rules · Urgent · Gold · yours: Could not install the upgrade, C-1',
    'Mon 15:30 sam: Could C-1 really be closed?',
  ]);
  acme.answer('customer', { resolved: 'yes' });
  acme.answer('closer', { closed: 'yes' });
  expect(acme.call('case', id)).toMatchObject({ loop: 'confirmed', overdue: false });
  // No further step of the ladder.
  await passUntil(acme, '2026-11-26 09:00');
  expect(colleagues(mailLines(acme)).filter((mail) => /overdue|escalated|due soon/.test(mail))).toEqual([]);
});

it('gathers the customers who found it hard in one case, with a plan for every department', async () => {
  for (const [index, ease] of [5, 2, 0].entries())
    await acme.deliver({ token: `r-${index}`, customer: `k-${index}`, completed: true, ease });
  await passUntil(acme, '2026-11-23 09:30');
  expect(acme.cases()).toHaveLength(1);
  const caseJson = acme.call('case', acme.case().id);
  expect(caseJson).toMatchObject({ kind: 'strategic', customers: 3, assignee: 'priya', loopOwner: 'dana' });
  expect(caseJson.plan.map(({ role, whoName }) => `${role}: ${whoName}`)).toEqual([
    'development: Priya Nair',
    'documentation: Mette Lund',
    'quality assurance: Sam Okafor',
    'web: Mette Lund',
    'marketing: Mette Lund',
    'account management: Dana Reyes',
  ]);
  const [issue] = await acme.trackerUser.product.list();
  expect(issue?.body).toContain('- [ ] Marketing: Tell customers what changed (Mette Lund)');
  expect(issue?.assignee).toBe('priya-acme');
});

it('shows absences and open cases per person, and no unassigned case', async () => {
  acme = new EmulatedHarness(
    simulatedSettings((text) =>
      text.replace('email: sam@acme.example', 'email: sam@acme.example\n    away: [2026-11-20/2026-11-27]'),
    ),
  );
  await acme.deliver({ completed: false, tier: 'gold' });
  const { people, nobody } = acme.call('people');
  expect(people.map(({ key, isAway, worksOn, answersFor }) => [key, isAway, worksOn, answersFor])).toEqual([
    ['dana', false, 1, 1],
    ['sam', true, 0, 0],
    ['priya', false, 0, 0],
    ['mette', false, 0, 0],
  ]);
  expect(nobody).toEqual({ works: 0, answers: 0 });
  expect(acme.history().find((line) => line.startsWith('assigned'))).toBe(
    'assigned: Dana Reyes works on it (the only member; sam is away until 2026-11-27, so the fallback); Dana Reyes tells the customer (the loop owner of the team)',
  );
});
