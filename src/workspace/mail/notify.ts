import { type RiskName, riskTexts } from '#domain/reports/risk.ts';
import { chooseRecipients, isForTeamMember, type NoticeEvent } from '#domain/settings/notice-event.ts';
import type { CaseTemplate } from '#domain/templates/template.ts';
import { dateAt } from '#domain/time/quiet-hours.ts';
import { basics, type Case, type Core, deriveId, store } from '../kit.ts';
import { findNoticeTime, findStormEnd, setHeldNoticesTimer } from './notice-time.ts';
import { queueNoticeMail } from './send-mail.ts';
import { sendNotices } from './send-notices.ts';

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
  event: NoticeEvent,
  headline: string,
  more: { to?: string[]; acknowledge?: boolean; because?: string; except?: string[]; once?: string } = {},
): string[] {
  const { workspace, templates } = core.settings;
  const { people } = workspace;
  const recipients = chooseRecipients(event, templates.get(caseRecord.template)?.notify, workspace.notices);
  const list = (names: string[], isForMember?: (person: string) => boolean) =>
    basics.audience(core, names, caseRecord.team, caseRecord, isForMember).map(({ person }) => person);
  const own = [caseRecord.assignee, caseRecord.loopOwner];
  const named = list(
    recipients.to,
    (person) => own.includes(person) || isForTeamMember(event, people[person]?.notices),
  );
  const added = list(more.to ?? []);
  const following = list(['team', 'assignee', 'loop-owner']).filter((person) => people[person]?.notices === 'all');
  const notified = [...new Set([...named, ...added, ...following])].filter((person) => !more.except?.includes(person));
  const byMail = notified.filter(
    (person) => recipients.by.includes('mail') || added.includes(person) || following.includes(person),
  );
  const explain = (person: string) => {
    if (added.includes(person)) return more.because ?? recipients.because;
    return named.includes(person) ? recipients.because : 'your own setting "notices: all"';
  };
  const once = [caseRecord.id, event, String(caseRecord.generation), headline, ...(more.once ? [more.once] : [])];
  const notice = { caseId: caseRecord.id, responseId: null, template: caseRecord.template, event, headline };
  const acknowledge = more.acknowledge ?? false;
  for (const person of byMail)
    sendOrHold(core, [...once, person], { ...notice, person, because: explain(person), acknowledge });
  const names = notified
    .filter((person) => !person.includes('@'))
    .map((name) => basics.findPersonName(core, name) ?? name);
  for (const channel of recipients.by.filter((name) => name !== 'mail'))
    sendOrHold(core, [...once, `to ${channel}`], {
      ...notice,
      person: `channel:${channel}`,
      because: names.join(', '),
      acknowledge: false,
    });
  return notified;
}

function sendOrHold(
  core: Core,
  once: string[],
  notice: Omit<store.StoredNotice, 'seq' | 'id' | 'at' | 'dueAt' | 'state'>,
): void {
  const now = core.clock.now();
  const { person } = notice;
  const stormEnd = findStormEnd(core, notice);
  const from = stormEnd ?? now;
  const dueAt = person.startsWith('channel:') ? from : findNoticeTime(core, notice, from);
  const state = stormEnd === null && dueAt <= now ? 'sent' : 'held';
  const stored = store.insertNotice(core.sql, {
    ...notice,
    id: deriveId(core.keys, 'n', ...once),
    at: now,
    dueAt,
    state,
  });
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
  const once = dateAt(core.clock.now(), core.settings.workspace['time-zone']);
  if (caseRecord) notify(core, caseRecord, 'at-risk', headline, { once });
  const response = caseRecord ? null : store.findLastResponseOfPerson(core.sql, keys);
  const { to, because } = chooseRecipients('at-risk', undefined, core.settings.workspace.notices);
  const teams = response ? Object.keys(core.settings.workspace.teams) : [];
  const people = new Set(teams.flatMap((team) => basics.audience(core, to, team).map(({ person }) => person)));
  for (const person of people)
    sendOrHold(core, ['at-risk', once, response?.id ?? '', person], {
      caseId: null,
      responseId: response?.id ?? null,
      template: 'Customer at risk',
      person,
      event: 'at-risk',
      headline,
      because,
      acknowledge: false,
    });
  return caseRecord !== undefined || response !== null;
}

/** Notifies people of a response for which nothing is opened. Returns a line with their number. */
export function notifyOfMatchedResponse(core: Core, name: string, template: CaseTemplate, responseId: string): string {
  const { people } = core.settings.workspace;
  const isForMember = (person: string) => isForTeamMember('opened', people[person]?.notices);
  const find = (names: string[]) => basics.audience(core, names, template.team, undefined, isForMember);
  const named = find(template.notify.opened?.to ?? []);
  // Without a case there is no assignee, and somebody has to hear of it.
  const recipients = named.length > 0 ? named : find(['team']);
  for (const { person } of recipients)
    sendOrHold(core, ['notice', name, responseId, person], {
      caseId: null,
      responseId,
      template: name,
      person,
      event: 'opened',
      headline: `A response matched the template ${template.name}. Nothing was opened for it`,
      because: 'the case template',
      acknowledge: false,
    });
  return `notice to ${recipients.length === 1 ? '1 person' : `${recipients.length} people`}`;
}

interface News {
  /** Team whose case managers are notified in place of the admins. */
  team?: string | null;
  /** Parts of the idempotency key. */
  once: string[];
  subject: string;
  paragraphs: string[];
  path: string;
  label: string;
}

/** Notifies the case managers of a team, else the admins of the workspace, else the case managers of all teams. */
export function notifyAdmins(core: Core, { once, team, subject, paragraphs, path, label }: News): void {
  const { admins, teams } = core.settings.workspace;
  const ofTeam = team ? (teams[team]?.managers ?? []) : [];
  const all = Object.values(teams).flatMap(({ managers }) => managers);
  const [names, because] =
    ofTeam.length > 0
      ? [ofTeam, `you manage the team ${team}`]
      : admins.length > 0
        ? [admins, 'the workspace file names you under admins']
        : [all, 'you manage a team and the workspace file names no admins'];
  for (const { person, address } of basics.audience(core, names, ''))
    queueNoticeMail(core, {
      once: [...once, person],
      person,
      address,
      subject,
      content: {
        paragraphs,
        button: { label, url: `${core.publicUrl}/w/${core.workspace}/${path}` },
        footer: [`You get this because ${because}.`],
      },
    });
}
