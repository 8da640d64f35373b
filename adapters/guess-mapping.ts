import { toName } from '#domain/base/names.ts';
import * as listed from './listed-answers.ts';
import type { AnswerMapping, ResponseMapping } from './mapped-response.ts';
import { instant, toExactNumber } from './survey-reading.ts';

/** At most four words, in the characters of an alias. */
export const slug = (text: string): string =>
  toName(text.replace(/([a-z])([A-Z])/g, '$1-$2'), Number.POSITIVE_INFINITY)
    .split('-', 4)
    .join('-')
    .slice(0, 50);

/** `words` is the name in small letters with `_` between words, `pair` the same of the last two names of the path. */
type Leaf = { path: string; parent: string; name: string; words: string; pair: string; value: unknown };

const formNames = '(survey|form|questionnaire|campaign)';
/** Names of the parts of a response; of two that stand equally near to the answers, the earlier sign counts. */
const signs = {
  id: [
    /^(response|submission|feedback|answer|entry|result|review|rating|unique|object|antwort|respuesta|risposta|resposta)_?(id|uuid|token|key|nr)$/,
    /^(id|uuid|token|guid)$/,
  ],
  form: [new RegExp(`(^|_)${formNames}(_(id|uuid|key))?$`)],
  'form-title': [new RegExp(`(^|_)${formNames}_(name|title)$`)],
  'submitted-at': [
    /submi|complet|finish|respond|answer|scored|rated|^end(ed)?_/,
    /creat|receiv/,
    /time|date|^(at|sent)$|zeit|datum|fecha|heure|日[時期]|[時时][間间]/,
  ],
  'updated-at': [/^(last_)?(updat|modif|chang|edit)|^date_(updat|modif)/],
  link: [/^(permalink|link|(response|review|feedback)_(url|link))$/],
};

const answerLists =
  /^(answers|responses|questions|fields|values|data|results|items|response|(survey|form)_(data|answers))$/;
/** Names of lists that hold no answers. */
const otherLists = /param|hidden|attribute|variable|custom|propert|calculation|tag|header|query/;
const scores =
  /^(?!max_|min_|average_|lead_)(\w+_)?(nps|csat|ces|score|rating|stars?|satisfied|satisfaction)(_value)?$|^hs_value$/;
const comments =
  /^(\w+_)?(comments?|feedback|remarks?|verbatim|suggestions?|(free_|body_)?text|message|reason|review|kommentare?|commentaires?|comentarios?|commento|opmerking)$|コメント|^(hs_)?content$|^body$/;
/** The words of a question, or the number of a field. */
const asked =
  /\s\S|\?$|^(q|question|field|input|answer)?_?\d+([._]\d+)?$|(^|\/)(how|what|why|which|would|did|do|does|are|was|were|please)_/i;
const personal = /e-?mail|phone|(^|[\s_])name$/i;
/** People and things whose times and ids are not those of the response. */
const others =
  /^(person|customer|contact|user|consumer|requester|author|respondent|participant|agent|assignee|team|survey|form|ticket|order|device)s?$/;

/** What marks a test, or an unfinished response. */
const marks = [
  ['test', /^is_test(_data|_response)?$/, ['true', 'True']],
  ['partial', /^(is_)?(complete|completed|finished)$/, ['false', 'False']],
] as const;

const earliest = Date.UTC(2000, 0);
const isTime = ({ words, value }: Leaf): boolean =>
  !/_(id|uuid|number)$|duration|spen[td]/.test(words) &&
  !(typeof value === 'number' && value < earliest / 1000) &&
  (instant(value) ?? 0) > earliest;

type Guess = Partial<Record<keyof ResponseMapping, unknown>>;

/** Guess where the parts of a response are in unknown JSON, or in each of a list in it; null without answers. */
export function guessResponseMapping(json: unknown): Guess | null {
  const one = Array.isArray(json) ? json[0] : json;
  const all = walk(one, '', 0);
  const guessed = guessOne(all);
  if (guessed) return guessed;
  for (const { path, value } of all) {
    // Entries without a time of their own are pages of one response.
    if (!Array.isArray(value) || !guessOne(walk(value[0], '', 0))?.['submitted-at']) continue;
    const each = guessOne(walk(Object.assign({}, one, { [path]: undefined }, value[0]), '', 0));
    if (each) return { each: path, ...each };
  }
  return null;
}

