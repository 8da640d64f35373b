import * as yaml from 'yaml';
import { backtestInSteps } from '#domain/reports/backtest.ts';
import { findSharedSentences, nameDraft } from '#domain/templates/draft.ts';
import { writeSentences } from '#domain/templates/sentences.ts';
import type { CaseTemplate, Settings, SettingsFile } from '#domain/templates/template.ts';
import { describeWorkOfLeavers } from '../cases/hand-over.ts';
import { basics, type Core, demandFound, feedback, InvalidInputError, json, store, toIsoText } from '../kit.ts';
import { describeDoubts } from '../settings/describe-doubts.ts';
import { type ReadFiles, replaceTemplate } from '../settings/push-settings.ts';
import { addTemplateToWorkspaceFile } from '../settings/read-yaml.ts';
import { diffSettings } from '../settings/settings-diff.ts';

const mostVersionsShown = 100;
/** An object has 128 MB of memory; this many responses fit with room to spare. */
const mostBackTestedResponses = 20_000;
const responsesPerRead = 200;

/** Templates of the workspace file, in the order of evaluation. */
export const listTemplatesJson = ({ settings }: Core): json.TemplateJson[] =>
  [...settings.templates]
    .map(([name, template]) => ({ ...json.presentFields(json.TemplateJson, template), name, title: template.name }))
    .sort((a, b) => b.priority - a.priority);

export function readTemplateText(core: Core, name: string): string {
  const file = readCurrentFiles(core).files.find((each) => each.kind === 'case-template' && each.name === name);
  return demandFound(file, 'There is no such case template.').text;
}

/** Settings versions, newest first. With a name, only versions that changed that template. */
export function versions(core: Core, template: string | null): json.SettingsVersionJson[] {
  const settings = store.settingsVersions.list(core.sql, {}, mostVersionsShown + 1);
  const found = settings
    .slice(0, mostVersionsShown)
    .map(({ version, author, why, at, files }, index) => ({
      version,
      author,
      why,
      at: toIsoText(at),
      changes: diffSettings(settings[index + 1]?.files ?? [], files).filter(
        ({ kind, name }) => template === null || (kind === 'case-template' && name === template),
      ),
    }))
    .filter(({ changes }) => template === null || changes.length > 0);
  if (template !== null && found.length === 0) readTemplateText(core, template);
  return found;
}

export function readCurrentFiles({ sql }: Core): { version: number; files: SettingsFile[] } {
  const latest = store.findLatestSettingsVersion(sql);
  return { version: latest?.version ?? 0, files: latest?.files ?? [] };
}

export function readFilesOfVersion({ sql }: Core, version: number): { version: number; files: SettingsFile[] } {
  const stored = demandFound(store.settingsVersions.find(sql, { version }), `There is no version ${version}.`);
  return { version, files: stored.files };
}

/** What a push of files would change, and what may go wrong with it. */
export function describeUnpushedFiles(core: Core, files: SettingsFile[], settings: Settings): json.UnpushedChanges {
  const { version, files: current } = readCurrentFiles(core);
  const warnings = [...describeWorkOfLeavers(core, settings.workspace), ...describeDoubts(settings, core.sql)];
  return { version, changes: diffSettings(current, files), templates: [...settings.templates.keys()], warnings };
}

export interface BacktestRequest {
  template: string;
  /** A draft of the template's file; null for the stored one. */
  text: string | null;
  /** Settings version to compare with; null compares a draft with the current one. */
  against: number | null;
}

/** Back-tests a template over the newest stored responses, in steps. Changes nothing. */
export function* backtestStoredTemplate(
  core: Core,
  { template: name, text, against }: BacktestRequest,
  read: ReadFiles,
) {
  const { files } = readCurrentFiles(core);
  const isIt = (file: SettingsFile) => file.kind === 'case-template' && file.name === name;
  const compared = against === null ? files : readFilesOfVersion(core, against).files;
  const former = against === null && text === null ? undefined : compared.find(isIt)?.text;
  if (against !== null && former === undefined)
    throw new InvalidInputError(`against: version ${against} has no template ${name}`);
  const trying = (wording: string) => readDraftTemplate(files, name, wording, read);
  const tried = trying(text ?? readTemplateText(core, name));
  const hidden = new Map<string, ReadonlyMap<string, string>>();
  const keep = feedback.findThemeHiddenField(tried.template.gather) === null ? null : hidden;
  const others = [...core.settings.templates].filter(([other, { state }]) => other !== name && state === 'on');
  const report = yield* backtestInSteps({
    hidden,
    settings: tried.settings.workspace,
    name,
    template: tried.template,
    against: former === undefined ? null : trying(former).template,
    others: new Map(others),
    responses: yield* readNewestResponses(core, keep),
  });
  return { report, timeZone: core.settings.workspace['time-zone'] };
}

/** One template of a workspace's files, with its text replaced and checked against the rest. */
export function readDraftTemplate(files: SettingsFile[], name: string, text: string, read: ReadFiles) {
  const settings = read(replaceTemplate(addTemplateToWorkspaceFile(files, name), name, text), 0);
  const template = settings.templates.get(name);
  if (!template) throw new InvalidInputError(`templates: the workspace file does not name ${name}; add it there`);
  return { template, settings };
}

function* readNewestResponses({ sql }: Core, hidden: Map<string, ReadonlyMap<string, string>> | null) {
  const surveyResponses: feedback.SurveyResponse[] = [];
  let before = Number.MAX_SAFE_INTEGER;
  while (surveyResponses.length < mostBackTestedResponses) {
    const rows = store.listResponses(sql, before, responsesPerRead, { from: 0 });
    for (const { id, content, incoming } of rows) {
      surveyResponses.push({ ...content, responseId: id });
      if (incoming) hidden?.set(id, incoming.hidden);
    }
    const last = rows.at(-1);
    if (!last || rows.length < responsesPerRead) break;
    before = last.seq;
    yield;
  }
  return surveyResponses;
}

/** A template for what some responses share, as a draft that nobody has saved. Its place is that of a template of theirs. */
export function draftTemplate(core: Core, ids: string[]): json.TemplateDraft {
  const { workspace, templates } = core.settings;
  const refuse = (id: string) => basics.refuseField('responses', `names no response: ${id}`);
  const responses = ids.map((id) => store.findResponse(core.sql, id)?.content ?? refuse(id));
  const sources = [...new Set(responses.map(({ source }) => source))];
  const low = new Set(responses.flatMap((response) => listLowAnswers(core, response)));
  const sentences = findSharedSentences(responses, low);
  const { name, title } = nameDraft(sentences, [...templates.keys()]);
  const countShared = ({ when }: CaseTemplate) => when.source.filter((source) => sources.includes(source)).length;
  const [like] = [...templates.values()].toSorted((a, b) => countShared(b) - countShared(a));
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

function listLowAnswers(core: Core, { source, form, answers }: feedback.SurveyResponse): feedback.Answer[] {
  const questions = store.questionsOf(core.sql, source, form);
  const limits = core.settings.workspace.sources[source]?.unhappy ?? {};
  return feedback
    .listScores({ answers })
    .flatMap(({ answer, score }) =>
      feedback.isUnhappyScore(answer, score, limits, questions.get(answer.question.id)?.highest ?? 0) ? [answer] : [],
    );
}
