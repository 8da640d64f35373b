import { type RiskName, riskTexts } from '#domain/reports/risk.ts';
import * as events from '#domain/settings/notice-event.ts';
import { findCalendar } from '#domain/templates/due.ts';
import { basics, type Case, type CaseTemplate, type Core, deriveId, type Settings, store, timing } from '../kit.ts';
import { queueNoticeMail } from './send-mail.ts';
import { findNoticeAddress, nameStorm, sendNotices } from './send-notices.ts';

/** Instant for a notice: now, after quiet hours, or with the digest; urgent first notices pass quiet hours. */
export function findNoticeTime(
  core: Core,
  { person, event, caseId }: Pick<store.StoredNotice, 'person' | 'event' | 'caseId'>,
  now: number,
): number {
  const { 'time-zone': zone, 'quiet-hours': workspace } = core.settings.workspace;
  if (workspace?.exempt.includes(event)) return now;
  const settings = basics.findPerson(core, person);
  const timeZone = settings?.['time-zone'] ?? zone;
  const digest = events.isUrgent(event) ? undefined : settings?.digest;
  const [hour = 0, minute = 0] = (digest ?? '').split(':').map(Number);
  const at = digest ? timing.findNextWallClockInstant(hour * 60 + minute, timeZone, now) : now;
  const isFirstOfUrgent = event === 'opened' && store.findCase(core.sql, caseId)?.severityRank === 1;
  if (isFirstOfUrgent && !digest) return now;
  const own = settings?.['quiet-hours'];
  if (own === 'none') return at;
  const hours = own ?? workspace?.hours;
  const quiet: timing.Quiet = {
    hours: hours ? timing.parseQuietHours(hours) : null,
    calendar: findCalendar(core.settings.workspace, workspace?.calendar ?? null),
    timeZone,
  };
  return timing.findNextInstantNotQuiet(quiet, at);
}

/** Instant until which a notice waits for others of its storm, but not for quiet hours; null where it may go at once. */
function findStormEnd(core: Core, notice: Pick<store.StoredNotice, 'person' | 'template' | 'event'>) {
  if (events.describeStorm(notice.event) === null) return null;
  const [now, gatherMs] = [core.clock.now(), events.findGatherMs(notice.event)];
  const latest = store.findLatestNotice(core.sql, { ...notice, until: now + gatherMs });
  if (latest === null || latest.state === 'held') return latest?.dueAt ?? null;
  return latest.dueAt + gatherMs > now ? latest.dueAt + gatherMs : null;
}

/** Sets the timer of each huddle; one that is due already goes out first. */
export function setHuddleTimers({ sql, clock }: Pick<Core, 'sql' | 'clock'>, { workspace }: Settings): void {
  const now = clock.now();
  for (const [name, huddle] of Object.entries(workspace.huddles)) {
    const due = store.findTimerDueAt(sql, 'huddle', name);
    const next = timing.findNextRegularInstant(huddle, workspace['time-zone'], now);
    if (due === null || due > now) store.setTimer(sql, 'huddle', name, next);
  }
}

function setHeldNoticesTimer(core: Core, person: string): void {
  const next = store.findNextHeldNoticeAt(core.sql, person);
  if (next === null) store.clearTimer(core.sql, 'notices', person);
  else store.setTimer(core.sql, 'notices', person, next);
}

/** Sends held notices after quiet hours: one mail per case, one per storm, or one digest, which goes out however late. */
export function sendHeldNotices(core: Core, person: string): void {
  const now = core.clock.now();
  const isChannel = person.startsWith('channel:');
  const digest = basics.findPerson(core, person)?.digest;
  const ready: store.StoredNotice[] = [];
  for (const notice of store.listDueHeldNotices(core.sql, person, now)) {
    // An alarm that came late may have come into the next quiet hours.
    const dueAt = notice.dueAt < now && !digest && !isChannel ? findNoticeTime(core, notice, now) : now;
    if (dueAt > now) {
      store.notices.update(core.sql, { id: notice.id }, { dueAt });
      continue;
    }
    const isKnown = notice.caseId === null || store.findCase(core.sql, notice.caseId) !== null;
    const isWanted = isKnown && (isChannel || findNoticeAddress(core, person) !== null);
    store.notices.update(core.sql, { id: notice.id }, { state: isWanted ? 'sent' : 'dropped', dueAt: now });
    if (isWanted) ready.push(notice);
  }
  for (const group of digest ? [ready] : groupByStorm(ready)) if (group.length > 0) sendNotices(core, person, group);
  setHeldNoticesTimer(core, person);
}

