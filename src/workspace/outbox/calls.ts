import { dueDate } from '#domain/due.ts';
import { OutsideError } from '#domain/errors.ts';
import type { MailMessage } from '#domain/mailer.ts';
import { issueMarker } from '#domain/marker.ts';
import type { Notice } from '#domain/notifier.ts';
import type { IncomingResponse, QuestionDescription } from '#domain/survey-source.ts';
import type {
  CommentDraft,
  IssueDraft,
  IssueEdit,
  IssueSnapshot,
  LabelDraft,
  Tracker,
} from '#domain/tracker.ts';
import { caseLink, issueText } from '../cases/draft-issue.ts';
import { refreshIssue } from '../cases/refresh-issue.ts';
import { record } from '../cases/timeline.ts';
import type { Core } from '../core.ts';
import { isFetch, settleFetch } from '../intake/source-calls.ts';
import { mirrorIssue } from '../issues/mirror.ts';
import { notify } from '../mail/notify.ts';
import { isUndeliverable } from '../mail/undeliverable.ts';
import { type Case, findCase, getCase, handleOf, updateCase } from '../store/cases.ts';
import { settleMail } from '../store/mails.ts';
import { endSubject, markEnded, type OutboxRow, releaseLane } from '../store/outbox.ts';

/** How a row ended, and what came back. */
export interface Settled {
  issue?: IssueSnapshot;
  provider?: string;
  response?: IncomingResponse;
  questions?: QuestionDescription[];
  refused?: string;
  unknown?: string;
}

interface EditPayload {
  caseId: string;
  text?: boolean;
  addLabels?: LabelDraft[];
  removeLabels?: string[];
  dueDate?: boolean;
}

/** Where a read-back of this row would start; asked before the intent is written. */
export async function floorFor(core: Core, row: OutboxRow): Promise<string | null> {
  if (row.kind === 'mail.send') {
    // A provider that is not set up is found out here, before anything may have been sent.
    await core.outside.mailer();
    return null;
  }
  if (isFetch(row) || isNotice(row)) return null;
  const tracker = await core.outside.tracker(row.lane);
  return row.kind === 'issue.create' ? tracker.floor() : null;
}

export async function callMail(core: Core, row: OutboxRow): Promise<Settled> {
  const message: MailMessage = JSON.parse(row.payload);
  // What may have left before is repeated as it was, for the provider to see that it is the same mail.
  if (row.attempts === 0 && isUndeliverable(core, message.to))
    throw new OutsideError('rejected', 'send mail', {
      detail: 'mail to this address could not be delivered',
    });
  const mailer = await core.outside.mailer();
  const { id } = await mailer.send(message);
  return { provider: id };
}

/** A notice for a channel beside mail; sending it again does no harm. */
export const isNotice = ({ kind }: OutboxRow): boolean => kind === 'notice.send';

export async function callChannel(core: Core, row: OutboxRow): Promise<Settled> {
  const channel = await core.outside.channel(row.lane.replace(/^notice:/, ''));
  await channel.send(JSON.parse(row.payload) as Notice);
  return {};
}

export async function callTracker(core: Core, row: OutboxRow): Promise<Settled> {
  const tracker = await core.outside.tracker(row.lane);
  if (row.kind === 'issue.create')
    return { issue: await tracker.createIssue(JSON.parse(row.payload) as IssueDraft) };
  const payload: EditPayload & { draft?: CommentDraft } = JSON.parse(row.payload);
  const found = getCase(core.sql, payload.caseId);
  const { issue } = found;
  if (!issue) throw new OutsideError('rejected', row.kind, { detail: 'the case has no issue' });
  switch (row.kind) {
    case 'issue.reopen':
      return { issue: await tracker.reopenIssue(issue.id) };
    case 'issue.edit':
      return {
        issue: await tracker.editIssue(
          issue.id,
          editOf(core, found, payload, await mayQuote(core, tracker, payload)),
        ),
      };
    default:
      if (payload.draft) await tracker.addComment(issue.id, payload.draft);
      return {};
  }
}

