import { createIssueMarker, deriveUuid } from '#domain/base/key.ts';
import { collectAttributes } from '#domain/settings/attributes.ts';
import { findRespondents, nameRespondent } from '#domain/settings/workspace-file.ts';
import type { QuotedText } from '#domain/text/quote-words.ts';
import { type Case, casework, type Core, escapeMarkdown, feedback, handleOf, type port, templating } from '../core.ts';
import * as store from '../store/index.ts';
import * as operation from './case-operation.ts';
import { renderWordingOrDefault } from './render-wording.ts';

/** Marker and id of an issue by its number among those of the case; of the present issue by default. */
export function identifyIssue(
  { keys, workspace }: Pick<Core, 'keys' | 'workspace'>,
  caseRecord: Pick<Case, 'id' | 'number' | 'formerIssues'>,
  number = caseRecord.formerIssues.length + 1,
): Pick<port.IssueDraft, 'marker' | 'uuid'> {
  const [purpose, numbers] = number === 1 ? ['issue-uuid.1', []] : ['issue-uuid.2', [String(number)]];
  return {
    marker: createIssueMarker(keys, workspace, handleOf(caseRecord), number),
    uuid: deriveUuid(keys, purpose, workspace, caseRecord.id, ...numbers),
  };
}

/** The whole issue for a case, frozen with the intent to create it; `former` is the issue before a reopening. */
export function draftIssue(core: Core, caseRecord: Case, former: casework.FormerIssue[] = []): port.IssueDraft {
  const date = templating.toDueDate(caseRecord.dueAt, core.settings.workspace['time-zone']);
  const formerIssues = [...caseRecord.formerIssues, ...former];
  return {
    ...identifyIssue(core, { ...caseRecord, formerIssues }),
    ...renderIssueText(core, { ...caseRecord, formerIssues }),
    labels: buildCaseLabels(core, caseRecord),
    severity: { name: caseRecord.severity, rank: caseRecord.severityRank },
    dueDate: date,
    assignee: operation.findAccount(core, caseRecord.assignee, caseRecord.tracker),
    link: buildCaseLink(core, caseRecord),
    options: core.settings.templates.get(caseRecord.template)?.issue,
  };
}

const mostResponsesQuoted = 3;
const mostContributionsShown = 5;

/** Scores and chosen options of the response that opened a tactical case; those that its template asks for come first. */
function listChosenAnswers(core: Core, caseRecord: Case): { question: string; answer: string }[] {
  const first = caseRecord.kind === 'tactical' ? store.firstResponseIdOfCase(core.sql, caseRecord.id) : null;
  const response = store.findResponse(core.sql, first)?.content;
  if (!response) return [];
  const condition = core.settings.templates.get(caseRecord.template)?.when.condition;
  const asked = condition ? feedback.collectQuestionAliases(condition) : [];
  const rank = (answer: feedback.Answer) => Number(!asked.some((alias) => feedback.hasAlias(answer, alias)));
  return response.answers
    .toSorted((a, b) => rank(a) - rank(b))
    .flatMap((answer) => {
      const shown = trackerAnswerTypes.includes(answer.type) ? feedback.showAnswer(answer) : null;
      return shown === null ? [] : [{ question: feedback.nameQuestion(answer, response), answer: shown }];
    });
}

/** Answers that name nobody, whatever the question. */
const trackerAnswerTypes: feedback.Answer['type'][] = ['choice', 'choices', 'number', 'yes-no', 'ranking', 'matrix'];

export const listFreeTexts = ({ sql }: Core, responseId: string): feedback.Answer[] =>
  (store.findResponse(sql, responseId)?.content.answers ?? []).filter(({ freeText }) => freeText);

export const listFreeTextsToQuote = (core: Core, caseRecord: Case): QuotedText[] =>
  store.listNewestResponseIds(core.sql, caseRecord.id, mostResponsesQuoted).flatMap((id) =>
    listFreeTexts(core, id)
      .filter(({ type }) => type === 'text')
      .map(({ question, text }) => ({ question: question.title || 'Comment', text, url: buildResponseUrl(core, id) })),
  );

