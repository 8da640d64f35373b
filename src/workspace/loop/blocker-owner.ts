import { type Case, handleOf } from '#domain/cases/case-record.ts';
import type { Cause } from '#domain/cases/verdict.ts';
import { buildCasePageUrl } from '../basics/draft-issue.ts';
import type { Core } from '../core.ts';
import { queueNoticeMail } from '../mail/send-mail.ts';

/** Notifies the owner of a blocker, as the workspace names them, about a customer's known gap. */
export function notifyBlockerOwner(core: Core, caseRecord: Case, { blocker, generation, why }: Cause): void {
  const { people, 'blocker-owners': owners } = core.settings.workspace;
  const person = blocker !== null && Object.hasOwn(owners, blocker) ? owners[blocker] : undefined;
  const address = person && Object.hasOwn(people, person) ? people[person]?.email : undefined;
  if (!person || !address) return;
  queueNoticeMail(core, {
    once: [caseRecord.id, 'blocker-owner', String(generation), String(blocker), person],
    caseId: caseRecord.id,
    person,
    address,
    subject: `${handleOf(caseRecord)}: a customer is blocked by "${blocker}"`,
    content: {
      paragraphs: [
        `${handleOf(caseRecord)} (${caseRecord.category}) is a known gap: ${why}.`,
        `The blocker is ${blocker}. Only its owner can remove it.`,
      ],
      button: { label: `Open case ${handleOf(caseRecord)}`, url: buildCasePageUrl(core, caseRecord.id) },
      footer: [`You get this because the workspace file names you as the owner of "${blocker}".`],
    },
  });
}
