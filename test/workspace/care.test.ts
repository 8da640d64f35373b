import { describe, expect, it } from 'vitest';
import { askForBackFill, replay } from '#src/workspace/intake/operator-actions.ts';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { oneDelivery, oneSource } from '#src/workspace/queries/intake.ts';
import { listDeliveries } from '#src/workspace/store/deliveries.ts';
import { day, hour, minute, start } from './rig.ts';
import { ToolRig } from './tool-rig.ts';

const sad = { done: false, effort: 2 };
const encoder = new TextEncoder();
const poison = (rig: ToolRig, text: string) =>
  storeDeliveries(rig.core, [
    {
      source: 'tool',
      raw: { body: encoder.encode(text), headers: { authorization: 'hush' }, receivedAt: rig.now },
    },
  ])[0] ?? '';

describe('a delivery that was set aside', () => {
  it('can be read raw, without the headers that hold secrets', async () => {
    const rig = new ToolRig();
    const id = poison(rig, '{"response": "<script>"}');
    await rig.pass(0);
    const shown = oneDelivery(rig.core, id);
    expect(shown).toMatchObject({ outcome: 'set-aside', text: '{"response": "<script>"}', tries: 1 });
    expect(JSON.stringify(shown)).not.toContain('hush');
  });

  it('is replayed alone or with all that match', async () => {
    const rig = new ToolRig();
    const id = poison(rig, '{"response": 1}');
    await rig.pass(hour);
    poison(rig, 'no json');
    poison(rig, 'nor this');
    await rig.pass(0);
    expect(replay(rig.core, { error: 'not json' })).toEqual({ replayed: 2 });
    expect(replay(rig.core, { source: 'upgrade-survey' })).toEqual({ replayed: 0 });
    expect(replay(rig.core, { before: start + minute })).toEqual({ replayed: 1 });
    expect(() => replay(rig.core, { id })).toThrow('was set aside');
    await rig.pass(0);
    expect(replay(rig.core, { id })).toEqual({ replayed: 1 });
    expect(() => replay(rig.core, { id: 'd_nothing' })).toThrow('no such delivery');
  });

  it('is found in the log', async () => {
    const rig = new ToolRig();
    poison(rig, 'no json');
    await rig.submit({ id: 'r-1', answers: sad });
    await rig.receive({ completed: true });
    const found = (filter: Parameters<typeof listDeliveries>[3]) =>
      listDeliveries(rig.sql, 1e9, 10, filter).map(({ source, outcome }) => `${source} ${outcome}`);
    expect(found({})).toHaveLength(3);
    expect(found({ outcome: 'set-aside' })).toEqual(['tool set-aside']);
    expect(found({ source: 'tool', outcome: 'stored' })).toEqual(['tool stored']);
    expect(found({ response: rig.response().id })).toEqual(['tool stored']);
    expect(found({ after: rig.now + 1 })).toEqual([]);
    expect(found({ before: rig.now + 1 })).toHaveLength(3);
  });
});

describe('a source that is paused or removed', () => {
  it.each([
    [
      'paused',
      (yaml: string) =>
        yaml.replace('    secret: TOOL_SECRET\n', '    secret: TOOL_SECRET\n    paused: true\n'),
    ],
    ['removed', (yaml: string) => yaml.replace(/ {2}tool:\n( {4}.*\n)+/, '')],
  ])(
    'goes on storing what arrives for 30 days (%s), and takes it in when it is back',
    async (what, change) => {
      const rig = new ToolRig();
      await rig.submit({ id: 'r-1', answers: sad });
      rig.push((yaml) => change(yaml).replace('', ''));
      const { templates } = rig.core.settings;
      expect(templates.size).toBe(3);
      await rig.submit({ id: 'r-2', answers: sad });
      await rig.pass(29 * day);
      await rig.submit({ id: 'r-3', answers: sad });
      expect(rig.refused).toBe(0);
      expect(rig.stored()).toEqual(['r-1']);
      expect(rig.delivered().slice(1)).toMatchObject([{ outcome: 'set-aside' }, { outcome: 'set-aside' }]);
      expect(rig.delivered()[1]?.error).toContain(what === 'paused' ? 'paused' : 'no longer');
      await rig.pass(2 * day);
      await rig.submit({ id: 'r-4', answers: sad });
      expect(rig.refused).toBe(1);
      rig.push();
      await rig.pass(2 * hour);
      expect(rig.stored().sort()).toEqual(['r-1', 'r-2', 'r-3', 'r-4']);
    },
  );
});

describe('a back-fill', () => {
  it('and a push give one response, whichever comes first', async () => {
    const rig = new ToolRig();
    await rig.submit({ id: 'r-1', answers: sad });
    rig.tool.isLosing = true;
    await rig.submit({ id: 'r-2', customer: 'two', answers: sad });
    rig.tool.isLosing = false;
    await rig.pass(2 * hour);
    const response = rig.tool.responses.get('r-2');
    if (response) await rig.tool.send(response);
    await rig.pass(0);
    expect(rig.stored()).toEqual(['r-1', 'r-2']);
    expect(rig.delivered().map(({ via, outcome }) => [via, outcome])).toEqual([
      ['push', 'stored'],
      ['back-fill', 'stored'],
      ['push', 'duplicate'],
    ]);
    expect(rig.cases()).toHaveLength(2);
  });

  it('imports history, and opens nothing for what is older than 30 days', async () => {
    const rig = new ToolRig();
    rig.tool.isLosing = true;
    const begin = rig.now;
    for (let number = 0; number < 35; number += 1) {
      await rig.tool.submit({ id: `r-${number}`, answers: sad, customer: `c-${number}` });
      rig.now += 2 * day;
    }
    rig.tool.isLosing = false;
    expect(() => askForBackFill(rig.core, 'tool', { since: begin, forms: [] })).toThrow('name the forms');
    expect(askForBackFill(rig.core, 'tool', { since: begin, forms: ['upgrade'] })).toEqual({
      forms: ['upgrade'],
    });
    await rig.pass(2 * minute);
    expect(rig.stored()).toHaveLength(35);
    expect(rig.cases()).toHaveLength(15);
    expect(rig.response().decisions[0]?.why[0]).toContain('more than 30 days before it was found');
    const walks = oneSource(rig.core, 'tool').walks;
    expect(walks.map(({ found }) => found).reduce((sum, one) => sum + one, 0)).toBe(35);
  });

  it('moves its watermark only after everything is stored', async () => {
    const rig = new ToolRig();
    await rig.submit({ id: 'first', answers: sad });
    await rig.pass(2 * hour);
    rig.tool.isLosing = true;
    for (let number = 0; number < 25; number += 1) await rig.tool.submit({ id: `r-${number}`, answers: sad });
    const { integrations } = rig.core;
    let pages = 0;
    rig.core.integrations = {
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
    await rig.pass(6 * hour);
    expect(rig.stored()).toHaveLength(26);
    expect(rig.log.some((line) => line.includes('back-fill-failed'))).toBe(true);
  });
});
