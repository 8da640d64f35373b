import type { MailContent } from '#domain/text/mail-layout.ts';
import type { Core } from '../core.ts';
import { queueMail } from './send-mail.ts';

export interface NoticeMail {
  /** Parts of the idempotency key. */
  once: string[];
  person: string;
  address: string;
  caseId?: string | null;
  at?: number;
  subject: string;
  content: MailContent;
}

/** Records a notice by mail to a person of the team. It asks nothing, and no quarantine counts it. */
export const queueNoticeMail = (core: Core, { caseId = null, ...notice }: NoticeMail): string | null =>
  queueMail(core, {
    ...notice,
    kind: 'notice',
    caseId,
    askId: null,
    replyTo: null,
    asks: false,
    counts: false,
  });
