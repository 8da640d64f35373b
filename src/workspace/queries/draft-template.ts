import * as yaml from 'yaml';
import type { Answer, SurveyResponse } from '#domain/responses/response.ts';
import { isUnhappyScore, listScores } from '#domain/responses/unhappy.ts';
import { findSharedSentences, nameDraft } from '#domain/templates/draft.ts';
import { writeSentences } from '#domain/templates/sentences.ts';
import { basics, type Core, type json, store } from '../kit.ts';

/** A template for what some responses share, as a draft that nobody has saved. Its place is that of a template of theirs. */
export function draftTemplate(core: Core, ids: string[]): json.TemplateDraft {
  const { workspace, templates } = core.settings;
  const responses = ids.map(
    (id) => store.findResponse(core.sql, id)?.content ?? basics.refuseField('responses', `names no response: ${id}`),
  );
  const sources = [...new Set(responses.map(({ source }) => source))];
  const low = new Set(responses.flatMap((response) => listLowAnswers(core, response)));
  const sentences = findSharedSentences(responses, low);
  const { name, title } = nameDraft(sentences, [...templates.keys()]);
  const [like] = [...templates.values()].toSorted(
    (a, b) => countShared(b.when.source, sources) - countShared(a.when.source, sources),
  );
  const first = (names: object) => Object.keys(names)[0] ?? '';
  const text = yaml.stringify({
    name: title,
    kind: 'tactical',
    state: 'draft',
    when: writeSentences({ source: sources }, { join: 'all', rows: sentences }),
    category: workspace['case-options'].categories[0] ?? like?.category ?? 'Feedback',
    tracker: like?.tracker ?? first(workspace.trackers),
    team: like?.team ?? first(workspace.teams),
  });
  return { name, text, shared: sentences.length };
}

const countShared = (some: string[], others: string[]): number => some.filter((each) => others.includes(each)).length;

function listLowAnswers(core: Core, { source, form, answers }: SurveyResponse): Answer[] {
  const questions = store.questionsOf(core.sql, source, form);
  const limits = core.settings.workspace.sources[source]?.unhappy ?? {};
  return listScores({ answers }).flatMap(({ answer, score }) =>
    isUnhappyScore(answer, score, limits, questions.get(answer.question.id)?.highest ?? 0) ? [answer] : [],
  );
}
