import { TimeZone } from '#domain/base/names.ts';
import { checkKnown, nearest, type Report } from '#domain/base/nearest.ts';
import { possibleCloserAnswers, possibleCustomerAnswers } from '#domain/cases/verdict.ts';
import { checkConditionAttributes, collectNames, collectQuestionAliases } from '#domain/responses/condition.ts';
import { mostStepsTogether, remedyForPatterns } from '#domain/responses/operators.ts';
import { checkRecipients, listOptions } from '#domain/settings/workspace-checks.ts';
import { computeSeverityAndDue } from '#domain/templates/due.ts';
import { applyTeamCaseOptions, optionOfQuestion } from '#domain/templates/options.ts';
import { checkTranslations, type FollowUpSurvey } from '#domain/templates/survey.ts';
import { type CaseTemplate, countSteps } from '#domain/templates/template.ts';
import { basics, collectAttributes, explainUnknownAttribute, timing, type WorkspaceSettings } from '../kit.ts';
import type { Read } from './read-yaml.ts';

const leastEscalationRepeatMs = timing.hourMs;

function checkTemplate(workspace: WorkspaceSettings, template: CaseTemplate, report: Report): void {
  const among = (path: PropertyKey[], name: string, group: 'trackers' | 'teams' | 'sources') =>
    checkKnown(report, path, name, Object.keys(workspace[group]), `is not under ${group} of the workspace file`);
  among(['tracker'], template.tracker, 'trackers');
  among(['team'], template.team, 'teams');
  const { condition, source: sources } = template.when;
  for (const source of [...sources, ...collectNames(condition, 'source')]) among(['when', 'source'], source, 'sources');
  checkConditionAndTheme(workspace, template, report);
  checkGatheredCases(workspace, template, report);
  checkSeverityAndCategory(workspace, template, report);
  checkPeople(workspace, template, report);
  const attributes = collectAttributes(workspace);
  const listed = [...attributes.keys()].filter((name) => name !== 'tier' && attributes.get(name)?.values);
  if (template.title) reportAny(report, ['title'], basics.checkCaseTitle(template.title, listed));
  const receipts = typeof template.receipt === 'object' ? template.receipt : {};
  checkWordings(report, ['receipt'], receipts, basics.receiptPlaceholders);
}

function reportAny(report: Report, path: PropertyKey[], problem: string | null): void {
  if (problem) report(path, problem);
}

function checkWordings(report: Report, path: PropertyKey[], wordings: object, names: string[]): void {
  for (const [field, wording] of Object.entries(wordings))
    reportAny(report, [...path, field], basics.checkWording(wording, names));
}

/** Why the patterns of templates are too large together; null where they are not. */
export function explainLargePatterns(templates: CaseTemplate[], bound: keyof typeof mostStepsTogether): string | null {
  const steps = countSteps(templates).reduce((sum, each) => sum + each, 0);
  const most = mostStepsTogether[bound];
  if (steps <= most) return null;
  return `has patterns that are too large together (${steps} steps of at most ${most}): ${remedyForPatterns}`;
}

function checkConditionAndTheme(workspace: WorkspaceSettings, template: CaseTemplate, report: Report): void {
  const { condition, source: sources } = template.when;
  const aliases = [...new Set(sources.flatMap((name) => Object.keys(workspace.sources[name]?.questions ?? {})))];
  const unknownQuestion = 'a question that none of its sources has under questions';
  for (const alias of new Set(condition ? collectQuestionAliases(condition) : []))
    checkKnown(report, ['when'], alias, aliases, `asks about ${unknownQuestion}`);
  const attributes = collectAttributes(workspace);
  for (const problem of condition ? checkConditionAttributes(condition, attributes) : []) report(['when'], problem);
  const { theme } = template.gather;
  if (theme === undefined) return;
  if (theme.startsWith('customer.')) {
    const name = theme.slice('customer.'.length);
    const attribute = attributes.get(name);
    if (!attribute) report(['gather', 'theme'], `names an attribute that ${explainUnknownAttribute(name, attributes)}`);
    else if (!attribute.values && !template.gather.values)
      report(
        ['gather', 'theme'],
        name === 'tier'
          ? 'names tiers, and the workspace file has none; write them under tiers'
          : `names an attribute without listed values: ${name}; list its values, or choose another`,
      );
    return;
  }
  if (!theme.startsWith('hidden.')) {
    checkKnown(report, ['gather', 'theme'], theme, aliases, `names ${unknownQuestion}`);
    return;
  }
  const personal = sources.flatMap((source) => {
    const { key, email, name } = workspace.sources[source]?.respondent ?? {};
    return [key, email, name];
  });
  if (personal.includes(theme)) report(['gather', 'theme'], `names a person, and no theme: ${theme}`);
}

