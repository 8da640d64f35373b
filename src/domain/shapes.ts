import type { ClosingReason, Loop } from './case.ts';
import type { Share } from './interval.ts';
import type { LoopSums } from './loop-report.ts';
import type { Answer } from './response.ts';
import type { Sign } from './signs.ts';
import type { CaseTemplate, Decision } from './template.ts';
import type { TimelineWhat } from './timeline.ts';
import type { Verdict } from './verdict.ts';

/*
 * The JSON that outside programs rely on, and that the pages show. Times are ISO 8601 in UTC.
 */

export interface CaseShape {
  id: string;
  handle: string;
  workspace: string;
  template: string;
  kind: 'tactical' | 'strategic';
  /** A task is one light issue: nobody is asked after it. */
  action: 'task' | 'case';
  customer: { key: string | null; tier: string | null; revenue: number | null };
  /** How many customers stand behind the case. */
  customers: number;
  category: string;
  severity: string;
  status: string;
  loop: Loop;
  openedAt: string;
  /** Which conditions of the template held. */
  openedWhy: string[];
  dueAt: string;
  /** How the due time and the severity came about. */
  dueWhy: string[];
  firstContactAt: string | null;
  firstContactDueAt: string | null;
  /** Since when the clock stands still; null while it runs. */
  pausedAt: string | null;
  resolvedAt: string | null;
  closingReason: ClosingReason | null;
  /** Why it was declined, as a person wrote it for the customer. */
  closingNote: string | null;
  /** Handle of the case that this one repeats. */
  repeats: string | null;
  /** What asking the customers still waits for; null when nothing stands in the way. */
  waitsFor: string | null;
  /** How often a closing was disputed. */
  disputes: number;
  generation: number;
  assignee: string | null;
  loopOwner: string | null;
  overdue: boolean;
  /** The response plan: who does what, and what is done. */
  plan: {
    position: number;
    role: string;
    task: string;
    /** A person or a team; null where the workspace names nobody for the role. */
    who: string | null;
    whoName: string | null;
    doneAt: string | null;
    doneBy: string | null;
  }[];
  /** The present run of the escalation ladder. */
  ladder: {
    run: number;
    steps: {
      kind: 'reminder' | 'due' | 'level' | 'repeat' | 'escalated';
      level: number | null;
      at: string;
      told: string[];
      /** Why nobody was told; null where somebody was. */
      skipped: string | null;
    }[];
    nextAt: string | null;
    acknowledgedAt: string | null;
    acknowledgedBy: string | null;
    snoozedUntil: string | null;
  };
  /** People from outside who may see this case by a link. */
  contributors: { id: string; name: string; invitedAt: string; holds: boolean }[];
  contributions: { name: string; text: string; at: string }[];
  /** Why a person has to look at it, or null. */
  needsPerson: string | null;
  issue: IssueShape | null;
  responses: string[];
  verdicts: { customer: string; generation: number; verdict: Verdict; why: string; at: string }[];
  followUps: FollowUpShape[];
  timeline: {
    at: string;
    what: TimelineWhat;
    who: string;
    why: string;
    evidence: string | null;
    generation: number;
  }[];
}

export interface IssueShape {
  tracker: string;
  kind: string;
  key: string;
  url: string;
  state: 'open' | 'closed';
  labels: string[];
}

export interface ResponseShape {
  id: string;
  source: string;
  form: string;
  formTitle: string | null;
  submittedAt: string;
  receivedAt: string;
  language: string | null;
  partial: boolean;
  customer: {
    key: string | null;
    email: string | null;
    name: string | null;
    tier: string | null;
    revenue: number | null;
    /** Which of these the customer list says, and not the response. */
    fromList: string[];
  };
  answers: (Pick<Answer, 'alias' | 'type' | 'value' | 'text'> & { question: string })[];
  decisions: Decision[];
  /** The response in the survey tool, where there is a link to it. */
  link: string | null;
}

export interface DeliveryShape {
  id: string;
  source: string;
  receivedAt: string;
  bytes: number;
  verified: true;
  /** `back-fill`: it was found by asking the survey tool. `import`: a file that somebody imported, or a row of a file. */
  via: 'push' | 'back-fill' | 'import';
  /** It was a file of many responses, and is kept row by row. */
  isFile: boolean;
  /** The delivery with the file of which this is a row, and the line on which the row begins. */
  file: string | null;
  line: number | null;
  outcome: 'stored' | 'duplicate' | 'set-aside' | 'test';
  /** Stored, and not yet taken in: it waits for its turn, or for its answers. */
  pending: boolean;
  response: string | null;
  error: string | null;
}

