import type * as z from 'zod';
import { suggestKnownNames } from '../base/nearest.ts';
import { parseDuration } from '../time/duration.ts';
import {
  builtInAttributes,
  collectAttributes,
  type DeclaredAttributes,
  explainUnknownAttribute,
} from './attributes.ts';
import type { CaseOptions, TeamOptions } from './case-options.ts';
import type { FollowUpPolicy, InvitationRule, ResurveyRule } from './loop-rules.ts';
import { checkPeopleAndTeamNames, nameCheck, type PeopleSettings, type Report } from './people.ts';
import type { ClockPolicy, Polling, Retention, TierSettings } from './time-settings.ts';

/* Agreement between the parts of a workspace file: every name must be defined. */

interface Place {
  source?: string[] | undefined;
  tracker?: string | undefined;
  team?: string | undefined;
}

interface File extends PeopleSettings {
  demo: boolean;
  attributes: z.output<typeof DeclaredAttributes>;
  sources: Record<string, unknown>;
  trackers: Record<string, unknown>;
  teams: Record<
    string,
    PeopleSettings['teams'][string] & { 'case-options'?: z.output<typeof TeamOptions> | undefined }
  >;
  tiers: Record<string, TierSettings>;
  clock: z.output<typeof ClockPolicy>;
  'case-options': z.output<typeof CaseOptions>;
  'follow-up': z.output<typeof FollowUpPolicy>;
  'blocker-owners': Record<string, string>;
  invitations: Record<string, InvitationRule>;
  resurvey: Record<string, z.output<typeof ResurveyRule>>;
  templates: Record<string, Place>;
  retention: z.output<typeof Retention>;
  polling: z.output<typeof Polling>;
}

export function checkWorkspaceFile(file: File, report: Report): void {
  checkPeopleAndTeamNames(file, report);
  checkCaseOptions(file, report);
  checkTiers(file, report);
  checkAttributes(file, report);
  checkSources(file, report);
  checkPlaces(file, report);
  checkIntervals(file, report);
}

function checkCaseOptions(file: File, report: Report): void {
  const options = file['case-options'];
  for (const [from, status] of Object.entries(options['status-map'])) {
    if (!Object.hasOwn(options.statuses, status))
      report(
        ['case-options', 'status-map', from],
        `is not among case-options.statuses: ${status}; ${suggestKnownNames(status, Object.keys(options.statuses))}`,
      );
  }
  const lists = [options, ...Object.values(file.teams).map((team) => team['case-options'])];
  for (const [blocker, person] of Object.entries(file['blocker-owners'])) {
    if (!lists.some((list) => list?.blockers?.includes(blocker)))
      report(
        ['blocker-owners', blocker],
        `is not among case-options.blockers; ${suggestKnownNames(blocker, [...new Set(lists.flatMap((list) => list?.blockers ?? []))])}`,
      );
    nameCheck('people', file.people, report)(['blocker-owners', blocker], person);
  }
}

function checkTiers(file: File, report: Report): void {
  const { severities } = file['case-options'];
  const own = Object.values(file.teams).flatMap((team) => team['case-options']?.categories ?? []);
  const categories = [...new Set([...file['case-options'].categories, ...own])];
  const severity = (path: string[], name: string) => {
    if (!severities.includes(name))
      report(path, `is not among case-options.severities: ${name}; ${suggestKnownNames(name, severities)}`);
  };
  const calendar = nameCheck('calendars', file.calendars, report);
  const contact = (path: string[], goals: { 'first-contact'?: number | undefined; 'closure-goal': number }) => {
    if ((goals['first-contact'] ?? 0) > goals['closure-goal'])
      report([...path, 'first-contact'], 'is longer than the closure goal; the first contact comes before the end');
  };
  for (const [name, tier] of Object.entries(file.tiers)) {
    contact(['tiers', name], tier);
    severity(['tiers', name, 'severity'], tier.severity);
    for (const [category, cell] of Object.entries(tier.categories)) {
      const path = ['tiers', name, 'categories', category];
      if (categories.length > 0 && !categories.includes(category))
        report(path, `is not among case-options.categories; ${suggestKnownNames(category, categories)}`);
      if (cell.severity) severity([...path, 'severity'], cell.severity);
      contact(path, { ...tier, ...cell });
    }
    calendar(['tiers', name, 'calendar'], tier.calendar);
  }
  calendar(['clock', 'calendar'], file.clock.calendar);
}

function checkAttributes(file: File, report: Report): void {
  for (const name of Object.keys(file.attributes))
    if (name === 'key' || builtInAttributes.has(name) || name in {})
      report(['attributes', name], 'is a name that every workspace has already; choose another name');
  const attributes = collectAttributes(file);
  for (const [source, settings] of Object.entries(file.sources)) {
    const { respondent = {} } = settings as { respondent?: Record<string, unknown> };
    for (const name of Object.keys(respondent))
      if (name !== 'key' && !attributes.has(name))
        report(['sources', source, 'respondent', name], explainUnknownAttribute(name, attributes, ['key']));
  }
}

function checkSources(file: File, report: Report): void {
  if (Object.hasOwn(file.sources, 'mail'))
    report(['sources', 'mail'], 'is the address for reports of the mail provider; choose another name');
  for (const [name, rule] of Object.entries(file.resurvey)) {
    if (rule.after > (parseDuration('30 days') ?? 0))
      report(['resurvey', name, 'after'], 'is longer than 30 days; later nobody remembers what it was about');
    for (const source of rule.source) nameCheck('sources', file.sources, report)(['resurvey', name, 'source'], source);
  }
  for (const [name, { on }] of Object.entries(file.invitations)) {
    const source = Object.hasOwn(file.sources, on.source) ? (file.sources[on.source] as { kind: string }) : undefined;
    if (source?.kind !== 'events')
      report(['invitations', name, 'on', 'source'], `is no source of kind events: ${on.source}`);
  }
}

function checkPlaces({ templates, sources, trackers, teams }: File, report: Report): void {
  for (const [name, { source = [], tracker, team }] of Object.entries(templates)) {
    const path = ['templates', name];
    for (const each of source) nameCheck('sources', sources, report)([...path, 'source'], each);
    nameCheck('trackers', trackers, report)([...path, 'tracker'], tracker);
    nameCheck('teams', teams, report)([...path, 'team'], team);
  }
}

function checkIntervals(file: File, report: Report): void {
  const { every, fastest = every, slowest = every } = file.polling;
  if (fastest > every) report(['polling', 'fastest'], 'is slower than polling.every');
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
  floor(['polling', 'every'], file.polling.every, '30 seconds');
  if (file.polling.fastest !== undefined) floor(['polling', 'fastest'], fastest, '15 seconds');
  floor(['polling', 'settle'], file.polling.settle, '10 minutes');
}
