import { expect, test } from 'vitest';
import { newWorkspace, readFormFields } from './harness.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';

useNetwork();

test('templates, versions, backtests, cases by hand and clocks are reached through the API', async () => {
  network.use(...emulatedHosts().handlers);
  const { deliver, settle, call } = await newWorkspace();
  await deliver({ token: 'one', completed: false, ease: 4 });
  await settle();
  const json = async (answer: Promise<Response>) => {
    const response = await answer;
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  const templates = await json(call('GET', 'templates'));
  expect(templates.body).toMatchObject({ items: [{ name: 'upgrade-not-installed', state: 'on' }, {}, {}] });
  const versions = await json(call('GET', 'templates/product-wish/versions'));
  expect(versions.body).toMatchObject({ items: [{ version: 1, changes: [{ lines: ['new'] }] }] });

  const { files } = (await json(call('GET', 'settings/versions/1'))).body as {
    files: { name: string; text: string }[];
  };
  const wish = (goal: string) =>
    files.map((file) => (file.name === 'product-wish' ? { ...file, text: file.text.replace('60 days', goal) } : file));
  expect((await json(call('POST', 'settings/validate', { files: wish('61 days') }))).body).toMatchObject({
    version: 1,
    changes: [{ name: 'product-wish', lines: ['closure-goal: 60 days → 61 days'] }],
  });
  expect(await json(call('POST', 'settings/validate', { files: wish('soon') }))).toMatchObject({
    status: 422,
    body: { problems: [{ field: 'product-wish: closure-goal', line: expect.any(Number) }] },
  });

  const played = await json(call('POST', 'backtest', { template: 'upgrade-not-installed' }));
  expect(played).toMatchObject({ status: 200, body: { report: { responses: 1, opened: 1 } } });

  const wanted = { template: 'upgrade-not-installed', customer: { key: 'k-5' }, reason: 'rang us' };
  const opened = await json(call('POST', 'cases', wanted));
  expect(opened).toMatchObject({ status: 201, body: { openedWhy: ['opened by hand'] } });
  expect((await json(call('POST', 'cases', wanted))).status).toBe(409);
  const act = (action: string, body: object) => json(call('POST', `cases/${opened.body.id}/actions/${action}`, body));
  const goal = { due: '2027-03-01', because: 'agreed with the customer', who: 'dana' };
  expect((await act('due', goal)).body).toMatchObject({ dueAt: '2027-03-01T22:59:59.000Z' });
  for (const wrong of ['2027-02-30', '3661 days', '99999999999999 weeks'])
    expect(await act('due', { ...goal, due: wrong })).toMatchObject({
      status: 422,
      body: { problems: [{ field: 'due' }] },
    });
  expect((await json(call('GET', 'cases?from=2027-02-30'))).body.problems).toMatchObject([{ field: 'from' }]);
  for (const unknown of ['responses/r_0/context', 'templates/nothing/versions', 'events/nothing/attempts'])
    expect([unknown, (await json(call('GET', unknown))).status]).toEqual([unknown, 404]);
  const paused = await act('pause', { because: 'waiting for a log', who: 'dana' });
  expect(paused.body).toMatchObject({ status: 'Pending', pausedAt: expect.any(String) });
  // Pending calls leave before the hosts are removed.
  await settle();
});

test('an admin saves a template on its page, and a save over a newer version is refused with the difference', async () => {
  network.use(...emulatedHosts().handlers);
  const { call, files, visit } = await newWorkspace();
  const dana = await visit('dana');
  const path = '/templates/product-wish';
  const text = files.find(({ name }) => name === 'product-wish')?.text as string;
  const save = (changed: string, base: string) =>
    dana(`${path}/save`, { text: changed.replaceAll('\n', '\r\n'), base, why: 'Too <soon> for us' });
  expect(await (await dana(path)).text()).toContain('Save as a new version');
  expect((await save(text, '1')).status).toBe(303);
  const versions = async () => ((await (await call('GET', 'settings/versions')).json()) as { items: object[] }).items;
  expect(await versions()).toHaveLength(1);
  const changed = await save(text.replace('60 days', '61 days'), '1');
  const savedPage = await dana(changed.headers.get('location')?.replace(/^\/w\/[^/]+/, '') ?? '');
  expect([changed.status, await savedPage.text()]).toEqual([303, expect.stringContaining('Saved as version 2')]);
  expect((await versions())[0]).toMatchObject({
    author: 'dana',
    why: 'Too <soon> for us',
    changes: [{ kind: 'case-template', name: 'product-wish', lines: ['closure-goal: 60 days → 61 days'] }],
  });
  for (const page of [path, '/settings/versions'])
    expect(await (await dana(page)).text()).toContain('Too &lt;soon&gt; for us');
  const tried = await dana(`${path}/backtest`, { text, base: '2', why: 'Too slow for us' });
  expect(await tried.text()).toContain('value="Too slow for us"');
  const late = await save(text.replace('60 days', '62 days'), '1');
  expect(late.status).toBe(409);
  const shown = await late.text();
  for (const part of [
    'value="Too &lt;soon&gt; for us"',
    'the workspace is at version 2 by dana',
    'closure-goal: 62 days',
    'name="base" value="1"',
  ])
    expect(shown).toContain(part);
  const wrong = await save(text.replace('60 days', 'soon'), '2');
  expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('closure-goal')]);
  expect(await versions()).toHaveLength(2);
  const sam = await visit('sam');
  expect((await sam(`${path}/save`, { text, base: '2' })).status).toBe(403);
});

