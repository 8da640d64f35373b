import { expect, it } from 'vitest';
import { checkRecipients, checkWorkspaceFile } from '#domain/settings/workspace-checks.ts';
import { acme } from './samples.ts';

const hour = 3_600_000;
const day = 24 * hour;

const base = acme().workspace;

/** Problems of Acme's file after parts of it were replaced. */
function problemsOf(change: object): string[] {
  const file = Object.assign(structuredClone(base), { tiers: {}, 'blocker-owners': {} }, change);
  const problems: string[] = [];
  checkWorkspaceFile(file, (path, message) => problems.push(`${path.map(String).join('.')}: ${message}`));
  return problems;
}

const { teams, polling, retention, escalation, 'follow-up': followUp, 'case-options': options } = base;
const [teamName = '', team] = Object.entries(teams)[0] ?? [];
const withTeam = (facts: object) => ({ teams: { ...teams, [teamName]: { ...team, ...facts } } });
const tier = (facts: object) => ({ tiers: { gold: { 'closure-goal': day, categories: {}, ...facts } } });
const source = (facts: object) => ({
  sources: { form: { kind: 'events', questions: { ease: 'q1', other: 'customer.q' }, ...facts } },
  templates: {},
});
const huddle = (facts: object) => ({ huddles: { weekly: { to: ['dana'], channels: [], sends: 'pack', ...facts } } });

