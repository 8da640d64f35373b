import * as z from 'zod';
import { AttributesJson } from './attributes-json.ts';
import { CaseJson } from './case-json.ts';
import { ResponseJson } from './intake-json.ts';
import type { InvitationJson, ResurveyJson } from './loop-json.ts';

/* Customers, contributors and people as outside programs and pages get them. Times are ISO 8601 in UTC. */

const orNull = z.string().nullable();

export const CustomerJson = z
  .object({
    id: z.int().describe('Number of the customer in addresses of pages'),
    key: z.string(),
    email: orNull,
    name: orNull,
    tier: orNull,
    revenue: z.number().nullable(),
    language: orNull,
    renewal: orNull.describe('A day'),
    attributes: AttributesJson,
    isListed: z.boolean(),
    from: z
      .record(z.string(), z.enum(['list', 'response']))
      .describe('Origin of each attribute: the customer list, which takes precedence, or a response'),
    updatedAt: z.string(),
  })
  .meta({ id: 'Customer' });
export type CustomerJson = z.output<typeof CustomerJson>;

export const CustomerDetail = CustomerJson.extend({
  responses: z.array(ResponseJson),
  cases: z.array(CaseJson),
}).meta({ id: 'CustomerDetail' });
export type CustomerDetail = z.output<typeof CustomerDetail>;

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
