import { basics, type Core, json, store } from '../kit.ts';

const most = 200;

const personalLink = /https?:\/\/\S+\/(?:s|u|a|c|f|sign-in)\/[^\s)]+/g;

/** What was written about a case beside its timeline. */
export function listMessagesOfCase(core: Core, caseId: string): json.CaseMessageJson[] {
  const { tracker } = basics.demandCase(core, caseId);
  const mails = store
    .mailsToCustomers(core.sql, caseId, most)
    .map(({ subject: title, fate, state, why, text, ...mail }) => ({
      ...mail,
      who: null,
      title,
      text: text?.replace(personalLink, '(personal link)') ?? null,
      state: [mailStates[fate ?? state], why].filter(Boolean).join(': '),
    }));
  const notices = store.listNoticesOfCase(core.sql, caseId, most).map(({ id, at, headline: title, people }) => {
    const who = people
      .split(',')
      .map((person) => (person.includes('@') ? 'a watcher' : basics.findPersonName(core, person)));
    return { id, at, kind: 'notice', who: who.join(', '), title, text: null, state: null };
  });
  const comments = store.comments
    .list(core.sql, { caseId }, most)
    .map(({ kind, author, deletedAt, editedAt, ...comment }) => {
      const person = kind === 'tracker' ? (basics.findPersonByAccount(core, author, tracker) ?? author) : author;
      const state = deletedAt ? 'deleted there' : editedAt ? 'edited' : (replyStates[kind] ?? null);
      const who = kind.endsWith('reply') ? (author ?? 'erased') : basics.findPersonName(core, person);
      return { ...comment, kind, who: who ?? 'a program of the tracker', title: null, state };
    });
  return [...mails, ...notices, ...comments].map((message) => json.presentFields(json.CaseMessageJson, message));
}

const replyStates: Record<string, string> = {
  'other-reply': 'The sender is not proved to be the customer.',
  'automatic-reply': 'A program sent this.',
};

const mailStates = {
  intent: 'being sent',
  sent: 'sent',
  refused: 'not sent',
  unknown: 'delivery unknown',
  delivered: 'delivered',
  bounced: 'could not be delivered',
  complained: 'reported as unwanted',
};