test('an admin changes a template by sentences and fields, goes back to a version, and takes one of the library', async () => {
  network.use(...emulatedHosts().handlers);
  const { call, deliver, settle, visit } = await newWorkspace((yaml) =>
    yaml.replace('      wish: upgrade_wish', '      wish: upgrade_wish\n      call-me: call_me'),
  );
  await deliver({ token: 'one', completed: false, ease: 4 });
  await settle();
  const dana = await visit('dana');
  const path = '/templates/upgrade-not-installed';
  const page = await (await dana(path)).text();
  const [, form = ''] = page.split('id="change"');
  const { version: _, ...fields } = readFormFields(form);
  expect(fields).toMatchObject({
    about0: 'question completed',
    comparison0: 'is',
    value0: 'no',
    base: '1',
  });
  const changed = {
    ...fields,
    about1: 'customer tier',
    comparison1: 'is',
    value1: 'platinum',
    'closure-goal': '3 days',
  };
  const tried = await dana(`${path}/backtest`, changed);
  expect(await tried.text()).toMatch(/id="report"[\s\S]*value="platinum"/);
  const unchanged = (await (await dana(`${path}/backtest`, fields)).text()).replaceAll(/<\/?(bdi|li)>/g, '');
  expect(unchanged).toMatch(/Sam Okafor: 1, [\s\S]*responses\/r_(\w{4})\w+">response \1</);
  expect((await dana(`${path}/save`, changed)).status).toBe(303);
  const lines = async () =>
    (
      (await (await call('GET', 'templates/upgrade-not-installed/versions')).json()) as {
        items: { changes: { lines: string[] }[] }[];
      }
    ).items[0]?.changes[0]?.lines;
  expect((await lines())?.join()).toMatch(/platinum.*closure-goal: by tier → 3 days/);
  const wrong = await dana(`${path}/save`, { ...changed, base: '2', 'closure-goal': 'soon' });
  expect([wrong.status, await wrong.text()]).toEqual([
    422,
    expect.stringMatching(/id="template-closure-goal-problem"[\s\S]*value="soon"/),
  ]);
  expect((await dana(`${path}/save`, { version: '1', base: '2' })).status).toBe(303);
  expect((await lines())?.join()).toContain('closure-goal: 3 days → by tier');
  expect(await (await dana('/templates')).text()).toContain('Bug reported');
  const place = { source: 'upgrade-survey', tracker: 'support', team: 'upgrade-response' };
  const refused = await dana('/templates', { template: 'detractor', ...place });
  expect([refused.status, await refused.text()]).toEqual([
    422,
    expect.stringMatching(/class="problem">[^<]*recommend/),
  ]);
  const taken = await dana('/templates', { template: 'call-back', ...place });
  expect([taken.status, /class="problem">([^<]*)/.exec(await taken.text())?.[1]]).toEqual([303, undefined]);
  const pulled = (await (await call('GET', 'settings')).json()) as { files: { text: string }[] };
  expect(pulled.files[0]?.text).toMatch(
    /call-back: \{ source: upgrade-survey, tracker: support, team: upgrade-response \}/,
  );
});
