import { describe, expect, it } from 'vitest';
import { findStartOfDate } from '#domain/time/quiet-hours.ts';
import { toIsoText } from '#domain/time/units.ts';
import { replay, requestBackFill } from '#src/workspace/intake/operator-actions.ts';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { readDeliveryDetail, readSourceDetail } from '#src/workspace/queries/intake.ts';
import { list } from '#src/workspace/queries/lists.ts';
import { listDeliveries } from '#src/workspace/store/deliveries.ts';
import { day, hour, minute, start } from '#test/harness/times.ts';
import { ToolHarness } from '#test/harness/tool-harness.ts';

const sad = { done: false, effort: 2 };
const encoder = new TextEncoder();
const poison = (harness: ToolHarness, text: string) =>
  storeDeliveries(harness.core, [
    {
      source: 'tool',
      raw: { body: encoder.encode(text), headers: { authorization: 'hush' }, receivedAt: harness.now },
    },
  ])[0] ?? '';

describe('a delivery that was set aside', () => {
  it('can be read raw, without the headers that hold secrets', async () => {
    const harness = new ToolHarness();
    const id = poison(harness, '{"response": "<script>"}');
    await harness.pass(0);
    const shown = readDeliveryDetail(harness.core, id);
    expect(shown).toMatchObject({ outcome: 'set-aside', text: '{"response": "<script>"}', tries: 1 });
    expect(JSON.stringify(shown)).not.toContain('hush');
  });

  it('is replayed alone or with all that match', async () => {
    const harness = new ToolHarness();
    const id = poison(harness, '{"response": 1}');
    await harness.pass(hour);
    poison(harness, 'no json');
    poison(harness, 'nor this');
    await harness.pass(0);
    expect(replay(harness.core, { error: 'not json' })).toEqual({ replayed: 2 });
    expect(replay(harness.core, { source: 'upgrade-survey' })).toEqual({ replayed: 0 });
    expect(replay(harness.core, { before: toIsoText(start + minute) })).toEqual({ replayed: 1 });
    expect(() => replay(harness.core, { id })).toThrow('was set aside');
    await harness.pass(0);
    expect(replay(harness.core, { id })).toEqual({ replayed: 1 });
    expect(() => replay(harness.core, { id: 'd_nothing' })).toThrow('no such delivery');
  });

  it('is found in the log', async () => {
    const harness = new ToolHarness();
    poison(harness, 'no json');
    await harness.submit({ id: 'r-1', answers: sad });
    await harness.receive({ completed: true });
    const result = (filter: Parameters<typeof listDeliveries>[3]) =>
      listDeliveries(harness.sql, 1e9, 10, filter).map(({ source, outcome }) => `${source} ${outcome}`);
    expect(result({})).toHaveLength(3);
    expect(result({ outcome: 'set-aside' })).toEqual(['tool set-aside']);
    expect(result({ source: 'tool', outcome: 'stored' })).toEqual(['tool stored']);
    expect(result({ response: harness.response().id })).toEqual(['tool stored']);
    expect(result({ after: harness.now + 1 })).toEqual([]);
    expect(result({ before: harness.now + 1 })).toHaveLength(3);
    const isOf = (date: string) =>
      list(harness.core, {
        what: 'deliveries',
        cursor: null,
        limit: 10,
        deliveries: { after: date, before: '2099-01-01' },
      });
    const zone = harness.core.settings.workspace['time-zone'];
    harness.now = findStartOfDate('2027-03-02', zone) - 1;
    await harness.receive({ completed: true });
    expect(isOf('2027-03-01').items).toHaveLength(1);
    expect(isOf('2027-03-02').items).toEqual([]);
    harness.now += 1;
    await harness.receive({ completed: true });
    expect(isOf('2027-03-02').items).toHaveLength(1);
  });
});

describe('a source that is paused or removed', () => {
  it.each([
    [
      'paused',
      (yaml: string) => yaml.replace('    secret: TOOL_SECRET\n', '    secret: TOOL_SECRET\n    paused: true\n'),
    ],
    ['removed', (yaml: string) => yaml.replace(/ {2}tool:\n( {4}.*\n)+/, '')],
  ])('goes on storing what arrives for 30 days (%s), and takes it in when it is back', async (what, change) => {
    const harness = new ToolHarness();
    await harness.submit({ id: 'r-1', answers: sad });
    harness.push((yaml) => change(yaml).replace('', ''));
    const { templates } = harness.core.settings;
    expect(templates.size).toBe(3);
    await harness.submit({ id: 'r-2', answers: sad });
    await harness.pass(29 * day);
    await harness.submit({ id: 'r-3', answers: sad });
    expect(harness.refused).toBe(0);
    expect(harness.stored()).toEqual(['r-1']);
    expect(harness.delivered().slice(1)).toMatchObject([{ outcome: 'set-aside' }, { outcome: 'set-aside' }]);
    expect(harness.delivered()[1]?.error).toContain(what === 'paused' ? 'paused' : 'no longer');
    await harness.pass(2 * day);
    await harness.submit({ id: 'r-4', answers: sad });
    expect(harness.refused).toBe(1);
    harness.push();
    await harness.pass(2 * hour);
    expect(harness.stored().sort()).toEqual(['r-1', 'r-2', 'r-3', 'r-4']);
  });
});

