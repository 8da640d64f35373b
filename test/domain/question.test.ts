import { describe as suite, expect, it } from 'vitest';
import type { IncomingAnswer, IncomingResponse } from '#domain/integrations/survey-source.ts';
import {
  describe as describeResponse,
  findSuccessor,
  type KnownQuestion,
  learnQuestionsFromForm,
  learnQuestionsFromResponse,
  needsFormDescription,
  preferredNameOf,
} from '#domain/responses/question.ts';
import { hourMs } from '#domain/time/units.ts';

const at = 1000 * hourMs;
const answered = (changes: Partial<IncomingAnswer> = {}, question = {}): IncomingAnswer => ({
  question: { id: 'q', names: ['ref'], title: 'Which one?', ...question },
  type: 'choice',
  value: 'a',
  freeText: false,
  ...changes,
});
const response = (...answers: IncomingAnswer[]) => ({ answers }) as IncomingResponse;
const choice = (id: string, text = id, firstSeen = at) => ({ id, text, firstSeen });
const known = (changes: Partial<KnownQuestion> = {}): KnownQuestion => ({
  id: 'q',
  names: ['ref'],
  title: 'Which one?',
  type: 'choice',
  choices: [choice('a')],
  firstSeen: at,
  lastAnsweredAt: at,
  highest: 0,
  goneSince: null,
  ...changes,
});
const learn = (before: KnownQuestion | null, answer: IncomingAnswer, when = at) =>
  learnQuestionsFromResponse(new Map(before ? [['q', before]] : []), response(answer), when);

suite('a question that a response answers', () => {
  it('is learnt the first time, without a change', () => {
    expect(learn(null, answered())).toEqual({ questions: [known()], changes: [] });
    expect(learn(null, answered({}, { title: 'x'.repeat(1001) })).questions[0]?.title).toHaveLength(1000);
    const names = Array.from({ length: 12 }, (_, index) => `n${index}`);
    expect(learn(null, answered({}, { names })).questions[0]?.names).toEqual(names.slice(2));
  });

  it.each<[string, Partial<IncomingAnswer>, string[]]>([
    ['a choice', { value: 'b' }, ['b']],
    ['several', { type: 'choices', value: ['b', 'c'] }, ['b', 'c']],
    ['ids of choices', { type: 'other', value: 'Text', choiceIds: ['i'] }, ['i']],
    ['free text beside choices', { value: 'secret', freeText: true }, []],
    ['a text', { type: 'text', value: 'secret' }, []],
    ['a number', { type: 'number', value: 7 }, []],
  ])('of %s gives its choices and nothing typed', (_, answer, ids) => {
    const [question] = learn(null, answered(answer)).questions;
    expect(question?.choices.map(({ id }) => id)).toEqual(ids);
  });

  it('keeps the highest number of a scale', () => {
    const highest = (answer: Partial<IncomingAnswer>) => learn(null, answered(answer)).questions[0]?.highest;
    expect(highest({ type: 'number', value: 7 })).toBe(7);
    expect(highest({ type: 'number', value: 7, freeText: true })).toBe(0);
    expect(highest({ type: 'text', value: '7' })).toBe(0);
    const before = known({ type: 'number', choices: [], highest: 9 });
    expect(learn(before, answered({ type: 'number', value: 7 }, {}), at + 2 * hourMs).questions[0]?.highest).toBe(9);
    expect(learn(before, answered({ type: 'number', value: 10 })).questions[0]?.highest).toBe(10);
  });

  it('is written again only where something differs, or an hour has passed', () => {
    expect(learn(known(), answered())).toEqual({ questions: [], changes: [] });
    expect(learn(known(), answered(), at + hourMs - 1).questions).toEqual([]);
    expect(learn(known(), answered(), at + hourMs).questions).toEqual([known({ lastAnsweredAt: at + hourMs })]);
    expect(learn(known(), answered({}, { names: ['new'] })).questions[0]?.names).toEqual(['ref', 'new']);
    expect(learn(known(), answered({ type: 'choices' })).questions[0]?.type).toBe('choices');
    expect(learn(known(), answered({ type: 'other', value: 1 })).questions).toEqual([]);
    expect(learn(known(), answered(), at - 1).questions).toEqual([known({ firstSeen: at - 1 })]);
  });

  it('changes its wording by a newer response only', () => {
    const reworded = answered({ type: 'choices' }, { title: 'Which two?' });
    expect(learn(known(), reworded, at + 1)).toEqual({
      questions: [known({ title: 'Which two?', type: 'choices', lastAnsweredAt: at + 1 })],
      changes: [{ question: 'q', at: at + 1, what: 'wording', was: 'Which one?', now: 'Which two?' }],
    });
    const older = learn(known(), reworded, at - 1);
    expect(older).toEqual({ questions: [known({ firstSeen: at - 1 })], changes: [] });
    expect(learn(known({ title: '' }), answered()).changes).toEqual([]);
    expect(learn(known({ title: '' }), answered(), at - 1).questions[0]?.title).toBe('Which one?');
    expect(learn(known(), answered({}, { title: '' })).questions).toEqual([]);
  });

  it('tells a new choice, but not at once, not of old responses, and not where the tool lists them', () => {
    const change = (before: KnownQuestion, when: number) => learn(before, answered({ value: 'b' }), when).changes;
    expect(change(known(), at + 1)).toEqual([{ question: 'q', at: at + 1, what: 'choice', was: '', now: 'b' }]);
    expect(change(known(), at)).toEqual([]);
    expect(change(known({ lastAnsweredAt: at + 9 }), at + 1)).toEqual([]);
    expect(change(known({ choices: [choice('i', 'Text')] }), at + 1)).toEqual([]);
    expect(learn(known({ choices: [choice('i', 'b')] }), answered({ value: 'b' })).questions).toEqual([]);
    expect(learn(known({ choices: [choice('i', 'I')] }), answered({ value: 'i' })).questions).toEqual([]);
    const many = Array.from({ length: 200 }, (_, index) => choice(`c${index}`));
    expect(learn(known({ choices: many }), answered({ value: 'b' })).questions).toEqual([]);
  });
});

