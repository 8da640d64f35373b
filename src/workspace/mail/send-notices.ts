import { capitalize } from '#domain/cases/issue-text.ts';
import { describeStorm, type NoticeEvent } from '#domain/settings/notice-event.ts';
import { breakExpressions, cutAtSentence, toShownLine } from '#domain/text/safe-text.ts';
import { basics, type Case, type Core, handleOf, signToken, store, timing } from '../kit.ts';
import { queueNoticeMail } from './send-mail.ts';

export function sendNotices(core: Core, person: string, notices: store.StoredNotice[]): void {
  const channel = /^channel:(.*)$/.exec(person)?.[1];
  if (channel === undefined) mailNotices(core, person, notices);
  else postNotices(core, channel, notices);
}

/** Address of a person or watcher; null for people who left the workspace file. */
export function findNoticeAddress(core: Core, person: string): string | null {
  const isWatcher = Object.values(core.settings.workspace.teams).some(({ watchers }) => watchers.includes(person));
  return basics.findPerson(core, person)?.email ?? (isWatcher ? person : null);
}

function mailNotices(core: Core, person: string, notices: store.StoredNotice[]): void {
  const address = findNoticeAddress(core, person);
  const cases = listCasesOf(core, notices);
  const [notice] = notices;
  if (!address || !notice) return;
  const only = cases.length === 1 ? cases[0] : undefined;
  const acknowledged = only && notices.some(({ acknowledge }) => acknowledge) && !person.includes('@');
  // A page with a button keeps mail scanners from acknowledging.
  const subject = `${only?.id}.${only?.ladder}.${person}`;
  const link = `${core.publicUrl}/a/${signToken(core.keys, 'acknowledge', core.workspace, subject)}`;
  const response = only ? basics.findFirstResponseUrl(core, only) : null;
  const colleague = [only?.loopOwner, only?.assignee].find((name) => name && name !== person);
  const storm = summarizeStorm(core, notices, cases);
  const sorted = cases.toSorted((a, b) => a.severityRank - b.severityRank || a.dueAt - b.dueAt);
  const shown = only ? [] : sorted.slice(0, storm ? mostCasesShownOfStorm : mostCasesInDigest);
  const more = cases.length - shown.length;
  const responses = notices.filter(({ responseId }) => responseId !== null);
  queueNoticeMail(core, {
    once: notices.map(({ id }) => id),
    caseId: only?.id ?? null,
    person,
    address,
    replyTo: basics.findPerson(core, colleague ?? null)?.email ?? null,
    subject: storm?.subject ?? buildNoticeSubject(core, person, cases, notices),
    content: {
      paragraphs: [
        ...(storm ? [storm.summary] : responses.map(({ headline }) => `${headline}.`)),
        ...(only ? [listNews(core, only, notices).join('\n'), describeCase(core, only)] : []),
      ],
      quote: only ? quoteCustomer(core, only, person, notices) : null,
      rows: [
        ...shown.map((caseRecord) => ({
          name: `${handleOf(caseRecord)} · ${basics.describeProblem(core, caseRecord)}`,
          url: basics.buildCasePageUrl(core, caseRecord.id),
          lines: [
            ...(storm ? [] : listNews(core, caseRecord, notices)),
            [...describeUrgency(core, caseRecord), describeOwner(core, caseRecord, person)].join(' · '),
          ],
        })),
        ...(!only && more > 0
          ? [{ name: `And ${more} more`, url: `${core.publicUrl}/w/${core.workspace}/cases`, lines: [] }]
          : []),
      ],
      button: acknowledged
        ? { label: 'I have it', url: link }
        : only
          ? { label: `Open case ${handleOf(only)}`, url: basics.buildCasePageUrl(core, only.id) }
          : buildListButton(core, { isStorm: storm !== null, responses: cases.length === 0 ? responses : [] }),
      footer: [
        ...(acknowledged ? [`Case ${handleOf(only)}: ${basics.buildCasePageUrl(core, only.id)}`] : []),
        ...(response ? [`The full response: ${response}`] : []),
        `Times are those of ${core.settings.workspace['time-zone']}.`,
        explainRecipient(core, person, only, notices),
      ],
    },
  });
}

