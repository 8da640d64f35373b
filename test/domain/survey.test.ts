import { describe, expect, it } from 'vitest';
import { fillSurveyOptions } from '#domain/templates/options.ts';
import { readPostedAnswers } from '#domain/templates/survey.ts';
import { acme } from './samples.ts';

const { surveys, workspace } = acme();
const survey = (name: string) => {
  const result = surveys.get(name);
  if (!result) throw new Error(`no survey ${name}`);
  return fillSurveyOptions(result, workspace, 'upgrade-response');
};
const read = (name: string, fields: Record<string, string>) =>
  readPostedAnswers(survey(name), new Map(Object.entries(fields)));

describe('a posted survey form', () => {
  it('is read question by question', () => {
    expect(read('recovery', { resolved: 'yes', handling: '4', comment: ' Fine. ' })).toEqual({
      answers: { resolved: 'yes', handling: '4', comment: 'Fine.' },
    });
    expect(read('recovery', { resolved: 'no' })).toEqual({ answers: { resolved: 'no' } });
  });

  it('needs the answer that decides', () => {
    const problems = [{ field: 'resolved', message: 'Please choose an answer.' }];
    expect(read('recovery', { handling: '4' })).toEqual({ problems });
    expect(read('recovery', { resolved: '   ' })).toEqual({ problems });
  });

  it.each([
    ['resolved', 'maybe'],
    ['resolved', 'YES'],
    ['resolved', 'unable'],
    ['handling', '0'],
    ['handling', '6'],
    ['handling', '4.0'],
    ['handling', '04'],
  ])('takes for %s no %j', (field, value) => {
    expect(read('recovery', { resolved: 'yes', [field]: value })).toEqual({
      problems: [{ field, message: 'Please choose one of the answers shown.' }],
    });
  });

  it("offers the workspace's own blockers to the closer", () => {
    expect(read('closer', { closed: 'unable', blocker: 'policy' })).toEqual({
      answers: { closed: 'unable', blocker: 'policy' },
    });
    expect(read('closer', { closed: 'unable', blocker: 'laziness' })).toHaveProperty('problems');
  });

  it('leaves fields that it does not know', () => {
    const form = new Map([
      ['resolved', 'yes'],
      ['__proto__', 'x'],
      ['constructor', 'x'],
      ['case', 'c_2'],
    ]);
    expect(readPostedAnswers(survey('recovery'), form)).toEqual({ answers: { resolved: 'yes' } });
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });

  it('caps long words', () => {
    const result = read('recovery', { resolved: 'yes', comment: 'x'.repeat(50_000) });
    expect('answers' in result && result.answers.comment?.length).toBe(4000);
  });
});