function checkGatheredCases(workspace: WorkspaceSettings, { gather }: CaseTemplate, report: Report): void {
  const known = { category: 'categories', 'root-cause': 'root-causes', blocker: 'blockers', verdict: null } as const;
  for (const [index, { field, value }] of gather.cases.entries()) {
    const list = known[field];
    const values = list ? listOptions(workspace, list) : [];
    const problem = 'is not among case-options, of the workspace or of a team';
    if (values.length > 0) checkKnown(report, ['gather', 'cases', index, field], value, values, problem);
  }
}

function checkSeverityAndCategory(workspace: WorkspaceSettings, template: CaseTemplate, report: Report): void {
  const { severities, categories } = applyTeamCaseOptions(workspace, template.team)['case-options'];
  const { severity, category, team } = template;
  if (severity === 'by tier') {
    for (const [name, tier] of Object.entries(workspace.tiers)) {
      const byTier = tier.categories[category]?.severity ?? tier.severity;
      if (!severities.includes(byTier))
        report(
          ['severity'],
          `by tier is ${byTier} for ${name}, which is not among case-options.severities of team ${team}; there are ${severities.join(', ')}`,
        );
    }
  }
  for (const tier of [null, ...Object.keys(workspace.tiers)])
    if (computeSeverityAndDue(workspace, template, tier, 0).dueAt >= timing.mostWorkingTimeMs)
      report(
        ['closure-goal'],
        `is more working time${tier ? ` for ${tier}` : ''} than the calendar has in ten years; shorten the goal, or widen the hours of the calendar`,
      );
  const checkSeverity = (path: PropertyKey[], name: string) =>
    checkKnown(report, path, name, severities, 'is not among case-options.severities');
  if (typeof severity !== 'string')
    for (const [index, step] of severity.steps.entries())
      checkSeverity(['severity', 'steps', index, 'severity'], step.severity);
  else if (severity !== 'by tier') checkSeverity(['severity'], severity);
  if (categories.length > 0)
    checkKnown(report, ['category'], category, categories, 'is not among case-options.categories');
}

function checkPeople(workspace: WorkspaceSettings, template: CaseTemplate, report: Report): void {
  checkRecipients(workspace, { notify: template.notify, escalation: template.escalation }, report);
  const { demo } = workspace;
  if (template.escalation && !demo && template.escalation.repeat < leastEscalationRepeatMs)
    report(['escalation', 'repeat'], 'is shorter than 1 hour, the least outside a demo');
  // An unknown role is shown on the case as unassigned; a near miss is a mistake.
  template.plan?.steps.forEach(({ role }, index) => {
    const near = Object.hasOwn(workspace.roles, role) ? null : nearest(role, Object.keys(workspace.roles));
    if (near)
      report(
        ['plan', 'steps', index, 'role'],
        `is not under roles of the workspace file: ${role}; did you mean ${near}?`,
      );
  });
}

/**
 * Checks names that one file uses and another must define, and the size of patterns.
 * @param isAccepted whether a template is as it was accepted before; its patterns may have been of any size then
 */
