import { signToken } from '#domain/base/key.ts';
import { type Case, handleOf } from '#domain/cases/case-record.ts';
import type { Notice } from '#domain/integrations/mailer.ts';
import { describeStorm } from '#domain/settings/notice-event.ts';
import { breakExpressions, toShownLine } from '#domain/text/safe-text.ts';
import { toIsoText } from '#domain/time/units.ts';
import { formatTime } from '../basics/case-operation.ts';
import { buildCasePageUrl, findFirstResponseUrl } from '../basics/draft-issue.ts';
import type { Core } from '../core.ts';
import { findCase } from '../store/cases.ts';
import type { StoredNotice } from '../store/notices.ts';
import { addToOutbox } from '../store/outbox.ts';
import { queueNoticeMail } from './send-mail.ts';

/** Sends notices to a person or a channel as one. */
export function sendNotices(core: Core, person: string, notices: StoredNotice[]): void {
  const channel = /^channel:(.*)$/.exec(person)?.[1];
  if (channel === undefined) mailNotices(core, person, notices);
  else postNotices(core, channel, notices);
}

/** Address of a person or watcher; null for people who left the workspace file. */
export function findNoticeAddress(core: Core, person: string): string | null {
  const { people, teams } = core.settings.workspace;
  if (Object.hasOwn(people, person)) return people[person]?.email ?? null;
  return Object.values(teams).some(({ watchers }) => watchers.includes(person)) ? person : null;
}

/** Mails notices with one line each. The same notices make the same mail. */
function mailNotices(core: Core, person: string, notices: StoredNotice[]): void {
  const address = findNoticeAddress(core, person);
  const cases = listCasesOf(core, notices);
  const [first] = cases;
  const [notice] = notices;
  if (!address || !notice) return;
  const isOneCase = first !== undefined && cases.length === 1;
  const acknowledged = isOneCase && notices.some(({ acknowledge }) => acknowledge) && !person.includes('@');
  const storm = summarizeStorm(core, notices, cases);
  const shown = storm ? cases.slice(0, mostCasesShownOfStorm) : cases;
  const more = cases.length - shown.length;
  const responses = notices.filter(({ responseId }) => responseId !== null);
  queueNoticeMail(core, {
    once: notices.map(({ id }) => id),
    caseId: isOneCase ? first.id : null,
    person,
    address,
    subject: storm?.subject ?? buildNoticeSubject(core, cases, notices),
    content: {
      paragraphs: [
        ...(storm ? [storm.summary] : responses.map(({ headline }) => `${headline}.`)),
        ...shown.flatMap((caseRecord) => news(core, caseRecord, notices)),
        ...(more > 0 ? [`And ${more} more.`] : []),
      ],
      button: acknowledged
        ? { label: 'I have it', url: buildAcknowledgePageUrl(core, first, person) }
        : isOneCase
          ? { label: `Open case ${handleOf(first)}`, url: buildCasePageUrl(core, first.id) }
          : buildListButton(core, { isStorm: storm !== null, responses: cases.length === 0 ? responses : [] }),
      footer: [
        ...(isOneCase && !acknowledged
          ? []
          : shown.map((caseRecord) => `Case ${handleOf(caseRecord)}: ${buildCasePageUrl(core, caseRecord.id)}`)),
        ...shown.flatMap((caseRecord) => buildResponseLinkLines(core, caseRecord)),
        `You get this because ${notice.because} names you for ${[...new Set(notices.map(({ event }) => `"${event}"`))].join(', ')}.`,
      ],
    },
  });
}

const mostCasesShownOfStorm = 5;

const listCasesOf = (core: Core, notices: StoredNotice[]): Case[] =>
  [...new Set(notices.map(({ caseId }) => caseId))].flatMap((id) => (id && findCase(core.sql, id)) || []);

/** Posts notices to a channel beside mail, with the names of all recipients. A storm leads to the list of cases. */
function postNotices(core: Core, channel: string, notices: StoredNotice[]): void {
  const cases = listCasesOf(core, notices);
  const [caseRecord] = cases;
  const [first] = notices;
  if (!first || !caseRecord) return;
  const storm = summarizeStorm(core, notices, cases);
  const { category, severity, tier } = caseRecord;
  const url = storm
    ? buildListButton(core, { isStorm: true, responses: [] }).url
    : buildCasePageUrl(core, caseRecord.id);
  const posted: Notice = {
    key: first.id,
    at: toIsoText(core.clock.now()),
    workspace: core.workspace,
    event: first.event,
    headline: breakExpressions(toShownLine(storm?.summary ?? first.headline, 300)),
    case: { handle: handleOf(caseRecord), category, severity, tier, url },
    ...(storm && { cases: cases.length }),
    responseUrl: storm ? null : findFirstResponseUrl(core, caseRecord),
    people: [...new Set(notices.flatMap(({ because }) => because.split(', ').filter((name) => name !== '')))],
  };
  addToOutbox(core.sql, {
    key: `notice:${first.id}`,
    queue: `notice:${channel}`,
    orderingKey: `notice:${first.id}`,
    kind: 'notice.send',
    payload: posted,
    at: core.clock.now(),
  });
}

