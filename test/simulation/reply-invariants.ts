import { caseMailbox } from '#domain/base/key.ts';
import { dayMs } from '#domain/time/units.ts';
import { leaver } from './actors.ts';
import type { History } from './history.ts';

/** Invariants of customers' replies and of receipts. */
export const replyInvariants = { everyReplyStandsOnce, noMailForPrograms, oneReceiptADay };

const caseOf = ({ sql }: History, mailbox: string) => {
  const number = Number(caseMailbox.exec(mailbox.split('@')[0] ?? '')?.[2]);
  return sql.all<{ id: string; customer: string | null; kind: string }>(
    'SELECT id, customer_key AS customer, kind FROM cases WHERE number = ?',
    number,
  )[0];
};

/** A reply that was taken stands once in its case, as what it is, unless its customer was erased. */
function everyReplyStandsOnce(history: History): string[] {
  return history.replies.flatMap(({ text, mailbox, kind, acked }) => {
    const found = caseOf(history, mailbox);
    const rows = history.sql.all<{ kind: string; case_id: string }>(
      'SELECT kind, case_id FROM comments WHERE text LIKE ?',
      `%${text}%`,
    );
    const isErased = found?.customer?.startsWith('erased-') || wereErased(history, found?.id);
    if (rows.length > 1) return [`"${text}" stands ${rows.length} times`];
    if (rows.length === 0) return acked && !isErased ? [`"${text}" was taken and is lost`] : [];
    // A customer whose accepted address changed meanwhile is known by it.
    const isKind = rows[0]?.kind === kind || (kind === 'other-reply' && isAccepted(history, found?.id));
    return isKind && rows[0]?.case_id === found?.id ? [] : [`"${text}" stands as ${rows[0]?.kind} instead of ${kind}`];
  });
}

const isAccepted = ({ sql }: History, caseId = ''): boolean =>
  sql.all("SELECT 1 FROM case_addresses WHERE case_id = ? AND state = 'accepted'", caseId).length > 0;

const wereErased = ({ sql }: History, caseId = ''): boolean =>
  sql.all("SELECT 1 FROM timeline WHERE case_id = ? AND what = 'customer erased'", caseId).length > 0;

/** A mail of a program leads to no mail and no notice: a case where nobody else wrote has none. */
function noMailForPrograms({ sql, mails }: History): string[] {
  const bare = sql.all<{ id: string }>(
    `SELECT DISTINCT n.case_id AS id FROM notices n WHERE n.event = 'replied'
       AND NOT EXISTS (SELECT 1 FROM contributions k WHERE k.case_id = n.case_id) AND NOT EXISTS (
       SELECT 1 FROM comments c WHERE c.case_id = n.case_id AND c.kind IN ('reply', 'other-reply'))`,
  );
  const copied = mails.filter(({ to, text }) => /in reply number/.test(text) && !to.endsWith('@acme.example'));
  return [
    ...bare.map(({ id }) => `somebody was notified of a reply to ${id}, where only programs wrote`),
    ...copied.map(({ to }) => `a reply went on to ${to}`),
  ];
}

/** Nobody gets two receipts within a day, by their intents and the mail host's records. */
function oneReceiptADay({ sql, mails }: History): string[] {
  const sentTo = new Map(mails.map(({ key, to }) => [key, to.toLowerCase()]));
  const last = new Map<string, number>();
  return sql
    .all<{ id: string; at: number }>("SELECT id, at FROM mails WHERE kind = 'receipt' ORDER BY at")
    .flatMap(({ id, at }) => {
      const to = sentTo.get(id);
      if (to === undefined || to === leaver.email) return [];
      const before = last.get(to);
      last.set(to, at);
      return before !== undefined && at - before < dayMs ? [`two receipts within a day to ${to}`] : [];
    });
}
