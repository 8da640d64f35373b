import { fetchFromSurveyTool, storeFetchResult } from '../intake/source-calls.ts';
import type { Kind } from '../queues/outbox-kind.ts';
import type { OutboxRow } from '../store/outbox.ts';
import type { OutboxKind } from '../store/payloads.ts';
import { caseActKind } from './kinds/case-act.ts';
import { closeDuplicateIssueKind } from './kinds/duplicate-issue.ts';
import { issueCloseKind, issueReopenKind } from './kinds/issue-close.ts';
import { issueCommentKind } from './kinds/issue-comment.ts';
import { issueCreateKind } from './kinds/issue-create.ts';
import { issueEditKind } from './kinds/issue-edit.ts';
import { issueLinkKind } from './kinds/issue-link.ts';
import { mailSendKind } from './kinds/mail-send.ts';
import { channelNoticeSendKind } from './kinds/notice-send.ts';
import { subIssueCreateKind, subIssueStateKind } from './kinds/sub-issue.ts';

/** Reads of a survey tool's API. They change nothing there. */
const surveyToolFetchHandling: Kind<'response.fetch' | 'questions.fetch'> = {
  unknown: 'repeat',
  call: fetchFromSurveyTool,
  settle: storeFetchResult,
};

const kinds: { [Name in OutboxKind]: Kind<Name> } = {
  'issue.create': issueCreateKind,
  'issue.sub': subIssueCreateKind,
  'issue.sub-state': subIssueStateKind,
  'issue.edit': issueEditKind,
  'issue.comment': issueCommentKind,
  'issue.reopen': issueReopenKind,
  'issue.close': issueCloseKind,
  'issue.link': issueLinkKind,
  'issue.duplicate': closeDuplicateIssueKind,
  'case.act': caseActKind,
  'mail.send': mailSendKind,
  'notice.send': channelNoticeSendKind,
  'response.fetch': surveyToolFetchHandling,
  'questions.fetch': surveyToolFetchHandling,
};

export const kindOf = <Name extends OutboxKind>(row: OutboxRow<Name>): Kind<Name> => kinds[row.kind];
