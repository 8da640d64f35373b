import { expect, test } from 'vitest';
import { newWorkspace } from './harness.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';

useNetwork();

async function open() {
  network.use(...emulatedHosts().handlers);
  const workspace = await newWorkspace();
  const [dana, mette] = [await workspace.visit('dana'), await workspace.visit('mette')];
  const readFile = async () => {
    const { version, files } = (await (await workspace.call('GET', 'settings')).json()) as {
      version: number;
      files: { kind: string; text: string }[];
    };
    const text = files.find(({ kind }) => kind === 'workspace')?.text ?? '';
    // The YAML library writes a space inside brackets.
    return { version, text: text.replaceAll(/\[ | \]/g, (bracket) => bracket.trim()) };
  };
  /** Fields of the form of an entry, as a browser posts them back. */
  const readForm = async (part: string, entry: string) => {
    const page = await (await dana(`/settings/parts/${part}`)).text();
    const [form = ''] = page.split('<form').filter((text) => text.includes(`name="entry" value="${entry}"`));
    const fields = [...form.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value,
    ]);
    const areas = [...form.matchAll(/<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</g)].map(([, name, value]) => [
      name,
      value?.trim(),
    ]);
    return Object.fromEntries([...fields, ...areas]) as Record<string, string>;
  };
  return { ...workspace, dana, mette, readFile, readForm };
}

test('an admin changes, adds and removes a person on a page, and the file keeps its comments and order', async () => {
  const { dana, readFile, readForm } = await open();
  const before = await readFile();
  const sam = await readForm('people', 'sam');
  expect(sam).toMatchObject({ name: 'Sam Okafor', email: 'sam@acme.example', base: String(before.version) });
  const saved = await dana('/settings/parts/people', {
    ...sam,
    email: 'sam.okafor@acme.example',
    away: '2026-12-20/2027-01-03',
  });
  expect(saved.status).toBe(303);
  const changed = await readFile();
  const expected = before.text.replace('sam@acme.example', 'sam.okafor@acme.example');
  expect(changed.text.replace(/\n {4}away:(\n {6}.*|.*)/, '')).toBe(expected);
  expect(changed.text).toContain('2026-12-20/2027-01-03');

  const person = {
    new: 'yes',
    entry: 'ada',
    name: 'Ada Byron',
    email: 'ada@acme.example',
    base: String(changed.version),
  };
  expect((await dana('/settings/parts/people', person)).status).toBe(303);
  const added = await readFile();
  expect(added.text).toContain('ada:\n    name: Ada Byron\n    email: ada@acme.example');
  expect(await (await dana('/settings/parts/people?saved=ada')).text()).toContain(`Saved as version ${added.version}`);

  const removed = await dana('/settings/parts/people', { entry: 'ada', base: String(added.version), remove: 'yes' });
  expect(removed.status).toBe(303);
  expect((await readFile()).text).toBe(changed.text);
});

test('a wrong entry keeps the form with the message at its field, and stores nothing', async () => {
  const { dana, readFile, readForm } = await open();
  const before = await readFile();
  const sam = await readForm('people', 'sam');
  const refused = await dana('/settings/parts/people', { ...sam, email: 'nobody' });
  expect(refused.status).toBe(422);
  const page = await refused.text();
  expect(page).toMatch(/<details[^>]*open[\s\S]*id="sam-email-problem"[\s\S]*value="nobody"/);
  const team = await readForm('teams', 'upgrade-response');
  expect(team.assign).toBe('round-robin');
  const yaml = await dana('/settings/parts/teams', { ...team, assign: '{ by-category: [' });
  expect(await yaml.text()).toMatch(/id="upgrade-response-assign-problem"[\s\S]*is no YAML/);
  const twice = { new: 'yes', entry: 'sam', name: 'Sam', email: 'sam@acme.example', base: String(before.version) };
  expect(await (await dana('/settings/parts/people', twice)).text()).toContain('is there already');
  const noName = await dana('/settings/parts/people', { ...twice, entry: 'Sam Two' });
  expect(await noName.text()).toContain('is no name');
  expect((await dana('/settings/parts/nothing')).status).toBe(404);
  expect((await readFile()).version).toBe(before.version);
});

test('a save over a newer version is refused with the difference; members read nothing, and change nothing', async () => {
  const { dana, mette, call, files, readForm } = await open();
  const sam = await readForm('people', 'sam');
  const text = (given: string) => given.replace('Dana Reyes', 'Dana R. Reyes');
  await call('PUT', 'settings', { files: files.map((file) => ({ ...file, text: text(String(file.text)) })) });
  const late = await dana('/settings/parts/people', { ...sam, email: 'sam.okafor@acme.example' });
  expect(late.status).toBe(409);
  expect(await late.text()).toContain('Dana R. Reyes');
  expect((await mette('/settings/parts/people')).status).toBe(403);
  expect((await mette('/settings/parts/people', sam)).status).toBe(403);
});

test('a survey tool is added with the settings of its kind alone', async () => {
  const { dana, readFile } = await open();
  const page = await (await dana('/settings/parts/sources?kind=tally')).text();
  const [, form = ''] = page.split('id="new"');
  expect(form).toContain('name="secret"');
  expect(form).not.toContain('name="data-center"');
  const { version } = await readFile();
  const tally = {
    new: 'yes',
    kind: 'tally',
    entry: 'exit',
    secret: 'TALLY_SECRET',
    questions: 'ease: How easy?',
    base: String(version),
  };
  expect((await dana('/settings/parts/sources', tally)).status).toBe(303);
  expect((await readFile()).text).toContain(
    '  exit:\n    kind: tally\n    secret: TALLY_SECRET\n    questions:\n      ease: How easy?',
  );
  const follow = await dana('/settings/parts/follow-up', {
    base: String(version + 1),
    entry: '',
    survey: 'recovery',
    'closer-survey': 'closer',
    delay: '2 days',
    reminder: '5 days',
    window: '14 days',
    quarantine: '30 days',
  });
  expect(follow.status).toBe(303);
  expect((await readFile()).text).toContain('delay: 2 days');
});