function groupByStorm(notices: store.StoredNotice[]): store.StoredNotice[][] {
  const bySubject = [...Map.groupBy(notices, ({ caseId, id }) => caseId ?? id).values()];
  const storms = Map.groupBy(bySubject, ([first, ...rest]) =>
    first && rest.length === 0 && events.describeStorm(first.event) !== null ? nameStorm(first) : first?.id,
  );
  return [...storms.values()].map((subjects) => subjects.flat());
}

/**
 * Notifies the recipients of an event: by the template, else the workspace, and people of the team who follow
 * everything. Notices ask nothing and hold no words of the customer. In quiet hours they are held.
 * @param more further recipients, and people who know already; whether a link acknowledges the notice; and a key that
 * tells it apart from the same headline in one generation
 * @returns the recipients
 */
export function notify(
  core: Core,
  caseRecord: Case,
  event: events.NoticeEvent,
  headline: string,
  more: { to?: string[]; acknowledge?: boolean; because?: string; except?: string[]; once?: string } = {},
): string[] {
  const { workspace, templates } = core.settings;
  const recipients = events.chooseRecipients(event, templates.get(caseRecord.template)?.notify, workspace.notices);
  const list = (names: string[], isForMember?: (person: string) => boolean) =>
    basics.audience(core, names, caseRecord.team, caseRecord, isForMember).map(({ person }) => person);
  const own = [caseRecord.assignee, caseRecord.loopOwner];
  const levelOf = (person: string) => basics.findPerson(core, person)?.notices;
  const isFor = (person: string) => own.includes(person) || events.isForTeamMember(event, levelOf(person));
  const named = list(recipients.to, isFor);
  const added = list(more.to ?? []);
  const following = list(['team', 'assignee', 'loop-owner']).filter((person) => levelOf(person) === 'all');
  const reasons = new Map(named.map((person) => [person, recipients.because]));
  for (const person of added) reasons.set(person, more.because ?? recipients.because);
  for (const person of following) if (!reasons.has(person)) reasons.set(person, 'your own setting "notices: all"');
  for (const person of more.except ?? []) reasons.delete(person);
  const notified = [...reasons.keys()];
  const once = [caseRecord.id, event, String(caseRecord.generation), headline, ...(more.once ? [more.once] : [])];
  const notice = { caseId: caseRecord.id, template: caseRecord.template, event, headline };
  const { acknowledge = false } = more;
  for (const [person, because] of reasons)
    if (recipients.by.includes('mail') || added.includes(person) || following.includes(person))
      sendOrHold(core, [...once, person], { ...notice, person, because, acknowledge });
  const people = notified.filter((person) => !person.includes('@'));
  const because = people.map((person) => basics.findPersonName(core, person)).join('\n');
  for (const channel of recipients.by.filter((name) => name !== 'mail'))
    sendOrHold(core, [...once, `to ${channel}`], { ...notice, person: `channel:${channel}`, because });
  return notified;
}

type NewNotice = Pick<store.StoredNotice, 'template' | 'person' | 'event' | 'headline' | 'because'>;
type AboutNotice = Partial<Pick<store.StoredNotice, 'caseId' | 'responseId' | 'acknowledge'>>;

function sendOrHold(core: Core, once: string[], given: NewNotice & AboutNotice): void {
  const notice = { caseId: null, responseId: null, acknowledge: false, ...given };
  const now = core.clock.now();
  const { person } = notice;
  const stormEnd = findStormEnd(core, notice);
  const from = stormEnd ?? now;
  const dueAt = person.startsWith('channel:') ? from : findNoticeTime(core, notice, from);
  const state = stormEnd === null && dueAt <= now ? 'sent' : 'held';
  const id = deriveId(core.keys, 'n', ...once);
  const stored = store.insertNotice(core.sql, { ...notice, id, at: now, dueAt, state });
  if (stored?.state === 'sent') sendNotices(core, person, [stored]);
  else if (stored) setHeldNoticesTimer(core, person);
}

