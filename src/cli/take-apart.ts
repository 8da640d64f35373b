import { surveys } from '#adapters/index.ts';
import { AppError } from '#domain/errors.ts';
import type { IncomingAnswer, IncomingResponse, ParsedDelivery } from '#domain/survey-source.ts';

/** A delivery taken apart: which tools could have sent it, and what a workspace may want to name. */
export interface TakenApart {
  kind: string;
  title: string;
  parsed: ParsedDelivery;
  /** A `sources:` entry to start from. */
  entry: {
    kind: string;
    secret: string;
    token?: string;
    questions?: Record<string, string>;
    respondent?: Record<string, string>;
  };
}

/**
 * Tries every tool that needs no mapping of its own on a delivery.
 *
 * @returns null when none can read it
 */
export function takeApart(body: Uint8Array): TakenApart | null {
  for (const definition of surveys) {
    const name = definition.kind.toUpperCase().replaceAll('-', '_');
    const bare = { kind: definition.kind, secret: `${name}_SECRET` };
    const withToken = { ...bare, token: `${name}_TOKEN` };
    const given = [bare, withToken].find((one) => definition.settings.safeParse(one).success);
    if (!given) continue;
    try {
      const headers = { 'content-type': contentTypeOf(body) };
      const settings = definition.settings.parse(given);
      const parsed = definition.parse({ body, headers, receivedAt: 0 }, settings);
      const response = parsed.kind === 'response' ? parsed.response : null;
      const entry = definition.settings.safeParse(withToken).success ? withToken : bare;
      return {
        kind: definition.kind,
        title: definition.title,
        parsed,
        entry: response
          ? { ...entry, questions: guessAliases(response.answers), respondent: guessRespondent(response) }
          : entry,
      };
    } catch (error) {
      // Not this tool's.
      if (!(error instanceof AppError)) throw error;
    }
  }
  return null;
}

function contentTypeOf(body: Uint8Array): string {
  if (body[0] === 0x2d) return 'multipart/form-data';
  return body[0] === 0x7b || body[0] === 0x5b ? 'application/json' : 'application/x-www-form-urlencoded';
}

/** An alias for each question, from its title, else from the name it has in the tool. */
export function guessAliases(answers: IncomingAnswer[]): Record<string, string> {
  const aliases: Record<string, string> = {};
  for (const { question } of answers) {
    const words = slug(question.title) || slug(question.names[0] ?? '') || slug(question.id);
    const alias = /^[a-z]/.test(words) ? words : `q-${words}`.replace(/-$/, '');
    let free = alias;
    for (let number = 2; Object.hasOwn(aliases, free); number += 1) free = `${alias}-${number}`;
    aliases[free] = question.id;
  }
  return aliases;
}

/** At most four words, in letters that an alias may have. */
function slug(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .slice(0, 4)
    .join('-')
    .slice(0, 50);
}

const signs: [string, RegExp][] = [
  ['key', /^(customer|account|client|company|crm|user|contact|person)[-_ .]?(id|key|number|no|uuid)$/i],
  ['email', /^((e-?mail|courriel)([-_ ]?address)?|recipient[-_ ]?email)$/i],
  ['name', /^((full|customer|contact)[-_ ]?)?name$|^(recipient)?first[-_ ]?name$/i],
  ['tier', /^((customer|account)[-_ ]?)?(tier|plan|segment|level)$/i],
  ['revenue', /^(arr|mrr|revenue|annual[-_ ]?revenue|contract[-_ ]?value)$/i],
  ['language', /^(lang|language|locale|user[-_ ]?language)$/i],
];

/** Who answered, as far as names and types tell: hidden fields first. */
export function guessRespondent({ hidden, answers }: IncomingResponse): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [what, sign] of signs) {
    const field = [...hidden.keys()].find((path) => {
      const steps = path.split('.');
      return sign.test(steps.at(-1) ?? '') || sign.test(steps.slice(-2).join('.'));
    });
    const answer =
      answers.find(({ question }) =>
        [question.id, ...question.names, question.title.trim()].some((name) => sign.test(name)),
      ) ?? (what === 'email' ? answers.find(({ type }) => type === 'email') : undefined);
    if (field) found[what] = `hidden.${field}`;
    else if (answer) found[what] = answer.question.id;
  }
  return found;
}