/** One delivery in full. Its body is whatever a stranger sent: text, never markup. */
export interface DeliveryDetail extends DeliveryShape {
  contentType: string | null;
  /** The body as text, at most 64 kB of it. */
  text: string;
  isCut: boolean;
  /** The answers as they were fetched, where the body only names a response. */
  fetched: string | null;
  tries: number;
  replays: number;
}

export interface CustomerShape {
  /** The number by which pages name a customer. */
  id: number;
  key: string;
  email: string | null;
  name: string | null;
  tier: string | null;
  revenue: number | null;
  language: string | null;
  /** A day. */
  renewal: string | null;
  isListed: boolean;
  /** Whether an attribute comes from the customer list, which counts before a response, or from a response. */
  from: Record<string, 'list' | 'response'>;
  updatedAt: string;
}

export interface SourceShape {
  name: string;
  /** Null for a source that was removed and left no settings. */
  kind: string | null;
  state: 'in use' | 'paused' | 'removed' | 'silent';
  heardAt: string | null;
  /** Hours after which it counts as silent, by its own history; null while there is too little of it. */
  quietLimitHours: number | null;
  setAside: number;
  /** Responses that were found by asking, and that no delivery had brought. */
  found: number;
  /** What waits for the survey tool's API, and what it last failed with. */
  waiting: number;
  trouble: string | null;
  canBackFill: boolean;
  /** What people can do instead of a back-fill; null where there is one, or where the source is not in use. */
  withoutBackFill: string | null;
}

export interface QuestionShape {
  id: string;
  title: string;
  type: string;
  /** The alias under which templates know it, and those templates. */
  alias: string | null;
  templates: string[];
  choices: { text: string; firstSeen: string }[];
  firstSeen: string;
  lastSeen: string;
  goneSince: string | null;
  /** How many responses came after it was last answered. */
  responsesSince: number;
}

export interface SourceDetail extends SourceShape {
  forms: {
    form: string;
    title: string | null;
    watermark: string;
    describedAt: string | null;
    error: string | null;
    questions: QuestionShape[];
    changes: {
      at: string;
      question: string;
      what: 'wording' | 'choice' | 'gone' | 'back';
      was: string;
      now: string;
    }[];
  }[];
  /** Aliases of the workspace file that no known question carries. */
  lostAliases: { alias: string; question: string; templates: string[] }[];
  /** Aliases that templates ask for and the workspace file does not give. */
  unknownAliases: { alias: string; templates: string[] }[];
  walks: {
    form: string;
    since: string;
    startedAt: string;
    endedAt: string | null;
    seen: number;
    found: number;
    error: string | null;
  }[];
}

export interface FollowUpShape {
  id: string;
  case: string;
  /** The customer's key; null for a closer survey. */
  customer: string | null;
  /** The person of the workspace who is asked; null for a customer. */
  person: string | null;
  generation: number;
  kind: 'customer' | 'closer';
  state: 'due' | 'sent' | 'skipped' | 'answered' | 'expired';
  why: string;
  dueAt: string;
  sentAt: string | null;
  answeredAt: string | null;
  answers: Record<string, string> | null;
}

/** A follow-up in a list over all cases. */
export interface FollowUpRow extends FollowUpShape {
  handle: string;
  category: string;
  assignee: string | null;
  loopOwner: string | null;
}

/** Everything that asked or told one person, or was to, and why not. */
export interface LedgerShape {
  keys: string[];
  hasOptedOut: boolean;
  /** Until when no first follow-up leaves; null while none counts. */
  quarantineUntil: string | null;
  followUps: FollowUpRow[];
  mails: MailShape[];
}

export interface MailShape {
  id: string;
  to: string;
  case: string | null;
  kind: string;
  subject: string;
  state: 'intent' | 'sent' | 'refused' | 'unknown';
  at: string;
  provider: string | null;
  /** What the provider told of it afterwards. */
  fate: 'delivered' | 'bounced' | 'complained' | null;
}

