import { checkKnown, type Report } from '../base/nearest.ts';
import { listTexts } from '../text/safe-text.ts';
import { parseDuration } from '../time/duration.ts';
import { builtInAttributes, collectAttributes, explainUnknownAttribute } from './attributes.ts';
import type { Notify } from './notice-event.ts';
import type { Escalation } from './people.ts';
import type { SourceSettings, WorkspaceSettings } from './workspace-file.ts';

/* Agreement between the parts of a workspace file: every name must be defined. */

type Vendors = 'sources' | 'trackers' | 'mail' | 'channels';
type File = Omit<WorkspaceSettings, Vendors> & Record<Exclude<Vendors, 'mail'>, Record<string, unknown>>;

type Group = keyof File | 'people and teams' | 'case-options.statuses' | 'case-options.severities';

const references: [path: string, group: Group][] = [
  ['teams.*.managers.*', 'people'],
  ['teams.*.members.*', 'people'],
  ['teams.*.fallback', 'people'],
  ['teams.*.assign', 'people'],
  ['teams.*.loop-owner', 'people'],
  ['admins.*', 'people'],
  ['viewers.*', 'people'],
  ['roles.*', 'people and teams'],
  ['quiet-hours.calendar', 'calendars'],
  ['clock.calendar', 'calendars'],
  ['case-options.status-map.*', 'case-options.statuses'],
  ['tiers.*.calendar', 'calendars'],
  ['tiers.*.severity', 'case-options.severities'],
  ['tiers.*.categories.*.severity', 'case-options.severities'],
  ['blocker-owners.*', 'people'],
  ['resurvey.*.source', 'sources'],
  ['trackers.*.adopt.template', 'templates'],
  ['templates.*.source', 'sources'],
  ['templates.*.tracker', 'trackers'],
  ['templates.*.team', 'teams'],
  ['huddles.*.to', 'people and teams'],
  ['huddles.*.team', 'teams'],
  ['huddles.*.tracker', 'trackers'],
  ['huddles.*.channels', 'channels'],
];

type Place = { path: PropertyKey[]; value: unknown };

