import type * as port from '#domain/integrations/index.ts';
import { cut } from '../text/safe-text.ts';
import { hourMs } from '../time/units.ts';
import { readScore } from './operators.ts';

type KnownChoice = { id: string; text: string; firstSeen: number };

export interface KnownQuestion {
  id: string;
  names: string[];
  title: string;
  type: port.AnswerType;
  choices: KnownChoice[];
  firstSeen: number;
  lastAnsweredAt: number;
  highest: number;
  goneSince: number | null;
}

export interface QuestionChange {
  question: string;
  at: number;
  what: 'wording' | 'choice' | 'gone' | 'back';
  was: string;
  now: string;
}

export type Learned = { questions: KnownQuestion[]; changes: QuestionChange[] };

const mostChoicesStored = 200;
const mostQuestionNames = 10;
const longestQuestionTitle = 1000;

/** Learns from a response of an instant; an older one adds unknown facts and changes no wording. */
export function learnQuestionsFromResponse(
  known: Map<string, KnownQuestion>,
  response: port.IncomingResponse,
  at: number,
): Learned {
  const learned: Learned = { questions: [], changes: [] };
  for (const answer of response.answers) {
    const { id, names, title } = answer.question;
    const before = known.get(id);
    const isNewer = !before || at >= before.lastAnsweredAt;
    const choices = chosen(answer).map((text) => ({ id: text, text, firstSeen: at }));
    const highest = (answer.type === 'number' && !answer.freeText && readScore(answer.value)) || 0;
    const next = merge(before, { id, names, title, type: answer.type, choices, highest }, at, isNewer);
    const areChoicesNews = isNewer && at > (before?.firstSeen ?? at) && !hasListedChoices(before);
    if (before) learned.changes.push(...listChanges(before, next, at, areChoicesNews));
    if (!before || !isSame(before, next)) learned.questions.push(next);
  }
  return learned;
}

/** Whether only the time of the last answer differs, by less than an hour: not worth a write. */
const isSame = (before: KnownQuestion, next: KnownQuestion): boolean =>
  next.lastAnsweredAt - before.lastAnsweredAt < hourMs &&
  JSON.stringify({ ...next, lastAnsweredAt: 0 }) === JSON.stringify({ ...before, lastAnsweredAt: 0 });

/** Learns from the survey tool's description of a form, which is complete: a question missing from it is gone. */
export function learnQuestionsFromForm(
  known: Map<string, KnownQuestion>,
  descriptions: port.QuestionDescription[],
  at: number,
): Learned {
  const learned: Learned = { questions: [], changes: [] };
  for (const { id, names, title, choices } of descriptions) {
    const before = known.get(id);
    const listed = [...choices].map(([choice, text]) => ({ id: choice, text, firstSeen: at }));
    const next = merge(before, { id, names, title, type: 'other', choices: listed, highest: 0 }, at, true);
    // A description is no answer, so `lastAnsweredAt` stays.
    const kept: KnownQuestion = { ...next, lastAnsweredAt: before?.lastAnsweredAt ?? at, goneSince: null };
    if (before) learned.changes.push(...listChanges(before, kept, at, before.choices.length > 0));
    if (before && before.goneSince !== null)
      learned.changes.push({ question: id, at, what: 'back', was: '', now: kept.title });
    learned.questions.push(kept);
  }
  const listed = new Set(descriptions.map(({ id }) => id));
  // A row of a table stands under its question, and may be described in another language, or not at all.
  const isListed = (id: string): boolean =>
    listed.has(id) || (id.includes('.') && isListed(id.slice(0, id.lastIndexOf('.'))));
  for (const question of known.values()) {
    // A question without a title, such as a hidden field, was never in a description.
    if (isListed(question.id) || question.goneSince !== null || question.title === '') continue;
    learned.questions.push({ ...question, goneSince: at });
    learned.changes.push({ question: question.id, at, what: 'gone', was: question.title, now: '' });
  }
  return learned;
}

type Teaching = Pick<KnownQuestion, 'id' | 'names' | 'title' | 'type' | 'choices' | 'highest'>;

function merge(before: KnownQuestion | undefined, given: Teaching, at: number, isNewer: boolean): KnownQuestion {
  const names = [...new Set([...(before?.names ?? []), ...given.names])].slice(-mostQuestionNames);
  const taught = { ...given, names, title: cut(given.title, longestQuestionTitle) };
  if (!before) return { ...taught, firstSeen: at, lastAnsweredAt: at, goneSince: null };
  const known = new Map(before.choices.map((choice) => [choice.id, choice]));
  const texts = new Set(before.choices.map(({ text }) => text));
  for (const choice of taught.choices) {
    const own = known.get(choice.id);
    if (own) known.set(choice.id, { ...own, text: choice.id === choice.text ? own.text : choice.text });
    else if (!texts.has(choice.text)) known.set(choice.id, choice);
  }
  return {
    ...before,
    names,
    title: (isNewer && taught.title) || before.title || taught.title,
    type: isNewer && taught.type !== 'other' ? taught.type : before.type,
    choices: [...known.values()].slice(0, mostChoicesStored),
    firstSeen: Math.min(before.firstSeen, at),
    lastAnsweredAt: Math.max(before.lastAnsweredAt, at),
    highest: Math.max(before.highest, taught.highest),
  };
}

