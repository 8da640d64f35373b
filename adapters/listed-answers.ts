import * as z from 'zod';
import type { IncomingAnswer } from '#domain/integrations/survey-source.ts';
import { jsonOrNull } from './json.ts';
import * as reading from './survey-reading.ts';

/* Answers of tools that nobody described: each beside its question, in whatever spelling and depth. */

/*
 * Where the entries of a list have the id of the question, its title, and the answer: in small letters, because tools
 * write questionId, question_id and QuestionID.
 */
const idPaths = 'questionid question.id field.id fieldid id question key name title label questiontext'.split(' ');
const titlePaths = [
  ...'title questiontext questiontitle question label fieldtitle heading headline question.title question.text'.split(
    ' ',
  ),
  ...'question.label question.headline question.name question.body field.title name questionname prompt'.split(' '),
];
const valuePaths = [
  ...'answer.fields value answer response values answers answervalues answertext answervalue fieldvalue'.split(' '),
  ...'choicelabel choice selected score rating number boolean text'.split(' '),
];
const partPaths = ['answer.fields', 'answervalues'];
const wordPaths = ['comment', 'other', 'comments', 'feedback', 'followupanswer', 'reason'];

const compact = (name: string): string => name.replace(/[\s_-]/g, '').toLowerCase();

/** What stands at such a path. */
export const near = (json: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, name) => {
    const own = isObject(inner) ? Object.keys(inner).find((each) => compact(each) === name) : undefined;
    return own === undefined ? undefined : (inner as Record<string, unknown>)[own];
  }, json);

export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

/** Some tools send a title in parts. */
export const findText = (entry: unknown, paths: string[]) =>
  paths
    .map((path) => near(entry, path))
    .map((text) => reading.asText(Array.isArray(text) ? text.join('') : text))
    .find(Boolean);
export const Listed = z.unknown().refine((entry) => findText(entry, idPaths));

/** Whether an answer stands beside its question, in contrast to a row of a table; an unanswered one has only its kind. */
export const isEntry = (value: unknown): boolean =>
  ['answer', 'value', 'response', 'type'].some((path) => near(value, path) !== undefined) &&
  ['question', 'title', 'text', 'questiontext'].some((path) => typeof near(value, path) === 'string');

/** Whether an entry of a list is a question with its answer. */
export const holdsAnswer = (entry: unknown): boolean =>
  Boolean(findText(entry, idPaths)) && valuePaths.some((path) => near(entry, path) !== undefined);
export const findQuestionText = (entry: unknown) => findText(entry, titlePaths);

/** Words beside a choice are an answer of their own, and so is each row of a table, and each box of a list of boxes. */
export function readListedAnswer(entry: unknown): IncomingAnswer[] {
  const id = findText(entry, idPaths) ?? '';
  // Empty fields may stand before the one that holds the answer.
  const from = valuePaths.find((path) => !isEmpty(near(entry, path))) ?? '';
  const title = findQuestionText(entry) ?? (from === 'text' ? null : findText(entry, ['text'])) ?? '';
  const words = wordPaths.flatMap((path) => {
    const given = near(entry, path);
    return typeof given === 'string'
      ? toAnswers(`${id}.${path.replace(/^(comments|other)$/, 'comment')}`, title, given)
      : [];
  });
  const rows = Object.values(near(entry, 'subquestions') ?? {}).flatMap(readListedAnswer);
  const boxes = Object.values(near(entry, 'options') ?? {}).flatMap((box) => {
    const isTicked = ['checked', 'selected'].some((path) => [1, true, '1', 'true'].includes(near(box, path) as never));
    return findText(box, isTicked ? ['text', 'label', 'title', 'name', 'value'] : ['answer']) ?? [];
  });
  return [
    ...toAnswers(id, title, from === '' && boxes.length > 0 ? boxes : unwrapByKind(entry, near(entry, from), from)),
    ...rows.map(({ question, ...row }): IncomingAnswer => {
      const rowTitle = reading.formatRowTitle(reading.stripHtml(title), question.title);
      return { ...row, question: { id: `${id}.${question.id}`, names: [], title: rowTitle } };
    }),
    ...words,
  ];
}

/** The value under the name of its kind, such as `{ scale: 3 }` of a question of type scale, or the only one of parts. */
function unwrapByKind(entry: unknown, value: unknown, from: string): unknown {
  if (Array.isArray(value)) return value.length === 1 && partPaths.includes(from) ? value[0] : value;
  const kinds = [near(entry, 'type'), near(entry, 'question.type'), 'value', 'values'];
  const [[kind, inner] = ['', value], ...more] = isObject(value) ? Object.entries(value) : [];
  return more.length === 0 && kinds.includes(kind) ? inner : value;
}

export function toAnswers(id: string, title: string, value: unknown): IncomingAnswer[] {
  const question = { id, names: [], title: reading.stripHtml(title) };
  // Power Automate writes several choices as JSON.
  const isList = typeof value === 'string' && value.startsWith('["');
  const list = isList && z.array(z.string()).safeParse(jsonOrNull(value)).data;
  return reading.createUntypedAnswers(question, list || unwrapChoice(value));
}

const choiceTexts = ['label', 'text', 'name', 'title', 'answertext', 'optiontext', 'scale', 'other'];
/** What a choice tells beside its text. */
const besideText =
  /^(value|.*id|key|ref|.*type|number|boolean|time|weight|order|index|position|color|image|filelink|result)$/;

/** The score or the text of a choice that comes with its id and the like. */
function unwrapChoice(given: unknown): unknown {
  if (Array.isArray(given)) {
    const rows = given.map((entry): [unknown, unknown] => [near(entry, 'row'), near(entry, 'column')]);
    const isTable = rows.length > 0 && rows.every((row) => row.every((part) => reading.asText(part) !== null));
    return isTable ? Object.fromEntries(rows) : given.map(unwrapChoice);
  }
  if (!isObject(given)) return given;
  const parts = new Map(
    Object.entries(given).flatMap(([name, part]) => (isEmpty(part) ? [] : [[compact(name), part]])),
  );
  if ([...parts.keys()].some((name) => !choiceTexts.includes(name) && !besideText.test(name))) return given;
  const value = unwrapChoice(parts.get('value'));
  const number = [value, parts.get('number')].find((part) => typeof part === 'number');
  if (number !== undefined) return number;
  const inner = isObject(parts.get('value')) ? [value] : [];
  const texts = new Set([...choiceTexts.map((name) => parts.get(name)), ...inner].filter((text) => !isEmpty(text)));
  if (texts.size > 1) return parts.has('other') || inner.length > 0 ? [...texts] : given;
  return [...texts][0] ?? value ?? given;
}

/** The entries of a list, and those of its pages. */
export const openPages = (list: unknown[]): unknown[] =>
  list.flatMap((entry) => {
    const inner = ['questions', 'fields', 'items'].map((path) => near(entry, path)).find(Array.isArray);
    return inner && valuePaths.every((path) => isEmpty(near(entry, path))) ? openPages(inner) : [entry];
  });
