import type { IncomingResponse } from '../integrations/survey-source.ts';

const signs: [string, RegExp][] = [
  ['key', /^(customer|account|client|company|crm|user|contact|person)[-_ .]?(id|key|number|no|uuid)$/i],
  [
    'email',
    /^(((end[-_ ]?)?user|customer|contact|author|respondent|recipient|your)[-_ ]?)?((e-?)?mail|courriel)([-_ ]?address)?$|^responder$/i,
  ],
  ['name', /^((full|customer|contact|author|respondent|responder|user)[-_ ]?)?name$|^(recipient)?first[-_ ]?name$/i],
  ['tier', /^((customer|account)[-_ ]?)?(tier|plan|segment|level)$/i],
  ['revenue', /^(arr|mrr|revenue|annual[-_ ]?revenue|contract[-_ ]?value)$/i],
  ['language', /^(lang|language|locale|user[-_ ]?language)$/i],
];
/** Whose names and addresses are not the respondent's: a department's own people, and things. */
const others =
  /(^|[._-])(agent|assignee|teammate|team|admin|owner|operator|staff|manager)s?[._-]|(^|[._-])(survey|form|question|choice|project|workspace|campaign|webhook|mailbox|location|group|device|browser|carrier|product)\./i;
/** Beside one of these ids, an account is that of the survey tool. */
const toolIds = /(survey|form|response)_?id$/i;

/** Guesses the respondent's fields by names and types, hidden fields first. */
export function guessRespondentFields({
  hidden,
  answers,
}: Pick<IncomingResponse, 'hidden' | 'answers'>): Record<string, string> {
  const result: Record<string, string> = {};
  const paths = [...hidden.keys()];
  for (const [what, sign] of signs) {
    const field = paths.find((path) => {
      const [name = '', parent = ''] = path
        .replace(/([a-z])([A-Z])/g, '$1_$2')
        .split('.')
        .toReversed();
      if (others.test(`${parent}.${name}`)) return false;
      if (/^account/i.test(name) && paths.some((other) => toolIds.test(other) && isBeside(path, other))) return false;
      return sign.test(name) || sign.test(`${parent}.${name}`);
    });
    const answer =
      (what === 'email' ? answers.find(({ type }) => type === 'email') : undefined) ??
      answers.find(({ question }) =>
        [question.id, ...question.names, question.title.trim()].some((name) => sign.test(name)),
      );
    if (field) result[what] = `hidden.${field}`;
    else if (answer) result[what] = answer.question.id;
  }
  return result;
}

const isBeside = (path: string, other: string): boolean =>
  path.slice(0, path.lastIndexOf('.')) === other.slice(0, other.lastIndexOf('.'));
