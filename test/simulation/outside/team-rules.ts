import type { Mail, Seen } from './read.ts';
import { berlin, caseOfMail, isToTeam } from './read.ts';

/** Rules of what the team hears. */
export const teamRules = {
  nightsAreQuiet,
  stormsAreGathered,
  programsAreNotForwarded,
  repliesAreToldOnce,
  huddlesComeOnce,
};

const fewMinutesMs = 15 * 60_000;

/** Notices that may come at night, by the head of their subject. */
const atAnyHour = /^(Urgent|Overdue|Escalated) · /;
const isNotice = ({ subject }: Mail): boolean => /^[A-Z][\w ]*( · .*)?: .*, C-\d+$/.test(subject);

/** From eight in the evening until seven, and on days without work, the team hears what cannot wait. */
function nightsAreQuiet(seen: Seen): string[] {
  return seen.mails.flatMap((mail) => {
    if (!isToTeam(mail) || !isNotice(mail) || atAnyHour.test(mail.subject)) return [];
    const isOpened = /^(High|Normal|Low) · /.test(mail.subject);
    const { weekday, minutes } = berlin(mail.at - fewMinutesMs);
    const later = berlin(mail.at).minutes;
    const isNight = (minutes >= 20 * 60 || later < 7 * 60) && later >= fewMinutesMs / 60_000;
    const isFree = weekday === 0 || weekday === 6;
    return (isNight || isFree) && !isOpened ? [`a notice at night: ${mail.subject}`] : [];
  });
}

/** Cases of one template that open at once are one mail in five minutes for each person, after the first. */
function stormsAreGathered(seen: Seen): string[] {
  const last = new Map<string, number[]>();
  return seen.mails.flatMap(({ to, subject, at }) => {
    const title = /^(?:Urgent|High|Normal|Low) · .*: (.*), C-\d+$/.exec(subject)?.[1];
    if (title === undefined) return [];
    const what = `${to} ${title}`;
    const times = [...(last.get(what) ?? []), at].slice(-3);
    last.set(what, times);
    const [first = 0] = times;
    return times.length === 3 && at - first < 5 * 60_000
      ? [`${to} was told three times in five minutes: ${title}`]
      : [];
  });
}

/** What a customer's program sent goes to nobody. */
function programsAreNotForwarded({ replies, mails }: Seen): string[] {
  return replies
    .filter(({ kind }) => kind === 'automatic-reply')
    .flatMap(({ text }) =>
      mails.filter((mail) => mail.text.includes(text)).map(({ to }) => `"${text}" of a program went to ${to}`),
    );
}

/** Each of the team hears of a reply once, and nobody else does. */
function repliesAreToldOnce({ replies, mails }: Seen): string[] {
  const sentTo = new Map<string, number>();
  for (const { mailbox, kind } of replies)
    if (kind !== 'automatic-reply') {
      const handle = caseOfMail({ replyTo: mailbox }) ?? '';
      sentTo.set(handle, (sentTo.get(handle) ?? 0) + 1);
    }
  const told = new Map<string, number>();
  for (const { to, text } of mails)
    for (const [, handle = ''] of text.matchAll(/(C-\d+): the customer replied\./g))
      told.set(`${handle} ${to}`, (told.get(`${handle} ${to}`) ?? 0) + 1);
  const often = [...told].flatMap(([what, times]) => {
    const [handle = '', to] = what.split(' ');
    const sent = sentTo.get(handle) ?? 0;
    return times > sent ? [`${to} was told ${times} times of ${sent} replies to ${handle}`] : [];
  });
  const outside = replies.flatMap(({ text }) =>
    mails.filter((mail) => mail.text.includes(text) && !isToTeam(mail)).map(({ to }) => `"${text}" went on to ${to}`),
  );
  return [...often, ...outside];
}

function huddlesComeOnce({ mails }: Seen): string[] {
  const seen = new Set<string>();
  return mails.flatMap(({ to, subject }) => {
    if (!subject.startsWith('Huddle ')) return [];
    const what = `${to} "${subject}"`;
    const isAgain = seen.has(what);
    seen.add(what);
    return isAgain ? [`${what} came twice`] : [];
  });
}
