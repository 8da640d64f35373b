import { leaver } from '../actors.ts';
import type { PageCase } from './outside-history.ts';
import type { Mail, Seen } from './read.ts';
import { askIn, caseOfMail, dayMs, entriesOf, hasEntry, hourMs, isErased, isToTeam, timeOf } from './read.ts';

/** Rules of mails to customers: who is asked, when, and about what. */
export const mailRules = {
  noMailComesTwice,
  nobodyIsAskedAgainTooSoon,
  optedOutMeansNoQuestions,
  deadAddressesGetNothing,
  nothingAfterErasure,
  onlyAClosingEarnsAQuestion,
  noQuestionBeforeTheRelease,
  questionsGoToTheOpener,
  everyClosingIsAnswered,
  answersAreHeard,
  insideStaysInside,
  aReasonIsTold,
  oneReceiptADay,
};

const quarantineMs = 30 * dayMs;
const delayMs = 2 * hourMs;
/** A mail without an answer is repeated while the provider knows its key. */
const repeatedMs = dayMs;
const insideWords = 'insidewords of the team';
const outsideWords = 'outsidewords for the customer';

/** Mails that came back; what they asked may be asked again once a person says that mail arrives. */
const isBounced = ({ diary }: Seen, { id }: Mail) =>
  diary.some((entry) => entry.what === 'bounced' && entry.mail === id);

/** Mails to customers that ask about a closing, each with the follow-up behind its link. */
function questions(seen: Seen): { mail: Mail; ask: string; about: PageCase | undefined }[] {
  return seen.mails.flatMap((mail) => {
    const ask = isToTeam(mail) ? null : askIn(mail);
    const followUp = ask === null ? undefined : seen.followUpById.get(ask);
    if (ask === null || followUp?.kind !== 'customer') return [];
    const about = seen.pages.cases.find(({ followUps }) => followUps.some(({ id }) => id === ask));
    return [{ mail, ask, about }];
  });
}

function noMailComesTwice(seen: Seen): string[] {
  const count = new Map<string, number>();
  for (const mail of seen.mails) {
    if (isBounced(seen, mail)) continue;
    const what = JSON.stringify([mail.to, mail.subject, mail.text]);
    count.set(what, (count.get(what) ?? 0) + 1);
  }
  return [...count]
    .filter(([, times]) => times > 1)
    .map(([what, times]) => `one mail came ${times} times: ${what.slice(0, 80)}`);
}

/** First questions to one address are a quarantine apart, but for the next round of a case whose customer said no. */
function nobodyIsAskedAgainTooSoon(seen: Seen): string[] {
  const firsts = new Map<string, { mail: Mail; ask: string; about: PageCase | undefined }>();
  const known = new Set<string>();
  return questions(seen).flatMap(({ mail, ask, about }) => {
    const to = mail.to.toLowerCase();
    if (known.has(ask) || isBounced(seen, mail)) return [];
    known.add(ask);
    const before = firsts.get(to);
    firsts.set(to, { mail, ask, about });
    if (!before || mail.at - before.mail.at >= quarantineMs) return [];
    // The answer may come through the link of a reminder.
    const saidNo = seen.diary.some(
      (entry) => entry.what === 'answered' && entry.at <= mail.at && entry.ask === before.ask && entry.answer !== 'yes',
    );
    // A mail may ask about several cases of a person.
    const isInMail = ({ sentAt }: { sentAt: string | null }) =>
      sentAt !== null && timeOf(sentAt) === decidedAt(seen, before.mail);
    const isSame = before.about !== undefined && (before.about.id === about?.id || about?.followUps.some(isInMail));
    return (isSame && saidNo) || (about && hasEntry(about, 'asked again'))
      ? []
      : [
          `${mail.to} was asked about ${before.about?.handle}, and ${Math.round((mail.at - before.mail.at) / hourMs)} hours later about ${about?.handle}`,
        ];
  });
}

/** Time at which the page says that a question was decided on; the mail may follow later. */
const decidedAt = (seen: Seen, mail: Mail): number => {
  const sentAt = seen.followUpById.get(askIn(mail) ?? '')?.sentAt;
  return sentAt ? timeOf(sentAt) : mail.at;
};

/** What asks something of a customer, with a link that ends it. */
const asksCustomer = (mail: Mail): boolean =>
  !isToTeam(mail) && (askIn(mail) !== null || mail.subject === 'How did it go?') && mail.text.includes('/u/');

function optedOutMeansNoQuestions(seen: Seen): string[] {
  return seen.mails.filter(asksCustomer).flatMap((mail) => {
    const since = seen.optOuts.get(mail.to);
    if (since === undefined || mail.at <= since) return [];
    const isUnderWay = decidedAt(seen, mail) <= since && mail.at - since < repeatedMs;
    return isUnderWay || mail.at - since < fewMinutesMs
      ? []
      : [`${mail.to} wanted no more mail, and was asked ${Math.round((mail.at - since) / 60_000)} minutes later`];
  });
}