it.each<[string, object, string[]]>([
  ['as it is', {}, []],
  [
    'a member',
    withTeam({ members: ['sma'] }),
    [`teams.${teamName}.members.0: is not under people: sma; did you mean sam?`],
  ],
  ['turns', withTeam({ assign: 'round-robin' }), []],
  [
    'an assignment by category',
    withTeam({ assign: { 'by-category': { Bug: 'sma' } } }),
    [`teams.${teamName}.assign: is not under people: sma; did you mean sam?`],
  ],
  [
    'an assignment by field',
    withTeam({ assign: { 'by-field': { region: { north: 'sma', south: 'sam' } } } }),
    [`teams.${teamName}.assign: is not under people: sma; did you mean sam?`],
  ],
  [
    'a default loop owner',
    withTeam({ 'loop-owner': { 'by-category': { Bug: 'sam' }, default: 'sma' } }),
    [`teams.${teamName}.loop-owner: is not under people: sma; did you mean sam?`],
  ],
  ['an admin', { admins: ['sma'] }, ['admins.0: is not under people: sma; did you mean sam?']],
  [
    'a role',
    { roles: { support: 'sma' } },
    ['roles.support: names neither a person nor a team: sma; did you mean sam?'],
  ],
  ['a role of a team', { roles: { support: teamName } }, []],
  [
    'a calendar',
    { clock: { calendar: 'moon' }, calendars: { office: {} } },
    ['clock.calendar: is not under calendars: moon; there is office'],
  ],
  [
    'quiet hours',
    { 'quiet-hours': { calendar: 'moon', exempt: [] }, calendars: { office: {} } },
    ['quiet-hours.calendar: is not under calendars: moon; there is office'],
  ],
  [
    'the calendar of a tier',
    { ...tier({ calendar: 'moon' }), calendars: { office: {} } },
    ['tiers.gold.calendar: is not under calendars: moon; there is office'],
  ],
  [
    'adopted issues',
    { trackers: { support: { kind: 'jira', adopt: { template: 'x' } } }, templates: {} },
    ['trackers.support.adopt.template: is not under templates: x; there is none yet'],
  ],
  [
    'a person who views',
    {
      viewers: ['priya'],
      teams: {},
      templates: {},
      admins: [],
      escalation: { ...escalation, levels: [] },
      notices: {},
    },
    [],
  ],
  [
    'an admin who views',
    { viewers: ['dana'], admins: ['dana'] },
    ['viewers.0: is an admin or of a team as well, but viewers change nothing: dana'],
  ],
  [
    'a member who views',
    { ...withTeam({ managers: [], members: ['sam'] }), viewers: ['sam'] },
    ['viewers.0: is an admin or of a team as well, but viewers change nothing: sam'],
  ],
  [
    'a fallback who views',
    { teams: { a: { managers: [], members: [], fallback: 'sam' } }, templates: {}, viewers: ['sam'] },
    ['viewers.0: is an admin or of a team as well, but viewers change nothing: sam'],
  ],
  [
    'a notice',
    { notices: { opened: { to: ['team', 'sma'], by: ['mail', 'sms'] } }, channels: {} },
    [
      'notices.opened: names neither a person nor a team, nor a part in the case: sma; did you mean sam?',
      'notices.opened: names no channel: sms; there is mail',
    ],
  ],
  [
    'parts in the case',
    {
      notices: {
        opened: {
          to: ['team', 'managers', 'members', 'watchers', 'assignee', 'loop-owner', teamName, 'sam'],
          by: ['ops'],
        },
      },
      channels: { ops: {} },
    },
    [],
  ],
  [
    'a level',
    { escalation: { ...escalation, levels: [{ to: ['team'] }, { to: ['sma'] }] } },
    ['escalation.levels.1.to: names neither a person nor a team, nor a part in the case: sma; did you mean sam?'],
  ],
  [
    'a status',
    { 'case-options': { ...options, 'status-map': { Done: 'Close' } } },
    ['case-options.status-map.Done: is not among case-options.statuses: Close; did you mean Closed?'],
  ],
  [
    'a blocker',
    {
      'blocker-owners': { polcy: 'dana' },
      'case-options': { ...options, blockers: ['policy'] },
      teams: {},
      templates: {},
    },
    ['blocker-owners.polcy: is not among case-options.blockers: polcy; did you mean policy?'],
  ],
  [
    'a blocker of a team',
    { ...withTeam({ 'case-options': { blockers: ['own'] } }), 'blocker-owners': { own: 'dana' } },
    [],
  ],
  [
    'the severity of a tier',
    tier({ severity: 'hihg' }),
    ['tiers.gold.severity: is not among case-options.severities: hihg; did you mean high?'],
  ],
  [
    'the first contact of a tier',
    tier({ 'first-contact': 2 * day }),
    ['tiers.gold.first-contact: is longer than the closure goal; the first contact comes before the end'],
  ],
  ['a first contact at the goal', tier({ 'first-contact': day }), []],
  [
    'a category of a tier',
    {
      ...tier({ 'first-contact': hour, categories: { Bgu: { severity: 'hihg', 'closure-goal': 60_000 } } }),
      'case-options': { ...options, categories: ['Bug'] },
      teams: {},
      templates: {},
    },
    [
      'tiers.gold.categories.Bgu.severity: is not among case-options.severities: hihg; did you mean high?',
      'tiers.gold.categories.Bgu: is not among case-options.categories: Bgu; did you mean Bug?',
      'tiers.gold.categories.Bgu.first-contact: is longer than the closure goal; the first contact comes before the end',
    ],
  ],
  [
    'any category where none is listed',
    { ...tier({ categories: { Bgu: {} } }), 'case-options': { ...options, categories: [] }, teams: {}, templates: {} },
    [],
  ],
  [
    'an attribute of every workspace',
    { attributes: { key: {}, tier: {} } },
    [
      'attributes.key: is a name that every workspace has already; choose another name',
      'attributes.tier: is a name that every workspace has already; choose another name',
    ],
  ],
  [
    'aliases',
    source({ unhappy: { eaze: 4, ease: 4 }, scores: { nps: 'eaze' } }),
    [
      'sources.form.unhappy.eaze: is no alias under its questions: eaze; did you mean ease?',
      'sources.form.scores.nps: is no alias under its questions: eaze; did you mean ease?',
    ],
  ],
  [
    'the respondent',
    source({ respondent: { key: 'hidden.id', tire: 'hidden.tier', name: 'customer.name', email: 'customer.q' } }),
    [
      'sources.form.respondent.tire: is not under attributes of the workspace file: tire; did you mean tier?',
      'sources.form.respondent.name: is customer.name, which no delivery holds; write hidden.customer.name for a hidden field, or a question’s alias',
    ],
  ],
  [
    'a long name with inbound mail',
    { inbound: {}, workspace: 'x'.repeat(33) },
    ['inbound: needs a workspace whose name has at most 32 characters, because addresses of cases hold it'],
  ],
  ['a name of 32 characters', { inbound: {}, workspace: 'x'.repeat(32) }, []],
  ['a long name without', { workspace: 'x'.repeat(33) }, []],
  [
    'a source mail',
    { sources: { mail: { kind: 'events' } }, templates: {} },
    ['sources.mail: is the address for reports of the mail provider; choose another name'],
  ],
  [
    'a late resurvey',
    {
      ...source({}),
      resurvey: { nps: { source: 'form', after: 30 * day + 1 }, ces: { source: 'form', after: 30 * day } },
    },
    ['resurvey.nps.after: is longer than 30 days; later nobody remembers what it was about'],
  ],
  [
    'a resurvey by no source',
    { ...source({}), resurvey: { nps: { source: 'from', after: day } } },
    ['resurvey.nps.source: is not under sources: from; did you mean form?'],
  ],
  [
    'an invitation',
    {
      sources: { form: { kind: 'events' }, nps: { kind: 'typeform' } },
      templates: {},
      invitations: { a: { on: { source: 'nps' } }, b: { on: { source: 'toString' } }, c: { on: { source: 'form' } } },
    },
    [
      'invitations.a.on.source: is no source of kind events: nps',
      'invitations.b.on.source: is no source of kind events: toString',
    ],
  ],
  [
    'figures by a channel',
    { ...huddle({ sends: 'figures', channels: ['ops'] }), channels: { ops: {} } },
    ['huddles.weekly.channels: get packs only; leave them out, or write sends: pack, because figures go by mail'],
  ],
  [
    'figures by mail, and a pack by a channel',
    {
      huddles: { a: { to: [], channels: [], sends: 'figures' }, b: { to: [], channels: ['ops'], sends: 'pack' } },
      channels: { ops: {} },
    },
    [],
  ],
  [
    'who huddles',
    {
      ...huddle({ to: ['sma'], team: 'x', tracker: 'y', channels: ['z'] }),
      teams: {},
      trackers: {},
      channels: {},
      templates: {},
    },
    [
      'huddles.weekly.to: names neither a person nor a team: sma; did you mean sam?',
      'huddles.weekly.team: is not under teams: x; there is none yet',
      'huddles.weekly.tracker: is not under trackers: y; there is none yet',
      'huddles.weekly.channels: is not under channels: z; there is none yet',
    ],
  ],
  [
    'the pace of polls',
    { polling: { ...polling, every: 60_000, slowest: 59_999 } },
    ['polling.slowest: is faster than polling.every'],
  ],
  ['one pace', { polling: { ...polling, every: 60_000, slowest: 60_000 } }, []],
  [
    'less than the least',
    {
      'follow-up': { ...followUp, quarantine: day - 1 },
      retention: { ...retention, deliveries: 30 * day - 1, people: 1 },
      escalation: { ...escalation, repeat: hour - 1 },
      polling: { ...polling, every: 29_999, settle: 599_999 },
    },
    [
      'follow-up.quarantine: is shorter than 24 hours, the least outside a demo',
      'retention.deliveries: is shorter than 30 days, the least outside a demo',
      'retention.people: is shorter than 30 days, the least outside a demo',
      'escalation.repeat: is shorter than 1 hour, the least outside a demo',
      'polling.every: is shorter than 30 seconds, the least outside a demo',
      'polling.settle: is shorter than 10 minutes, the least outside a demo',
    ],
  ],
  [
    'the least',
    {
      'follow-up': { ...followUp, quarantine: day },
      retention: { ...retention, deliveries: 30 * day },
      escalation: { ...escalation, repeat: hour },
      polling: { ...polling, every: 30_000, settle: 600_000 },
    },
    [],
  ],
  [
    'less in a demo',
    { demo: true, 'follow-up': { ...followUp, quarantine: 1 }, polling: { ...polling, every: 1 } },
    [],
  ],
])('the parts of a workspace file agree: %s', (_, change, expected) => {
  expect(problemsOf(change)).toEqual(expected);
});

it('recipients of a template are checked by its own field', () => {
  const problems: unknown[] = [];
  const notify = { opened: { to: ['sma'], by: ['mail'] } };
  checkRecipients(
    { people: base.people, teams: {}, channels: {} },
    { escalation: undefined, notify },
    (path, message) => problems.push([path, message]),
  );
  expect(problems).toEqual([
    [['notify', 'opened'], 'names neither a person nor a team, nor a part in the case: sma; did you mean sam?'],
  ]);
});
