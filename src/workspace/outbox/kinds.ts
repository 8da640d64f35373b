import { fetchFromSurveyTool, storeFetchResult } from '../intake/source-calls.ts';
import type { Kind } from '../queues/outbox-kind.ts';
import type { OutboxRow } from '../store/outbox.ts';
import type { OutboxKind } from '../store/payloads.ts';
import { duplicateIssueKind } from './kinds/duplicate-issue.ts';
import { closeKind, reopenKind } from './kinds/issue-close.ts';
import { commentKind } from './kinds/issue-comment.ts';
import { createKind } from './kinds/issue-create.ts';
import { editKind } from './kinds/issue-edit.ts';
import { linkKind } from './kinds/issue-link.ts';
import { mailSendKind } from './kinds/mail-send.ts';
import { noticeSendKind } from './kinds/notice-send.ts';
import { subKind, subStateKind } from './kinds/sub-issue.ts';

/** Reads of a survey tool's API. They change nothing there. */
const fetchKind: Kind<'response.fetch' | 'questions.fetch'> = {
  unknown: 'repeat',
  call: fetchFromSurveyTool,
  settle: storeFetchResult,
};

const kinds: { [Name in OutboxKind]: Kind<Name> } = {
  'issue.create': createKind,
  'issue.sub': subKind,
  'issue.sub-state': subStateKind,
  'issue.edit': editKind,
  'issue.comment': commentKind,
  'issue.reopen': reopenKind,
  'issue.close': closeKind,
  'issue.link': linkKind,
  'issue.duplicate': duplicateIssueKind,
  'mail.send': mailSendKind,
  'notice.send': noticeSendKind,
  'response.fetch': fetchKind,
  'questions.fetch': fetchKind,
};

export const kindOf = <Name extends OutboxKind>(row: OutboxRow<Name>): Kind<Name> => kinds[row.kind];
