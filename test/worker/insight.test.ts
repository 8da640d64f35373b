import { expect, test } from 'vitest';
import {
  caseQueryShape,
  DeliveryQuery,
  outcomeQueryShape,
  ResponseQuery,
  reportQueryShape,
  wordsQueryShape,
} from '#src/routes/queries.ts';
import { news } from '#src/views/news.tsx';
import { newWorkspace, readFormFields } from './harness.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';

useNetwork();

/** Acme without the template for low scores, so that these stand in the triage. */
const withoutLowScores = (yaml: string) => yaml.replace(/^ {2}upgrade-hard-to-install: .*\n/m, '');

test('a template is drafted from ticked responses of the triage, tried, and opens cases once a person saved it', async () => {
  network.use(...emulatedHosts().handlers);
  const { call, deliver, settle, visit } = await newWorkspace(withoutLowScores);
  await deliver({ token: 'happy', completed: true, ease: 10 });
  await deliver({ token: 'low', completed: true, ease: 2 });
  await deliver({ token: 'lower', completed: true, ease: 3 });
  await settle();
  const dana = await visit('dana');
  const list = await (await dana('/triage')).text();
  expect(list).toContain('Draft a template');
  const ticked = [...list.matchAll(/name="(response\.[^"]+)"/g)].map(([, name]) => name ?? '');
  expect(ticked).toHaveLength(2);
  const none = await dana('/triage', { decision: 'draft' });
  expect([none.status, await none.text()]).toEqual([409, expect.stringContaining('Tick a response first.')]);
  const led = await dana('/triage', { ...Object.fromEntries(ticked.map((name) => [name, 'on'])), decision: 'draft' });
  expect(led.status).toBe(303);
  const address = (led.headers.get('location') ?? '').replace(/^\/w\/[^/]+/, '');
  const page = await (await dana(address)).text();
  const fields = readFormFields(page.split('id="change"')[1]?.split('</form>')[0] ?? '');
  const sentences = [
    fields.about0,
    fields.comparison0,
    fields.value0,
    fields.about1,
    fields.comparison1,
    fields.value1,
  ];
  expect(sentences.join()).toBe('question completed,is,yes,question ease,<=,3');
  expect(fields.state).toBe('draft');
  const [, at = ''] = /action="\/w\/[^/]+(\/templates\/[^"]+)\/save"/.exec(page) ?? [];
  expect(at).toBe('/templates/completed-is-yes-ease-at-most-3');

  const tried = await (await dana(`${at}/backtest`, { ...fields, value1: '2' })).text();
  expect(tried).toMatch(/id="report"[\s\S]*value="2"/);
  expect((await dana(at)).status).toBe(404);
  const wrong = await dana(`${at}/save`, { ...fields, 'closure-goal': 'soon' });
  expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('template-closure-goal-problem')]);
  expect((await dana(`${at}/save`, { ...fields, state: 'on' })).status).toBe(303);
  expect(await (await dana(at)).text()).toContain('Completed is yes, ease at most 3');
  const held = await call('POST', `templates/${at.split('/').at(-1)}/stored-matches`, { days: 30 });
  expect(await held.json()).toEqual({ held: 2 });
  const sam = await visit('sam');
  expect(await (await sam('/triage')).text()).not.toContain('Draft a template');
  expect((await sam(address)).status).toBe(403);
  await settle();
});

test('a list keeps what its address narrows it by, also where a form tells news by such a name', async () => {
  network.use(...emulatedHosts().handlers);
  const { deliver, settle, visit, cases } = await newWorkspace();
  await deliver({ token: 'one', completed: false, ease: 2 });
  await settle();
  const dana = await visit('dana');
  const narrowed = await (await dana('/responses?again=again&opened=yes')).text();
  expect(narrowed).toContain('Only asked again by again, with a case: yes.');
  expect(narrowed).not.toContain('Opened cases for');
  const lists = [caseQueryShape, reportQueryShape, wordsQueryShape, outcomeQueryShape, ResponseQuery.shape];
  const names = [...lists, DeliveryQuery.shape].flatMap((shape) => Object.keys(shape));
  expect(Object.keys(news).filter((name) => names.includes(name))).toEqual([]);
  const [{ id = '' } = {}] = await cases();
  expect((await dana(`/cases/${id}?list=verdict%3Dold-name`)).status).toBe(200);
});

