import type { CaseState } from '#domain/cases/case-list.ts';
import type { Loop } from '#domain/cases/case-record.ts';
import type { CaseJson, IssueJson } from '#domain/json/case-json.ts';

export type Tone = 'bad' | 'warn' | 'good' | 'info' | 'quiet';

type LoopStateDisplay = [text: string, tone: Tone, means: string];

const loops: Record<Loop, LoopStateDisplay> = {
  working: ['working', 'info', 'In progress: the problem still needs work.'],
  resolved: [
    'resolved, not asked yet',
    'info',
    'The issue is closed. The customer has not been asked yet, so this is only a claim.',
  ],
  asked: ['asked', 'info', 'The issue is closed, and the customer was asked whether it is resolved for them.'],
  confirmed: ['confirmed', 'good', 'The customer says that it is resolved for them.'],
  disputed: ['disputed', 'bad', 'The issue was closed, but the customer says that it is not resolved.'],
  'known-gap': ['known gap', 'warn', 'Customer and closer agree that it is not resolved: the blocker needs an owner.'],
  'unseen-recovery': [
    'unseen recovery',
    'good',
    'It is resolved for the customer, although the closer thought it was not.',
  ],
  unverified: ['unverified', 'warn', 'The issue is closed, but the customer never said whether it helped.'],
  declined: ['declined', 'quiet', 'It will not be done, and the reason was given.'],
  dropped: ['dropped', 'quiet', 'Closed without a solution; nobody is asked about it.'],
};
const doneTask: LoopStateDisplay = ['done', 'good', 'The task is done. Nobody is asked about it.'];

export function describeLoopState(loop: Loop, action: CaseJson['action'] = 'case') {
  const [text, tone, means] = action === 'task' && loop === 'resolved' ? doneTask : loops[loop];
  return { text, tone, means };
}

/** Colours of common severities; other names stay neutral. */
const severityTones = new Map<string, Tone>([
  ['critical', 'bad'],
  ['urgent', 'bad'],
  ['high', 'warn'],
  ['normal', 'info'],
  ['medium', 'info'],
]);

export const chooseSeverityTone = (severity: string): Tone => severityTones.get(severity.toLowerCase()) ?? 'quiet';

/** `upgrade-not-installed` as readable text; what people wrote in words of their own keeps its hyphens. */
export function readable(slug: string): string {
  const words = /[\s\p{Lu}]/u.test(slug) ? slug : slug.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `#17` for the bare number of an issue; other keys are shown as they are. */
export const formatIssueKey = (key: string): string => (/^\d+$/.test(key) ? `#${key}` : key);

/** Readable name of an issue, such as `Jira SUP-17`. */
export const formatIssueName = ({ trackerTitle, key }: Pick<IssueJson, 'trackerTitle' | 'key'>): string =>
  `${trackerTitle} ${formatIssueKey(key)}`;

export const caseStateDisplays: Record<CaseState, { label: string; tone: Tone; heading: string }> = {
  open: { label: 'Open', tone: 'info', heading: 'in progress, disputed or waiting for a decision' },
  overdue: { label: 'Overdue', tone: 'bad', heading: 'open past their closure goal' },
  'needs-person': { label: 'Needs a decision', tone: 'warn', heading: 'waiting for a decision' },
  disputed: { label: 'Disputed', tone: 'bad', heading: 'closed, but the customer says that it is not resolved' },
  asked: { label: 'Awaiting customer', tone: 'info', heading: 'closed, waiting for the customer’s answer' },
  unverified: { label: 'Unverified', tone: 'warn', heading: 'closed, the customer never answered' },
  'known-gap': { label: 'Known gaps', tone: 'warn', heading: 'not resolved, as customer and closer agree' },
  confirmed: { label: 'Confirmed', tone: 'good', heading: 'resolved, as the customer confirmed' },
  all: { label: 'All', tone: 'quiet', heading: 'in any state' },
  working: { label: 'In progress', tone: 'info', heading: 'in progress' },
  'due-today': { label: 'Due today', tone: 'warn', heading: 'due until midnight' },
  'first-contact': { label: 'First contact missed', tone: 'bad', heading: 'whose customer waits for a first contact' },
};
export const stateNames = Object.keys(caseStateDisplays) as CaseState[];

/** Readable customer where only the key is known; an anonymous response is its own customer. */
export function chooseCustomerDisplayName(key: string | null, responses: string[]): string {
  if (key === null) return 'no customer named yet';
  return responses.includes(key) ? 'unnamed respondent' : key;
}

/** An address that a link may lead to; null for others. */
export const toSafeWebAddress = (url: string | null): string | null =>
  url !== null && /^https?:\/\//i.test(url) ? url : null;
