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

test('an admin changes, adds and removes a person on a page, goes back, and the file keeps its comments and order', async () => {
  const { dana, mette, readFile, readForm } = await open();
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
    entry: 'Ada',
    name: 'Ada Byron',
    email: 'ada@acme.example',
    base: String(changed.version),
  };
  const adding = await dana('/settings/parts/people', person);
  expect(adding.status).toBe(303);
  const added = await readFile();
  expect(added.text).toContain('ada:\n    name: Ada Byron\n    email: ada@acme.example');
  const then = adding.headers.get('location')?.replace(/^\/w\/[^/]+/, '') ?? '';
  expect(await (await dana(then)).text()).toContain(`Saved as version ${added.version}`);
  expect(await (await dana('/nowhere?saved=2')).text()).not.toContain('Saved as version');
  expect(await (await dana('/settings?saved=abc&unchanged=x')).text()).not.toMatch(/NaN|undefined/);

  const back = await dana('/settings/versions', { version: '1', base: String(added.version), why: 'As in version 1' });
  expect([back.status, (await readFile()).text]).toEqual([303, before.text]);
  const versions = await (await dana('/settings/versions')).text();
  expect(versions).toMatch(/by<\/span> <bdi>Dana Reyes<[\s\S]*As in version 1[\s\S]*Go back to version 3/);
  expect(await (await mette('/settings/versions')).text()).not.toContain('Go back');
  await dana('/settings/versions', { version: '3', base: '4', why: '' });

  const removed = await dana('/settings/parts/people', { entry: 'ada', base: '5', remove: 'yes' });
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
  expect(await yaml.text()).toMatch(/id="upgrade-response-assign-problem"[\s\S]*cannot be read/);
  const twice = { new: 'yes', entry: 'sam', name: 'Sam', email: 'sam@acme.example', base: String(before.version) };
  expect(await (await dana('/settings/parts/people', twice)).text()).toContain('is there already');
  const noName = await dana('/settings/parts/people', { ...twice, entry: '?' });
  expect(await noName.text()).toContain('is no name');
  const office = await readForm('calendars', 'office');
  const hours = await (await dana('/settings/parts/calendars', { ...office, hours: 'nine to five' })).text();
  expect(hours).toContain('These are not working hours; write for example Mon-Fri 09:00-17:00');
  expect(page).toContain('>E-mail <span');
  expect(await (await dana('/settings')).text()).toContain('For what comes in');
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
  const own = await (await dana('/settings/parts/sources?kind=standard-webhooks')).text();
  expect(own).toMatch(/id="new"[\s\S]*signs its deliveries[\s\S]*name="response"[\s\S]*name="questions"/);
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

test('a channel is added by a form, and labels and examples are those of the vendor', async () => {
  const { dana, readFile } = await open();
  const slack = { new: 'yes', kind: 'slack', entry: 'room', url: 'ROOM_URL', base: String((await readFile()).version) };
  const form = await (await dana('/settings/parts/channels?kind=slack')).text();
  for (const text of ['such as SLACK_URL', '/settings#secrets', '>Webhook<']) expect(form).toContain(text);
  expect((await dana('/settings/parts/channels', slack)).status).toBe(303);
  expect((await readFile()).text).toContain('channels:\n  room:\n    kind: slack\n    url: ROOM_URL');
  const people = await (await dana('/settings/parts/people')).text();
  expect(people).toContain('GitHub <span');
  expect(people).not.toContain('Github');
  expect(await (await dana('/settings/parts/trackers?kind=jira')).text()).toContain('API token, such as JIRA_TOKEN');
});

test('items with commas, and texts of several lines, stay whole where another setting changes', async () => {
  network.use(...emulatedHosts().handlers);
  const { visit, call } = await newWorkspace((yaml) =>
    yaml
      .replace('categories: [', 'categories: ["Price, contract", ')
      .replace(
        '\npolling:',
        '\ninvitations:\n  after-download:\n    on: { source: shop, event: bought }\n    after: 1 day\n    link: https://form.example/x\n    subject: Three questions\n    text: |\n      Hello,\n\n      three questions.\n    button: Answer\npolling:',
      )
      .replace('\ntrackers:', '  shop: { kind: events, secret: FEEDBACK_SECRET }\n\ntrackers:'),
  );
  const dana = await visit('dana');
  const read = async () => {
    const { version, files } = (await (await call('GET', 'settings')).json()) as {
      version: number;
      files: { text: string }[];
    };
    return { version, text: files[0]?.text ?? '' };
  };
  const page = await (await dana('/settings/parts/invitations')).text();
  expect(page).toMatch(/<textarea[^>]*name="text"[^>]*>\s*Hello,\s+three questions/);
  const { version, text } = await read();
  const invitation = {
    ...{ entry: 'after-download', base: String(version), on: 'source: shop\r\nevent: bought', after: '1 day' },
    ...{
      link: 'https://form.example/x',
      subject: 'Two questions',
      text: 'Hello,\r\n\r\nthree questions.',
      button: 'Answer',
    },
  };
  expect((await dana('/settings/parts/invitations', invitation)).status).toBe(303);
  const saved = await read();
  const squeeze = (words: string) => words.replaceAll(/\s/g, '');
  expect(squeeze(saved.text)).toBe(squeeze(text.replace('Three questions', 'Two questions')));
  const options = await (await dana('/settings/parts/case-options')).text();
  const areas = [...options.matchAll(/<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</g)].map(([, name, value]) => [
    name,
    value?.trim(),
  ]);
  const fields = Object.fromEntries(areas) as Record<string, string>;
  expect(fields.categories?.split('\n')[0]).toBe('Price, contract');
  const changed = { ...fields, entry: '', base: String(saved.version), categories: `${fields.categories}\nNew` };
  expect((await dana('/settings/parts/case-options', changed)).status).toBe(303);
  expect((await read()).text).toMatch(/categories: \[ ?Price, contract|"Price, contract", .*New ?\]/);
});

test('a draft that was tried is saved over the version that it began with, and refused where that is old', async () => {
  const { dana, call, files } = await open();
  const path = '/templates/product-wish';
  const text = String(files.find(({ name }) => name === 'product-wish')?.text);
  const newer = files.map((file) => (file.name === 'product-wish' ? { ...file, text: `${text}priority: 7\n` } : file));
  await call('PUT', 'settings', { files: newer });
  const tried = await (await dana(`${path}/backtest`, { text, base: '1' })).text();
  expect(tried).toContain('name="base" value="1"');
  expect(tried).not.toContain('name="base" value="2"');
});
