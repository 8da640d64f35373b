import { isForTeamMember } from '#domain/settings/notice-event.ts';
import type { CaseTemplate } from '#domain/templates/template.ts';
import { audience } from '../basics/people.ts';
import type { Core } from '../core.ts';
import { findNoticeTime } from './notice-time.ts';
import { queueNoticeMail } from './send-notice.ts';

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
