import { describe, expect, it } from 'vitest';
import {
  CaseTemplateFile,
  computeReadable,
  countSteps,
  evaluate,
  explain,
  matchesTemplate,
  sortTemplatesByPriority,
} from '#domain/templates/template.ts';
import { countPatternSteps, mostWork } from '#domain/responses/operators.ts';
import { acme, answer, parseTemplate, response } from './samples.ts';

const text = {
  name: 'Upgrade not installed',
  kind: 'tactical',
  when: { source: 'upgrade-survey', all: [{ question: 'completed', is: 'no' }] },
  category: 'Installation issues',
  tracker: 'support',
  team: 'upgrade-response',
};
const template = parseTemplate(text);
const failed = response([answer('completed', false)]);

describe('a case template', () => {
  it('takes what it asks for, and says why', () => {
    const decided = evaluate(template, failed);
    expect(decided.matched).toBe(true);
    expect(explain(decided)).toEqual(['Answered No to “completed”']);
  });

  it('leaves the rest, and says why', () => {
    const decided = evaluate(template, response([answer('completed', true)]));
    expect(decided.matched).toBe(false);
    expect(explain(decided)).toEqual(['Answered Yes to “completed”, not No']);
  });

  it.each([
    ['off', { ...text, state: 'off' }, failed, 'This template is off'],
    ['a draft', { ...text, state: 'draft' }, failed, 'This template is draft'],
    [
      'for another source',
      { ...text, when: { source: 'other' } },
      failed,
      'Not for the survey upgrade-survey (listens to other)',
    ],
    ['shown half a response', text, { ...failed, partial: true }, 'The response is not finished yet'],
  ])('takes nothing when it is %s', (_, given, content, why) => {
    const decided = evaluate(parseTemplate(given), content);
    expect([decided.matched, explain(decided)]).toEqual([false, [why]]);
  });

  it('without a condition takes every response of its sources', () => {
    const any = parseTemplate({ ...text, when: { source: ['a', 'upgrade-survey'] } });
    const decided = evaluate(any, failed);
    expect([decided.matched, explain(decided)]).toEqual([true, ['Takes every response of upgrade-survey']]);
  });

  it('has sensible settings where it says nothing', () => {
    expect(template).toMatchObject({
      state: 'on',
      severity: 'by tier',
      'closure-goal': 'by tier',
      notify: {},
      'reopen-share': 0.2,
    });
  });

  it.each([
    ['an unknown field', { ...text, severty: 'high' }, /severty/],
    [
      'an unknown operator',
      { ...text, when: { source: 's', all: [{ question: 'q', equals: 1 }] } },
      /no operator equals; write one of is/,
    ],
    ['two conditions side by side', { ...text, when: { source: 's', any: [], all: [] } }, /side by side/],
    ['no duration', { ...text, 'closure-goal': 'soon' }, /closure-goal/],
    ['an unknown event', { ...text, notify: { open: 'team' } }, /open/],
    ['a share above 1', { ...text, 'reopen-share': 20 }, /reopen-share/],
    ['a name without end', { ...text, name: 'x'.repeat(81) }, /name/],
  ])('is refused with %s', (_, given, message) => {
    expect(CaseTemplateFile.safeParse(given).error?.message).toMatch(message);
  });

  const strategic = { ...text, kind: 'strategic' };
  const elevated = { ...strategic, when: { source: [] }, gather: { by: 'elevation' } };
  const steps = { by: 'customers', steps: [{ from: 1, severity: 'high' }] };
  const cases = [{ count: 2, within: '1 day', blocker: 'policy' }];
  const opens = 'belongs to a template that opens cases of one customer';
  const oneCustomer = 'belongs to a strategic template; a tactical case is about one customer';

  it.each<[string, object, string, string]>([
    ['a notice for nobody', { ...text, action: 'notice' }, 'notify', 'has no recipients; a notice needs notify: {'],
    ['no source', { ...text, when: { source: [] } }, 'when.source', 'names none; only a strategic template can'],
    ['a receipt of many', { ...strategic, receipt: true }, 'receipt', opens],
    [
      'a receipt without a case',
      { ...text, action: 'notice', notify: { opened: 'managers' }, receipt: true },
      'receipt',
      opens,
    ],
    ['a strategic task', { ...strategic, action: 'task' }, 'kind', 'of a task is tactical'],
    ['gathering by category', { ...text, gather: { by: 'category' } }, 'gather', oneCustomer],
    ['gathering by theme', { ...text, gather: { theme: 'part' } }, 'gather', oneCustomer],
    ['gathered cases', { ...text, gather: { cases } }, 'gather', oneCustomer],
    [
      'elevation of responses',
      { ...elevated, when: text.when },
      'gather.by',
      'of elevation takes no responses directly',
    ],
    ['elevation of any source', { ...elevated, when: {} }, 'gather.by', 'of elevation takes no responses directly'],
    ['a counted severity', { ...text, severity: steps }, 'severity', 'counts affected customers of a strategic case'],
    [
      'a survey after a task',
      { ...text, action: 'task', 'follow-up': 'f' },
      'follow-up',
      'belongs to a case; nobody is asked after a task',
    ],
    [
      'a wrong condition',
      { ...text, when: { all: [{ tier: 'gold' }, {}] } },
      'when.all.1',
      'is empty, but a condition begins',
    ],
  ])('is refused with %s', (_, given, path, message) => {
    const issues = CaseTemplateFile.safeParse(given).error?.issues ?? [];
    expect(issues.map((issue) => issue.path.join('.'))).toEqual([path]);
    expect(issues[0]?.message).toContain(message);
  });

  it.each<[string, object]>([
    ['a notice for somebody', { ...text, action: 'notice', notify: { opened: 'managers' } }],
    ['a receipt', { ...text, receipt: true }],
    ['a task with a receipt', { ...text, action: 'task', receipt: true }],
    ['a survey after a case', { ...text, 'follow-up': 'f' }],
    ['elevation', elevated],
    ['gathering by category', { ...strategic, gather: { by: 'category', cases } }],
    ['a counted severity', { ...strategic, severity: steps }],
  ])('takes %s', (_, given) => expect(CaseTemplateFile.safeParse(given).success).toBe(true));

  it.each<[string, object, object, boolean]>([
    ['a response', text, {}, true],
    ['a draft', { ...text, state: 'draft' }, {}, true],
    ['half a response', text, { partial: true }, false],
    ['another source', text, { source: 'other' }, false],
    ['any response', { ...text, when: { source: 'upgrade-survey' } }, {}, true],
    ['another answer', text, { answers: [answer('completed', true)] }, false],
  ])('tried on %s matches or not', (_, given, facts, isMatch) => {
    expect(matchesTemplate(parseTemplate(given), { ...failed, ...facts })).toBe(isMatch);
  });

  it('explains by the tests that decided only', () => {
    const any = [{ question: 'completed', is: 'no' }, { tier: 'gold' }];
    const decided = evaluate(parseTemplate({ ...text, when: { source: 'upgrade-survey', any } }), failed);
    expect(explain(decided)).toEqual(['Answered No to “completed”']);
  });

  it('judges before those of a lower priority, and else in their order', () => {
    const named = (name: string, priority: number) => [name, { ...template, priority }] as const;
    const all = new Map([named('a', 0), named('b', 5), named('c', 0), named('d', -1), named('e', 5)]);
    expect(sortTemplatesByPriority(all).map(([name]) => name)).toEqual(['b', 'e', 'a', 'c', 'd']);
    expect([...all.keys()].join('')).toBe('abcde');
  });

  it('has the steps of its patterns, those on earlier responses twice, while it is on', () => {
    const asks = (matches: string) => ({ question: 'wish', matches });
    const repeat = (matches: string) => ({ repeat: { ...asks(matches), times: 2, within: '1 day' } });
    const on = (all: object[], state = 'on') =>
      parseTemplate({ ...text, state, when: { source: 'upgrade-survey', ...(all.length > 0 ? { all } : {}) } });
    const [one, two] = [countPatternSteps('slow'), countPatternSteps('late|gone')];
    const both = on([asks('slow'), repeat('late|gone')]);
    const all = [both, on([asks('x')], 'off'), on([]), on([{ tier: 'gold' }])];
    expect(countSteps(all)).toEqual([one + 2 * two, 0]);
    const read = (taken: number, share = 1) => Math.floor(mostWork / share / taken);
    expect(computeReadable(all, 5)).toEqual({ readable: read(one, 2), readableEarlier: read(7 * two, 2) });
    expect(computeReadable([on([asks('slow')]), on([{ tier: 'gold' }])], 5)).toEqual({
      readable: read(one),
      readableEarlier: mostWork,
    });
    expect(computeReadable([on([repeat('slow')]), on([{ tier: 'gold' }])], 5)).toEqual({
      readable: mostWork,
      readableEarlier: read(7 * one),
    });
  });

  it('of Acme matches as its file says', () => {
    const { templates } = acme();
    const matches = (answers: Parameters<typeof response>[0]) =>
      [...templates].filter(([, entry]) => evaluate(entry, response(answers)).matched).map(([name]) => name);
    expect(matches([answer('completed', false), answer('ease', 5)])).toEqual([
      'upgrade-not-installed',
      'upgrade-hard-to-install',
    ]);
    expect(matches([answer('completed', true), answer('ease', 6), answer('wish', 'more')])).toEqual(['product-wish']);
    expect(matches([answer('completed', true), answer('wish', '  ')])).toEqual([]);
  });
});
