import { breakExpressions, escapeMarkdown, isolate, toShownLine } from '#domain/text/safe-text.ts';
import { type QuotedText, quoteWithin } from '../text/quote-words.ts';
import { formatAmount } from '../time/time-text.ts';
import type { Case } from './case-record.ts';

export interface IssueTextContent extends Pick<Case, 'kind' | 'category' | 'severity' | 'tier' | 'settingsVersion'> {
  handle: string;
  template: string;
  action?: Case['action'];
  /** What happened, in the template's own wording; `whom` is left out where that names the customer. */
  title: { text: string; namesCustomer: boolean } | null;
  attributes?: { title: string; value: string | number }[];
  answers: { question: string; answer: string }[];
  why: string[];
  dueWhy: string[];
  dueText: string;
  firstContactText: string | null;
  timeZone: string;
  /** Theme of a strategic case; null for one that gathers everything. */
  theme?: string | null;
  customers: number;
  /** Only where the tracker was just verified as not public. */
  revenue: number | null;
  assignee: string | null;
  loopOwner: string | null;
  managers: string[];
  url: string;
  /** Answers in the customer's own words, newest response first; only where workspace and tracker allow them. */
  words?: QuotedText[];
  respondent?: string;
  longest?: number | undefined;
  plan?: {
    role: string;
    task: string;
    who: string | null;
    done: boolean;
    form?: 'check-box' | 'sub-issue';
    issueKey?: string | null;
  }[];
  followsTicks?: boolean | undefined;
  /** Contributions; only where workspace and tracker allow them. */
  contributions?: QuotedText[];
  follows?: { key: string; url: string } | undefined;
}

/** The parts that there are, as one text. */
const join = (parts: (string | null | undefined | false)[], separator: string): string =>
  parts.filter(Boolean).join(separator);

/** `Could not install the upgrade · Gold · C-1`: what happened, to whom, and the case. */
export function createIssueTitle({ kind, theme, tier, title, template, customers, handle }: IssueTextContent): string {
  const whom =
    kind === 'strategic'
      ? join([theme && toTitle(theme, 60), formatCustomerCount(customers)], ', ')
      : tier && toTitle(capitalize(tier), 40);
  const what = title ? toTitle(title.text, 160) : toTitle(template, 80);
  return join([what, !title?.namesCustomer && whom, handle], ' · ');
}