function guessOne(all: Leaf[]): Guess | null {
  const list =
    all.find(({ words, value }) => answerLists.test(words) && holdsAnswers(value)) ??
    all.find(
      ({ words, value }) => !otherLists.test(words) && Array.isArray(value) && listed.openPages(value).some(isAsked),
    );
  const beside = findSingleAnswers(list ? all.filter((leaf) => leaf.parent === list.parent && isSaid(leaf)) : all);
  const single = list && !isScoredBeside(beside, list.value) ? [] : beside;
  const home = list?.parent ?? single[0]?.parent;
  if (home === undefined) return null;
  const isNear = ({ parent }: Leaf) => parent === '' || `${home}.`.startsWith(`${parent}.`);
  const isOwn = (leaf: Leaf) => isNear(leaf) || !others.test(toWords(leaf.parent.split('.').at(-1) ?? ''));
  const fits: Partial<Record<keyof typeof signs, (leaf: Leaf) => boolean>> = {
    id: (leaf) => isNear(leaf) || (isOwn(leaf) && !signs.id[1]?.test(leaf.words)),
    'submitted-at': (leaf) => isOwn(leaf) && isTime(leaf),
    'updated-at': (leaf) => isNear(leaf) && isTime(leaf),
    link: (leaf) => isNear(leaf) && String(leaf.value).startsWith('https://'),
  };
  const found: Guess = {};
  for (const [part, names] of Object.entries(signs) as [keyof typeof signs, RegExp[]][]) {
    const rank = ({ words, pair }: Leaf) => names.findIndex((name) => name.test(words) || name.test(pair));
    const distance = (leaf: Leaf) => (isNear(leaf) ? home.length - leaf.parent.length : Number.POSITIVE_INFINITY);
    const [best] = all
      .filter(({ path, value }) => /string|number/.test(typeof value) && !(list && path.startsWith(`${list.path}.`)))
      .filter((leaf) => rank(leaf) >= 0 && (fits[part]?.(leaf) ?? true))
      .toSorted((a, b) => (distance(a) === distance(b) ? rank(a) - rank(b) : distance(a) - distance(b)));
    if (best && !Object.values(found).includes(best.path)) found[part] = best.path;
  }
  for (const [part, name, meant] of marks) {
    const mark = all.find(
      (leaf) => isNear(leaf) && name.test(leaf.words) && /^(true|false)$/i.test(String(leaf.value)),
    );
    if (mark) found[part] = { [mark.path]: meant };
  }
  const answers = single.filter(({ path }) => !Object.values(found).includes(path)).map(toAnswerMapping);
  if (!list && answers.length === 0) return null;
  const { form = found['form-title'] } = found;
  const lists = list ? [list.path] : [];
  return {
    ...found,
    ...(form ? { form } : {}),
    answers: list && answers.length === 0 ? list.path : [...answers, ...lists],
  };
}

const isSaid = ({ words }: Leaf) => scores.test(words) || comments.test(words);

/** Whether a score stands beside a list of answers, in which it is not repeated. */
function isScoredBeside(beside: Leaf[], list: unknown): boolean {
  const given = beside.filter(({ words, value }) => scores.test(words) && String(value ?? '') !== '');
  const said: string[] = JSON.stringify(list).match(/"(?:[^"\\]|\\.)*"|[\d.]+/g) ?? [];
  return given.length > 0 && given.every(({ value }) => !said.includes(JSON.stringify(value)));
}

const toWords = (name: string): string =>
  name
    .replace(/([a-z])([A-Z])|__c$/g, (_, before, after) => (after ? `${before}_${after}` : ''))
    .replace(/[\s-]+/g, '_')
    .toLowerCase();

function walk(json: unknown, parent: string, depth: number): Leaf[] {
  if (typeof json !== 'object' || json === null || Array.isArray(json) || depth > 5) return [];
  const own = Object.entries(json).map(([name, given]) => {
    const words = toWords(name);
    const pair = `${toWords(parent.split('.').at(-1) ?? '')}_${words}`;
    // Some tools tell a score with the end of its scale.
    const [within, value] =
      scores.test(words) && Object.hasOwn(Object(given), 'value') ? ['.value', given.value] : ['', given];
    return { path: `${parent ? `${parent}.` : ''}${name}${within}`, parent, name, words, pair, value };
  });
  return [...own, ...own.flatMap(({ path, value }) => walk(value, path, depth + 1))];
}

const isAsked = (entry: unknown): boolean => listed.holdsAnswer(entry) && Boolean(listed.findQuestionText(entry));

function holdsAnswers(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((entry) => listed.holdsAnswer(entry));
  const inner = Object.entries(value);
  const isFlat = (entry: unknown) => typeof entry !== 'object' || entry === null;
  const isPlain = inner.every(
    ([name, entry]) => [entry].flat().every(isFlat) && !signs.id.some((sign) => sign.test(toWords(name))),
  );
  return inner.length > 0 && (isPlain || inner.every(([, entry]) => listed.isEntry(entry)));
}

/** Answers that stand side by side under their own names, with a score where there is one. */
function findSingleAnswers(all: Leaf[]): Leaf[] {
  const named = all.filter((leaf) => {
    const { name, words, parent, value } = leaf;
    const isAnswer = isSaid(leaf) || asked.test(name) || asked.test(words);
    const isValue = typeof value !== 'object' || value === null;
    return isAnswer && isValue && !personal.test(name) && !others.test(toWords(parent.split('.').at(-1) ?? ''));
  });
  const given = named.filter(({ value }) => value !== null && value !== '');
  const first = given.find(({ words }) => scores.test(words)) ?? given[0];
  const own = named.filter(({ parent }) => parent === first?.parent);
  // A review has a headline of its own.
  const isReview = own.some(({ words }) => /^(body|content|text)$/.test(words));
  return [...all.filter(({ words, parent }) => isReview && words === 'title' && parent === first?.parent), ...own];
}

function toAnswerMapping({ path, name, words, value }: Leaf): AnswerMapping {
  const isNumber = value === null || typeof value === 'number' || toExactNumber(String(value)) !== null;
  const ofScore = typeof value === 'boolean' ? 'yes-no' : isNumber ? 'number' : 'choice';
  const type = scores.test(words) ? ofScore : comments.test(words) ? 'text' : undefined;
  const title = /\s/.test(name)
    ? name.trim()
    : words
        .replace(/^hs_/, '')
        .replaceAll('_', ' ')
        .replace(/\b(nps|csat|ces)\b|^[a-z]/g, (text) => text.toUpperCase());
  return { at: path, id: name, ...(/\d/.test(name) && !/\s/.test(name) ? {} : { title }), ...(type ? { type } : {}) };
}
