import { deriveId } from '#domain/base/key.ts';
import { type Case, handleOf } from '#domain/cases/case-record.ts';
import type { Notice } from '#domain/integrations/notifier.ts';
import { chooseRecipients, isForTeamMember, type NoticeEvent } from '#domain/settings/notice-event.ts';
import type { CaseTemplate } from '#domain/templates/template.ts';
import { toIsoText } from '#domain/time/units.ts';
import { buildCasePageUrl, findFirstResponseUrl } from '../basics/draft-issue.ts';
import { audience, findPersonName } from '../basics/people.ts';
import type { Core } from '../core.ts';
import { insertNotice } from '../store/notices.ts';
import { addToOutbox } from '../store/outbox.ts';
import { mailNotices, setHeldNoticesTimer } from './held-notices.ts';
import { findNoticeTime } from './notice-time.ts';
import { queueNoticeMail } from './send-mail.ts';

/**
 * Notifies the recipients of an event: by the template, else the workspace, and people of the team who follow
 * everything. Notices ask nothing and hold no words of the customer. In quiet hours they are held.
 *
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
    audience(core, names, caseRecord.team, caseRecord, isForMember).map(({ person }) => person);
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
  const now = core.clock.now();
  const once = [caseRecord.id, event, String(caseRecord.generation), headline, ...(more.once ? [more.once] : [])];
  for (const person of byMail) {
    const dueAt = findNoticeTime(core, person, event, now);
    const notice = insertNotice(core.sql, {
      id: deriveId(core.keys, 'n', ...once, person),
      caseId: caseRecord.id,
      person,
      event,
      headline,
      because: explain(person),
      acknowledge: more.acknowledge ?? false,
      at: now,
      dueAt,
      state: dueAt <= now ? 'sent' : 'held',
    });
    if (!notice) continue;
    if (notice.state === 'sent') mailNotices(core, person, [notice]);
    else setHeldNoticesTimer(core, person);
  }
  for (const channel of recipients.by.filter((name) => name !== 'mail'))
    post(core, caseRecord, { event, headline, once }, channel, notified);
  return notified;
}

/** Posts an event once to a channel beside mail, with the names of all recipients. */
function post(
  core: Core,
  caseRecord: Case,
  { event, headline, once }: { event: NoticeEvent; headline: string; once: string[] },
  channel: string,
  people: string[],
): void {
  const at = core.clock.now();
  const key = deriveId(core.keys, 'n', ...once, `to ${channel}`);
  const notice: Notice = {
    key,
    at: toIsoText(at),
    workspace: core.workspace,
    event,
    headline,
    case: {
      handle: handleOf(caseRecord),
      category: caseRecord.category,
      severity: caseRecord.severity,
      tier: caseRecord.tier,
      url: buildCasePageUrl(core, caseRecord.id),
    },
    responseUrl: findFirstResponseUrl(core, caseRecord),
    people: people.filter((person) => !person.includes('@')).map((person) => findPersonName(core, person) ?? person),
  };
  addToOutbox(core.sql, {
    key: `notice:${key}`,
    queue: `notice:${channel}`,
    orderingKey: `notice:${key}`,
    kind: 'notice.send',
    payload: notice,
    at,
  });
}

/** Notifies people of a response for which nothing is opened. Returns a line with their number. */
export function notifyOfMatchedResponse(core: Core, name: string, template: CaseTemplate, responseId: string): string {
  const { people } = core.settings.workspace;
  const isForMember = (person: string) => isForTeamMember('opened', people[person]?.notices);
  const recipients = audience(core, template.notify.opened?.to ?? [], template.team, undefined, isForMember);
  for (const { person, address } of recipients) {
    queueNoticeMail(core, {
      once: ['notice', name, responseId, person],
      person,
      address,
      at: findNoticeTime(core, person, 'opened', core.clock.now()),
      subject: `${template.name}: ${template.category}`,
      content: {
        paragraphs: [`A response matched the template ${template.name}. Nothing was opened for it.`],
        button: {
          label: 'Read the response',
          url: `${core.publicUrl}/w/${core.workspace}/responses/${responseId}`,
        },
        footer: ['You get this because the case template names you for "opened".'],
      },
    });
  }
  return `notice to ${recipients.length === 1 ? '1 person' : `${recipients.length} people`}`;
}