export function checkNamesAcrossFiles(
  { value: workspace, report }: Read<WorkspaceSettings>,
  templates: Map<string, Read<CaseTemplate>>,
  surveys: Map<string, Read<FollowUpSurvey>>,
  isAccepted: (template: string) => boolean,
): void {
  type Kind = FollowUpSurvey['kind'];
  const checkSurveyName = (from: Report, path: PropertyKey[], name: string | undefined, kind: Kind) => {
    checkKnown(from, path, name, [...surveys.keys()], 'names no survey');
    const given = surveys.get(name ?? '')?.value.kind ?? kind;
    if (given !== kind) from(path, `names a ${given} survey, but a ${kind} survey is needed`);
  };
  const policy = workspace['follow-up'];
  checkSurveyName(report, ['follow-up', 'survey'], policy.survey, 'customer');
  checkSurveyName(report, ['follow-up', 'closer-survey'], policy['closer-survey'], 'closer');
  // Older workspaces have no explanations: their declined closings wait for a decision.
  if (surveys.has(policy['explained-survey']) || policy['explained-survey'] !== 'explained')
    checkSurveyName(report, ['follow-up', 'explained-survey'], policy['explained-survey'], 'customer');
  for (const [name, { survey }] of Object.entries(workspace.resurvey))
    checkSurveyName(report, ['resurvey', name, 'survey'], survey, 'customer');
  for (const name of Object.keys(workspace.templates)) {
    checkKnown(report, ['templates', name], name, [...templates.keys()], 'names no case template');
    const template = templates.get(name);
    if (!template) continue;
    checkTemplate(workspace, template.value, template.report);
    checkSurveyName(template.report, ['follow-up'], template.value['follow-up'], 'customer');
    if (!isAccepted(name))
      reportAny(template.report, ['when'], explainLargePatterns([{ ...template.value, state: 'on' }], 'template'));
  }
  for (const [name, source] of Object.entries(workspace.sources)) checkTimeZones(report, ['sources', name], source);
  const find = (name: string) => templates.get(name)?.value ?? [];
  const used = Object.keys(workspace.templates);
  const hasNewPatterns = countSteps(used.filter((name) => !isAccepted(name)).flatMap(find)).length > 0;
  if (hasNewPatterns) reportAny(report, ['templates'], explainLargePatterns(used.flatMap(find), 'workspace'));
  for (const [name, { link, subject, text, button }] of Object.entries(workspace.invitations)) {
    const wordings = { link, subject, text, button };
    checkWordings(report, ['invitations', name], wordings, basics.invitationPlaceholders);
  }
  for (const survey of surveys.values()) checkSurvey(workspace, survey.value, survey.report);
}

/** Zones in settings of a vendor, and in its mapping. */
function checkTimeZones(report: Report, path: PropertyKey[], settings: object): void {
  for (const [field, value] of Object.entries(settings))
    if (field === 'response') checkTimeZones(report, [...path, field], value);
    else if (field === 'time-zone')
      reportAny(report, [...path, field], TimeZone.safeParse(value).error?.issues[0]?.message ?? null);
}

function checkSurvey(workspace: WorkspaceSettings, survey: FollowUpSurvey, report: Report): void {
  const isOfCustomer = survey.kind === 'customer';
  const deciding = isOfCustomer ? 'resolved' : 'closed';
  const [yes, partly, no] = isOfCustomer ? possibleCustomerAnswers : possibleCloserAnswers;
  survey.questions.forEach(({ id, type, options }, index) => {
    const refuse = (field: string, message: string) => report(['questions', index, field], message);
    const values = options.map(({ value }) => value).filter((value) => value !== partly);
    if (index === 0 && id !== deciding)
      report(['questions'], `must begin with the question that decides the verdict, with the id "${deciding}"`);
    else if (index === 0 && (type !== 'choice' || values.toSorted().join() !== [yes, no].toSorted().join()))
      refuse('options', `must have the values "${yes}" and "${no}", and may have ${partly}: they decide the verdict`);
    else if (type === 'choice' && options.length === 0 && !optionOfQuestion.has(id))
      refuse('options', 'is missing; list the answers to choose from, such as [{ value: a, label: A }]');
    if (survey.questions.findIndex((other) => other.id === id) < index)
      refuse('id', `is a name that another question has: ${id}; choose another`);
  });
  for (const { field, message } of checkTranslations(survey)) report(field.split('.'), message);
  const wordings = (path: PropertyKey[], texts: object) =>
    checkWordings(report, path, texts, basics.surveyPlaceholders[survey.kind]);
  wordings(['mail'], survey.mail);
  wordings(['page'], survey.page);
  for (const [language, { mail, page }] of Object.entries(survey.languages)) {
    wordings(['languages', language, 'mail'], mail);
    wordings(['languages', language, 'page'], page);
  }
  checkOwnSurveyTool(workspace, survey, report);
}

function checkOwnSurveyTool({ sources }: WorkspaceSettings, { via, questions }: FollowUpSurvey, report: Report): void {
  if (!via) return;
  reportAny(report, ['via', 'link'], basics.checkWording(via.link, ['token']));
  const asking = Object.hasOwn(sources, via.source) ? sources[via.source] : undefined;
  checkKnown(report, ['via', 'source'], via.source, Object.keys(sources), 'is not under sources');
  const ids = questions.map(({ id }) => id);
  for (const [question, alias] of Object.entries(via.answers)) {
    const path = ['via', 'answers', question];
    checkKnown(report, path, question, ids, 'is no question of this survey');
    if (asking)
      checkKnown(report, path, alias, Object.keys(asking.questions), `is not under questions of source ${via.source}`);
  }
  const [first] = questions;
  if (first && !Object.hasOwn(via.answers, first.id))
    report(['via', 'answers'], `must name the alias that answers "${first.id}"`);
}
