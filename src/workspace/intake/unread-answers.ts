import type { IncomingResponse } from '#domain/integrations/survey-source.ts';
import { collectQuestionAliases } from '#domain/responses/condition.ts';
import { describe } from '#domain/responses/question.ts';
import type { Core } from '../core.ts';
import { findForm } from '../store/forms.ts';
import { questionsOf } from '../store/questions.ts';
import { isDescriptionAwaited } from './source-calls.ts';

/**
 * What of a response the awaited description of its form may still change for the templates of its source:
 * - `choices`: a needed answer holds ids of choices, and would certainly be misread
 * - `names`: a needed answer is missing, and may be there under a name that only the description has
 */
export type UnreadPart = 'choices' | 'names';

/**
 * @param hasNewQuestions the response brought questions that the survey tool was never asked about
 * @returns null where nothing is worth waiting for
 */
export function findUnreadPart(
  core: Core,
  source: string,
  incoming: IncomingResponse,
  hasNewQuestions: boolean,
): UnreadPart | null {
  const settings = core.settings.workspace.sources[source];
  if (!settings || !isDescriptionAwaited(core, source, incoming.form)) return null;
  const { answers } = describe(incoming, questionsOf(core.sql, source, incoming.form));
  const aliases = [...mapAliasesToTemplates(core, source).keys()];
  const paths = Object.values(settings.respondent).flatMap((path) => (path?.startsWith('hidden.') ? [] : (path ?? [])));
  const needed = [...aliases, ...paths].map((name) => settings.questions[name] ?? name);
  const carrying = needed.map((name) =>
    answers.filter(({ question }) => question.id === name || question.names.includes(name)),
  );
  if (carrying.flat().some(({ choiceIds = [] }) => choiceIds.length > 0)) return 'choices';
  const mayGainNames =
    (hasNewQuestions || findForm(core.sql, source, incoming.form)?.describedAt === null) &&
    answers.some(({ question }) => question.title === '');
  return mayGainNames && carrying.some((own) => own.length === 0) ? 'names' : null;
}

/** Templates by the aliases of a source that they use. */
export function mapAliasesToTemplates(core: Core, source: string): Map<string, Set<string>> {
  const uses = new Map<string, Set<string>>();
  for (const [name, { when }] of core.settings.templates) {
    if (!when.source.includes(source) || !when.condition) continue;
    for (const alias of collectQuestionAliases(when.condition))
      uses.set(alias, new Set([...(uses.get(alias) ?? []), name]));
  }
  return uses;
}