/** Whether respondents may be quoted: by the workspace's rule, in a tracker that is seen not to be public right now. */
async function mayQuote(core: Core, tracker: Tracker, { text }: EditPayload): Promise<boolean> {
  if (!text || core.settings.workspace.words !== 'private') return false;
  return (await tracker.visibility()) === 'private';
}

/** An edit writes what is true when it is made, so that repeating or delaying it does no harm. */
function editOf(
  core: Core,
  found: Case,
  { text, addLabels, removeLabels, dueDate: setDueDate }: EditPayload,
  isPrivate: boolean,
): IssueEdit {
  return {
    ...(text ? textEdit(core, found, isPrivate) : {}),
    ...(addLabels ? { addLabels } : {}),
    ...(removeLabels ? { removeLabels } : {}),
    ...(setDueDate ? { dueDate: dueDate(found.dueAt, core.settings.workspace['time-zone']) } : {}),
  };
}

/** A text that is written anew keeps its marker and its link. */
function textEdit(core: Core, found: Case, isPrivate: boolean): IssueEdit {
  const handle = handleOf(found);
  return {
    ...issueText(core, found, isPrivate),
    marker: issueMarker(core.keys, core.workspace, handle),
    link: caseLink(core, found),
  };
}

/** Writes down a call that worked, together with all that follows from it. */
export function finish(core: Core, row: OutboxRow, settled: Settled): void {
  core.sql.transaction(() => {
    markEnded(core.sql, row.id, 'done', core.clock.now(), null);
    settle(core, row, settled);
    if (row.attempts > 0) releaseLane(core.sql, row.lane, core.clock.now());
  });
}

/** Carries an outcome into the case or the contact ledger; runs in the transaction that ends the row. */
export function settle(core: Core, row: OutboxRow, settled: Settled): void {
  if (row.kind === 'mail.send') {
    const { key }: MailMessage = JSON.parse(row.payload);
    settleMail(
      core.sql,
      key,
      settled.unknown ? 'unknown' : settled.refused ? 'refused' : 'sent',
      settled.provider ?? null,
    );
    return;
  }
  if (isNotice(row)) return;
  if (isFetch(row)) {
    settleFetch(core, row, settled);
    return;
  }
  const caseId = row.subject.replace(/^case:/, '');
  const found = findCase(core.sql, caseId);
  if (!found) return;
  const trouble = settled.refused ?? settled.unknown;
  if (trouble) {
    // On an issue that was never made: why it was not stands there already.
    if (row.kind !== 'issue.create' && !found.issue) return;
    // What was to follow on this issue would fail as well, and hide why.
    if (row.kind === 'issue.create')
      endSubject(core.sql, row.subject, core.clock.now(), 'the issue could not be made');
    const why = `${row.kind.replace('.', ' ')} did not go through: ${trouble}`;
    updateCase(core.sql, caseId, { needsPerson: why });
    record(core, caseId, 'needs a person', why);
    notify(core, found, 'needs-a-person', `${handleOf(found)} needs a person`);
    return;
  }
  if (!settled.issue) return;
  if (row.kind === 'issue.create') {
    record(core, caseId, 'issue made', `in tracker ${found.tracker}`, { evidence: settled.issue.key });
    reportMissing(core, found, settled.issue, JSON.parse(row.payload));
    // The create itself quotes nobody: the visibility is read right before the words are written.
    if (core.settings.workspace.words === 'private') refreshIssue(core, caseId, found.tracker);
  }
  const { why } = JSON.parse(row.payload) as { why?: string };
  mirrorIssue(core, caseId, settled.issue, why ? { who: 'Caselite', why } : undefined);
}

/** Trackers drop what they do not take without a word: say what is missing. */
function reportMissing(core: Core, found: Case, issue: IssueSnapshot, draft: IssueDraft): void {
  const labels = draft.labels.map(({ name }) => name).filter((name) => !issue.labels.includes(name));
  if (labels.length > 0)
    record(core, found.id, 'labels missing', `the tracker did not take ${labels.join(', ')}`);
  if (draft.assignee && !issue.assignee)
    record(core, found.id, 'assignee missing', 'the tracker did not take the assignee');
  if (!draft.assignee && found.assignee)
    record(core, found.id, 'assignee not mapped', `${found.assignee} has no account in this tracker`);
}