/** Title and body of the issue; only a verified private tracker gets a respondent's words and revenue. */
export function renderIssueText(core: Core, caseRecord: Case, isTrackerPrivate = false) {
  const { workspace, templates } = core.settings;
  const vendor = core.integrations.vendor(caseRecord.tracker);
  const isPrivate = isTrackerPrivate && workspace.words === 'private';
  const { firstContactAt, firstContactDueAt } = caseRecord;
  const contributions = isPrivate
    ? store.listContributions(core.sql, caseRecord.id, null).slice(-mostContributionsShown)
    : [];
  const customers = store.listAffectedCustomers(core.sql, caseRecord.id);
  const facts = {
    ...caseRecord,
    handle: handleOf(caseRecord),
    template: templates.get(caseRecord.template)?.name ?? caseRecord.template,
    title: renderCaseTitle(core, caseRecord, customers.length),
    attributes: findAttributesWithListedValues(core, caseRecord),
    answers: listChosenAnswers(core, caseRecord),
    why: caseRecord.openedWhy.map((line) => escapeMarkdown(line, 300)),
    dueText: operation.formatTime(core, caseRecord.dueAt),
    firstContactText:
      firstContactDueAt === null || firstContactAt !== null ? null : operation.formatTime(core, firstContactDueAt),
    timeZone: workspace['time-zone'],
    respondent: nameRespondent(findRespondents(workspace, caseRecord.source)),
    theme: findTheme(core, caseRecord),
    customers: customers.length,
    revenue: isTrackerPrivate ? customers.reduce((sum, { revenue }) => sum + (revenue ?? 0), 0) || null : null,
    words: isPrivate ? listFreeTextsToQuote(core, caseRecord) : [],
    plan: store.planSteps.list(core.sql, { caseId: caseRecord.id }).map(({ role, task, who, doneAt, form, issue }) => ({
      role,
      task,
      who: operation.findPersonOrTeamName(core, who),
      done: doneAt !== null,
      form,
      issueKey: form === 'sub-issue' && issue ? issue.key : null,
    })),
    contributions: contributions.map(({ text }) => ({ question: 'A contributor', text, url: null })),
    assignee: operation.findPersonName(core, caseRecord.assignee),
    loopOwner: operation.findPersonName(core, caseRecord.loopOwner),
    managers: (operation.findTeam(core, caseRecord.team)?.managers ?? []).map(
      (key) => operation.findPersonName(core, key) ?? key,
    ),
    url: buildCasePageUrl(core, caseRecord.id),
    follows: caseRecord.formerIssues.at(-1),
    longest: vendor?.longestBody,
    followsTicks: vendor?.followsTicks,
  };
  return { title: casework.createIssueTitle(facts), body: casework.createIssueBody(facts) };
}

/** Attributes of the customer whose values are listed in the workspace file; no others may enter a tracker. */
function findAttributesWithListedValues(core: Core, { customerKey }: Case) {
  const { attributes = {} } = store.findCustomer(core.sql, customerKey) ?? {};
  const known = new Map(Object.entries(attributes));
  return [...collectAttributes(core.settings.workspace)].flatMap(([name, { title, values }]) => {
    const value = known.get(name);
    return values?.includes(String(value)) && value !== undefined ? [{ name, title, value }] : [];
  });
}

/** The template's own wording, filled in with nothing of a respondent; null where it has none or cannot be filled in. */
function renderCaseTitle(core: Core, caseRecord: Case, customers: number): casework.IssueTextContent['title'] {
  const template = core.settings.templates.get(caseRecord.template);
  if (!template?.title) return null;
  const attributes = findAttributesWithListedValues(core, caseRecord);
  const text = renderWordingOrDefault('', template.title, {
    handle: handleOf(caseRecord),
    template: template.name,
    category: caseRecord.category,
    severity: caseRecord.severity,
    tier: caseRecord.tier ?? '',
    customer: Object.fromEntries(attributes.map(({ name, value }) => [name, value])),
    customers,
    theme: findTheme(core, caseRecord) ?? '',
    workspace: core.settings.workspace.name,
  });
  return text ? { text, namesCustomer: /\{\{[^}]*\b(tier|customers?|theme)\b/.test(template.title) } : null;
}

/** What happened, in the template's own wording, without the customer: `Could not install the upgrade`. */
export const describeProblem = (core: Core, caseRecord: Case): string =>
  renderCaseTitle(core, caseRecord, 1)?.text ??
  core.settings.templates.get(caseRecord.template)?.name ??
  caseRecord.template;

const findTheme = (core: Core, caseRecord: Case) =>
  store.strategicCases.find(core.sql, { caseId: caseRecord.id })?.theme ?? null;

export function buildCaseLabels(core: Core, caseRecord: Case) {
  const settings = operation.findSettingsOfCase(core, caseRecord);
  return casework.draftCaseLabels({
    category: caseRecord.category,
    severity: caseRecord.severity,
    severityRank: caseRecord.severityRank,
    dueDate: templating.toDueDate(caseRecord.dueAt, core.settings.workspace['time-zone']),
    tier: caseRecord.tier,
    colours: {
      severity: templating.findLabelColour(settings, caseRecord.severity),
      category: templating.findLabelColour(settings, caseRecord.category),
    },
  });
}

export const buildCaseLink = (core: Core, caseRecord: Case): port.IssueDraft['link'] => ({
  url: buildCasePageUrl(core, caseRecord.id),
  title: `Case ${handleOf(caseRecord)}`,
});

/** Page of the first response of a case; null for a case without one. */
export function findFirstResponseUrl(core: Core, caseRecord: Case): string | null {
  const first = store.firstResponseIdOfCase(core.sql, caseRecord.id);
  return first && buildResponseUrl(core, first);
}

const buildResponseUrl = (core: Core, id: string): string => `${core.publicUrl}/w/${core.workspace}/responses/${id}`;

export const buildCasePageUrl = (core: Core, caseId: string): string =>
  `${core.publicUrl}/w/${core.workspace}/cases/${caseId}`;
