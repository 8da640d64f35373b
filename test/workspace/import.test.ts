import { describe, expect, it } from 'vitest';
import { finishSteps } from '#domain/base/steps.ts';
import { checkFile, importFile } from '#src/workspace/intake/import-file.ts';
import { replay, storeCustomerList } from '#src/workspace/intake/operator-actions.ts';
import { processWaitingDelivery } from '#src/workspace/intake/process-delivery.ts';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { listSourcesJson, readDeliveryDetail } from '#src/workspace/queries/intake.ts';
import { findCustomer } from '#src/workspace/store/customers.ts';
import { listWaitingDeliveries } from '#src/workspace/store/deliveries.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { day } from '#test/harness/times.ts';
import { storedLines } from '#test/workspace/store/rows.ts';

const source = (id: string) => `sources:
  export:
    kind: csv
    secret: IMPORT_SECRET
    columns: { ${id}submitted-at: at }
    types: { done: yes-no }
    questions: { completed: done, ease: effort }
    respondent: { key: hidden.customer }
`;

/** Acme with a file source, which the first template also uses. */
function fileHarness(id = 'id: id, '): Harness {
  return new Harness(
    acme(({ name, text }) => {
      if (name === 'acme') return text.replace('sources:\n', source(id)).replace('every: 2 minutes', 'every: 1 day');
      return name === 'upgrade-not-installed'
        ? text.replace('source: upgrade-survey', 'source: [upgrade-survey, export]')
        : text;
    }),
  );
}

const bytes = (text: string) => new TextEncoder().encode(text);
const file = (...rows: string[]) => ({
  body: bytes(`id,at,customer,done,effort\n${rows.join('\n')}\n`),
  contentType: 'text/csv',
});
const take = ({ core }: Harness, ...given: [string, ReturnType<typeof file>]) =>
  finishSteps(importFile(core, ...given));
const check = ({ core }: Harness, ...given: [string, ReturnType<typeof file>]) =>
  finishSteps(checkFile(core, ...given));
const stored = (harness: Harness) => harness.responses().map(({ content }) => content);
const logged = (harness: Harness) =>
  harness.deliveries().map(({ outcome, error }) => `${outcome}${error ? ` ${error}` : ''}`);

const sad = 'r-1,2026-11-23T07:00:00Z,c-1,no,2';
const happy = 'r-2,2026-11-23T07:30:00Z,c-2,yes,9';

