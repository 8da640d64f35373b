import { isMailAddress } from '../base/mail-address.ts';
import type { IncomingResponse } from '../integrations/survey-source.ts';

const signs: [string, RegExp][] = [
  [
    'key',
    /^(customer|account|client|company|crm|user|contact|person)[-_ .]?(id|key|number|no|uuid)$|^kunden[-_ ]?(nummer|nr|id)$|^(id|num[eé]ro)[-_ ](de[-_ ])?client$/i,
  ],
  [
    'email',
    /^(((end[-_ ]?)?user|customer|contact|author|respondent|responders?['’]?|recipient|your)[-_ ]?)?((e-?)?mail|courriel)([-_ ]?address)?$|^responder$/i,
  ],
  [
    'name',
    /^((full|display|nick|customer|contact|author|respondent|responder|reviewer|consumer|user)[-_ ]?){0,2}name$|^(recipient)?first[-_ ]?name$/i,
  ],
  ['tier', /^((customer|account)[-_ ]?)?(tier|plan|segment|level)$/i],
  ['revenue', /^(arr|mrr|revenue|annual[-_ ]?revenue|contract[-_ ]?value)$/i],
  ['language', /^(lang|language|locale|user[-_ ]?language)$/i],
];
/** Whose names and addresses are not the respondent's: a department's own people, and things. */
const others =
  /(^|[._-])(agent|assignee|teammate|team|admin|owner|operator|staff|manager)s?[._-]|(^|[._-])(survey|form|question|choice|project|workspace|campaign|webhook|mailbox|location|group|device|browser|carrier|product|organi[sz]ation)(_link)?\./i;
/** Beside one of these ids, an account is that of the survey tool, and so it is in an envelope with nobody's name. */
const toolIds = /(survey|form|response)_?id$/i;
const people =
  /(user|customer|contact|person|respondent|attribute|propert|trait|custom|hidden|param|field)[^.]*\.[^.]*$|mail|name$/i;

/**
 * Guesses the respondent's fields by names and types, hidden fields first.
 * @param hasEnvelope whether all else that a delivery says stands among the hidden fields, and not what a person named
 */
export function guessRespondentFields(
  { hidden, answers }: Pick<IncomingResponse, 'hidden' | 'answers'>,
  hasEnvelope = false,
): Record<string, string> {
  const result: Record<string, string> = {};
  const paths = [...hidden.keys()];
  for (const [what, sign] of signs) {
    const field = paths.find((path) => {
      const [name = '', parent = ''] = path
        .replace(/([a-z])([A-Z])/g, '$1_$2')
        .split('.')
        .toReversed();
      const isNamedLike = sign.test(name) || sign.test(`${parent}.${name}`);
      if (!isNamedLike || others.test(`${parent}.${name}`)) return false;
      const beside = paths.filter((other) => isBeside(path, other));
      const isOfTool = beside.some((other) => toolIds.test(other));
      const isNobodys = hasEnvelope && ![path, ...beside].some((other) => people.test(other));
      if (/^account/i.test(name) && (isOfTool || isNobodys)) return false;
      const isOfThing = isOfTool || (hasEnvelope && parent === '');
      return !(/^name$/i.test(name) && isOfThing && !beside.some((other) => /mail/i.test(other)));
    });
    const answer =
      (what === 'email' ? answers.find(({ type }) => type === 'email') : undefined) ??
      answers.find(({ question }) =>
        [question.id, ...question.names, question.title.trim()].some((name) => sign.test(name)),
      );
    // An address is one in every language.
    const isMail = what === 'email' && !field && !answer;
    const mail =
      isMail &&
      paths.find(
        (path) =>
          /(mail|(recipient|contact|customer|respondent)\.)[^.]*$/i.test(path) &&
          !others.test(path) &&
          isMailAddress(hidden.get(path) ?? ''),
      );
    const written = answer ?? (isMail && !mail ? answers.find(({ value }) => isMailAddress(String(value))) : undefined);
    if (field || mail) result[what] = `hidden.${field || mail}`;
    else if (written) result[what] = written.question.id;
  }
  return result;
}

const isBeside = (path: string, other: string): boolean =>
  path.slice(0, path.lastIndexOf('.')) === other.slice(0, other.lastIndexOf('.'));
