import { describe, expect, it } from 'vitest';
import { CaseTemplateFile, evaluate, explain } from '#domain/templates/template.ts';
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
