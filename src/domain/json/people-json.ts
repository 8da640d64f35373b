import type { AttributesJson } from './attributes-json.ts';
import type { CaseJson } from './case-json.ts';
import type { ResponseJson } from './intake-json.ts';
import type { InvitationJson, ResurveyJson } from './loop-json.ts';

/* Customers, contributors and people as outside programs and pages get them. Times are ISO 8601 in UTC. */

export interface CustomerJson {
  id: number;
  key: string;
  email: string | null;
  name: string | null;
  tier: string | null;
  revenue: number | null;
  language: string | null;
  renewal: string | null;
  /** Further attributes, of the workspace file. */
  attributes: AttributesJson;
  isListed: boolean;
  /** Origin of each attribute: the customer list, which takes precedence, or a response. */
  from: Record<string, 'list' | 'response'>;
  updatedAt: string;
}

export interface CustomerDetail extends CustomerJson {
  responses: ResponseJson[];
  cases: CaseJson[];
}

/** All data about one person, for handing over. */
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

export interface AcknowledgePage {
  workspaceName: string;
  handle: string;
  caseUrl: string;
  /** `open`: not acknowledged yet. `over`: nothing to acknowledge any more. */
  state: 'open' | 'acknowledged' | 'over';
  by: string | null;
}

/** What a contributor sees of one case, with times as text. */
export interface ContributorPage {
  workspaceName: string;
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
  comments: { text: string; at: string }[];
}

/** People and teams of a workspace. */
export interface PeopleJson {
  kinds: string[];
  people: {
    key: string;
    name: string;
    manages: string[];
    memberOf: string[];
    roles: string[];
    accounts: string[];
    away: { from: string; until: string }[];
    isAway: boolean;
    /** Whether the address bounced permanently, so that it gets no more mail. */
    isUndeliverable: boolean;
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
  /** Open cases without an assignee, and without a loop owner. */
  nobody: { works: number; answers: number };
}
