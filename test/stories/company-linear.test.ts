import { expect, it } from 'vitest';
import { enableTriage, newRow, renameTeam } from '#adapters/trackers/linear/emulator/state.ts';
import { EmulatedHarness } from '#test/harness/emulated-harness.ts';
import { settingsIn } from '#test/harness/settings.ts';
import { day, hour } from '#test/harness/times.ts';

const settings = (own: string) => settingsIn('growth', (acme) => acme.replace('    team: GRO\n', `$&    ${own}\n`));

/** A team with triage, a project, and groups of labels, as companies set theirs up. */
function setUp(harness: EmulatedHarness) {
  const { linear } = harness.hosts.state;
  const [team] = linear.teams;
  if (!team) throw new Error('no team');
  enableTriage(linear, harness.now, team);
  linear.projects = [{ ...newRow(linear, harness.now), name: 'Feedback', teamIds: [team.id] }];
  const addLabel = (name: string, parentId: string | null) => {
    const row = { ...newRow(linear, harness.now), teamId: team.id, name, color: '#ededed', description: null };
    linear.labels.push({ ...row, isGroup: parentId === null, parentId });
    return row.id;
  };
  const level = addLabel('Level', null);
  for (const name of ['severity:urgent', 'severity:high', 'severity:normal', 'severity:low', 'overdue'])
    addLabel(name, level);
  addLabel('Source', null);
  return linear;
}

it('plays in a company’s Linear from delivery to verdict: triage, label groups and a team with another key', async () => {
  const harness = new EmulatedHarness(settings('state: triage\n    project: Feedback\n    labels: [Source/Survey]'));
  const linear = setUp(harness);
  await harness.open('k-1');
  expect(harness.case()).toMatchObject({ issue: { key: 'GRO-1' }, status: 'Open', needsPerson: null });
  expect(harness.case().issue?.sharedFields?.status).toBe('Triage');
  expect(linear.issues).toMatchObject([{ projectId: linear.projects?.[0]?.id }]);
  expect((await harness.issue()).labels).toEqual(
    expect.arrayContaining(['Survey', `severity:${harness.case().severity}`]),
  );

  renameTeam(linear, 'GRO', 'GROW');
  await harness.pass(3 * hour);
  expect(harness.case().issue?.key).toBe('GROW-1');
  await harness.comment('dana', '/assign sam\n/severity low');
  await harness.pass(3 * hour);
  expect((await harness.issue()).labels).toContain('severity:low');
  expect((await harness.issue()).labels.filter((name) => name.startsWith('severity:'))).toHaveLength(1);
  expect((await harness.issue()).assignee).toBe(harness.account('sam'));

  await harness.pass(6 * day);
  const late = harness.call('case', harness.case().id);
  expect(harness.case().overdue).toBe(true);
  expect(late.refused.map(({ what, reason }) => `${what}: ${reason}`)).toEqual([
    expect.stringMatching(/^the label overdue: .*its group Level holds one label, and severity:low is set/),
  ]);
  await harness.open('k-2');
  expect(harness.case(1).issue?.key).toBe('GROW-2');

  await harness.closeAndConfirm();
  expect(harness.case().loop).toBe('confirmed');
  expect(harness.hosts.offSpec).toEqual([]);
});