/** `Urgent`, `Gold`, and `due Tue 24 Nov, 09:00` or `2 d late` while the case is open. */
function describeUrgency(core: Core, { severity, tier, loop, dueAt }: Case): string[] {
  const now = core.clock.now();
  const due = dueAt > now ? `due ${basics.formatTime(core, dueAt)}` : timing.formatDueTime(dueAt, now);
  return [capitalize(severity), ...(tier ? [capitalize(tier)] : []), ...(loop === 'working' ? [due] : [])];
}

/** Whose case it is, as its reader sees it: `yours`, `Sam Okafor`, `nobody’s`. */
const describeOwner = (core: Core, { assignee, loopOwner }: Case, person: string): string =>
  person === assignee || person === loopOwner ? 'yours' : (basics.findPersonName(core, assignee) ?? 'nobody’s');

function describeCase(core: Core, caseRecord: Case): string {
  const { category, generation, assignee, loopOwner, firstContactAt, firstContactDueAt, loop } = caseRecord;
  const contact = loop === 'working' && firstContactAt === null && firstContactDueAt !== null;
  const by = (firstContactDueAt ?? 0) > core.clock.now() ? 'by' : 'was due';
  const owner = basics.findPersonName(core, loopOwner);
  return [
    [
      category,
      ...describeUrgency(core, caseRecord),
      ...(contact ? [`first contact ${by} ${basics.formatTime(core, firstContactDueAt)}`] : []),
      ...(generation > 1 ? [generation === 2 ? 'reopened' : `reopened ${generation - 1} times`] : []),
    ].join(' · '),
    `${basics.findPersonName(core, assignee) ?? 'Nobody'} works on it${owner ? `; ${owner} is the loop owner` : ''}.`,
  ].join('\n');
}

const [longestQuote, mostRepliesQuoted] = [600, 50];

/** A reply whole, else words of the newest response, for readers who may see customers; null for others. */
function quoteCustomer(core: Core, caseRecord: Case, person: string, notices: store.StoredNotice[]): string | null {
  if (!basics.findPerson(core, person) || !basics.maySeeCustomers(core, { kind: 'person', person }, caseRecord))
    return null;
  const since = Math.min(...notices.filter(({ event }) => event === 'replied').map(({ at }) => at));
  const replies = store.comments
    .list(core.sql, { caseId: caseRecord.id }, mostRepliesQuoted)
    .filter(({ kind, at }) => kind === 'reply' && at >= since - timing.secondMs)
    .map(({ text }) => text);
  if (replies.length > 0) return replies.reverse().join('\n\n');
  if (caseRecord.kind === 'strategic' || Number.isFinite(since)) return null;
  const [words] = basics.listFreeTextsToQuote(core, caseRecord);
  return words ? cutAtSentence(words.text, longestQuote) : null;
}

function explainRecipient(core: Core, person: string, caseRecord: Case | undefined, notices: store.StoredNotice[]) {
  const [{ because } = { because: '' }] = notices;
  if (because.startsWith('your own')) return `You get this because of ${because}.`;
  if (person === caseRecord?.assignee) return 'You get this because you work on this case.';
  if (person === caseRecord?.loopOwner) return 'You get this because you are the loop owner of this case.';
  const { team = '' } = caseRecord ?? {};
  if (core.settings.workspace.teams[team]?.managers.includes(person))
    return `You get this as case manager of the team ${team}.`;
  return `You get this because ${because} names you for ${[...new Set(notices.map(({ event }) => labelOf(event).toLowerCase()))].join(', ')}.`;
}

const mostCasesInDigest = 40;
const mostCasesShownOfStorm = 5;

const listCasesOf = (core: Core, notices: store.StoredNotice[]): Case[] =>
  [...new Set(notices.map(({ caseId }) => caseId))].flatMap((id) => (id && store.findCase(core.sql, id)) || []);

function postNotices(core: Core, channel: string, notices: store.StoredNotice[]): void {
  const cases = listCasesOf(core, notices);
  const [caseRecord] = cases;
  const [first] = notices;
  if (!first || !caseRecord) return;
  const storm = summarizeStorm(core, notices, cases);
  const { category, severity, tier } = caseRecord;
  const url = storm
    ? buildListButton(core, { isStorm: true, responses: [] }).url
    : basics.buildCasePageUrl(core, caseRecord.id);
  postNotice(core, channel, {
    key: first.id,
    event: first.event,
    headline: breakExpressions(toShownLine(storm?.summary ?? first.headline, 300)),
    case: { handle: handleOf(caseRecord), category, severity, tier, url },
    ...(storm && { cases: cases.length }),
    responseUrl: storm ? null : basics.findFirstResponseUrl(core, caseRecord),
    people: [...new Set(notices.flatMap(({ because }) => because.split('\n').filter((name) => name !== '')))],
  });
}