describe('a file of responses', () => {
  it('makes one response of each row, and cases of those that match', async () => {
    const harness = fileHarness();
    const { delivery, rows } = take(harness, 'export', file(sad, happy));
    await harness.pass(0);
    expect(rows).toBe(2);
    expect(stored(harness).map(({ responseId, customer }) => [responseId, customer.key])).toEqual([
      ['r-1', 'c-1'],
      ['r-2', 'c-2'],
    ]);
    expect(harness.cases()).toMatchObject([{ customerKey: 'c-1', template: 'upgrade-not-installed' }]);
    expect(logged(harness)).toEqual(['stored', 'stored', 'stored']);
    expect(readDeliveryDetail(harness.core, delivery)).toMatchObject({
      via: 'import',
      file: null,
      isFile: true,
      text: '',
    });
    const row = harness.deliveries().find(({ line }) => line === 3);
    expect(readDeliveryDetail(harness.core, row?.id ?? '')).toMatchObject({
      via: 'import',
      file: delivery,
      line: 3,
      outcome: 'stored',
    });
    // An import is not a back-fill, and no further delivery is expected.
    expect(listSourcesJson(harness.core).find(({ name }) => name === 'export')).toMatchObject({
      found: 0,
      lastDeliveryAt: null,
    });
  });

  it('stores nothing twice, whatever is imported again, and takes what is new or newer', async () => {
    const harness = fileHarness();
    for (const rows of [
      [sad, happy],
      [sad, happy],
      [happy, sad],
      [sad, sad, 'r-3,2026-11-23T07:45:00Z,c-3,yes,8'],
    ]) {
      take(harness, 'export', file(...rows));
      await harness.pass(0);
    }
    take(harness, 'export', file('r-2,2026-11-23T07:50:00Z,c-2,yes,4'));
    await harness.pass(0);
    expect(stored(harness).map(({ responseId, answers }) => `${responseId} ${answers[1]?.value}`)).toEqual([
      'r-1 2',
      'r-2 4',
      'r-3 8',
    ]);
    expect(harness.cases()).toHaveLength(1);
  });

  it('knows a row again by its cells where it has no id, in whatever order the columns are', async () => {
    const harness = fileHarness('');
    const rows = ['at,customer,done,effort', '2026-11-23T07:00:00Z,c-1,no,2', '2026-11-23T07:00:00Z,c-1,no,3'];
    const turned = ['effort,done,customer,at', '2,no,c-1,2026-11-23T07:00:00Z'];
    for (const lines of [rows, rows, turned]) {
      take(harness, 'export', { body: bytes(lines.join('\n')), contentType: 'text/csv' });
      await harness.pass(0);
    }
    const ids = stored(harness).map(({ responseId }) => responseId);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toMatch(/^row_[0-9a-f]{24}$/);
    expect(new Set(ids).size).toBe(2);
  });

  it('stores its data of each person in that person’s row alone, so that one can be erased', async () => {
    const harness = fileHarness();
    take(harness, 'export', file('r-1,2026-11-23T07:00:00Z,c-canary,no,2', happy));
    await harness.pass(0);
    erasePerson(harness.core, 'c-canary', 'dana');
    await harness.pass(0);
    const kept = storedLines(harness.sql)
      .filter((line) => line.startsWith('deliveries.'))
      .join();
    expect(kept).not.toContain('c-canary');
    expect(kept).toContain('c-2');
    // The same file does not restore them.
    take(harness, 'export', file('r-1,2026-11-23T07:00:00Z,c-canary,no,2', happy));
    await harness.pass(0);
    expect(JSON.stringify(stored(harness))).not.toContain('c-canary');
    expect(stored(harness)).toHaveLength(2);
  });

  it('opens no cases for what was submitted more than 30 days ago', async () => {
    const harness = fileHarness();
    take(harness, 'export', file('old,2026-09-01T07:00:00Z,c-1,no,1'));
    await harness.pass(0);
    expect(stored(harness)).toHaveLength(1);
    expect(harness.cases()).toEqual([]);
  });

  it('tells a case of an edit, however long ago its response was submitted', async () => {
    const harness = fileHarness();
    take(harness, 'export', file(sad));
    await harness.pass(40 * day);
    take(harness, 'export', file('r-1,2026-11-23T07:00:01Z,c-1,yes,9', 'r-9,2026-11-23T07:00:01Z,c-9,no,1'));
    await harness.pass(0);
    expect(harness.cases()).toHaveLength(1);
    const [first, old] = harness.responses();
    const why = (response: typeof first) =>
      response?.decisions.find(({ template }) => template === 'upgrade-not-installed')?.why.join();
    expect(why(first)).toContain('belongs to C-1 already');
    expect(why(old)).toContain('more than 30 days before it was found');
    expect(storedLines(harness.sql).filter((line) => line.includes('response edited'))).toHaveLength(1);
  });

  it('is refused as a whole, with line and column, when somebody imports it', () => {
    const harness = fileHarness();
    expect(() => take(harness, 'export', file(sad, 'r-2,yesterday,c-2,maybe,9'))).toThrow(
      'line 3, column 2 (at): is not a time such as 2026-11-24 08:00; set dates: day-first for 24.11.2026, month-first for 11/24/2026\nline 3, column 4 (done): is neither yes nor no',
    );
    expect(harness.deliveries()).toEqual([]);
    expect(() => take(harness, 'nothing', file(sad))).toThrow('no source nothing. There are: ');
    expect(() => take(harness, 'upgrade-survey', file(sad))).toThrow('files go to a source of kind csv');
  });

  it('that a program posted is kept and set aside when it is wrong, and replayed', async () => {
    const harness = fileHarness();
    const raw = { body: file('r-1,yesterday,c-1,no,1').body, headers: {}, receivedAt: harness.now };
    storeDeliveries(harness.core, [{ source: 'export', raw }]);
    await harness.pass(0);
    expect(logged(harness)).toEqual([
      'set-aside line 2, column 2 (at): is not a time such as 2026-11-24 08:00; set dates: day-first for 24.11.2026, month-first for 11/24/2026',
    ]);
    expect(replay(harness.core, { error: 'line 2' })).toEqual({ replayed: 1 });
    await harness.pass(0);
    expect(logged(harness)[0]).toMatch(/^set-aside/);
  });

  it('with thousands of rows is taken in turn by turn', async () => {
    const harness = fileHarness();
    const rows = Array.from({ length: 3000 }, (_, index) => `r-${index},2026-11-23T07:00:00Z,c-${index},yes,9`);
    take(harness, 'export', file(...rows));
    const [seq = 0] = listWaitingDeliveries(harness.core.sql, 1);
    const waiting: number[] = [];
    const giveWay = async () => void waiting.push(listWaitingDeliveries(harness.core.sql, 5000).length - 1);
    await processWaitingDelivery({ ...harness.core, giveWay }, seq);
    expect([...new Set(waiting)]).toEqual([0, 500, 1000, 1500, 2000, 2500]);
    await harness.pass(0);
    expect(stored(harness)).toHaveLength(3000);
  });

  it('that comes again in several turns takes no row twice', async () => {
    const harness = fileHarness();
    const rows = Array.from({ length: 700 }, (_, index) => `r-${index},2026-11-23T07:00:00Z,c-${index},yes,9`);
    take(harness, 'export', file(...rows));
    await harness.pass(0);
    take(harness, 'export', file(...rows));
    await harness.pass(0);
    expect(stored(harness)).toHaveLength(700);
    expect(logged(harness).filter((line) => /^(stored|duplicate)/.test(line))).toHaveLength(702);
  });
});