const fewMinutesMs = 15 * 60_000;

function deadAddressesGetNothing(seen: Seen): string[] {
  return seen.mails.filter(asksCustomer).flatMap((mail) => {
    const since = seen.dead.get(mail.to);
    return since !== undefined && mail.at > since + repeatedMs
      ? [`mail to ${mail.to} was reported as undeliverable, and more was sent`]
      : [];
  });
}

/** Nothing goes to somebody who was erased, and no page knows them. */
function nothingAfterErasure(seen: Seen): string[] {
  const erased = seen.diary.findLast((entry) => entry.what === 'erased');
  if (!erased) return [];
  const traces = [leaver.key, leaver.email, leaver.name, leaver.words].map((text) => text.toLowerCase());
  const page = JSON.stringify(seen.pages).toLowerCase();
  const cameBack = seen.diary.some(
    (entry) =>
      entry.what === 'delivered' &&
      entry.at > erased.at &&
      seen.sent.some(({ token, customer }) => token === entry.token && customer.email === leaver.email),
  );
  if (cameBack) return [];
  return [
    ...traces.filter((trace) => page.includes(trace)).map((trace) => `a page still shows ${trace}, who was erased`),
    ...seen.mails
      .filter(({ to, at }) => to === leaver.email && at > erased.at + fewMinutesMs)
      .map(({ subject }) => `"${subject}" went to somebody who was erased`),
  ];
}

/** Closings that earn a question: as solved, explained, or by a person on the page. */
function earliestClosing(seen: Seen, about: PageCase): number | null {
  if (seen.closedFromPage.has(about.id) || hasEntry(about, 'follows another case') || about.repeats) return 0;
  const keys = new Set([
    ...(about.issue ? [about.issue.key] : []),
    ...about.timeline.flatMap(({ evidence }) => (evidence ? [evidence] : [])),
  ]);
  const byTitle = seen.ownIssues.filter(({ title }) => title.endsWith(` · ${about.handle}`)).map(({ key }) => key);
  for (const key of byTitle) keys.add(key);
  const times = seen.diary.flatMap((entry) => {
    if (entry.what !== 'tracked') return [];
    const isMoved = ![...keys].includes(entry.key);
    if (isMoved) return [];
    const isDone = entry.act === 'close' && entry.detail === 'completed';
    const isTold = entry.act === 'comment' && /^\/(declined|close) because/m.test(entry.detail);
    return isDone || isTold ? [entry.at] : [];
  });
  const decided = entriesOf(about, 'closing decided').map(({ at }) => timeOf(at));
  return [...times, ...decided].length === 0 ? null : Math.min(...times, ...decided);
}

function onlyAClosingEarnsAQuestion(seen: Seen): string[] {
  return questions(seen).flatMap(({ mail, about }) => {
    // An issue that moved goes by another key, and nobody outside can tell which it was.
    if (!about || isErased(about) || seen.absent.length > 0 || hasEntry(about, 'issue moved')) return [];
    const closed = earliestClosing(seen, about);
    if (closed === null) return [`${mail.to} was asked about ${about.handle}, which nobody solved`];
    return closed > 0 && mail.at < closed + delayMs
      ? [`${mail.to} was asked about ${about.handle} within ${Math.round((mail.at - closed) / 60_000)} minutes`]
      : [];
  });
}

/** Wishes are asked about once the release is out, or the milestone. */
function noQuestionBeforeTheRelease(seen: Seen): string[] {
  return questions(seen).flatMap(({ mail, about }) => {
    const isGated =
      about?.template === 'product-wish' &&
      about.closingReason === 'fixed' &&
      !seen.shippedFromPage.has(about.id) &&
      !hasEntry(about, 'follows another case') &&
      !hasEntry(about, 'waiting ended') &&
      !hasEntry(about, 'reopened') &&
      !hasEntry(about, 'closing decided') &&
      !hasEntry(about, 'declined and explained');
    if (!isGated) return [];
    const closed = entriesOf(about, 'closed as fixed').map(({ at }) => timeOf(at));
    const isOut = seen.shipped.some(
      ({ kind, at }) => at <= mail.at && (kind === 'milestone' || at >= Math.min(...closed)),
    );
    return isOut ? [] : [`${mail.to} was asked about ${about.handle} before it was out`];
  });
}

/** A question goes to the address that the customer gave with the response, or that a case manager accepted. */
function questionsGoToTheOpener(seen: Seen): string[] {
  return questions(seen).flatMap(({ mail, about, ask }) => {
    const followUp = seen.followUpById.get(ask);
    if (!about || isErased(about) || hasEntry(about, 'address accepted') || hasEntry(about, 'customer named'))
      return [];
    if (about.kind === 'strategic') return [];
    const given = about.responses
      .map((id) => seen.responseById.get(id))
      .filter((response) => response?.customer.key === followUp?.customer);
    const addresses = new Set(given.map((response) => response?.customer.email ?? ''));
    const isOf = given.length === 0 || addresses.has(mail.to);
    const opener = given.find((response) => response?.id === entriesOf(about, 'opened')[0]?.evidence) ?? given[0];
    const isForged = mail.to.endsWith('@impostor.example') && opener?.customer.email !== mail.to && addresses.size > 1;
    return isOf && !isForged ? [] : [`mail of ${about.handle} went to ${mail.to}, not to ${[...addresses].join()}`];
  });
}