suite('the description of a form', () => {
  const form = (before: KnownQuestion[], ...described: [id: string, title: string, choices?: [string, string][]][]) =>
    learnQuestionsFromForm(
      new Map(before.map((question) => [question.id, question])),
      described.map(([id, title, choices = []]) => ({ id, names: ['form'], title, choices: new Map(choices) })),
      at + 5,
    );

  it('adds questions that nobody answered', () => {
    expect(form([], ['q', 'New?', [['i', 'One']]])).toEqual({
      questions: [
        known({
          names: ['form'],
          title: 'New?',
          type: 'other',
          choices: [choice('i', 'One', at + 5)],
          firstSeen: at + 5,
          lastAnsweredAt: at + 5,
        }),
      ],
      changes: [],
    });
    expect(form([], ['q', 'x'.repeat(1001)]).questions[0]?.title).toHaveLength(1000);
  });

  it('tells new wordings and choices, and texts of ids', () => {
    const before = known({ highest: 4 });
    const { questions, changes } = form(
      [before],
      [
        'q',
        'Other?',
        [
          ['a', 'Apple'],
          ['b', 'Berry'],
        ],
      ],
    );
    expect(questions).toEqual([
      {
        ...before,
        names: ['ref', 'form'],
        title: 'Other?',
        choices: [choice('a', 'Apple'), choice('b', 'Berry', at + 5)],
      },
    ]);
    expect(changes.map(({ what, was, now }) => [what, was, now])).toEqual([
      ['wording', 'Which one?', 'Other?'],
      ['choice', '', 'Berry'],
    ]);
    const listed = known({ choices: [choice('a', 'Apple'), choice('b')] });
    expect(form([listed], ['q', 'Which one?', [['b', 'Berry']]]).changes.map(({ now }) => now)).toEqual(['Berry']);
    expect(form([known({ choices: [] })], ['q', 'Which one?', [['b', 'Berry']]]).changes).toEqual([]);
    expect(form([known({ title: '' })], ['q', 'Now']).changes).toEqual([]);
  });

  it('tells what is gone and what is back, and leaves hidden fields alone', () => {
    expect(form([known()])).toEqual({
      questions: [known({ goneSince: at + 5 })],
      changes: [{ question: 'q', at: at + 5, what: 'gone', was: 'Which one?', now: '' }],
    });
    expect(form([known({ goneSince: at }), known({ id: 'hidden', title: '' })])).toEqual({
      questions: [],
      changes: [],
    });
    expect(form([known(), known({ id: 'q.row', title: '[Row]' })], ['q', 'Which one?']).changes).toEqual([]);
    const back = form([known({ goneSince: at })], ['q', 'Which one?']);
    expect(back.questions[0]?.goneSince).toBeNull();
    expect(back.changes).toEqual([{ question: 'q', at: at + 5, what: 'back', was: '', now: 'Which one?' }]);
  });
});