function listChanges(
  before: KnownQuestion,
  next: KnownQuestion,
  at: number,
  areChoicesNews: boolean,
): QuestionChange[] {
  const question = next.id;
  const isReworded = before.title !== '' && next.title !== before.title;
  const areChoicesListed = hasListedChoices(before);
  const texts = new Map(before.choices.map(({ id, text }) => [id, text]));
  const added = next.choices.filter(
    ({ id, text }) => areChoicesNews && (!texts.has(id) || (areChoicesListed && texts.get(id) === id && text !== id)),
  );
  return [
    ...(isReworded ? [{ question, at, what: 'wording' as const, was: before.title, now: next.title }] : []),
    ...added.map(({ text }) => ({ question, at, what: 'choice' as const, was: '', now: text })),
  ];
}

/** Selected choices only, never free text. */
function chosen({ type, value, freeText, choiceIds }: port.IncomingAnswer): string[] {
  if (choiceIds) return choiceIds;
  if (freeText || (type !== 'choice' && type !== 'choices')) return [];
  return [value].flat().map(String);
}

/** Adds known names, titles and readable choices where a delivery carries only ids. */
export function describe(response: port.IncomingResponse, known: Map<string, KnownQuestion>): port.IncomingResponse {
  return {
    ...response,
    answers: response.answers.map((answer) => {
      const question = known.get(answer.question.id);
      return question ? describeAnswer(answer, question) : answer;
    }),
  };
}

const choiceTypes: port.AnswerType[] = ['choice', 'choices', 'ranking', 'matrix'];

function describeAnswer({ choiceIds, ...answer }: port.IncomingAnswer, known: KnownQuestion): port.IncomingAnswer {
  const { question, value } = answer;
  const texts = new Map(known.choices.map(({ id, text }) => [id, text]));
  const ids = new Set(choiceIds);
  const isChoiceAnswer = !answer.freeText && choiceTypes.includes(answer.type);
  const readable = (text: string) => (isChoiceAnswer || ids.has(text) ? (texts.get(text) ?? text) : text);
  const unreadableIds = choiceIds?.filter((id) => (texts.get(id) ?? id) === id) ?? [];
  return {
    ...answer,
    ...(unreadableIds.length > 0 ? { choiceIds: unreadableIds } : {}),
    question: {
      ...question,
      names: [...new Set([...question.names, ...known.names])],
      title: question.title || known.title,
    },
    value: Array.isArray(value) ? value.map(readable) : typeof value === 'string' ? readable(value) : value,
  };
}

/** Whether a response names questions or choices that the survey tool was never asked about. */
export const needsFormDescription = (response: port.IncomingResponse, known: Map<string, KnownQuestion>): boolean =>
  response.answers.some((answer) => {
    const question = known.get(answer.question.id);
    if (!question) return answer.question.title === '' || (answer.choiceIds ?? []).length > 0;
    if (!hasListedChoices(question)) return false;
    const texts = new Set(question.choices.flatMap(({ id, text }) => [id, text]));
    return chosen(answer).some((choice) => !texts.has(choice));
  });

/** Whether the survey tool listed the choices by ids; a new id is worth asking for its text. */
const hasListedChoices = (question: KnownQuestion | undefined): boolean =>
  question?.choices.some(({ id, text }) => id !== text) ?? false;

/** The question that seems to replace a lost one: the same words or name, first answered after its last answer. */
export function findSuccessor(question: KnownQuestion, all: Iterable<KnownQuestion>): KnownQuestion | null {
  const words = (text: string) => text.trim().toLowerCase();
  const isSuccessor = ({ id, title, names, firstSeen, goneSince }: KnownQuestion) =>
    id !== question.id &&
    goneSince === null &&
    firstSeen >= question.lastAnsweredAt &&
    (names.some((name) => question.names.includes(name)) || (title !== '' && words(title) === words(question.title)));
  return [...all].filter(isSuccessor).toSorted((a, b) => b.firstSeen - a.firstSeen)[0] ?? null;
}

/** Name under which settings best know a question: the survey tool's own, which a rebuilt question keeps, else its id. */
export const preferredNameOf = ({ id, names }: Pick<KnownQuestion, 'id' | 'names'>): string => names[0] ?? id;
