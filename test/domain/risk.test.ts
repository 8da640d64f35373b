import { describe, expect, it } from 'vitest';
import { findFallingScores, pairScores, type Score } from '#domain/reports/risk.ts';
import { dayMs } from '#domain/time/units.ts';

const score = (given: Partial<Score>): Score => ({
  kind: 'csat',
  at: 0,
  question: 'q',
  score: 3,
  highest: 5,
  ...given,
});

describe('a fall of a score', () => {
  const falls = (scores: Partial<Score>[], now = 0) => findFallingScores(scores.map(score), now);

  it.each<[string, Partial<Score>[], unknown[]]>([
    ['is a fifth of the scale', [{ score: 3 }, { score: 2 }], [{ kind: 'csat', from: 3, to: 2 }]],
    ['is no rise', [{ score: 2 }, { score: 3 }], []],
    ['is no less', [{ score: 3 }, { score: 2.1 }], []],
    [
      'goes by the highest score that the question got',
      [
        { highest: 10, score: 3 },
        { highest: 10, score: 2 },
      ],
      [],
    ],
    [
      'takes a scale of five where it saw less',
      [
        { highest: 3, score: 3 },
        { highest: 3, score: 2.3 },
      ],
      [],
    ],
    [
      'of NPS goes by ten',
      [
        { kind: 'nps', score: 3, highest: 3 },
        { kind: 'nps', score: 2 },
      ],
      [],
    ],
    [
      'of NPS by two is one',
      [
        { kind: 'nps', score: 9 },
        { kind: 'nps', score: 7 },
      ],
      [{ kind: 'nps', from: 9, to: 7 }],
    ],
    [
      'of an effort is none',
      [
        { kind: 'ces', score: 7 },
        { kind: 'ces', score: 1 },
      ],
      [],
    ],
    ['needs two scores', [{ score: 1 }], []],
    ['needs two of one question', [{ score: 5 }, { question: 'other', score: 1 }], []],
    ['needs two of one kind', [{ kind: 'nps', score: 5 }, { score: 1 }], []],
    ['goes by the last two', [{ score: 5 }, { score: 4.5 }, { score: 1 }], [{ kind: 'csat', from: 4.5, to: 1 }]],
    ['is that of the last two', [{ score: 5 }, { score: 1 }, { score: 1 }], []],
  ])('%s', (_, scores, found) => {
    expect(falls(scores)).toEqual(found);
  });

  it('is told for 90 days', () => {
    const scores = [{ score: 5 }, { score: 1, at: dayMs }];
    expect(falls(scores, 91 * dayMs)).toHaveLength(1);
    expect(falls(scores, 91 * dayMs + 1)).toEqual([]);
  });
});

describe('scores around a case', () => {
  const scores = [
    score({ at: 10, score: 1 }),
    score({ at: 20, score: 2 }),
    score({ at: 25, score: 9, kind: 'nps' }),
    score({ at: 40, score: 3, question: 'other' }),
    score({ at: 45, score: 8, kind: 'nps' }),
    score({ at: 50, score: 4 }),
    score({ at: 60, score: 5 }),
  ];

  it.each([
    ['the last before and the first after', 20, 40, { before: 2, after: 4, afterAt: 50 }],
    ['of one kind and question', 30, 35, { before: 2, after: 4, afterAt: 50 }],
    ['none before', 9, 40, null],
    ['no score at the closing itself', 19, 50, { before: 1, after: 5, afterAt: 60 }],
    ['none after', 20, 60, { before: 2, after: null, afterAt: null }],
    ['none after an open case', 20, null, { before: 2, after: null, afterAt: null }],
  ])('are %s', (_, openedAt, closedAt, pair) => {
    expect(pairScores(scores, 'csat', openedAt, closedAt)).toEqual(pair);
  });
});
