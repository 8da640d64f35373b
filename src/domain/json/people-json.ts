import type { AttributesJson } from './attributes-json.ts';
import type { CaseJson } from './case-json.ts';
import type { ResponseJson } from './intake-json.ts';
import type { InvitationJson, ResurveyJson } from './loop-json.ts';

/*
 * Customers, contributors and the workspace's people, as JSON and for the pages. Times are ISO 8601 in UTC.
 */

export interface CustomerJson {
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
  /** Further attributes, of the workspace file. */
  attributes: AttributesJson;
  isListed: boolean;
  /** Whether an attribute comes from the customer list, which counts before a response, or from a response. */
  from: Record<string, 'list' | 'response'>;
  updatedAt: string;
}

/** One customer with the newest responses and cases. */
export interface CustomerDetail extends CustomerJson {
  responses: ResponseJson[];
  cases: CaseJson[];
}

/** Everything that is kept of one person, to hand over. */
export interface PersonExport {
  exportedAt: string;
  workspace: string;
  customers: Record<string, unknown>[];
  responses: ResponseJson[];
  deliveries: { id: string; receivedAt: string | null; text: string }[];
  cases: Record<string, unknown>[];
  followUps: Record<string, unknown>[];
  resurveys: ResurveyJson[];
  invitations: InvitationJson[];
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
export interface PeopleJson {
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
    /** Mail to the address came back for good, and no more of it leaves. */
    isUndeliverable: boolean;
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