/**
 * Notifies people of a customer at risk: by the newest case, else by the newest response.
 * @returns false where there is neither
 */
export function notifyOfRisk(core: Core, keys: string[], reasons: { reason: RiskName }[]): boolean {
  const headline = `A customer is at risk: ${reasons.map(({ reason }) => riskTexts[reason]).join('; ')}`;
  const last = store.listCasesOfPerson(core.sql, keys).at(-1);
  const caseRecord = last && store.findCase(core.sql, last.id);
  const once = timing.dateAt(core.clock.now(), core.settings.workspace['time-zone']);
  if (caseRecord) notify(core, caseRecord, 'at-risk', headline, { once });
  const response = caseRecord ? null : store.findLastResponseOfPerson(core.sql, keys);
  const { to, because } = events.chooseRecipients('at-risk', undefined, core.settings.workspace.notices);
  const teams = response ? Object.keys(core.settings.workspace.teams) : [];
  const people = new Set(teams.flatMap((team) => basics.audience(core, to, team).map(({ person }) => person)));
  const about = { responseId: response?.id ?? null, template: 'Customer at risk', headline, because };
  const notice = { ...about, event: 'at-risk' as const };
  for (const person of people) sendOrHold(core, ['at-risk', once, response?.id ?? '', person], { ...notice, person });
  return caseRecord !== undefined || response !== null;
}

/** Notifies people of a response for which nothing is opened. Returns a line with their number. */
export function notifyOfMatchedResponse(core: Core, name: string, template: CaseTemplate, responseId: string): string {
  const isForMember = (person: string) => events.isForTeamMember('opened', basics.findPerson(core, person)?.notices);
  const find = (names: string[]) => basics.audience(core, names, template.team, undefined, isForMember);
  const named = find(template.notify.opened?.to ?? []);
  // Without a case there is no assignee, and somebody has to hear of it.
  const recipients = named.length > 0 ? named : find(['team']);
  const headline = `A response matched the template ${template.name}. Nothing was opened for it`;
  const notice = { responseId, template: name, event: 'opened', headline, because: 'the case template' } as const;
  for (const { person } of recipients) sendOrHold(core, ['notice', name, responseId, person], { ...notice, person });
  return `notice to ${recipients.length === 1 ? '1 person' : `${recipients.length} people`}`;
}

interface News {
  team?: string | null;
  once: string[];
  subject: string;
  paragraphs: string[];
  path?: string;
  label?: string;
}

/** Notifies the case managers of a team, else the admins of the workspace, else the case managers of all teams. */
export function notifyAdmins(core: Core, { once, team, subject, paragraphs, ...place }: News): void {
  const { path = 'settings', label = 'Open the settings' } = place;
  const { admins, teams } = core.settings.workspace;
  const ofTeam = team ? (teams[team]?.managers ?? []) : [];
  const all = Object.values(teams).flatMap(({ managers }) => managers);
  const [names, because] =
    ofTeam.length > 0
      ? [ofTeam, `you manage the team ${team}`]
      : admins.length > 0
        ? [admins, 'the workspace file names you under admins']
        : [all, 'you manage a team and the workspace file names no admins'];
  const button = { label, url: `${core.publicUrl}/w/${core.workspace}/${path}` };
  const content = { paragraphs, button, footer: [`You get this because ${because}.`] };
  for (const { person, address } of basics.audience(core, names, ''))
    queueNoticeMail(core, { once: [...once, person], person, address, subject, content });
}

/** The admins hear of each kind of work that a mistake of Caselite ended once per version of the settings. */
export const notifyOfMistake = (
  core: Core,
  how: 'failed' | 'stopped Caselite',
  work: string,
  place: Pick<News, 'path' | 'label'> = {},
): void =>
  notifyAdmins(core, {
    once: ['mistake', how, String(core.settings.version), work],
    subject: `Put off, because it ${how}: ${work}`,
    paragraphs: [
      `A piece of work ${how}: ${work}. It was put off, and everything else goes on.`,
      'Caselite tries it again later. Check the templates and texts that were changed last, and push corrected ones.',
    ],
    ...place,
  });
