import type { PageCase } from './outside-history.ts';
import { outsiders } from './outside-history.ts';
import type { Issue, Seen } from './read.ts';
import { berlin, dayMs, entriesOf, handleIn, hasEntry, isErased, hourMs, markersIn, timeOf } from './read.ts';

/** Rules of issues: one for each case, under a marker of its own, and the page says what the tracker says. */
export const issueRules = {
  oneIssueForEachCase,
  markersAreOfOneIssue,
  markersStay,
  pagesSayWhatTrackersSay,
  goneMeansGone,
  goalsStandInTheTracker,
  stepsHaveTheirIssues,
  nothingIsSaidTwice,
  disputesReopenTwice,
  wrongClosingsAreUndoneTwice,
  strangersDoNothing,
  onlyOwnIssuesAreWritten,
  overdueIsTold,
};

/** Issues of our account about a case, as their titles or markers tell. A person may have changed the title. */
function issuesOf(seen: Seen, each: PageCase): Issue[] {
  return seen.ownIssues.filter(
    (issue) =>
      handleIn(issue.title) === each.handle || (issue.key === each.issue?.key && issue.tracker === each.issue.tracker),
  );
}

/** Whether somebody took the issue of a case away for a while, or for good. */
const wasTaken = ({ absent, issues }: Seen, { issue }: PageCase): boolean =>
  issue !== null &&
  absent.some(({ tracker }) => tracker === issue.tracker) &&
  !issues.some(({ tracker, key }) => tracker === issue.tracker && key === issue.key);

function oneIssueForEachCase(seen: Seen): string[] {
  return seen.pages.cases.flatMap((each) => {
    if (hasEntry(each, 'issue adopted')) return [];
    const own = issuesOf(seen, each);
    const open = own.filter(({ state }) => state === 'open');
    const renewed = entriesOf(each, 'reopened in a new issue').length;
    const doubles = entriesOf(each, 'duplicate issue').length > 0;
    if (own.length > 1 + renewed && !doubles)
      return [`${each.handle} has ${own.length} issues: ${own.map(({ key }) => key).join(', ')}`];
    const isReopenedByHand = seen.diary.some(
      (entry) => entry.what === 'tracked' && entry.act === 'reopen' && own.some(({ key }) => key === entry.key),
    );
    if (open.length > 1 && !isReopenedByHand && seen.broughtBack.length === 0)
      return [`${each.handle} has ${open.length} open issues`];
    if (own.length > 0 || wasTaken(seen, each) || seen.absent.length > 0) return [];
    if (each.loop !== 'working' || isErased(each) || each.needsPerson?.includes('it stopped the process')) return [];
    return [`${each.handle} has no issue in the end: ${each.needsPerson ?? 'nobody is told'}`];
  });
}

/** No two issues of ours carry one marker, and knowing one marker says nothing about another. */
function markersAreOfOneIssue(seen: Seen): string[] {
  const text = seen.trackerText;
  const macs = new Map<string, string>();
  const found = markersIn(text).flatMap(({ handle, mac }) => {
    const owner = macs.get(mac) ?? handle;
    macs.set(mac, owner);
    return owner === handle ? [] : [`${owner} and ${handle} have the same proof in their markers`];
  });
  const carried = new Map<string, string>();
  const doubled = seen.ownIssues.flatMap((issue) =>
    [...new Set(markersOf(issue))].flatMap((marker) => {
      const other = carried.get(marker);
      carried.set(marker, issue.key);
      return other === undefined ? [] : [`${other} and ${issue.key} carry the same marker`];
    }),
  );
  // What the former issue carried is taken out of it, so only the form of the new one tells.
  const old = seen.pages.cases.flatMap((each) => {
    const issue = seen.ownIssues.find(({ key, tracker }) => key === each.issue?.key && tracker === each.issue.tracker);
    const isOld =
      issue && hasEntry(each, 'reopened in a new issue') && markersOf(issue).some((marker) => /^1\.C-/.test(marker));
    return isOld ? [`${issue.key} follows another issue of ${each.handle} under the marker of the first`] : [];
  });
  return [...new Set(found), ...doubled, ...old];
}

