import { describe, expect, it } from 'vitest';
import { fillSurveyOptions } from '#domain/templates/options.ts';
import {
  checkTranslations,
  convertToFollowUpAnswers,
  FollowUpSurvey,
  listReasonsToChoose,
  readPostedAnswers,
  translateSurvey,
} from '#domain/templates/survey.ts';
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

  it.each(['1', '2', '3', '4', '5'])('takes the point %s of a scale', (handling) => {
    expect(read('recovery', { resolved: 'yes', handling })).toEqual({ answers: { resolved: 'yes', handling } });
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

describe('a survey of the department’s own tool', () => {
  const texts = { subject: 's', text: 't', button: 'b', reminder: 'r' };
  const file = (changes: object = {}) => ({
    name: 'Own',
    kind: 'customer',
    mail: texts,
    page: { title: 't', intro: 'i', thanks: 't' },
    questions: [
      {
        id: 'resolved',
        type: 'choice',
        label: 'Solved?',
        options: [
          { value: 'yes', label: 'Solved' },
          { value: 'no', label: 'Not yet' },
        ],
      },
      { id: 'reason', type: 'choice', label: 'Why?', options: [{ value: 'late', label: 'Late' }] },
      { id: 'comment', type: 'text', label: 'More?' },
    ],
    via: {
      source: 'own',
      link: 'https://tool.example/?case={{ token }}',
      token: 'hidden.case',
      answers: { resolved: 'done', comment: 'more' },
      values: { resolved: { ' All Good ': 'yes' } },
    },
    ...changes,
  });
  const own = FollowUpSurvey.parse(file());
  const convert = (alias: string, value: unknown, text: string, given = own) =>
    Object.fromEntries(
      convertToFollowUpAnswers(given, [
        { alias: 'other', value: 'x', text: 'x' },
        { alias, value, text },
      ]),
    );

  it.each([
    ['by its meaning', 'done', 'x', ' ALL good', { resolved: 'yes' }],
    ['by the label of an option', 'done', 'x', ' NOT yet ', { resolved: 'no' }],
    ['by a yes', 'done', true, 'Ja', { resolved: 'yes' }],
    ['by a no', 'done', false, 'Nein', { resolved: 'no' }],
    ['by the value itself', 'done', 'x', 'YES', { resolved: 'yes' }],
    ['in words', 'more', 'x', ' Not Yet ', { comment: 'Not Yet' }],
    ['in words that were a yes', 'more', true, 'Yes', { comment: 'Yes' }],
    ['to a question that is not asked here', 'late', 'x', 'Late', {}],
  ])('takes an answer %s', (_, alias, value, text, form) => {
    expect(convert(alias, value, text)).toEqual(form);
    const { via: __, ...without } = own;
    expect(convert(alias, value, text, without)).toEqual({});
  });

  it.each([
    ['https://tool.example/?case={{token}}', true],
    ['https://tool.example/?case={{-  token }}', true],
    ['https://tool.example/?case=token', false],
    ['http://tool.example/?case={{ token }}', false],
    ['https:// {{ token }}', false],
  ])('has a link that carries the case: %s', (link, isRight) => {
    expect(FollowUpSurvey.safeParse(file({ via: { ...file().via, link } })).success).toBe(isRight);
  });

  it('lists the reasons that people choose', () => {
    const written = { ...own, questions: own.questions.map((each) => ({ ...each, type: 'text' as const })) };
    const all = new Map([
      ['own', own],
      ['written', written],
    ]);
    expect(listReasonsToChoose(all)).toBe('[["own","late"]]');
  });

  it('is translated where a translation says so, and stays as it is elsewhere', () => {
    const translated = FollowUpSurvey.parse(
      file({
        languages: {
          de: {
            mail: { subject: 'Betreff' },
            page: { title: 'Titel' },
            questions: { resolved: { label: 'Gelöst?', options: { no: 'Nein' }, ends: ['a', 'b'] }, reason: {} },
          },
        },
      }),
    );
    expect(translateSurvey(translated, 'de-AT')).toMatchObject({
      language: 'de',
      mail: { ...texts, subject: 'Betreff' },
      page: { title: 'Titel', intro: 'i' },
      questions: [
        { label: 'Gelöst?', ends: ['a', 'b'], options: [{ label: 'Solved' }, { value: 'no', label: 'Nein' }] },
        own.questions[1],
        own.questions[2],
      ],
    });
    for (const spoken of ['en', 'fr', null]) expect(translateSurvey(translated, spoken)).toBe(translated);
  });

  it('says which translation has no text to translate', () => {
    const questions = { resolved: { options: { no: 'Nein', maybe: 'Vielleicht' } }, other: {} };
    expect(checkTranslations(FollowUpSurvey.parse(file({ languages: { de: { questions } } })))).toEqual([
      {
        field: 'languages.de.questions.resolved.options.maybe',
        message: 'is no option of this question: maybe',
      },
      { field: 'languages.de.questions.other', message: 'is no question of this survey: other' },
    ]);
  });
});

describe('a survey with the options of a team', () => {
  const fill = (options: object) => {
    const closer = surveys.get('closer');
    if (!closer) throw new Error('no survey closer');
    const questions = [...closer.questions, { ...closer.questions[0], id: 'root-cause' }] as typeof closer.questions;
    return fillSurveyOptions(
      { ...closer, questions },
      { ...workspace, 'case-options': { ...workspace['case-options'], ...options } },
      'upgrade-response',
    ).questions;
  };

  it('asks for no list that is empty', () => {
    const asked = surveys.get('closer')?.questions.map(({ id }) => id) ?? [];
    expect(fill({ blockers: [], 'root-causes': [] }).map(({ id }) => id)).toEqual(
      asked.filter((id) => id !== 'blocker' && id !== 'root-cause'),
    );
    expect(fill({ 'root-causes': ['code'] }).at(-1)).toMatchObject({ options: [{ value: 'code', label: 'code' }] });
    expect(fill({ 'root-causes': [] }).at(-1)?.id).not.toBe('root-cause');
  });
});
