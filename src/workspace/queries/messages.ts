import type { CaseMessagesJson } from '#domain/json/loop-json.ts';
import { toIsoText, toIsoTextOrNull } from '#domain/time/units.ts';
import { demandCase } from '../basics/case-operation.ts';
import { findPersonByAccount, findPersonName } from '../basics/people.ts';
import type { Core } from '../core.ts';
import { type CaseComment, listComments } from '../store/comments.ts';
import { mailsToCustomers } from '../store/mails.ts';
import { listNoticesOfCase } from '../store/notices.ts';
import { toMailJson } from './serializers.ts';

const [mostMails, mostNotices, mostComments] = [50, 200, 200];

/** Links that answer, unsubscribe or sign in for their holder. */
const personalLink = /https?:\/\/\S+\/(?:s|u|a|c|sign-in)\/[^\s)]+/g;

/** What was written about a case beside its timeline: mails, notices, comments, notes and calls. */
export function listMessagesOfCase(core: Core, caseId: string): CaseMessagesJson {
  const { tracker } = demandCase(core, caseId);
  return {
    mails: mailsToCustomers(core.sql, caseId, mostMails).map((mail) => ({
      ...toMailJson(mail),
      text: mail.text?.replace(personalLink, '(personal link)') ?? null,
    })),
    notices: listNoticesOfCase(core.sql, caseId, mostNotices).map(({ at, headline, people }) => ({
      at: toIsoText(at),
      headline,
      to: people.split(',').map((person) => nameRecipient(core, person)),
    })),
    comments: listComments(core.sql, caseId, mostComments).map(
      ({ id, kind, text, at, editedAt, deletedAt, author }) => ({
        id,
        kind,
        text,
        author: nameAuthor(core, { kind, author }, tracker),
        at: toIsoText(at),
        editedAt: toIsoTextOrNull(editedAt),
        deletedAt: toIsoTextOrNull(deletedAt),
      }),
    ),
  };
}

const nameRecipient = (core: Core, person: string): string =>
  person.includes('@') ? 'a watcher' : (findPersonName(core, person.replace(/^channel:/, '')) ?? person);

function nameAuthor(core: Core, { kind, author }: Pick<CaseComment, 'kind' | 'author'>, tracker: string): string {
  const person = kind === 'tracker' ? findPersonByAccount(core, author, tracker) : author;
  return findPersonName(core, person) ?? author ?? 'a program of the tracker';
}
