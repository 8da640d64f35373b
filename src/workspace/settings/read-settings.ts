import { type Document, LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import { questionsIn } from '#domain/condition.ts';
import { InvalidInputError, type Problem } from '#domain/errors.ts';
import { fieldOf } from '#domain/gather.ts';
import { settingsFor } from '#domain/options.ts';
import type { Settings, SettingsFile } from '#domain/settings.ts';
import { FollowUpSurvey, translationProblems } from '#domain/survey.ts';
import { CaseTemplate } from '#domain/template.ts';
import type { WorkspaceSettings } from '#domain/workspace-file.ts';
import { titleProblem, wordingProblem } from '../mail/wording.ts';

/**
 * Reads a workspace's files into settings.
 *
 * @throws InvalidInputError with every problem: file, field, line and what to write instead
 */
export function readSettings(
  files: SettingsFile[],
  version: number,
  schema: z.ZodType<WorkspaceSettings>,
): Settings {
  const problems: Problem[] = [];
  const read = <Shape>(file: SettingsFile, shape: z.ZodType<Shape>): Shape | null => {
    const result = readYaml(file, shape);
    problems.push(...result.problems);
    return result.value;
  };
  const named = <Shape>(kind: SettingsFile['kind'], shape: z.ZodType<Shape>): Map<string, Shape> => {
    const found = new Map<string, Shape>();
    for (const file of files.filter((one) => one.kind === kind)) {
      const value = read(file, shape);
      if (value !== null) found.set(file.name, value);
    }
    return found;
  };
  const [workspaceText] = files.filter(({ kind }) => kind === 'workspace');
  if (!workspaceText) throw new InvalidInputError('There is no workspace file among the files.', []);
  const workspace = read(workspaceText, schema);
  const templates = named('case-template', CaseTemplate);
  const surveys = named('survey', FollowUpSurvey);
  if (problems.length === 0 && workspace) problems.push(...crossCheck(workspace, templates, surveys));
  if (problems.length > 0 || !workspace) throw new InvalidInputError(summary(problems), problems);
  const wanted = new Map(workspace.templates.map((name) => [name, templates.get(name)] as const));
  return {
    version,
    workspace,
    templates: new Map(
      [...wanted].filter((entry): entry is [string, CaseTemplate] => entry[1] !== undefined),
    ),
    surveys,
  };
}

function readYaml<Shape>(
  file: SettingsFile,
  shape: z.ZodType<Shape>,
): { value: Shape | null; problems: Problem[] } {
  const lines = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: lines });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      field: file.name,
      line: lines.linePos(error.pos[0]).line,
      message: error.message.split('\n')[0] ?? 'is not YAML',
    }));
    return { value: null, problems };
  }
  const { value: content, problem } = contentOf(document);
  if (problem) return { value: null, problems: [{ field: file.name, message: problem }] };
  const parsed = shape.safeParse(content);
  if (parsed.success) return { value: parsed.data, problems: [] };
  const lineOf = (path: PropertyKey[]): number | undefined => {
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true) as
        | { range?: [number, number, number] }
        | undefined;
      if (node?.range) return lines.linePos(node.range[0]).line;
    }
    return undefined;
  };
  const problems = parsed.error.issues.map((issue) => {
    const line = lineOf(issue.path);
    return {
      field: [file.name, issue.path.join('.')].filter(Boolean).join(': '),
      message: issue.message,
      ...(line === undefined ? {} : { line }),
    };
  });
  return { value: null, problems };
}

function contentOf(document: Document): { value?: unknown; problem?: string } {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) };
  } catch {
    return { problem: 'has too many aliases (*name), or one without an anchor (&name); write them out' };
  }
}