type WithoutPlace<Any> = Any extends unknown ? Omit<Any, 'at' | 'workspace'> : never;

/** Records the intent to post a notice, once per its key. */
export function postNotice(core: Core, channel: string, notice: WithoutPlace<store.Payload<'notice.send'>>): void {
  const at = core.clock.now();
  const payload = { ...notice, at: timing.toIsoText(at), workspace: core.workspace };
  const key = `notice:${notice.key}`;
  store.addToOutbox(core.sql, { key, queue: `notice:${channel}`, kind: 'notice.send', payload, at });
}

/** Storm that a notice may be part of. */
export const nameStorm = ({ template, event, responseId }: store.StoredNotice): string =>
  [template, event, responseId === null ? 'case' : 'response'].join(' ');

/** What many notices of one event and template say together; null for other notices. */
function summarizeStorm(core: Core, notices: store.StoredNotice[], cases: Case[]) {
  const [first] = notices;
  const phrase = first ? describeStorm(first.event) : null;
  if (!first || phrase === null || notices.length < 2 || cases.length === 1) return null;
  if (new Set(notices.map(nameStorm)).size > 1) return null;
  const title = core.settings.templates.get(first.template)?.name ?? first.template;
  const [what, did] =
    cases.length > 0 ? [`${cases.length} cases`, phrase] : [`${notices.length} responses`, 'matched, without a case'];
  const bySeverities = [...Map.groupBy(cases, ({ severity }) => severity)];
  const severities = bySeverities.map(([severity, members]) => `${members.length} ${severity}`);
  const [from, to] = [first, notices.at(-1) ?? first].map(({ at }) => basics.formatTime(core, at));
  const bySeverity = severities.length > 0 ? `: ${severities.join(', ')}` : '';
  return {
    subject: `${what} ${did.replace(/^were /, '')}: ${title}`,
    summary: `${what} of the template ${title} ${did}, from ${from} to ${to}${bySeverity}.`,
  };
}

function buildListButton(core: Core, { isStorm, responses }: { isStorm: boolean; responses: store.StoredNotice[] }) {
  const home = `${core.publicUrl}/w/${core.workspace}`;
  const [response, ...more] = responses;
  if (response && more.length === 0)
    return { label: 'Read the response', url: `${home}/responses/${response.responseId}` };
  if (response) return { label: 'Open the list of responses', url: `${home}/responses` };
  return isStorm ? { label: 'Open the list of cases', url: `${home}/cases` } : { label: 'Open your cases', url: home };
}

const labels: Partial<Record<NoticeEvent, string>> = {
  'needs-a-person': 'Needs a decision',
  'closed-against-rules': 'Closed against the rules',
};
const labelOf = (event: NoticeEvent): string => labels[event] ?? capitalize(event.replaceAll('-', ' '));

/** `Overdue · Urgent · Gold · 1 h late · yours: Could not install the upgrade, C-1`; an opening needs no name. */
function buildNoticeSubject(core: Core, person: string, cases: Case[], notices: store.StoredNotice[]): string {
  const [first] = cases;
  const [notice] = notices;
  const template = core.settings.templates.get(notice?.template ?? '');
  if (!first && notices.length === 1)
    return `${template?.name ?? notice?.template}: ${template?.category ?? 'a response'}`;
  if (!first || cases.length > 1) {
    const own = cases.filter(({ assignee, loopOwner }) => person === assignee || person === loopOwner).length;
    const what = first ? `${cases.length} cases` : `${notices.length} responses`;
    return `News of ${what}${own > 0 ? `, ${own} of them yours` : ''}`;
  }
  const events = [...new Set(notices.map(({ event }) => event))].filter((event) => event !== 'opened').map(labelOf);
  const parts = [...events, ...describeUrgency(core, first), describeOwner(core, first, person)];
  return `${parts.join(' · ')}: ${basics.describeProblem(core, first)}, ${handleOf(first)}`;
}

function listNews(core: Core, caseRecord: Case, notices: store.StoredNotice[]): string[] {
  const own = notices.filter(({ caseId }) => caseId === caseRecord.id);
  return own.map(({ at, headline }) => `${own.length > 1 ? `${basics.formatTime(core, at)}: ` : ''}${headline}.`);
}