/** A closing that earns a question leads to one, or the page says why not. */
function everyClosingIsAnswered(seen: Seen): string[] {
  return seen.pages.cases.flatMap((each) => {
    const isEarned = each.closingReason === 'fixed' && each.loop !== 'working' && each.customer.key !== null;
    if (!isEarned || each.resolvedAt === null || isErased(each)) return [];
    const own = each.followUps.filter(({ kind, generation }) => kind === 'customer' && generation === each.generation);
    if (own.length === 0) return [`${each.handle} is closed as fixed, and nobody is asked`];
    const waits = each.waitsFor !== null || seen.now < timeOf(each.resolvedAt) + 6 * hourMs;
    return own.flatMap(({ state, why, id, dueAt }) => {
      if (state === 'skipped') return why === '' ? [`${each.handle} asks nobody, and does not say why`] : [];
      if (state === 'due')
        return waits || timeOf(dueAt) > seen.now - hourMs ? [] : [`the question about ${each.handle} is still due`];
      // Questions about several cases may share a mail, which has the address of one of them.
      const isSent = seen.mails.some(
        (mail) => askIn(mail) === id || caseOfMail(mail) === each.handle || isToSame(seen, mail, each),
      );
      // The page says so where the provider refused it, or nobody knows whether it took it.
      const isUnsure = seen.pages.mails.some(
        (mail) => mail.case === each.id && mail.kind === 'follow-up' && mail.state !== 'sent',
      );
      return isSent || isUnsure ? [] : [`${each.handle} says that its customer was asked, and no mail came`];
    });
  });
}

/** Whether a mail asks the customer of a case about another one. */
function isToSame(seen: Seen, mail: Mail, each: PageCase): boolean {
  const followUp = seen.followUpById.get(askIn(mail) ?? '');
  return followUp !== undefined && followUp.customer === each.customer.key;
}

/** An answer that was taken stands on the page, and a no without a closer's word reopens the case or asks a person. */
function answersAreHeard(seen: Seen): string[] {
  const last = new Map<string, { answer: string; at: number }>();
  for (const entry of seen.diary)
    if (entry.what === 'answered' && entry.isTaken) last.set(entry.ask, { answer: entry.answer, at: entry.at });
  return [...last].flatMap(([ask, { answer, at }]) => {
    const followUp = seen.followUpById.get(ask);
    if (!followUp || at > seen.now - hourMs) return [];
    const about = seen.pages.cases.find(({ followUps }) => followUps.includes(followUp));
    if (!about || isErased(about)) return [];
    const kept = followUp.kind === 'customer' ? followUp.answers?.resolved : followUp.answers?.closed;
    if (kept === undefined) return [`an answer about ${about.handle} was taken, and no page shows it`];
    if (followUp.kind !== 'customer') return [];
    if (kept !== answer) return [`${about.handle} shows "${kept}" where the customer said "${answer}"`];
    const isQuiet = answer === 'yes' || about.kind === 'strategic' || about.generation > followUp.generation;
    const isActed =
      isQuiet ||
      about.loop === 'known-gap' ||
      about.needsPerson !== null ||
      ['reopen', 'verdict', 'issue', 'closed', 'closing', 'needs a person'].some((name) =>
        about.timeline.some((entry) => entry.what.startsWith(name) && timeOf(entry.at) >= at),
      );
    return isActed ? [] : [`the customer of ${about.handle} said ${answer}, and nothing followed`];
  });
}

function insideStaysInside({ mails }: Seen): string[] {
  return mails
    .filter((mail) => !isToTeam(mail) && `${mail.text}${mail.html}`.includes(insideWords))
    .map(({ to, subject }) => `the team's own words went to ${to}: ${subject}`);
}

/** Who is told of a decision reads its reason. */
function aReasonIsTold(seen: Seen): string[] {
  return questions(seen).flatMap(({ mail, about }) => {
    const isDeclined =
      about?.closingReason === 'declined' && about.generation === 1 && !hasEntry(about, 'closing decided');
    return isDeclined && !isErased(about) && !/[Ss]olved/.test(mail.subject) && !mail.text.includes(outsideWords)
      ? [`${mail.to} was told of a decision about ${about.handle} without its reason`]
      : [];
  });
}

function oneReceiptADay(seen: Seen): string[] {
  const last = new Map<string, number>();
  return seen.mails.flatMap(({ to, subject, at }) => {
    if (!subject.endsWith('We have your feedback') || to === leaver.email) return [];
    const before = last.get(to);
    last.set(to, at);
    return before !== undefined && at - before < dayMs - hourMs ? [`two receipts within a day to ${to}`] : [];
  });
}
