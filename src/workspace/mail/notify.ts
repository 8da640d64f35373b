import type { NoticeEvent } from '#domain/template.ts';
import { casePage } from '../cases/draft-issue.ts';
import { audience } from '../cases/people.ts';
import type { Core } from '../core.ts';
import { responsesOfCase } from '../store/case-responses.ts';
import { type Case, handleOf } from '../store/cases.ts';
import { sendMail } from './send-mail.ts';

/** Tells those whom the template names for this event. Notices ask nothing and hold no words of the customer. */
export function notify(core: Core, found: Case, event: NoticeEvent, headline: string): void {
  const template = core.settings.templates.get(found.template);
  const names =
    template?.notify[event] ??
    (event === 'needs-a-person' || event === 'disputed' || event === 'known-gap' ? ['managers'] : []);
  const [firstResponse] = responsesOfCase(core.sql, found.id);
  for (const { person, address } of audience(core, names, found.team)) {
    sendMail(core, {
      once: [found.id, event, String(found.generation), headline, person],
      kind: 'notice',
      caseId: found.id,
      followUpId: null,
      person,
      address,
      replyTo: null,
      asks: false,
      counts: false,
      subject: `${handleOf(found)} ${event.replaceAll('-', ' ')}: ${found.category}`,
      content: {
        paragraphs: [
          `${headline}.`,
          [
            `Severity: ${found.severity}`,
            ...(found.tier ? [`Customer tier: ${found.tier}`] : []),
            ...found.dueWhy,
          ].join('\n'),
        ],
        button: { label: `Open case ${handleOf(found)}`, url: casePage(core, found.id) },
        footer: [
          ...(firstResponse
            ? [`The full response: ${core.publicUrl}/w/${core.workspace}/responses/${firstResponse}`]
            : []),
          `You get this because the case template names you for "${event}".`,
        ],
      },
    });
  }
}
