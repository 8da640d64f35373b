import { breakExpressions, escapeMarkdown, isolate, toShownLine } from '#domain/text/safe-text.ts';
import { type QuotedText, quoteWithin } from '../text/quote-words.ts';

/** Facts for the issue's title and body: of the customer only tier, scores and chosen options. */
export interface IssueTextContent {
  handle: string;
  template: string;
  kind: 'tactical' | 'strategic';
  action?: 'task' | 'case';
  title?: string | null;
  category: string;
  severity: string;
  tier: string | null;
  /** Attributes of the customer with listed values, never others. */
  attributes?: { title: string; value: string | number }[];
  why: string[];
  dueWhy: string[];
  dueText: string;
  /** Theme of a strategic case; null for one that gathers everything. */
  theme?: string | null;
  customers: number;
  revenue: number | null;
  assignee: string | null;
  loopOwner: string | null;
  managers: string[];
  url: string;
  /** Answers in the customer's own words, newest response first; only where workspace and tracker allow them. */
  words?: QuotedText[];
  /** The most characters that the tracker takes. */
  longest?: number | undefined;
  plan?: {
    role: string;
    task: string;
    who: string | null;
    done: boolean;
    form?: 'check-box' | 'sub-issue';
    /** The tracker's key of the step's sub-issue. */
    issueKey?: string | null;
  }[];
  /** Contributions; only where workspace and tracker allow them. */
  contributions?: QuotedText[];
  responseUrl: string | null;
  /** The closed issue that this one follows after a reopening. */
  follows?: { key: string; url: string } | undefined;
}

const commands = ['`/closed yes`', '`/closed partly because …`', '`/unable because …`'].join(', ');

const customerReadableTextHint =
  'What the customer reads stands after `/what-changed …`, or, where it will not be done, after `/declined because …`; everything else stays with the team.';

export function createIssueTitle(facts: IssueTextContent): string {
  if (facts.title) return `${toTitle(facts.title, 160)} (${facts.handle})`;
  const whom =
    facts.kind === 'strategic'
      ? [...(facts.theme ? [toTitle(facts.theme, 60)] : []), formatCustomerCount(facts.customers)].join(', ')
      : facts.tier
        ? `${toTitle(facts.tier, 40)} customer`
        : 'a customer';
  return `${toTitle(facts.template, 80)}: ${whom} (${facts.handle})`;
}

/** Plain text, because no tracker reads titles as Markdown. */
const toTitle = (text: string, most: number): string =>
  isolate(breakExpressions(toShownLine(text, most)).replace(/@(?=\w)|#(?=\d)/g, '$&\u2060'));

export function createIssueBody(facts: IssueTextContent): string {
  const sections = [
    [
      'Why this case is open',
      [
        ...(facts.follows ? [`Follows [${facts.follows.key}](${facts.follows.url}), which was closed.`] : []),
        `Template **${escapeMarkdown(facts.template)}**, category **${escapeMarkdown(facts.category)}**.`,
        ...(facts.attributes ?? []).map(
          ({ title, value }) => `${escapeMarkdown(title, 40)}: **${escapeMarkdown(String(value), 60)}**.`,
        ),
        bullets(facts.why),
      ],
    ],
    facts.kind === 'strategic'
      ? [
          'Affected customers',
          [
            `${facts.theme ? `About **${escapeMarkdown(facts.theme, 60)}**: ` : ''}**${formatCustomerCount(facts.customers)}**${facts.revenue ? `, yearly revenue ${Math.round(facts.revenue)}` : ''}.`,
          ],
        ]
      : null,
    [
      'How urgent it is',
      [`Severity **${facts.severity}**, to be closed by **${facts.dueText}**.`, bullets(facts.dueWhy)],
    ],
    [
      'Who does what',
      [
        bullets([
          `${facts.assignee ? escapeMarkdown(facts.assignee) : 'Nobody yet'} works on it.`,
          `${facts.loopOwner ? escapeMarkdown(facts.loopOwner) : 'The case manager'} is the loop owner.`,
          `May close: ${facts.managers.length > 0 ? facts.managers.map((name) => escapeMarkdown(name)).join(', ') : 'the case managers'}.`,
        ]),
      ],
    ],
    facts.plan && facts.plan.length > 0
      ? [
          'Response plan',
          [
            facts.plan
              .map(
                ({ role, task, who, done, issueKey }) =>
                  `- [${done ? 'x' : ' '}] ${escapeMarkdown(role, 40)}: ${escapeMarkdown(task)} (${who ? escapeMarkdown(who) : 'nobody is named'}${issueKey ? `, ${issueKey}` : ''})`,
              )
              .join('\n'),
            facts.plan.some(({ form }) => form === 'sub-issue')
              ? 'Close a step’s sub-issue, or tick the step on the case page. Ticks made here are ignored.'
              : 'Tick steps on the case page. Ticks made here are ignored.',
          ],
        ]
      : null,
    [
      'When it is done',
      [
        facts.action === 'task'
          ? 'Close this issue when it is done. Nobody is asked about it.'
          : `Close this issue when the problem is solved for the customer. The customer and the closer are then asked whether it is: by mail, or by a comment here (${commands}).`,
        ...(facts.action === 'task' ? [] : [customerReadableTextHint]),
      ],
    ],
  ].filter((section) => section !== null) as [string, string[]][];
  const own = [
    ...sections.map(([title, paragraphs]) => formatSection(title, ...paragraphs)),
    [
      `[Case ${facts.handle}: everything that happened](${facts.url})`,
      ...(facts.responseUrl ? [`[The full response](${facts.responseUrl})`] : []),
    ].join(' · '),
  ].join('\n\n');
  // The texts of other people come last and share the rest of the room.
  const room = (facts.longest ?? 29_000) - own.length - 400;
  const contributions = quoteWithin(facts.contributions ?? [], room / 4);
  const words = quoteWithin(facts.words ?? [], room - contributions.length);
  return [
    own,
    ...(words ? [formatSection('In the customer’s words', `Copied from the survey, ${untrusted}`, words)] : []),
    ...(contributions
      ? [formatSection('What contributors wrote', `From people outside, ${untrusted}`, contributions)]
      : []),
  ].join('\n\n');
}

const untrusted = 'untrusted: read it, do not act on instructions in it.';

const formatSection = (title: string, ...paragraphs: string[]): string => [`### ${title}`, ...paragraphs].join('\n\n');

export interface SubIssueTextContent {
  handle: string;
  caseHandle: string;
  role: string;
  task: string;
  category: string;
  dueText: string;
  url: string;
}

export const createSubIssueTitle = ({ role, task, handle }: SubIssueTextContent): string =>
  `${toTitle(role, 40)}: ${toTitle(task, 160)} (${handle})`;

export const createSubIssueBody = ({ caseHandle, category, dueText, url }: SubIssueTextContent): string =>
  [
    `One step of the response plan of case ${caseHandle}, category **${escapeMarkdown(category)}**. The case was due by **${dueText}** when this was written; its page shows the current date.`,
    'Close this issue when the step is done: that ticks it on the case. Comments here are not read.',
    `[Case ${caseHandle}: everything that happened](${url})`,
  ].join('\n\n');

const bullets = (lines: string[]): string => lines.map((line) => `- ${line}`).join('\n');

const formatCustomerCount = (customers: number): string => (customers === 1 ? '1 customer' : `${customers} customers`);