/** Storm that a notice may be part of. */
export const nameStorm = ({ template, event, responseId }: StoredNotice): string =>
  [template, event, responseId === null ? 'case' : 'response'].join(' ');

/** What many notices of one event and template say together; null for other notices. */
function summarizeStorm(
  core: Core,
  notices: StoredNotice[],
  cases: Case[],
): { subject: string; summary: string } | null {
  const [first] = notices;
  const phrase = first ? describeStorm(first.event) : null;
  if (!first || phrase === null || notices.length < 2 || cases.length === 1) return null;
  if (new Set(notices.map(nameStorm)).size > 1) return null;
  const title = core.settings.templates.get(first.template)?.name ?? first.template;
  const [what, did] =
    cases.length > 0 ? [`${cases.length} cases`, phrase] : [`${notices.length} responses`, 'matched, without a case'];
  const severities = [...Map.groupBy(cases, ({ severity }) => severity)].map(
    ([severity, members]) => `${members.length} ${severity}`,
  );
  const [from, to] = [first, notices.at(-1) ?? first].map(({ at }) => formatTime(core, at));
  const bySeverity = severities.length > 0 ? `: ${severities.join(', ')}` : '';
  return {
    subject: `${what} ${did.replace(/^were /, '')}: ${title}`,
    summary: `${what} of the template ${title} ${did}, from ${from} to ${to}${bySeverity}.`,
  };
}

function buildListButton(core: Core, { isStorm, responses }: { isStorm: boolean; responses: StoredNotice[] }) {
  const home = `${core.publicUrl}/w/${core.workspace}`;
  const [response, ...more] = responses;
  if (response && more.length === 0)
    return { label: 'Read the response', url: `${home}/responses/${response.responseId}` };
  if (response) return { label: 'Open the list of responses', url: `${home}/responses` };
  return isStorm ? { label: 'Open the list of cases', url: `${home}/cases` } : { label: 'Open your cases', url: home };
}

function buildNoticeSubject(core: Core, cases: Case[], notices: StoredNotice[]): string {
  const [first] = cases;
  const [notice] = notices;
  const template = core.settings.templates.get(notice?.template ?? '');
  if (!first && notices.length === 1)
    return `${template?.name ?? notice?.template}: ${template?.category ?? 'a response'}`;
  if (!first || !notice || cases.length > 1) return `News of ${cases.length || notices.length} cases`;
  const { category } = first;
  return notices.length === 1
    ? `${handleOf(first)} ${notice.event.replaceAll('-', ' ')}: ${category}`
    : `${handleOf(first)}, ${notices.length} news: ${category}`;
}

function news(core: Core, caseRecord: Case, notices: StoredNotice[]): string[] {
  const own = notices.filter(({ caseId }) => caseId === caseRecord.id);
  const lines =
    own.length === 1
      ? own.map(({ headline }) => `${headline}.`)
      : own.map(({ at, headline }) => `${formatTime(core, at)}: ${headline}.`);
  return [
    lines.join('\n'),
    [
      `Severity: ${caseRecord.severity}`,
      ...(caseRecord.tier ? [`Customer tier: ${caseRecord.tier}`] : []),
      ...(caseRecord.generation > 1 ? [`Reopened: ${formatTimes(caseRecord.generation - 1)}`] : []),
      ...caseRecord.dueWhy,
    ].join('\n'),
  ];
}

const formatTimes = (times: number): string => (times === 1 ? 'once' : `${times} times`);

function buildResponseLinkLines(core: Core, caseRecord: Case): string[] {
  const page = findFirstResponseUrl(core, caseRecord);
  return page ? [`The full response: ${page}`] : [];
}

/**
 * Address of the page with the acknowledgement button, so that a mail scanner that follows links acknowledges nothing.
 */
function buildAcknowledgePageUrl(core: Core, caseRecord: Case, person: string): string {
  const subject = `${caseRecord.id}.${caseRecord.ladder}.${person}`;
  return `${core.publicUrl}/a/${signToken(core.keys, 'acknowledge', core.workspace, subject)}`;
}