suite('answers by ids', () => {
  const question = known({ names: ['ref', 'other'], choices: [choice('a', 'Apple'), choice('b')] });
  const described = (answer: IncomingAnswer) =>
    describeResponse(response(answer), new Map([['q', question]])).answers[0];

  it('read as the tool describes them', () => {
    expect(described(answered({ choiceIds: ['a'] }, { title: '', names: ['ref', 'mine'] }))).toEqual({
      ...answered({ value: 'Apple' }, { names: ['ref', 'mine', 'other'] }),
    });
    expect(described(answered({ type: 'choices', value: ['a', 'b', 'c'], choiceIds: ['a', 'b', 'c'] }))).toMatchObject({
      value: ['Apple', 'b', 'c'],
      choiceIds: ['b', 'c'],
    });
    for (const type of ['choice', 'choices', 'ranking', 'matrix'] as const)
      expect(described(answered({ type }))?.value).toBe('Apple');
    expect(described(answered({ type: 'text' }))?.value).toBe('a');
    expect(described(answered({ type: 'text', choiceIds: ['a'] }))?.value).toBe('Apple');
    expect(described(answered({ freeText: true }))?.value).toBe('a');
    expect(described(answered({ type: 'number', value: 3 }))?.value).toBe(3);
    expect(described(answered({}, { title: 'Own' }))?.question.title).toBe('Own');
    const unknown = answered({}, { id: 'unknown' });
    expect(described(unknown)).toBe(unknown);
  });

  it('need a description where a choice or a title is unknown', () => {
    const needs = (answer: IncomingAnswer, ...all: KnownQuestion[]) =>
      needsFormDescription(response(answer), new Map(all.map((each) => [each.id, each])));
    expect(needs(answered())).toBe(false);
    expect(needs(answered({}, { title: '' }))).toBe(true);
    expect(needs(answered({ choiceIds: ['a'] }))).toBe(true);
    expect(needs(answered({ choiceIds: [] }))).toBe(false);
    expect(needs(answered({ value: 'z' }), known())).toBe(false);
    for (const value of ['a', 'Apple', 'b']) expect(needs(answered({ value }), question)).toBe(false);
    expect(needs(answered({ value: 'z' }), question)).toBe(true);
    expect(needs(answered({ type: 'choices', value: ['a', 'z'] }), question)).toBe(true);
  });
});

suite('a question that was rebuilt', () => {
  const lost = known({ lastAnsweredAt: at });
  const next = (changes: Partial<KnownQuestion>) =>
    known({ id: 'n', names: [], title: 'x', firstSeen: at, ...changes });

  it.each<[string, Partial<KnownQuestion>, boolean]>([
    ['the same name', { names: ['y', 'ref'] }, true],
    ['the same words', { title: ' which ONE? ' }, true],
    ['neither', { names: ['y'] }, false],
    ['its own id', { id: 'q', names: ['ref'] }, false],
    ['an earlier answer', { names: ['ref'], firstSeen: at - 1 }, false],
    ['been taken away', { names: ['ref'], goneSince: at }, false],
  ])('is found by another that has %s', (_, changes, isFound) => {
    expect(findSuccessor(lost, [next(changes)]) !== null).toBe(isFound);
  });

  it('is the newest of several, and never one without a title', () => {
    const several = [2, 9, 5].map((more) => next({ id: `n${more}`, names: ['ref'], firstSeen: at + more }));
    expect(findSuccessor(lost, several)?.id).toBe('n9');
    expect(findSuccessor(known({ title: '' }), [next({ title: '' })])).toBeNull();
    expect(preferredNameOf(lost)).toBe('ref');
    expect(preferredNameOf({ id: 'q', names: [] })).toBe('q');
  });
});
