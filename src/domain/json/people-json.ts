import * as z from 'zod';
import { AttributesJson } from './attributes-json.ts';
import { CaseJson } from './case-json.ts';
import { ResponseJson } from './intake-json.ts';
import type { InvitationJson, ResurveyJson } from './loop-json.ts';

/*
 * Customers, contributors and the workspace's people, as JSON and for the pages. Times are ISO 8601 in UTC.
 */

const orNull = z.string().nullable();

export const CustomerJson = z
  .object({
    id: z.int().describe('The number by which pages name a customer'),
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
      .describe('Where an attribute comes from; the customer list counts before a response'),
    updatedAt: z.string(),
  })
  .meta({ id: 'Customer' });
export type CustomerJson = z.output<typeof CustomerJson>;

/** One customer with the newest responses and cases. */
export const CustomerDetail = CustomerJson.extend({
  responses: z.array(ResponseJson),
  cases: z.array(CaseJson),
}).meta({ id: 'CustomerDetail' });
export type CustomerDetail = z.output<typeof CustomerDetail>;

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
