import { ara, deu, eng, fra, ita, jpn, nld, por, spa } from 'stopword';
import { type Days, type PeriodQuery, readPeriod } from '#domain/reports/report.ts';
import { findRisingTerms, listTerms } from '#domain/reports/terms.ts';
import { nameStrategicCase } from '../cases/elevate.ts';
import { basics, type Core, dateAt, feedback, findBoundsOfDays, type json, type Page, store } from '../kit.ts';
import { checkAttributeFilter, demandSearchable, listChoices } from './case-lists.ts';
import { type PageQuery, toResponseJson } from './serializers.ts';
import { nameCase } from './strategic.ts';

export interface WordsQuery extends Omit<store.WordsFilter, 'rows' | keyof Days>, Pick<PeriodQuery, keyof Days> {
  question?: string | undefined;
  mood?: feedback.Mood | undefined;
  search?: string | undefined;
  term?: string | undefined;
}

/** Responses that the reads of a page pass for each that it may show, so that a rare filter takes no longer. */
const passedPerRow = { ofWalk: [2, 4], ofList: [10] };
const mostCounted = 500;
const usualTermDays = 30;
const stopWords: ReadonlySet<string> = new Set([ara, deu, eng, fra, ita, jpn, nld, por, spa].flat());

function toFilter(core: Core, { from, to, search, attributes, ...query }: WordsQuery): store.WordsFilter {
  checkAttributeFilter(core, attributes ?? {});
  return {
    ...query,
    ...(attributes && { attributes }),
    ...findBoundsOfDays({ from, to }, core.settings.workspace['time-zone']),
    rows: search ? store.searchRows(core.sql, 'responses', demandSearchable(search)) : undefined,
  };
}

/** What people wrote, newest first, with the cases behind it. A page of a rare filter may hold few and still have a next one. */
export function listWords(core: Core, { cursor, limit, ...query }: WordsQuery & PageQuery): Page<json.WordsJson> {
  const filter = toFilter(core, query);
  const items: json.WordsJson[] = [];
  let after = cursor === null ? null : readCursor(cursor);
  for (const times of filter.rows || filter.case ? passedPerRow.ofList : passedPerRow.ofWalk) {
    const rows = store.walkWords(core.sql, filter, after, times * limit);
    for (const { id, at, seq, words } of rows) {
      const isNamed = words !== null && (!query.term || listTerms(words, stopWords).has(query.term));
      const item = isNamed ? readWords(core, id, query) : null;
      if (item && items.length === limit) return { items, next: after?.join('-') ?? null };
      if (item) items.push(item);
      after = [at, seq];
    }
    if (rows.length < times * limit) return { items, next: null };
  }
  return { items, next: after?.join('-') ?? null };
}

function readCursor(cursor: string): [number, number] {
  const [at = Number.NaN, seq = Number.NaN] = cursor.split('-').map(Number);
  if (!Number.isSafeInteger(at) || !Number.isSafeInteger(seq))
    basics.refuseField('cursor', 'is not a "next" of an earlier page');
  return [at, seq];
}

function readWords(core: Core, id: string, { question, mood }: WordsQuery): json.WordsJson | null {
  const stored = store.findResponse(core.sql, id);
  if (!stored) return null;
  const { content } = stored;
  const questions = store.questionsOf(core.sql, content.source, content.form);
  const limits = core.settings.workspace.sources[content.source]?.unhappy ?? {};
  const own = feedback.findMood(content, limits, (answer) => questions.get(answer.question.id)?.highest ?? 0);
  const isAbout = ({ alias, question: { id: own } }: feedback.Answer) =>
    !question || question === alias || question === own;
  const comments = new Set(feedback.listComments(content).filter(isAbout));
  if ((mood && own !== mood) || comments.size === 0) return null;
  const response = toResponseJson(core, stored);
  return {
    mood: own,
    comments: content.answers.flatMap((answer, index) => (comments.has(answer) ? (response.answers[index] ?? []) : [])),
    cases: store.casesOfResponse(core.sql, id).map((one) => nameCase(core, one.id)),
    response,
  };
}

/** Words that more people use than in the period before, and what the list of words can be narrowed by. */
export function readRisingTerms(core: Core, query: WordsQuery): json.RisingTermsJson {
  const { sql, settings, clock } = core;
  const zone = settings.workspace['time-zone'];
  const usual = dateAt(clock.now(), zone, 1 - usualTermDays);
  const period = readPeriod({ from: query.from ?? (query.to ? undefined : usual), to: query.to }, clock.now(), zone);
  const walk = (days: { from: string; to: string }) =>
    store.walkWords(sql, toFilter(core, { ...query, ...days }), null, mostCounted);
  const { template, category, source } = listChoices(core);
  const themes = store
    .listStrategicCases(sql, mostThemes)
    .map((one): [string, string] => [one.id, nameStrategicCase(core, one)]);
  const [now, before] = [walk(period), walk(period.before)];
  const read = (rows: store.PassedResponse[]) =>
    rows.flatMap(({ customerKey, words }) => (words === null ? [] : [{ person: customerKey, words }]));
  return {
    ...period,
    terms: findRisingTerms(read(now), read(before), stopWords),
    counted: read(now).length,
    isSample: now.length === mostCounted || before.length === mostCounted,
    choices: { template, category, source, question: listQuestions(core), case: themes },
  };
}

const mostThemes = 100;

function listQuestions({ sql, settings }: Core): [string, string][] {
  const found = store.listOpenQuestions(sql).map(({ source, id, names, title }): [string, string] => {
    const aliases = Object.entries(settings.workspace.sources[source]?.questions ?? {});
    const [name = id] = aliases.flatMap(([alias, named]) => (named === id || names.includes(named) ? [alias] : []));
    return [name, title || name];
  });
  return [...new Map(found)];
}
