import { AppError } from '#domain/base/errors.ts';
import { type Case, handleOf } from '#domain/cases/case-record.ts';
import { buildCasePageUrl } from '../basics/draft-issue.ts';
import { refuseField, wording } from '../basics/field-text.ts';
import { identifiesCustomer } from '../basics/identifies-customer.ts';
import { findAccount, findPersonName } from '../basics/people.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { addComment } from '../store/comments.ts';
import { comment } from '../tracker-requests/comment.ts';

const longestComment = 4000;

interface CommentToWrite {
  text: string;
  mention: string[];
  who: string;
  /** Idempotency key of the comment. */
  once: string;
}

/**
 * Writes a comment in a person's name. Words that identify the customer stay out of the tracker.
 *
 * @throws InvalidInputError with the field
 */
export function writeComment(core: Core, caseRecord: Case, { text, mention, who, once }: CommentToWrite): void {
  const trimmed = text.trim();
  if (!caseRecord.issue) throw new AppError('conflict', 'Its issue is not created yet; try again in a minute.');
  if (trimmed === '') refuseField('comment', 'is empty; write a comment');
  if (trimmed.length > longestComment) refuseField('comment', `is longer than ${longestComment} characters`);
  if (identifiesCustomer(core, caseRecord, trimmed))
    refuseField(
      'comment',
      'identifies the customer, or quotes them, which must stay out of the tracker; write “the customer”',
    );
  const accounts = mention.map((person) => {
    const account = findAccount(core, person, caseRecord.tracker);
    if (account === null)
      refuseField('mention', `has no account in this tracker: ${person}; add it under people of the workspace file`);
    return account;
  });
  // Quoted, so that no line is read as a command or as Caselite's own.
  const quoted = trimmed
    .split(/\r?\n/)
    .map((line) => `> ${line}`)
    .join('\n');
  const from = `${findPersonName(core, who)} writes on [${handleOf(caseRecord)}](${buildCasePageUrl(core, caseRecord.id)}):`;
  const key = `said:${once}:${core.keys.mac('said.1', trimmed).slice(0, 16)}`;
  if (!comment(core, caseRecord, key, `${from}\n\n${quoted}`, accounts)) return;
  addComment(core.sql, {
    caseId: caseRecord.id,
    id: key,
    kind: 'page',
    author: who,
    text: trimmed,
    at: core.clock.now(),
  });
  const names = mention.map((person) => findPersonName(core, person)).join(', ');
  record(core, caseRecord.id, 'commented', `from the case page${names && `, to ${names}`}`, { who });
}

/** Keeps a note of the team, which never leaves Caselite. */
export function addNote(core: Core, caseId: string, { text, who, once }: Omit<CommentToWrite, 'mention'>): void {
  const note = wording('note', text, 'write a note', longestComment);
  addComment(core.sql, { caseId, id: once, kind: 'note', author: who, text: note, at: core.clock.now() });
}
