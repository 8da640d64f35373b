import type { MailContent } from '#domain/text/mail-layout.ts';
import type { Core } from '../core.ts';
import { sendMail } from './send-mail.ts';

export interface NoticeMail {
  /** What makes this news the same news. */
  once: string[];
  person: string;
  address: string;
  caseId?: string | null;
  /** When it may leave, where that is not now. */
  at?: number;
  subject: string;
  content: MailContent;
}

/** Intends a mail that tells somebody of the team something. It asks nothing, and no quarantine counts it. */
export const sendNotice = (core: Core, { caseId = null, ...notice }: NoticeMail): string | null =>
  sendMail(core, {
    ...notice,
    kind: 'notice',
    caseId,
    followUpId: null,
    replyTo: null,
    asks: false,
    counts: false,
  });