describe('a back-fill', () => {
  it('and a push give one response, whichever comes first', async () => {
    const harness = new ToolHarness();
    await harness.submit({ id: 'r-1', answers: sad });
    harness.tool.isLosing = true;
    await harness.submit({ id: 'r-2', customer: 'two', answers: sad });
    harness.tool.isLosing = false;
    await harness.pass(2 * hour);
    const response = harness.tool.responses.get('r-2');
    if (response) await harness.tool.send(response);
    await harness.pass(0);
    expect(harness.stored()).toEqual(['r-1', 'r-2']);
    expect(harness.delivered().map(({ via, outcome }) => [via, outcome])).toEqual([
      ['push', 'stored'],
      ['back-fill', 'stored'],
      ['push', 'duplicate'],
    ]);
    expect(harness.cases()).toHaveLength(2);
  });

  it('imports history, and opens nothing for what is older than 30 days', async () => {
    const harness = new ToolHarness();
    harness.tool.isLosing = true;
    const begin = harness.now;
    for (let number = 0; number < 35; number += 1) {
      await harness.tool.submit({ id: `r-${number}`, answers: sad, customer: `c-${number}` });
      harness.now += 2 * day;
    }
    harness.tool.isLosing = false;
    expect(() => requestBackFill(harness.core, 'tool', { since: toIsoText(begin), forms: [] })).toThrow(
      'name the forms',
    );
    expect(requestBackFill(harness.core, 'tool', { since: toIsoText(begin), forms: ['upgrade'] })).toEqual({
      forms: ['upgrade'],
    });
    await harness.pass(2 * minute);
    expect(harness.stored()).toHaveLength(35);
    expect(harness.cases()).toHaveLength(15);
    expect(harness.response().decisions[0]?.why[0]).toContain('more than 30 days before it was found');
    const walks = readSourceDetail(harness.core, 'tool').walks;
    expect(walks.map(({ found }) => found).reduce((sum, value) => sum + value, 0)).toBe(35);
  });

  it.each([500, 403, 401])('of a form that fails by %i holds up no other, and is told once', async (status) => {
    const harness = new ToolHarness();
    await harness.submit({ id: 'r-1', form: 'a-broken-one', answers: sad });
    await harness.submit({ id: 'r-2', answers: sad });
    await harness.pass(hour);
    harness.tool.brokenForm = { form: 'a-broken-one', status };
    harness.tool.isLosing = true;
    for (let number = 3; number < 8; number += 1) {
      await harness.tool.submit({ id: `r-${number}`, answers: sad });
      await harness.pass(6 * hour);
    }
    expect(harness.stored()).toHaveLength(7);
    expect(harness.mail.to('dana@acme.example', 'cannot work in')).toEqual([]);
    expect(harness.mail.to('dana@acme.example', 'cannot be asked for')).toHaveLength(1);
  });

  it('of a form that was named by mistake is done once', async () => {
    const harness = new ToolHarness();
    await harness.submit({ id: 'r-1', answers: sad });
    requestBackFill(harness.core, 'tool', { since: '2026-11-01', forms: ['upgrede'] });
    await harness.pass(6 * hour);
    const paths = harness.tool.calls.map(({ path }) => path);
    expect(paths.filter((path) => path.startsWith('/forms/upgrede/'))).toHaveLength(1);
    expect(paths.filter((path) => path === '/forms/upgrade/responses').length).toBeGreaterThan(3);
  });

  it('says after its last page that a response of an earlier one is too large', async () => {
    const harness = new ToolHarness();
    await harness.submit({ id: 'first', answers: sad });
    const { integrations } = harness.core;
    const { incoming } = harness.response();
    const [answer] = incoming?.answers ?? [];
    if (!incoming || !answer) throw new Error('nothing is stored');
    const answers = Array.from({ length: 30 }, () => ({ ...answer, value: 'x'.repeat(60_000) }));
    const large = { ...incoming, responseId: 'large', answers };
    const listResponses = async (_form: string, _since: number, cursor: string | null) =>
      cursor === null ? { responses: [large], next: '2' } : { responses: [], next: null };
    harness.core.integrations = {
      ...integrations,
      source(name) {
        const known = integrations.source(name);
        return known && { ...known, api: () => ({ ...known.api(), listResponses }) };
      },
    };
    await harness.pass(hour);
    const [walk] = readSourceDetail(harness.core, 'tool').walks;
    expect(walk).toMatchObject({ seen: 1, found: 0, error: 'responses that are larger than 1.5 MB were left out' });
    expect(walk?.endedAt).not.toBeNull();
  });

  it('moves its watermark only after everything is stored', async () => {
    const harness = new ToolHarness();
    await harness.submit({ id: 'first', answers: sad });
    await harness.pass(2 * hour);
    harness.tool.isLosing = true;
    for (let number = 0; number < 25; number += 1) await harness.tool.submit({ id: `r-${number}`, answers: sad });
    const { integrations } = harness.core;
    let pages = 0;
    harness.core.integrations = {
      ...integrations,
      source(name) {
        const known = integrations.source(name);
        return (
          known && {
            ...known,
            api: () => {
              const api = known.api();
              return (
                api && {
                  ...api,
                  listResponses: (form, since, cursor) => {
                    pages += 1;
                    if (pages % 2 === 0) throw new Error('the process stops here');
                    return api.listResponses?.(form, since, cursor) ?? Promise.reject(new Error('none'));
                  },
                }
              );
            },
          }
        );
      },
    };
    await harness.pass(6 * hour);
    expect(harness.stored()).toHaveLength(26);
    expect(harness.log.some((line) => line.includes('back-fill-failed'))).toBe(true);
  });
});