/** Markers that an issue carries, as far as its list shows them. */
function markersOf(issue: Issue): string[] {
  const { ownershipMarks } = issue as Issue & { ownershipMarks?: { markers: string[] } };
  return ownershipMarks?.markers ?? markersIn(issue.body).map(({ marker }) => marker);
}

/** The marker of an open case stands in its tracker, unless people keep taking it out or the write is refused. */
function markersStay(seen: Seen): string[] {
  const handles = new Set(markersIn(seen.trackerText).map(({ handle }) => handle));
  return seen.pages.cases.flatMap((each) => {
    const isExcused =
      each.loop !== 'working' ||
      each.issue === null ||
      each.needsPerson !== null ||
      each.refused.length > 0 ||
      each.sending.length > 0 ||
      hasEntry(each, 'gave in') ||
      seen.isPoisoned ||
      wasTaken(seen, each);
    return isExcused || handles.has(each.handle) ? [] : [`the issue of ${each.handle} has lost its marker`];
  });
}

function shownIssue(seen: Seen, each: PageCase): Issue | undefined {
  return seen.issues.find(({ tracker, key }) => tracker === each.issue?.tracker && key === each.issue?.key);
}

function pagesSayWhatTrackersSay(seen: Seen): string[] {
  return seen.pages.cases.flatMap((each) => {
    const issue = shownIssue(seen, each);
    if (!issue || !each.issue || each.issue.trouble !== null) return [];
    if (issue.state !== each.issue.state)
      return [`${each.handle} says ${issue.key} is ${each.issue.state}, not ${issue.state}`];
    const isOpen = each.loop === 'working';
    return isOpen === (issue.state === 'open')
      ? []
      : [`${issue.key} is ${issue.state}, and ${each.handle} is ${each.loop}`];
  });
}

/** An issue counts as gone only after a day without it, and no longer once it is back. */
function goneMeansGone(seen: Seen): string[] {
  return seen.pages.cases.flatMap((each) => {
    const issue = shownIssue(seen, each);
    const isGivenUp = each.loop === 'dropped' && each.closingReason === 'gone';
    // It may have been back for a while in which nobody looked.
    const isAway = (at: number) => seen.absent.some(({ from, to }) => from <= at && at <= to);
    const missed = entriesOf(each, 'issue missing').map(({ at }) => timeOf(at));
    const wasAwayBefore = (at: number) => isAway(at) || missed.some((then) => then <= at && isAway(then));
    const early = entriesOf(each, 'issue gone').filter(
      ({ at }) => !wasAwayBefore(timeOf(at) - dayMs) || !isAway(timeOf(at)),
    );
    return [
      ...(isGivenUp && issue ? [`${each.handle} was given up, and ${issue.key} is there`] : []),
      ...(isGivenUp && !each.needsPerson ? [`${each.handle} was given up, and nobody is told`] : []),
      ...early.map(({ at }) => `${each.handle} was given up at ${at}, and no issue had been away for a day`),
    ];
  });
}

const goalsInHours: Record<string, number> = { gold: 24, silver: 48, bronze: 72 };