test('the words of respondents are searched, narrowed, saved, and lead to the cases behind them', async () => {
  network.use(...emulatedHosts().handlers);
  const { call, deliver, settle, visit, cases } = await newWorkspace((yaml) =>
    yaml.replace('teams:\n', 'viewers: [mette]\nteams:\n'),
  );
  const wishes = [
    'The printer driver was missing',
    'Again the printer driver',
    'A printer driver, please',
    'A blue box',
  ];
  for (const [index, wish] of wishes.entries())
    await deliver({ token: `w${index}`, completed: index > 0, ease: index === 3 ? 10 : 2, name: 'Ada Lovelace', wish });
  for (const token of ['ja-1', 'ja-2', 'ja-3'])
    await deliver({ token, completed: true, ease: 10, wish: '印刷するとエラーが出ます' });
  await deliver({ token: 'silent', completed: true, ease: 10 });
  await settle();
  const dana = await visit('dana');
  const read = async (query: string) => await (await dana(`/words?${query}`)).text();
  const all = await read('');
  for (const wish of wishes) expect(all).toContain(wish);
  expect(all).toMatch(/term=printer\+driver[^"]*"[^>]*>\s*printer driver/);
  expect(await read('search=missing')).not.toContain('A blue box');
  expect(await read('mood=happy')).toContain('A blue box');
  expect(await read('mood=happy')).not.toContain('Again the printer');
  expect(await read('template=upgrade-not-installed')).not.toContain('Again the printer');
  const term = await read('term=printer+driver');
  expect(term).toContain('A printer driver, please');
  expect(term).not.toContain('A blue box');
  const opened = await cases();
  const strategic = opened.find(({ kind }) => kind === 'strategic');
  const address = `/words?case=${strategic?.id}`;
  expect(await (await dana(`/cases/${strategic?.id}`)).text()).toContain(address);
  expect(await (await dana(address)).text()).toContain(`>${strategic?.handle} `);
  const lines = (await (await dana('/words?format=csv')).text()).trim().split('\r\n');
  expect(lines).toHaveLength(4 + wishes.length);
  expect(lines[0]).toContain('submittedAt,source,customer,tier,mood,question,text,cases,response');
  expect(await read('from=yesterday')).toContain('from');

  const first = (await (await call('GET', 'words?limit=4')).json()) as {
    items: { comments: object[] }[];
    next: string;
  };
  const second = (await (await call('GET', `words?limit=4&cursor=${first.next}`)).json()) as typeof first;
  expect([first.items.length, second.items.length, second.next]).toEqual([4, 3, null]);
  const { terms } = (await (await call('GET', 'words/terms')).json()) as { terms: { term: string; now: number }[] };
  expect(terms).toContainEqual({ term: 'printer driver', now: 3, before: 0 });
  expect(terms).toContainEqual({ term: 'エラー', now: 3, before: 0 });
  const masked = await (await (await visit('mette'))('/words')).text();
  expect(masked).toContain('Again the printer driver');
  expect(masked).not.toContain('Lovelace');
});

test('a team reads its huddle on a page and by the API, and an admin sets its mail on a form', async () => {
  network.use(...emulatedHosts().handlers);
  const { call, deliver, settle, visit } = await newWorkspace();
  await deliver({ token: 'one', completed: false, ease: 9, name: 'Ada Lovelace', wish: 'The printer driver' });
  await settle();
  const dana = await visit('dana');
  const part = { entry: 'monday', new: 'yes', base: '1', to: '[dana]' };
  const posted = await dana('/settings/parts/huddles', { ...part, team: 'upgrade-response', tracker: 'nowhere' });
  expect([posted.status, await posted.text()]).toEqual([422, expect.stringContaining('is not under trackers')]);
  const saved = await dana('/settings/parts/huddles', part);
  expect(saved.status).toBe(303);
  const page = await (await dana('/huddle?team=upgrade-response')).text();
  for (const text of ['Overdue', 'To praise', 'Figures that moved most', 'Rising words']) expect(page).toContain(text);
  expect(page).not.toContain('Lovelace');
  const huddle = (await (await call('GET', 'huddle?every=month')).json()) as { groups: { name: string }[] };
  expect(huddle.groups.map(({ name }) => name)).toEqual([
    'overdue',
    'disputed',
    'needs-person',
    'known-gap',
    'confirmed',
  ]);
  expect((await call('GET', 'huddle?team=nobodys')).status).toBe(422);
});
