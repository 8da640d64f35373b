import { readScore } from './operators.ts';
import { type Answer, hasAlias, type SurveyResponse } from './response.ts';

const unhappyShareOfScale = 0.4;
/** A question whose highest score lies beyond these is no scale, but a count or an amount. */
const shortestScale = 3;
const shortestKnownScale = 5;
export const longestScale = 100;

export const listScores = ({ answers }: Pick<SurveyResponse, 'answers'>): { answer: Answer; score: number }[] =>
  answers.flatMap((answer) => {
    const score = answer.type === 'number' && !answer.freeText ? readScore(answer.value) : null;
    return score === null ? [] : [{ answer, score }];
  });

/** Highest scores that count as unhappy, by alias; without any, the range of each question decides. */
type UnhappyLimits = Record<string, number>;

/**
 * Whether a score is unhappy, in relation to others: five of five is happy, five of ten is not.
 * @param highest highest score that the question ever got
 */
export function isUnhappyScore(answer: Answer, score: number, limits: UnhappyLimits, highest: number): boolean {
  const own = Object.entries(limits);
  const isScale = highest >= shortestScale && highest <= longestScale;
  const usual = isScale ? highest * unhappyShareOfScale : undefined;
  const limit = own.length > 0 ? own.find(([name]) => hasAlias(answer, name))?.[1] : usual;
  return limit !== undefined && score <= limit;
}

/** The first unhappy score of a response, as "2 of 10: How easy was it?"; null for a happy one. */
export function findUnhappyScore(
  response: Pick<SurveyResponse, 'answers'>,
  limits: UnhappyLimits,
  findHighest: (answer: Answer) => number,
): string | null {
  for (const { answer, score } of listScores(response)) {
    const highest = findHighest(answer);
    if (!isUnhappyScore(answer, score, limits, highest)) continue;
    const title = answer.question.title || answer.alias;
    return `${score} of ${Math.max(highest, score)}${title ? `: ${title}` : ''}`;
  }
  return null;
}

export const moods = ['unhappy', 'middling', 'happy'] as const;
export type Mood = (typeof moods)[number];

/**
 * How happy a response is: unhappy by one score, happy where all stand in the upper two fifths. Null without a scale
 * that got five or more: where everybody answered 3 so far, 3 is not its best.
 */
export function findMood(
  response: Pick<SurveyResponse, 'answers'>,
  limits: UnhappyLimits,
  findHighest: (answer: Answer) => number,
): Mood | null {
  if (findUnhappyScore(response, limits, findHighest)) return 'unhappy';
  const scales = listScores(response)
    .map(({ answer, score }) => ({ score, highest: findHighest(answer) }))
    .filter(({ highest }) => highest >= shortestKnownScale && highest <= longestScale);
  if (scales.length === 0) return null;
  return scales.every(({ score, highest }) => score > highest * (1 - unhappyShareOfScale)) ? 'happy' : 'middling';
}