/** The goal follows the tier where nobody changed it, and the tracker shows its date and the severity. */
function goalsStandInTheTracker(seen: Seen): string[] {
  return seen.pages.cases.flatMap((each) => {
    const issue = shownIssue(seen, each);
    const goal = goalsInHours[each.customer.tier ?? ''];
    const isUntouched = [
      ...['goal changed', 'clock paused', 'severity', 'reopened', 'issue adopted'],
      ...['customer named', 'customer merged', 'customer parted'],
    ].every((name) => !hasEntry(each, name));
    const lasts = (timeOf(each.dueAt) - timeOf(each.openedAt)) / hourMs;
    const wrong =
      each.template === 'upgrade-not-installed' && each.kind === 'tactical' && goal && isUntouched && isOff(lasts, goal)
        ? [`${each.handle} of a ${each.customer.tier} customer is due after ${lasts} hours instead of ${goal}`]
        : [];
    const isShown =
      issue &&
      each.loop === 'working' &&
      each.refused.length === 0 &&
      each.sending.length === 0 &&
      each.pausedAt === null &&
      each.issue?.trouble === null &&
      !hasEntry(each, 'gave in') &&
      !seen.isPoisoned;
    if (!isShown) return wrong;
    const date = berlin(timeOf(each.dueAt)).date;
    const severity = `severity:${each.severity}`;
    return [
      ...wrong,
      ...(issue.dueDate !== null && issue.dueDate !== date
        ? [`${issue.key} is due ${issue.dueDate}, and ${each.handle} ${date}`]
        : []),
      ...(issue.labels.includes(severity) || each.issue?.missing.includes(severity)
        ? []
        : [`${issue.key} lacks ${severity}`]),
    ];
  });
}

/** Whether hours are what they should be; a minute is nothing. */
const isOff = (hours: number, wanted: number): boolean => Math.abs(hours - wanted) > 1 / 60;

/** A step has one issue, done on the page where it is closed in the tracker. */
function stepsHaveTheirIssues(seen: Seen): string[] {
  return seen.pages.cases.flatMap(({ handle, plan, issue: parent }) =>
    plan.flatMap(({ position, issue, doneAt, form }) => {
      if (!issue || !parent || form !== 'sub-issue') return [];
      const own = seen.ownIssues.filter(({ title }) => title.trim().endsWith(` · ${handle}-${position}`));
      const shown = seen.issues.find(({ tracker, key }) => tracker === parent.tracker && key === issue.key);
      if (own.length > 1) return [`step ${handle}-${position} has ${own.length} issues`];
      if (!shown) return [];
      const isClosed = shown.state === 'closed';
      return isClosed === (doneAt !== null) && issue.state === shown.state
        ? []
        : [`${shown.key} is ${shown.state}, and step ${handle}-${position} is ${doneAt ? 'done' : 'open'}`];
    }),
  );
}

const saidOnce =
  /^(Reopened by Caselite: the closing is disputed|Confirmed: |Known gap|C-\d+ (has been|is still open,) overdue|\d+ % of the time)/;

/** No comment of ours stands twice on an issue within an hour. */
function nothingIsSaidTwice({ issues, trackers }: Seen): string[] {
  const isOwn = (tracker: string, author: string) =>
    !(trackers[tracker]?.people ?? []).includes(author) && !outsiders.includes(author);
  return issues.flatMap(({ key, tracker, comments }) => {
    // What people cause may be caused again at once; these sentences follow from a closing or a goal.
    const own = comments.filter(({ author, text }) => isOwn(tracker, author) && saidOnce.test(text));
    const last = new Map<string, number>();
    return own.flatMap(({ text, at }) => {
      const before = last.get(text);
      last.set(text, timeOf(at));
      return before !== undefined && timeOf(at) - before < hourMs
        ? [`${key} says twice within an hour: ${text.slice(0, 60)}`]
        : [];
    });
  });
}

/** The third dispute of a case waits for a person. */
function disputesReopenTwice(seen: Seen): string[] {
  return seen.pages.cases.flatMap((each) => {
    const told = entriesOf(each, 'reopened').filter(
      ({ what, why }) => what === 'reopened' && why.startsWith('the closing is disputed'),
    ).length;
    // Where a new issue takes over, the sentence stands on both.
    const said = issuesOf(seen, each).map(
      ({ comments }) =>
        comments.filter(({ text }) => text.startsWith('Reopened by Caselite: the closing is disputed')).length,
    );
    const times = Math.max(told, ...said);
    return times > 2 ? [`${each.handle} was reopened ${times} times for disputes`] : [];
  });
}

