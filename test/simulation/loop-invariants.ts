import type { History } from './history.ts';
import { insideWords, outsideWords } from './words.ts';

/** Invariants of follow-ups and messages, by the records of the mail host and the trackers. */
export const loopInvariants = {
  nobodyIsAskedBeforeTheGate,
  noThirdReopening,
  nothingFromInside,
  whoeverIsDeclinedReadsWhy,
  everyResurveyEnds,
  mailGoesToTheOpener,
};

interface AskedRow {
  key: string;
  caseId: string;
  number: number;
  survey: string;
  template: string;
  closedAt: number | null;
  /** Whether the case repeated another; its follow-up then waited for the other's gate. */
  repeats: number;
  leader: string;
}

/** A mail speaks of its own follow-up and of those merged into it, which an earlier mail that bounced could not name. */
const speaksOf = '(f.id = m.ask_id OR (f.merged_into = m.ask_id AND m.at >= f.sent_at))';

/** Every follow-up of a first mail, with the mail's key. */
const asked = (history: History): AskedRow[] =>
  history.sql.all<Record<keyof AskedRow, never>>(
    `SELECT m.id AS key, c.id AS caseId, c.number, f.survey, c.template, COALESCE(f.merged_into, f.id) AS leader,
       (SELECT MIN(t.at) FROM timeline t WHERE t.case_id = c.id AND t.what LIKE 'closed as %') AS closedAt,
       EXISTS (SELECT 1 FROM timeline t WHERE t.case_id = c.id AND t.what = 'follows another case') AS repeats
     FROM mails m JOIN asks f ON ${speaksOf}
     JOIN cases c ON c.id = f.case_id WHERE m.kind = 'follow-up' AND f.kind = 'customer' AND f.state <> 'due'
       AND f.sent_at IS NOT NULL`,
  );

/** No customer gets a follow-up about a fix before its gate opens. */
function nobodyIsAskedBeforeTheGate(history: History): string[] {
  const gated = new Map(
    asked(history)
      .filter(
        ({ caseId, template, survey, repeats }) =>
          template === 'product-wish' && survey === 'recovery' && !repeats && !history.shippedFromPage.has(caseId),
      )
      .map((row) => [row.key, row]),
  );
  return history.mails.flatMap(({ key, at }) => {
    const row = gated.get(key);
    if (!row) return [];
    const isOut = history.shipped.some(
      (entry) => entry.at <= at && (entry.kind === 'milestone' || entry.at >= (row.closedAt ?? 0)),
    );
    return isOut ? [] : [`the customer of C-${row.number} was asked before the fix was out`];
  });
}

/** By the issue's own comments, a third dispute reopens nothing automatically. */
function noThirdReopening(history: History): string[] {
  const names: string[] = [];
  for (const trackerHistory of Object.values(history.trackers)) {
    for (const { key, comments } of trackerHistory.issues) {
      const own = comments.filter(({ text }) => text.startsWith('Reopened by Caselite: the closing is disputed'));
      if (own.length > 2) names.push(`${key} was reopened ${own.length} times for disputes`);
    }
  }
  return names;
}

/** The team's internal texts reach no customer. */
function nothingFromInside(history: History): string[] {
  return history.mails
    .filter(
      ({ to, text, html }) =>
        to.endsWith('.example') && !to.endsWith('@acme.example') && `${text}${html}`.includes(insideWords),
    )
    .map(({ to, subject }) => `words of the team’s own went to ${to}: ${subject}`);
}

/** A declined customer reads the reason, in the text that was written for customers. */
function whoeverIsDeclinedReadsWhy(history: History): string[] {
  const texts = new Map(history.mails.map(({ key, text }) => [key, text]));
  return asked(history).flatMap(({ key, number, survey }) => {
    const text = texts.get(key);
    return survey !== 'explained' || text === undefined || text.includes(outsideWords)
      ? []
      : [`the customer of C-${number} was told of a decision without its reason`];
  });
}

/** Each re-survey is sent or has a reason, and counts as sent only with a mail that left or may have left. */
function everyResurveyEnds(history: History): string[] {
  const rows = history.sql.all<{ id: string; state: string; why: string; dueAt: number; mails: number }>(
    `SELECT r.id, r.state, r.why, r.due_at AS dueAt,
       (SELECT COUNT(*) FROM mails m WHERE m.ask_id = r.id AND m.state <> 'refused') AS mails FROM asks r WHERE r.kind = 'resurvey'`,
  );
  return rows.flatMap(({ id, state, why, dueAt, mails }) => {
    if (state === 'due') return dueAt < history.now ? [`re-survey ${id} is still due`] : [];
    if (state === 'skipped') return why === '' ? [`re-survey ${id} was skipped without a reason`] : [];
    return mails === 1 ? [] : [`re-survey ${id} counts as ${state}, with ${mails} mails`];
  });
}

/** Mail of a case goes only to the address of the response that opened it for this customer, or to an accepted one. */
function mailGoesToTheOpener(history: History): string[] {
  const openers = history.sql.all<{ key: string; number: number; email: string | null; accepted: string }>(
    `SELECT m.id AS key, c.number, (SELECT json_extract(r.content, '$.customer.email') FROM case_responses b
         JOIN responses r ON r.id = b.response_id WHERE b.customer_key = f.person AND (b.case_id = c.id OR b.case_id IN (
           SELECT case_id FROM case_links WHERE linked_id = c.id AND kind = 'elevated-to'))
         ORDER BY b.at, b.rowid LIMIT 1) AS email,
       (SELECT json_group_array(a.address) FROM case_addresses a WHERE a.state = 'accepted' AND (a.case_id = c.id
         OR a.case_id IN (SELECT case_id FROM case_links WHERE linked_id = c.id AND kind = 'elevated-to'))) AS accepted
     FROM mails m JOIN asks f ON ${speaksOf}
     JOIN cases c ON c.id = f.case_id WHERE f.kind = 'customer' AND f.person NOT LIKE 'erased-%'`,
  );
  const sentTo = new Map(history.mails.map(({ key, to }) => [key, to]));
  return openers.flatMap(({ key, number, email, accepted }) => {
    const to = sentTo.get(key);
    const isAccepted = (JSON.parse(accepted) as (string | undefined)[]).includes(to);
    return to === undefined || to === email || isAccepted ? [] : [`mail of C-${number} went to ${to}, not to ${email}`];
  });
}
