import { signToken } from '#domain/base/token.ts';
import { type Case, handleOf } from '#domain/cases/case-record.ts';
import { formatInstantWithZone } from '#domain/templates/due.ts';
import { buildCasePageUrl, findFirstResponseUrl } from '../basics/draft-issue.ts';
import type { Core } from '../core.ts';
import { findCase } from '../store/cases.ts';
import { findNextHeldNoticeAt, listDueHeldNotices, type StoredNotice, updateNotice } from '../store/notices.ts';
import { clearTimer, setTimer } from '../store/schedule.ts';
import { findNoticeTime } from './notice-time.ts';
import { queueNoticeMail } from './send-mail.ts';

export function setHeldNoticesTimer(core: Core, person: string): void {
  const next = findNextHeldNoticeAt(core.sql, person);
  if (next === null) clearTimer(core.sql, 'notices', person);
  else setTimer(core.sql, 'notices', person, next);
}

/**
 * Sends a person's held notices: one mail per case, or one mail in all as a digest. During quiet hours they stay held.
 */
export function sendHeldNotices(core: Core, person: string): void {
  const now = core.clock.now();
  const ready: StoredNotice[] = [];
  for (const notice of listDueHeldNotices(core.sql, person, now)) {
    const dueAt = notice.dueAt < now ? findDeferredNoticeTime(core, notice, now) : now;
    if (dueAt > now) {
      updateNotice(core.sql, notice.id, { dueAt });
      continue;
    }
    const knows = findNoticeAddress(core, person) !== null && findCase(core.sql, notice.caseId) !== null;
    updateNotice(core.sql, notice.id, { state: knows ? 'sent' : 'dropped' });
    if (knows) ready.push(notice);
  }
  const { people } = core.settings.workspace;
  const wantsDigest = Object.hasOwn(people, person) && people[person]?.digest !== undefined;
  const groups = wantsDigest ? [ready] : [...Map.groupBy(ready, ({ caseId }) => caseId).values()];
  for (const group of groups) if (group.length > 0) mailNotices(core, person, group);
  setHeldNoticesTimer(core, person);
}

/** The alarm came late, into the next quiet hours. Notices for a digest go out all the same. */
function findDeferredNoticeTime(core: Core, { person, event }: StoredNotice, now: number): number {
  const { people } = core.settings.workspace;
  const digest = Object.hasOwn(people, person) ? people[person]?.digest : undefined;
  return digest ? now : findNoticeTime(core, person, event, now);
}

/** Address of a person or watcher; null for people who left the workspace file. */
function findNoticeAddress(core: Core, person: string): string | null {
  const { people, teams } = core.settings.workspace;
  if (Object.hasOwn(people, person)) return people[person]?.email ?? null;
  return Object.values(teams).some(({ watchers }) => watchers.includes(person)) ? person : null;
}

/** Mails notices with one line each. The same notices make the same mail. */
export function mailNotices(core: Core, person: string, notices: StoredNotice[]): void {
  const address = findNoticeAddress(core, person);
  const cases = [...new Set(notices.map(({ caseId }) => caseId))].flatMap((id) => findCase(core.sql, id) ?? []);
  const [first] = cases;
  const [notice] = notices;
  if (!address || !first || !notice) return;
  const isOne = cases.length === 1;
  const acknowledged = isOne && notices.some(({ acknowledge }) => acknowledge) && !person.includes('@');
  queueNoticeMail(core, {
    once: notices.map(({ id }) => id),
    caseId: isOne ? first.id : null,
    person,
    address,
    subject: buildNoticeSubject(cases, notices),
    content: {
      paragraphs: cases.flatMap((caseRecord) => news(core, caseRecord, notices)),
      button: acknowledged
        ? { label: 'I have it', url: buildAcknowledgePageUrl(core, first, person) }
        : isOne
          ? { label: `Open case ${handleOf(first)}`, url: buildCasePageUrl(core, first.id) }
          : { label: 'Open your cases', url: `${core.publicUrl}/w/${core.workspace}` },
      footer: [
        ...(isOne && !acknowledged
          ? []
          : cases.map((caseRecord) => `Case ${handleOf(caseRecord)}: ${buildCasePageUrl(core, caseRecord.id)}`)),
        ...cases.flatMap((caseRecord) => buildResponseLinkLines(core, caseRecord)),
        `You get this because ${notice.because} names you for ${[...new Set(notices.map(({ event }) => `"${event}"`))].join(', ')}.`,
      ],
    },
  });
}

function buildNoticeSubject(cases: Case[], notices: StoredNotice[]): string {
  const [first] = cases;
  const [notice] = notices;
  if (!first || !notice || cases.length > 1) return `News of ${cases.length} cases`;
  const { category } = first;
  return notices.length === 1
    ? `${handleOf(first)} ${notice.event.replaceAll('-', ' ')}: ${category}`
    : `${handleOf(first)}, ${notices.length} news: ${category}`;
}

function news(core: Core, caseRecord: Case, notices: StoredNotice[]): string[] {
  const own = notices.filter(({ caseId }) => caseId === caseRecord.id);
  const zone = core.settings.workspace['time-zone'];
  const lines =
    own.length === 1
      ? own.map(({ headline }) => `${headline}.`)
      : own.map(({ at, headline }) => `${formatInstantWithZone(at, zone)}: ${headline}.`);
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