function listPlaces({ path, value }: Place, [step, ...rest]: string[]): Place[] {
  if (step === undefined) return [{ path, value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .filter(([name]) => step === '*' || step === name)
    .flatMap(([name, inner]) =>
      listPlaces({ path: [...path, Array.isArray(value) ? Number(name) : name], value: inner }, rest),
    );
}

function checkReferences(file: File, report: Report): void {
  const { people, teams, 'case-options': options } = file;
  const listed: Partial<Record<Group, [names: string[], problem: string]>> = {
    'people and teams': [[people, teams].flatMap(Object.keys), 'names neither a person nor a team'],
    'case-options.statuses': [Object.keys(options.statuses), 'is not among case-options.statuses'],
    'case-options.severities': [options.severities, 'is not among case-options.severities'],
  };
  for (const [pattern, group] of references) {
    const [names, problem] = listed[group] ?? [Object.keys(file[group as keyof File] ?? {}), `is not under ${group}`];
    for (const { path, value } of listPlaces({ path: [], value: file }, pattern.split('.')))
      for (const name of listTexts(pattern === 'teams.*.assign' && value === 'round-robin' ? [] : value))
        checkKnown(report, path, name, names, problem);
  }
}

export function checkWorkspaceFile(file: File, report: Report): void {
  checkReferences(file, report);
  checkViewers(file, report);
  checkRecipients(file, { notices: file.notices, escalation: file.escalation }, report);
  checkBlockers(file, report);
  checkTiers(file, report);
  checkAttributes(file, report);
  checkSources(file, report);
  for (const [name, { sends, channels }] of Object.entries(file.huddles))
    if (sends === 'figures' && channels.length > 0)
      report(
        ['huddles', name, 'channels'],
        'get packs only; leave them out, or write sends: pack, because figures go by mail',
      );
  checkIntervals(file, report);
}

function checkViewers({ admins, teams, viewers }: File, report: Report): void {
  const acting = [admins, ...Object.values(teams).map((team) => [...team.managers, ...team.members, team.fallback])];
  for (const [index, person] of viewers.entries())
    if (acting.flat().includes(person))
      report(['viewers', index], `is an admin or of a team as well, but viewers change nothing: ${person}`);
}

const audienceRolesInCase = ['team', 'managers', 'members', 'watchers', 'assignee', 'loop-owner'];

/** Reports recipients that are neither a part in the case, a person nor a team, and channels that do not exist. */
export function checkRecipients(
  { people, teams, channels }: Pick<File, 'people' | 'teams' | 'channels'>,
  { escalation, ...notices }: { escalation: Escalation | undefined; notices?: Notify; notify?: Notify },
  report: Report,
): void {
  const known = [...audienceRolesInCase, ...Object.keys(people), ...Object.keys(teams)];
  const checkAudience = (path: PropertyKey[], names: string[]) => {
    const problem = 'names neither a person nor a team, nor a part in the case';
    for (const name of names) checkKnown(report, path, name, known, problem);
  };
  for (const [field, entries] of Object.entries(notices))
    for (const [event, { to, by }] of Object.entries(entries)) {
      checkAudience([field, event], to);
      for (const channel of by)
        checkKnown(report, [field, event], channel, ['mail', ...Object.keys(channels)], 'names no channel');
    }
  for (const [index, { to }] of (escalation?.levels ?? []).entries())
    checkAudience(['escalation', 'levels', index, 'to'], to);
}

function checkBlockers(file: File, report: Report): void {
  const blockers = listOptions(file, 'blockers');
  for (const blocker of Object.keys(file['blocker-owners']))
    checkKnown(report, ['blocker-owners', blocker], blocker, blockers, 'is not among case-options.blockers');
}

type OptionList = 'blockers' | 'categories' | 'root-causes' | 'severities';

/** A list under case-options of the workspace, with those of its teams. */
export function listOptions(file: Pick<File, 'teams' | 'case-options'>, name: OptionList): string[] {
  const own = Object.values(file.teams).flatMap((team) => team['case-options']?.[name] ?? []);
  return [...new Set([...file['case-options'][name], ...own])];
}

function checkTiers(file: File, report: Report): void {
  const categories = listOptions(file, 'categories');
  const contact = (path: string[], goals: { 'first-contact'?: number | undefined; 'closure-goal': number }) => {
    if ((goals['first-contact'] ?? 0) > goals['closure-goal'])
      report([...path, 'first-contact'], 'is longer than the closure goal; the first contact comes before the end');
  };
  for (const [name, tier] of Object.entries(file.tiers)) {
    contact(['tiers', name], tier);
    for (const [category, cell] of Object.entries(tier.categories)) {
      const path = ['tiers', name, 'categories', category];
      if (categories.length > 0) checkKnown(report, path, category, categories, 'is not among case-options.categories');
      contact(path, { ...tier, ...cell });
    }
  }
}

function checkAttributes(file: File, report: Report): void {
  for (const name of Object.keys(file.attributes))
    if (name === 'key' || builtInAttributes.has(name) || name in {})
      report(['attributes', name], 'is a name that every workspace has already; choose another name');
  const attributes = collectAttributes(file);
  for (const [source, settings] of Object.entries(file.sources)) {
    const { respondent = {}, questions = {}, unhappy = {}, scores = {} } = settings as Partial<SourceSettings>;
    const checkAlias = (path: string[], alias: string | undefined) =>
      checkKnown(
        report,
        ['sources', source, ...path],
        alias,
        Object.keys(questions),
        'is no alias under its questions',
      );
    for (const alias of Object.keys(unhappy)) checkAlias(['unhappy', alias], alias);
    for (const [kind, alias] of Object.entries(scores)) checkAlias(['scores', kind], alias);
    for (const [name, path] of Object.entries(respondent)) {
      const at = ['sources', source, 'respondent', name];
      if (name !== 'key' && !attributes.has(name)) report(at, explainUnknownAttribute(name, attributes, ['key']));
      const isQuestion = Object.values(questions).includes(path ?? '');
      if (path?.startsWith('customer.') && !isQuestion)
        report(
          at,
          `is ${path}, which no delivery holds; write hidden.${path} for a hidden field, or a question’s alias`,
        );
    }
  }
}

function checkSources(file: File, report: Report): void {
  if (file.inbound && file.workspace.length > 32)
    report(['inbound'], 'needs a workspace whose name has at most 32 characters, because addresses of cases hold it');
  if (Object.hasOwn(file.sources, 'mail'))
    report(['sources', 'mail'], 'is the address for reports of the mail provider; choose another name');
  for (const [name, { after }] of Object.entries(file.resurvey))
    if (after > (parseDuration('30 days') ?? 0))
      report(['resurvey', name, 'after'], 'is longer than 30 days; later nobody remembers what it was about');
  for (const [name, { on }] of Object.entries(file.invitations)) {
    const source = Object.hasOwn(file.sources, on.source) ? (file.sources[on.source] as { kind: string }) : undefined;
    if (source?.kind !== 'events')
      report(['invitations', name, 'on', 'source'], `is no source of kind events: ${on.source}`);
  }
}

function checkIntervals(file: File, report: Report): void {
  const { every, slowest = every } = file.polling;
  if (slowest < every) report(['polling', 'slowest'], 'is faster than polling.every');
  if (file.demo) return;
  const floor = (path: string[], ms: number, least: string) => {
    if (ms < (parseDuration(least) ?? 0)) report(path, `is shorter than ${least}, the least outside a demo`);
  };
  floor(['follow-up', 'quarantine'], file['follow-up'].quarantine, '24 hours');
  for (const kept of ['deliveries', 'people'] as const) {
    const ms = file.retention[kept];
    if (ms !== undefined) floor(['retention', kept], ms, '30 days');
  }
  floor(['escalation', 'repeat'], file.escalation.repeat, '1 hour');
  floor(['polling', 'every'], every, '30 seconds');
  floor(['polling', 'settle'], file.polling.settle, '10 minutes');
}