/** A page of a list, newest first. `next` is handed back to get the page after it. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
}

/** What a survey page needs: the wording is filled in already. */
export interface SurveyPage {
  /** A BCP 47 tag. */
  language: string;
  state: 'open' | 'closed';
  kind: 'customer' | 'closer';
  workspaceName: string;
  title: string;
  intro: string;
  thanks: string;
  /** None where only further cases of the same mail are open. */
  questions: SurveyPageQuestion[];
  /** Further cases that the same mail asks about. The ids of their questions are unlike those of all others. */
  more: { about: string; questions: SurveyPageQuestion[] }[];
  given: Record<string, string>;
}

export interface SurveyPageQuestion {
  id: string;
  type: 'choice' | 'scale' | 'text';
  label: string;
  required: boolean;
  options: { value: string; label: string }[];
  ends: [string, string] | null;
}

export interface TemplateShape {
  /** The file's name; `title` is what people read. */
  name: string;
  title: string;
  kind: CaseTemplate['kind'];
  action: CaseTemplate['action'];
  state: CaseTemplate['state'];
  priority: number;
  category: string;
  team: string;
  tracker: string;
}

/** What is different in one file of a workspace's settings. */
export interface FileDiff {
  kind: 'workspace' | 'case-template' | 'survey';
  name: string;
  /** `closure-goal: 24 hours → 12 hours`, a line for each setting. */
  lines: string[];
}

export interface VersionShape {
  version: number;
  author: string;
  at: string;
  /** What is different from the version before. */
  changes: FileDiff[];
}

/** Whether loops were really closed, in sum over a period. */
export interface LoopReportShape extends LoopSums {
  days: number;
  from: string;
  to: string;
  /** Cases opened in the period. */
  opened: number;
  /** Of these, the share whose customer somebody was in touch with. */
  followedUp: Share;
  reopened: Share;
  /** Who was asked again some time later, and of those who answered, for how many it is resolved. */
  resurveys: { rule: string; hadCase: boolean; asked: number; resolved: Share }[];
  /** Closings that should be looked at, and why. */
  review: { id: string; handle: string; category: string; generation: number; at: string; signs: Sign[] }[];
}

export interface InvitationShape {
  id: string;
  rule: string;
  event: string;
  customer: string;
  eventAt: string;
  dueAt: string;
  state: 'due' | 'sent' | 'skipped';
  why: string;
  sentAt: string | null;
}

/** One customer with the newest responses and cases. */
export interface CustomerDetail extends CustomerShape {
  responses: ResponseShape[];
  cases: CaseShape[];
}

/** Everything that is kept of one person, to hand over. */
export interface PersonExport {
  exportedAt: string;
  workspace: string;
  customers: Record<string, unknown>[];
  responses: ResponseShape[];
  deliveries: { id: string; receivedAt: string | null; text: string }[];
  cases: Record<string, unknown>[];
  followUps: Record<string, unknown>[];
  mails: Record<string, unknown>[];
}

/** What the page behind an acknowledgement's link says. */
export interface AcknowledgePage {
  workspaceName: string;
  handle: string;
  caseUrl: string;
  /** `open`: nobody has it yet. `over`: there is nothing to acknowledge any more. */
  state: 'open' | 'acknowledged' | 'over';
  /** Who has it. */
  by: string | null;
}

/** What somebody outside sees of one case, with times as text. */
export interface ContributorPage {
  workspaceName: string;
  /** The contributor's own. */
  name: string;
  handle: string;
  title: string;
  category: string;
  severity: string;
  status: string;
  why: string[];
  due: string;
  owner: string | null;
  isOpen: boolean;
  until: string;
  /** Only the contributor's own. */
  comments: { text: string; at: string }[];
}

/** Everybody of a workspace. */
export interface PeopleShape {
  /** The kinds of trackers that the workspace uses. */
  kinds: string[];
  people: {
    key: string;
    name: string;
    manages: string[];
    memberOf: string[];
    /** Of response plans. */
    roles: string[];
    accounts: string[];
    away: { from: string; until: string }[];
    isAway: boolean;
    /** Open cases. */
    worksOn: number;
    answersFor: number;
  }[];
  teams: {
    name: string;
    managers: string[];
    members: string[];
    watchers: number;
    contributors: string[];
    assign: string;
    fallback: string | null;
  }[];
  /** Open cases that nobody works on, or that nobody answers for. */
  nobody: { works: number; answers: number };
}
