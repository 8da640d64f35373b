import type { Kind } from '../queues/outbox-kind.ts';
import type { OutboxRow } from '../store/outbox.ts';
import type { OutboxKind } from '../store/payloads.ts';
import { duplicateIssueKind } from './kinds/duplicate-issue.ts';
import { fetchKind } from './kinds/fetch.ts';
import { closeKind } from './kinds/issue-close.ts';
import { commentKind } from './kinds/issue-comment.ts';
import { createKind } from './kinds/issue-create.ts';
import { editKind } from './kinds/issue-edit.ts';
import { linkKind } from './kinds/issue-link.ts';
import { reopenKind } from './kinds/issue-reopen.ts';
import { mailKind } from './kinds/mail-send.ts';
import { noticeKind } from './kinds/notice-send.ts';
import { subKind } from './kinds/sub-issue.ts';
import { subStateKind } from './kinds/sub-issue-state.ts';

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
  'mail.send': mailKind,
  'notice.send': noticeKind,
  'response.fetch': fetchKind,
  'questions.fetch': fetchKind,
};

export const kindOf = <Name extends OutboxKind>(row: OutboxRow<Name>): Kind<Name> => kinds[row.kind];
