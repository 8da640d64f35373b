import { toName } from '../base/names.ts';
import type { Answer, SurveyResponse } from '../responses/response.ts';
import type { Sentence } from './sentences.ts';

const longestValue = 100;
const longestName = 80;

/**
 * Sentences that hold for all of some responses: the highest of their low scores, the yes or no, or the option that each
 * has. Words of respondents and questions without an alias are left out.
 * @param low answers with an unhappy score
 */
export function findSharedSentences(responses: SurveyResponse[], low: ReadonlySet<Answer>): Sentence[] {
  const [first, ...others] = responses;
  return (first?.answers ?? []).flatMap((answer) => {
    const alias = answer.alias ?? '';
    const all = [answer, ...others.flatMap(({ answers }) => answers.find((other) => other.alias === alias) ?? [])];
    if (alias === '' || all.length < responses.length || all.some(({ freeText }) => freeText)) return [];
    const about = `question ${alias}`;
    const numbers = all.map(({ value }) => value).filter((value) => typeof value === 'number');
    if (numbers.length > 0)
      return numbers.length === all.length && all.every((each) => low.has(each))
        ? [{ about, comparison: '<=', value: String(Math.max(...numbers)) }]
        : [];
    const [shared] = listOptions(answer).filter((option) => all.every((other) => listOptions(other).includes(option)));
    return shared !== undefined && shared.length <= longestValue ? [{ about, comparison: 'is', value: shared }] : [];
  });
}

const listOptions = ({ value }: Answer): string[] =>
  [value].flat().map((option) => (typeof option === 'boolean' ? (option ? 'yes' : 'no') : String(option)));

/** A name for a template of these sentences, and that of its file, which none of the others has. */
export function nameDraft(sentences: Sentence[], used: string[]): { title: string; name: string } {
  const said = sentences.map(({ about, comparison, value }) =>
    `${about.split(' ').at(-1)} ${comparison === '<=' ? 'at most' : 'is'} ${value}`.replaceAll('-', ' '),
  );
  const title = (said.join(', ') || 'New template').slice(0, longestName).trim();
  const base = toName(title, 50);
  const names = [base, ...used.map((_, index) => `${base}-${index + 2}`)];
  return {
    title: title.charAt(0).toUpperCase() + title.slice(1),
    name: names.find((name) => !used.includes(name)) ?? base,
  };
}
