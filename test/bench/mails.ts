import { pathToFileURL } from 'node:url';
import { handleOf } from '#domain/cases/case-record.ts';
import { markContacted } from '#src/workspace/cases/acknowledge.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour, minute } from '#test/harness/times.ts';

/*
 * Mails to the people of the team over 30 days and 340 deliveries, in the core over node:sqlite: `npm run bench -- mails`.
 * Exits with 1 when somebody gets a mail about a case that is not theirs, or more than two a case outside escalation.
 */

const deliveries = Number(process.env.DELIVERIES ?? 340);
const period = 30 * day;
const mostPerCase = 2;
const escalation = /^(First contact missed|Due soon|Overdue|Escalated)\b/;

export interface MailCount {
  person: string;
  mails: number;
  /** Mails by the first word of their subject. */
  kinds: Record<string, number>;
  /** The most mails about one case outside escalation. */
  mostPerCase: number;
  /** Subjects about cases that are neither the person's nor their team's to manage. */
  strange: string[];
}

/**
 * Plays the deliveries: two thirds are unhappy; Sam calls most customers at once, and most issues are closed after a day,
 * by a member or a manager.
 */
export async function playMails(): Promise<{ cases: number; counts: MailCount[] }> {
  const harness = new Harness(slowAcme());
  const { people, teams } = harness.core.settings.workspace;
  const accounts = Object.values(people).map(({ accounts: { jira } }) => jira ?? null);
  const closedAt = new Map<number, number>();
  for (let index = 0; index < deliveries; index += 1) {
    const tier = ['gold', 'silver', 'bronze'][index % 3] ?? 'bronze';
    const unhappy = index % 3 !== 2;
    await harness.receive({
      token: `r-${index}`,
      customer: `k-${index}`,
      tier,
      completed: !unhappy,
      ease: unhappy && index % 5 === 0 ? 3 : 8,
      wish: index % 4 === 0 ? 'A dark theme, please.' : null,
    });
    const newest = harness.cases().at(-1);
    if (newest?.kind === 'tactical' && index % 7 !== 0)
      harness.sql.transaction(() => markContacted(harness.core, newest.id, { who: 'sam', how: 'by phone' }));
    await harness.pass(Math.floor(period / deliveries));
    harness.trackers.support.issues.forEach(({ madeAt, snapshot }, position) => {
      const isDue = harness.now - madeAt > (position % 10 === 0 ? 4 * day : day - hour);
      if (snapshot.state === 'closed' || !isDue || closedAt.has(position)) return;
      closedAt.set(position, harness.now);
      harness.trackers.support.close(position, 'completed', accounts[position % accounts.length] ?? null);
    });
    if (index % 10 === 0) await harness.poll();
  }
  await harness.pass(minute);
  const cases = harness.cases();
  const byHandle = new Map(cases.map((caseRecord) => [handleOf(caseRecord), caseRecord]));
  const counts = Object.entries(people).map(([person, { email }]): MailCount => {
    const mails = harness.mail.accepted.filter(({ to, text }) => to === email && !text.includes('/s/'));
    const kinds: Record<string, number> = {};
    const perCase = new Map<string, number>();
    const strange: string[] = [];
    for (const { subject } of mails) {
      const kind =
        escalation.exec(subject)?.[0] ??
        (/^(News|\d+ cases)/.test(subject) ? 'Several cases' : subject.split(' · ')[0]) ??
        '';
      kinds[kind] = (kinds[kind] ?? 0) + 1;
      const handle = / (C-\d+)$/.exec(subject)?.[1] ?? null;
      const caseRecord = byHandle.get(handle ?? '');
      if (!caseRecord || handle === null) continue;
      if (!escalation.test(subject)) perCase.set(handle, (perCase.get(handle) ?? 0) + 1);
      const isOwn = [caseRecord.assignee, caseRecord.loopOwner].includes(person);
      const manages = teams[caseRecord.team]?.managers.includes(person);
      if (!isOwn && !manages && !escalation.test(subject)) strange.push(subject);
    }
    return { person, mails: mails.length, kinds, mostPerCase: Math.max(0, ...perCase.values()), strange };
  });
  return { cases: cases.length, counts };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { cases, counts } = await playMails();
  console.log(`${deliveries} deliveries in 30 days, ${cases} cases`);
  console.table(
    counts.map(({ kinds, strange, ...count }) => ({
      ...count,
      strange: strange.length,
      kinds: Object.entries(kinds)
        .map(([kind, number]) => `${kind} ${number}`)
        .join(', '),
    })),
  );
  const isTooMuch = counts.some((count) => count.mostPerCase > mostPerCase || count.strange.length > 0);
  process.exitCode = isTooMuch ? 1 : 0;
}