/** Closings by people who may not close are taken back at most twice a day. */
function wrongClosingsAreUndoneTwice({ pages }: Seen): string[] {
  return pages.cases.flatMap((each) => {
    const undone = entriesOf(each, 'closing undone').filter(({ why }) => why !== '');
    const crowded = undone.filter(({ at, why }) => {
      const who = why.split(' closed it')[0] ?? '';
      const day = undone.filter(
        (other) => other.why.startsWith(who) && timeOf(other.at) >= timeOf(at) && timeOf(other.at) < timeOf(at) + dayMs,
      );
      return day.length > 2;
    });
    return crowded.length > 0 ? [`closings of ${each.handle} were undone more than twice in a day`] : [];
  });
}

const strangersWords = 'canarystrangerwords';

/** What somebody without a part in the workspace writes stays a comment. */
function strangersDoNothing(seen: Seen): string[] {
  const said = (text: string) => text.includes(strangersWords);
  return [
    ...seen.pages.cases.flatMap((each) => [
      ...(said(JSON.stringify(each)) ? [`${each.handle} took over words of a stranger`] : []),
      ...(timeOf(each.dueAt) > Date.UTC(2030, 0, 1) ? [`${each.handle} is due when a stranger wanted it`] : []),
    ]),
    ...seen.mails
      .filter(({ text, to }) => said(text) && !to.endsWith('@acme.example'))
      .map(({ to }) => `words of a stranger went to ${to}`),
    ...seen.ownIssues.flatMap(({ key, title, body, comments }) =>
      said(title + body) || comments.some(({ text, author }) => said(text) && !outsiders.includes(author))
        ? [`${key} repeats words of a stranger`]
        : [],
    ),
  ];
}

/** We write to issues that we made, or that a person of the workspace gave us. */
function onlyOwnIssuesAreWritten(seen: Seen): string[] {
  const given = new Set(seen.pages.cases.flatMap(({ issue }) => (issue ? [`${issue.tracker} ${issue.key}`] : [])));
  return seen.issues.flatMap((issue) => {
    const people = [...(seen.trackers[issue.tracker]?.people ?? []), ...outsiders];
    if (!people.includes(issue.author) || given.has(`${issue.tracker} ${issue.key}`)) return [];
    const isAsked = issue.comments.some(({ text }) => /^\/case\b/m.test(text));
    const written = issue.comments.filter(({ author }) => !people.includes(author));
    return written.length > 0 && !isAsked ? [`we wrote to ${issue.key}, which is a person's own`] : [];
  });
}

const ladderMs = hourMs;

/** A case past its goal is told on its issue, and again after eight hours while nobody has it. */
function overdueIsTold(seen: Seen): string[] {
  return seen.pages.cases.flatMap((each) => {
    const due = timeOf(each.dueAt);
    const issue = shownIssue(seen, each);
    const { acknowledgedAt, snoozedUntil } = each.ladder;
    const isQuiet =
      each.loop !== 'working' ||
      each.pausedAt !== null ||
      acknowledgedAt !== null ||
      snoozedUntil !== null ||
      !issue ||
      each.issue?.trouble !== null ||
      each.refused.length > 0 ||
      seen.isPoisoned;
    if (isQuiet || seen.now < due + ladderMs) return [];
    if (
      ['reopened', 'goal changed', 'clock', 'acknowledged', 'snoozed', 'opened by hand', 'issue adopted'].some((name) =>
        hasEntry(each, name),
      )
    )
      return [];
    const isTold = issue.comments.some(({ text }) => text.includes('has been overdue since'));
    const isToldAgain = issue.comments.some(({ text }) => text.includes('is still open, overdue since'));
    return [
      ...(isTold ? [] : [`${each.handle} is overdue, and its issue does not say so`]),
      ...(isToldAgain || seen.now < due + 8 * hourMs + ladderMs
        ? []
        : [`${each.handle} is overdue, and the next level was not told`]),
    ];
  });
}
