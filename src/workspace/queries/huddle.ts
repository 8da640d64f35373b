import { describeFigure, findMoved, HuddleCase, type HuddleJson, huddleGroups } from '#domain/reports/huddle.ts';
import type { Huddle } from '#domain/settings/workspace-file.ts';
import {
  basics,
  type Case,
  type Core,
  createIssueMarker,
  deriveUuid,
  handleOf,
  json,
  type port,
  store,
  timing,
} from '../kit.ts';
import { setHuddleTimers } from '../mail/notify.ts';
import { queueNoticeMail } from '../mail/send-mail.ts';
import { postNotice } from '../mail/send-notices.ts';
import { listCaseStates } from './case-lists.ts';
import { buildReport } from './report.ts';
import { readRisingTerms } from './words.ts';

export type HuddleQuery = Partial<Pick<Huddle, 'team' | 'every'>>;

const [casesShown, casesMailed, termsShown, figuresShown] = [10, 5, 10, 3];
const states = ['overdue', 'disputed', 'needs-person', 'known-gap'] as const;

/** What a huddle talks about: open work, gaps, recoveries, rising words and the figures that moved most. */
export function readHuddle(core: Core, { team, every = 'week' }: HuddleQuery): HuddleJson {
  const { teams, 'time-zone': zone } = core.settings.workspace;
  if (team && !Object.hasOwn(teams, team)) basics.refuseField('team', `is no team of the workspace file: ${team}`);
  const before = (days: number) => timing.dateAt(core.clock.now(), zone, -days);
  const days = { from: before(every === 'week' ? 7 : 30), to: before(1) };
  const within = { from: timing.findStartOfDate(days.from, zone), to: timing.findStartOfDate(days.to, zone, 1) };
  const recovered = store.listRecoveredCases(core.sql, { ...within, team });
  const shown = (cases: Case[]) =>
    cases.map((caseRecord) => ({ ...json.presentFields(HuddleCase, caseRecord), handle: handleOf(caseRecord) }));
  const praised = recovered.slice(0, casesShown).map((id) => store.getCase(core.sql, id));
  return {
    ...days,
    team: team ?? null,
    teams: Object.keys(teams),
    groups: [
      ...listCaseStates(core, states, casesShown, team).map(({ items, ...of }) => ({ ...of, cases: shown(items) })),
      { name: 'confirmed', count: recovered.length, cases: shown(praised) },
    ],
    terms: readRisingTerms(core, days).terms.slice(0, termsShown),
    moved: findMoved(buildReport(core, { ...days, ...(team && { team }) }).figures, figuresShown),
  };
}

/** Mails a huddle to each of its people, once for its week or month; a tracker and channels get handles and counts. */
export function sendHuddle(core: Core, name: string): void {
  const { huddles, name: title, 'time-zone': zone } = core.settings.workspace;
  const huddle = Object.hasOwn(huddles, name) ? huddles[name] : undefined;
  if (!huddle) return;
  setHuddleTimers(core, core.settings);
  const { team, every, sends, tracker, channels } = huddle;
  const period = timing.namePeriod(every, core.clock.now(), zone);
  const home = `${core.publicUrl}/w/${core.workspace}`;
  const url = `${home}/huddle?${new URLSearchParams({ every, ...(team && { team }) })}`;
  const pack = readHuddle(core, huddle);
  const figures = sends === 'pack' ? pack.moved : buildReport(core, { ...pack, team }).figures;
  const link = (list: string | null) => (list ? `${home}/${list}` : `${home}/reports?from=${pack.from}&to=${pack.to}`);
  const sayCase = ({ handle, template, category, assignee }: HuddleJson['groups'][number]['cases'][number]) =>
    `${handle} ${core.settings.templates.get(template)?.name ?? template}, ${category}: ${basics.findPersonName(core, assignee) ?? 'nobody yet'}`;
  const of = team ? `, team ${team}` : '';
  const rising = `${home}/words?from=${pack.from}&to=${pack.to}`;
  const { groups, terms } = sends === 'pack' ? pack : { groups: [], terms: [] };
  for (const { person, address } of basics.audience(core, huddle.to, team ?? ''))
    queueNoticeMail(core, {
      once: ['huddle', name, period, person],
      person,
      address,
      subject: `${sends === 'pack' ? 'Huddle' : 'Figures'} ${period}: ${title}`,
      content: {
        paragraphs: [`${pack.from} to ${pack.to}${of}. Figures stand beside those of the period before.`],
        rows: [
          ...groups
            .filter(({ count }) => count > 0)
            .map(({ name: group, count, cases }) => ({
              name: `${huddleGroups[group]}: ${count}`,
              url,
              lines: cases.slice(0, casesMailed).map(sayCase),
            })),
          {
            name: 'Rising words',
            url: rising,
            lines: terms.map(({ term, now, before }) => `${term}: ${now} people, ${before} before`),
          },
          ...figures.map((row) => ({ name: row.title, url: link(row.list), lines: [describeFigure(row)] })),
        ].filter(({ lines }) => lines.length > 0),
        button: { label: 'Open it to read and print', url },
        footer: [`You get this because the workspace file names you under huddles.${name}.`],
      },
    });
  if (sends !== 'pack') return;
  if (tracker)
    store.addToOutbox(core.sql, {
      key: `huddle:${name}:${period}`,
      queue: tracker,
      orderingKey: `huddle:${name}`,
      kind: 'issue.huddle',
      payload: draftHuddleIssue(core, pack, { name, period, url }),
      at: core.clock.now(),
    });
  const notice = { event: 'huddle' as const, headline: `Huddle ${name} ${period}`, lines: countPack(pack), url };
  for (const channel of channels)
    postNotice(core, channel, { ...notice, key: `huddle:${core.workspace}:${name}:${period}:${channel}` });
}

/** Handles and counts alone: a tracker may be public, and a room has many readers. */
const countPack = ({ from, to, groups, terms }: HuddleJson): string[] => [
  `${from} to ${to}`,
  ...groups.map(
    ({ name, count, cases }) =>
      `${huddleGroups[name]}: ${count}${count > 0 ? ` (${cases.map(({ handle }) => handle).join(', ')}${count > cases.length ? ', …' : ''})` : ''}`,
  ),
  `Rising words: ${terms.length}`,
];

function draftHuddleIssue(
  core: Core,
  pack: HuddleJson,
  { name, period, url }: { name: string; period: string; url: string },
): port.IssueDraft {
  const [days = '', ...counts] = countPack(pack);
  return {
    marker: createIssueMarker(core.keys, core.workspace, `H-${name}-${period}`),
    uuid: deriveUuid(core.keys, 'huddle-uuid.1', core.workspace, name, period),
    title: `Huddle ${name} ${period}`,
    body: [days, '', ...counts.map((line) => `- ${line}`), '', `[Open it in Caselite](${url})`].join('\n'),
    labels: [],
    severity: { name: 'normal', rank: 3 },
    dueDate: null,
    assignee: null,
    link: { url, title: 'Huddle' },
  };
}