/** What one file says must be there in another. */
function crossCheck(
  workspace: WorkspaceSettings,
  templates: Map<string, CaseTemplate>,
  surveys: Map<string, FollowUpSurvey>,
): Problem[] {
  const problems: Problem[] = [];
  const policy = workspace['follow-up'];
  const needsSurvey = (field: string, name: string, kind: FollowUpSurvey['kind']) => {
    const survey = surveys.get(name);
    if (!survey) problems.push({ field, message: `names no survey that was pushed: ${name}` });
    else if (survey.kind !== kind)
      problems.push({ field, message: `names a ${survey.kind} survey, but a ${kind} survey is wanted` });
  };
  needsSurvey('follow-up.survey', policy.survey, 'customer');
  needsSurvey('follow-up.closer-survey', policy['closer-survey'], 'closer');
  // Workspaces of before there were explanations do without: their declined closings wait for a decision.
  if (surveys.has(policy['explained-survey']) || policy['explained-survey'] !== 'explained')
    needsSurvey('follow-up.explained-survey', policy['explained-survey'], 'customer');
  for (const name of workspace.templates) {
    const template = templates.get(name);
    if (!template) {
      problems.push({ field: 'templates', message: `names no case template that was pushed: ${name}` });
      continue;
    }
    const has = (record: object, key: string, field: string, where: string) => {
      if (!Object.hasOwn(record, key))
        problems.push({
          field: `${name}: ${field}`,
          message: `is not under ${where} of the workspace file: ${key}`,
        });
    };
    has(workspace.trackers, template.tracker, 'tracker', 'trackers');
    has(workspace.teams, template.team, 'team', 'teams');
    for (const source of template.when.source) has(workspace.sources, source, 'when.source', 'sources');
    const condition = template.when.condition;
    for (const alias of new Set(condition ? questionsIn(condition) : [])) {
      const known = template.when.source.some((source) => {
        const questions = workspace.sources[source]?.questions ?? {};
        return Object.hasOwn(questions, alias);
      });
      if (!known)
        problems.push({
          field: `${name}: when`,
          message: `asks about a question that none of its sources has under questions: ${alias}`,
        });
    }
    if (template.calendar) has(workspace.calendars, template.calendar, 'calendar', 'calendars');
    if (template.title) {
      const problem = titleProblem(template.title);
      if (problem) problems.push({ field: `${name}: title`, message: problem });
    }
    const { severities, categories } = settingsFor(workspace, template.team)['case-options'];
    for (const severity of severitiesOf(template)) {
      if (!severities.includes(severity))
        problems.push({
          field: `${name}: severity`,
          message: `is not among case-options.severities: ${severity}`,
        });
    }
    const theme = typeof template['gather-by'] === 'string' ? null : fieldOf(template['gather-by']);
    if (theme?.startsWith('hidden.')) {
      const personal = template.when.source.flatMap((source) => {
        const { key, email, name } = workspace.sources[source]?.respondent ?? {};
        return [key, email, name];
      });
      if (personal.includes(theme))
        problems.push({ field: `${name}: gather-by`, message: `names a person, and no theme: ${theme}` });
    } else if (theme && !theme.startsWith('customer.')) {
      const known = template.when.source.some((source) =>
        Object.hasOwn(workspace.sources[source]?.questions ?? {}, theme),
      );
      if (!known)
        problems.push({
          field: `${name}: gather-by`,
          message: `names a question that none of its sources has under questions: ${theme}`,
        });
    }
    if (categories.length > 0 && !categories.includes(template.category)) {
      problems.push({
        field: `${name}: category`,
        message: `is not among case-options.categories: ${template.category}`,
      });
    }
    if (template['follow-up']) needsSurvey(`${name}: follow-up`, template['follow-up'], 'customer');
  }
  workspace.elevations.forEach(({ when, opens }, index) => {
    const at = `elevations.${index}`;
    const template = workspace.templates.includes(opens) ? templates.get(opens) : undefined;
    if (template?.kind !== 'strategic')
      problems.push({ field: `${at}.opens`, message: `names no strategic case template: ${opens}` });
    for (const [kind, value] of Object.entries(when)) {
      const known = knownValues(workspace, kind);
      if (known.length > 0 && !known.includes(value))
        problems.push({
          field: `${at}.when.${kind}`,
          message: `is not among case-options, of the workspace or of a team: ${value}`,
        });
    }
  });
  for (const [name, { link, subject, text, button }] of Object.entries(workspace.invitations)) {
    for (const [field, wording] of Object.entries({ link, subject, text, button })) {
      const problem = wordingProblem(wording);
      if (problem) problems.push({ field: `invitations.${name}.${field}`, message: problem });
    }
  }
  for (const [name, survey] of surveys) {
    const deciding = survey.kind === 'customer' ? 'resolved' : 'closed';
    if (survey.questions[0]?.id !== deciding) {
      problems.push({
        field: `${name}: questions`,
        message: `must begin with the question that decides the verdict, with the id "${deciding}"`,
      });
    }
    for (const { field, message } of translationProblems(survey))
      problems.push({ field: `${name}: ${field}`, message });
    const translated = Object.entries(survey.languages).flatMap(([language, { mail, page }]) =>
      [...Object.entries(mail), ...Object.entries(page)].map(([field, wording]): [string, string] => [
        `languages.${language}.${field}`,
        wording,
      ]),
    );
    for (const [field, wording] of [
      ...Object.entries(survey.mail),
      ...Object.entries(survey.page),
      ...translated,
    ]) {
      const problem = wordingProblem(wording);
      if (problem) problems.push({ field: `${name}: ${field}`, message: problem });
    }
    const { via } = survey;
    const asking =
      via && Object.hasOwn(workspace.sources, via.source) ? workspace.sources[via.source] : undefined;
    if (via && !asking)
      problems.push({ field: `${name}: via.source`, message: `is not under sources: ${via.source}` });
    for (const [question, alias] of Object.entries(via?.answers ?? {})) {
      const field = `${name}: via.answers.${question}`;
      if (!survey.questions.some(({ id }) => id === question))
        problems.push({ field, message: 'is no question of this survey' });
      if (asking && !Object.hasOwn(asking.questions, alias))
        problems.push({ field, message: `is not under questions of source ${via?.source}: ${alias}` });
    }
    if (via && survey.questions[0] && !Object.hasOwn(via.answers, survey.questions[0].id))
      problems.push({
        field: `${name}: via.answers`,
        message: `must say which alias answers "${survey.questions[0].id}"`,
      });
  }
  return problems;
}

/** What the workspace and its teams have to choose from. */
function knownValues(workspace: WorkspaceSettings, kind: string): string[] {
  const all = ['', ...Object.keys(workspace.teams)].map(
    (team) => settingsFor(workspace, team)['case-options'],
  );
  if (kind === 'category') return all.flatMap(({ categories }) => categories);
  if (kind === 'root-cause') return all.flatMap((options) => options['root-causes']);
  return kind === 'blocker' ? all.flatMap(({ blockers }) => blockers) : [];
}

function severitiesOf({ severity }: CaseTemplate): string[] {
  if (typeof severity !== 'string') return severity.steps.map((step) => step.severity);
  return severity === 'by tier' ? [] : [severity];
}

function summary(problems: Problem[]): string {
  return problems
    .map(({ field, line, message }) => `${field}${line ? ` (line ${line})` : ''}: ${message}`)
    .join('\n');
}