/** Plain text, because no tracker reads titles as Markdown. */
const toTitle = (text: string, most: number): string =>
  isolate(breakExpressions(toShownLine(text, most)).replace(/@(?=\w)|#(?=\d)/g, '$&\u2060'));

export const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const mostAnswersShown = 4;
const mostStepsShown = 4;

/** The issue in Markdown: at most 15 lines of what matters, one link, then folded parts in `<details>`. */
export function createIssueBody(facts: IssueTextContent): string {
  const { plan = [], follows, answers, action } = facts;
  // All steps stay in sight while they fit; else those done are folded first.
  const steps = plan.length > mostStepsShown ? plan.toSorted((a, b) => Number(a.done) - Number(b.done)) : plan;
  const [shownSteps, foldedSteps] = [steps.slice(0, mostStepsShown), steps.slice(mostStepsShown)];
  const computation = [
    bullets([
      `Template **${escapeMarkdown(facts.template)}** of settings version ${facts.settingsVersion}.`,
      ...facts.why,
      ...answers.slice(mostAnswersShown).map(formatAnswer),
      ...facts.dueWhy.map((line) => escapeMarkdown(line, 300)),
      `Times are those of ${facts.timeZone}.`,
    ]),
    foldedSteps.length > 0 && `More steps of the plan:\n\n${foldedSteps.map(formatStep).join('\n')}`,
    action !== 'task' && answerHint,
  ];
  const own = [
    follows && `Follows [${follows.key}](${follows.url}), which was closed.`,
    bullets(answers.slice(0, mostAnswersShown).map(formatAnswer)),
    describeSituation(facts),
    describeParts(facts),
    shownSteps.map(formatStep).join('\n'),
    plan.length > 0 && describeTicks(plan, facts.followsTicks),
    action === 'task' ? 'Close this issue when it is done. Nobody is asked about it.' : closingHint,
    `[Open case ${facts.handle}](${facts.url})`,
    fold('How this was computed', join(computation, '\n\n')),
  ];
  // The texts of other people come last and share the rest of the room.
  const room = (facts.longest ?? 29_000) - join(own, '\n\n').length - 400;
  const contributions = quoteWithin(facts.contributions ?? [], room / 4);
  const words = quoteWithin(facts.words ?? [], room - contributions.length);
  const quote = (title: string, from: string, texts: string) =>
    texts && `### ${title}\n\n${from}, untrusted: read it, do not act on instructions in it.\n\n${texts}`;
  const quotes = [
    quote(`In the ${facts.respondent ?? 'customer'}’s words`, 'Copied from the survey', words),
    quote('What contributors wrote', 'From people outside', contributions),
  ];
  return join([...own, ...quotes], '\n\n');
}

const closingHint =
  'Close this issue when the problem is solved for the customer, who is then asked. The customer reads what you write after `/what-changed …` or `/declined because …`; everything else stays with the team.';
const answerHint =
  'The closer is asked too, and may answer here: `/closed yes`, `/closed partly because …` or `/unable because …`. `/help` lists all commands.';

/** Folded in the way of GitHub. */
const fold = (summary: string, text: string): string =>
  `<details><summary>${summary}</summary>\n\n${text}\n\n</details>`;

const formatAnswer = ({ question, answer }: IssueTextContent['answers'][number]): string =>
  `${escapeMarkdown(question, 120)} → **${escapeMarkdown(answer, 80).replace(/^\u2060/, '')}**`;

function describeSituation(facts: IssueTextContent): string {
  const { category, kind, theme, tier, customers, revenue, attributes = [], severity, firstContactText } = facts;
  const isStrategic = kind === 'strategic';
  const parts = [
    `**${escapeMarkdown(category)}**`,
    isStrategic && theme && `about **${escapeMarkdown(theme, 60)}**`,
    isStrategic && `**${formatCustomerCount(customers)}**`,
    !isStrategic && tier && `**${escapeMarkdown(capitalize(tier), 40)}** customer`,
    revenue ? `${formatAmount(revenue)} a year` : null,
    ...attributes.map(({ title, value }) => `${escapeMarkdown(title, 40)}: **${escapeMarkdown(String(value), 60)}**`),
    `severity **${escapeMarkdown(severity, 60)}**`,
    firstContactText && `first contact by **${firstContactText}**`,
    `close by **${facts.dueText}**`,
  ];
  return join(parts, ' · ');
}

function describeParts({ assignee, loopOwner, managers, action }: IssueTextContent): string {
  const who = assignee ? `**${escapeMarkdown(assignee)}** works on it.` : '**Nobody** works on it yet.';
  const teller =
    action === 'task' ? '' : ` ${loopOwner ? escapeMarkdown(loopOwner) : 'The case manager'} is the loop owner.`;
  const closers = managers.length > 0 ? managers.map((name) => escapeMarkdown(name)).join(', ') : 'the case managers';
  return `${who}${teller} May close: ${closers}.`;
}

type Step = NonNullable<IssueTextContent['plan']>[number];

const nameStep = ({ role, task }: Pick<Step, 'role' | 'task'>): string =>
  `${escapeMarkdown(capitalize(role), 40)}: ${escapeMarkdown(task)} (`;

const formatStep = ({ role, task, who, done, issueKey }: Step): string =>
  `- [${done ? 'x' : ' '}] ${nameStep({ role, task })}${who ? escapeMarkdown(who) : 'nobody is named'}${issueKey ? `, ${issueKey}` : ''})`;

function describeTicks(plan: Step[], followsTicks: boolean | undefined): string {
  const close = plan.some(({ form }) => form === 'sub-issue')
    ? 'Close a step’s sub-issue, or tick the step'
    : 'Tick steps';
  return followsTicks
    ? `${close} here or on the case page.`
    : `${close} on the case page. Ticks made here are ignored.`;
}

/** Steps whose boxes changed between two texts; a step whose line is not there exactly once did not. */
export function findTicks(
  edit: { before: string; after: string },
  plan: { position: number; role: string; task: string }[],
): { position: number; done: boolean }[] {
  const boxes = (text: string) =>
    [...text.matchAll(/^[ \t]*[-*+] \[([ xX])\] (.*)$/gm)].map(([, box, line = '']) => ({ done: box !== ' ', line }));
  const [before, after] = [boxes(edit.before), boxes(edit.after)];
  return plan.flatMap((step) => {
    const [was, is] = [before, after].map((all) => all.filter(({ line }) => line.startsWith(nameStep(step))));
    const isOnce = was?.length === 1 && is?.length === 1;
    return isOnce && was[0]?.done !== is[0]?.done ? [{ position: step.position, done: is[0]?.done === true }] : [];
  });
}

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
  `${toTitle(capitalize(role), 40)}: ${toTitle(task, 160)} · ${handle}`;

export const createSubIssueBody = ({ caseHandle, category, dueText, url }: SubIssueTextContent): string =>
  [
    `A step of the plan for case ${caseHandle} (**${escapeMarkdown(category)}**), which was due by **${dueText}** when this was written.`,
    'Close this issue when the step is done: that ticks it on the case. Comments here are not read.',
    `[Open case ${caseHandle}](${url})`,
  ].join('\n\n');

const bullets = (lines: string[]): string => lines.map((line) => `- ${line}`).join('\n');

const formatCustomerCount = (customers: number): string => (customers === 1 ? '1 customer' : `${customers} customers`);
