import type { IncomingResponse } from '../integrations/survey-source.ts';

const signs: [string, RegExp][] = [
  ['key', /^(customer|account|client|company|crm|user|contact|person)[-_ .]?(id|key|number|no|uuid)$/i],
  ['email', /^((e-?mail|courriel)([-_ ]?address)?|recipient[-_ ]?email)$/i],
  ['name', /^((full|customer|contact)[-_ ]?)?name$|^(recipient)?first[-_ ]?name$/i],
  ['tier', /^((customer|account)[-_ ]?)?(tier|plan|segment|level)$/i],
  ['revenue', /^(arr|mrr|revenue|annual[-_ ]?revenue|contract[-_ ]?value)$/i],
  ['language', /^(lang|language|locale|user[-_ ]?language)$/i],
];

/** Guesses the respondent's fields by names and types, hidden fields first. */
export function guessRespondentFields({
  hidden,
  answers,
}: Pick<IncomingResponse, 'hidden' | 'answers'>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [what, sign] of signs) {
    const field = [...hidden.keys()].find((path) => {
      const steps = path.split('.');
      if (/^(survey|form|question|choice|project|workspace)$/i.test(steps.at(-2) ?? '')) return false;
      return sign.test(steps.at(-1) ?? '') || sign.test(steps.slice(-2).join('.'));
    });
    const answer =
      answers.find(({ question }) =>
        [question.id, ...question.names, question.title.trim()].some((name) => sign.test(name)),
      ) ?? (what === 'email' ? answers.find(({ type }) => type === 'email') : undefined);
    if (field) result[what] = `hidden.${field}`;
    else if (answer) result[what] = answer.question.id;
  }
  return result;
}