describe('responses that come together', () => {
  it('are taken but for those that cannot be read, which a replay takes once they can', async () => {
    const json =
      '  batch:\n    kind: json\n    secret: BATCH_SECRET\n    proof: { kind: bearer }\n    response: { id: id, answers: answers }\n';
    const harness = new Harness(
      acme(({ name, text }) => (name === 'acme' ? text.replace('sources:\n', `sources:\n${json}`) : text)),
    );
    const post = async (...list: object[]) => {
      const raw = { body: bytes(JSON.stringify(list)), headers: {}, receivedAt: harness.now };
      const [id = ''] = storeDeliveries(harness.core, [{ source: 'batch', raw }]);
      await harness.pass(0);
      return id;
    };
    const [one, two] = ['r-1', 'r-2'].map((id) => ({ id, answers: { nps: 2 } }));
    const id = await post(one ?? {}, { id: '', answers: {} }, two ?? {});
    expect(stored(harness).map(({ responseId }) => responseId)).toEqual(['r-1', 'r-2']);
    expect(logged(harness)).toEqual([
      expect.stringMatching(/^set-aside Response 2 of 3: .*response.id/),
      'stored',
      'stored',
    ]);
    replay(harness.core, { id });
    await harness.pass(0);
    expect(stored(harness)).toHaveLength(2);
    expect(harness.deliveries()).toHaveLength(3);
  });
});

describe('the largest file', () => {
  const head = 'id,at,customer,done,effort';
  const most = 1024 * 1024;
  const lines = (columns: number, write: (index: number) => string) => {
    const more = Array.from({ length: columns }, (_, index) => `,q${index}`).join('');
    const rows = Array.from({ length: 20_000 }, (_, index) => write(index));
    const fitting = Math.floor((most - head.length - more.length) / (Math.max(...rows.map((row) => row.length)) + 1));
    return [head + more, ...rows.slice(0, fitting)].join('\n');
  };
  it.each([
    ['short rows', lines(0, (index) => `r-${index},2026-11-23 07:00,c-${index},yes,9`)],
    ['many columns', lines(900, (index) => `r-${index},2026-11-23 07:00,c-${index},yes,9${',1'.repeat(900)}`)],
    ['quoted texts', lines(0, (index) => `r-${index},"2026-11-23 07:00",c-${index},yes,"9 ${'""a"" '.repeat(12)}"`)],
    [
      'a quote that never ends',
      lines(0, (index) => `r-${index},2026-11-23 07:00,c-${index},${index === 9 ? '"' : ''}yes,9`),
    ],
  ])('of %s is checked in steps, a row or less at once (security 2)', (name, text) => {
    const { core } = fileHarness();
    const steps = checkFile(core, 'export', { body: bytes(text), contentType: 'text/csv' });
    let count = 1;
    while (!steps.next().done) count += 1;
    // What follows a quote without an end is one cell, and refused.
    const rows = name.startsWith('a quote') ? 1 : text.split('\n').length;
    expect(count).toBeGreaterThanOrEqual(rows);
  });
});

describe('a file that is only checked', () => {
  it('shows its columns, its first rows and what it would open, and stores nothing', async () => {
    const harness = fileHarness();
    take(harness, 'export', file(happy));
    await harness.pass(0);
    const before = storedLines(harness.sql);
    const checked = check(harness, 'export', file(sad, happy, 'old,2026-09-01T07:00:00Z,c-3,no,1'));
    expect(checked).toMatchObject({
      rows: 3,
      stored: 1,
      opens: [{ template: 'upgrade-not-installed', responses: 1 }],
      problems: [],
    });
    expect(checked.questions.map(({ question, alias, type }) => [question, alias, type])).toEqual([
      ['done', 'completed', 'yes-no'],
      ['effort', 'ease', 'number'],
    ]);
    expect(checked.first[0]).toEqual({
      line: 2,
      id: 'r-1',
      submittedAt: '2026-11-23T07:00:00.000Z',
      partial: false,
      answers: [
        { question: 'done', text: 'No' },
        { question: 'effort', text: '2' },
      ],
    });
    await harness.pass(0);
    expect(storedLines(harness.sql)).toEqual(before);
  });

  const notice = `name: Hard to install
kind: tactical
action: notice
when: { source: export, all: [{ question: ease, <=: 5 }] }
category: Ease of installation
severity: high
closure-goal: 30 days
tracker: support
team: upgrade-response
notify: { opened: managers }
`;
  it.each([
    ['by each template that opens cases', '', null, { 'upgrade-hard-to-install': 2, 'upgrade-not-installed': 1 }],
    ['by the first match', 'matches: first\n', null, { 'upgrade-hard-to-install': 1, 'upgrade-not-installed': 1 }],
    ['by none that only sends notices', '', notice, { 'upgrade-not-installed': 1 }],
  ])('counts what would be taken %s, as an import does', async (_, setting, other, expected) => {
    const harness = new Harness(
      acme(({ name, text }) => {
        if (name === 'acme') return setting + text.replace('sources:\n', source('id: id, '));
        if (name === 'upgrade-hard-to-install' && other) return other;
        return /^upgrade-(not|hard)/.test(name)
          ? text.replace('source: upgrade-survey', 'source: [upgrade-survey, export]')
          : text;
      }),
    );
    const given = file(sad, 'r-3,2026-11-23T07:30:00Z,c-3,yes,2', happy);
    const { opens } = check(harness, 'export', given);
    expect(Object.fromEntries(opens.map(({ template, responses }) => [template, responses]))).toEqual(expected);
    take(harness, 'export', given);
    await harness.pass(0);
    const taken = harness.responses().flatMap(({ decisions }) => decisions.filter(({ opened }) => opened));
    expect(
      Object.fromEntries(
        Map.groupBy(taken, ({ template }) => template)
          .entries()
          .map(([template, all]) => [template, all.length]),
      ),
    ).toEqual(expected);
  });

  it('shows its problems by line', () => {
    const harness = fileHarness();
    const { problems, rows } = check(harness, 'export', file(sad, 'r-2,soon,c-2,maybe,9'));
    expect(rows).toBe(0);
    expect(problems.map(({ field }) => field)).toEqual(['line 3, column 2 (at)', 'line 3, column 4 (done)']);
    expect(() => check(harness, 'nothing', file(sad))).toThrow('no source nothing. There are: ');
  });
});

describe('a customer list as a file', () => {
  it('is read and stored in one step for each row, so that other work waits for none of 20,000', () => {
    const { core, sql } = fileHarness();
    const rows = Array.from({ length: 20_000 }, (_, row) => `k-${row},gold`);
    const steps = storeCustomerList(core, bytes(['key,tier', ...rows].join('\n')), 'dana');
    let taken = 0;
    for (let step = steps.next(); !step.done; step = steps.next()) taken += 1;
    expect(taken).toBeGreaterThanOrEqual(40_000);
    expect(findCustomer(sql, 'k-19999')).toMatchObject({ tier: 'gold' });
  });

  it('takes precedence over responses, and changes no customer that it does not name', async () => {
    const harness = fileHarness();
    const list = (text: string) => finishSteps(storeCustomerList(harness.core, bytes(text), 'dana'));
    list('key,tier,revenue,renewal\nk-1,silver,5000,2027-03-31\nk-2,gold,1,\n');
    await harness.receive({ customer: 'k-1', tier: 'bronze' });
    expect(findCustomer(harness.sql, 'k-1')).toMatchObject({
      tier: 'silver',
      revenue: 5000,
      attributes: { renewal: '2027-03-31' },
    });
    list('key,tier,revenue\nk-1,gold,\n');
    expect(findCustomer(harness.sql, 'k-1')?.tier).toBe('gold');
    expect(findCustomer(harness.sql, 'k-1')?.attributes).toBeUndefined();
    expect(findCustomer(harness.sql, 'k-2')).toMatchObject({ tier: 'gold', revenue: 1 });
  });
});
