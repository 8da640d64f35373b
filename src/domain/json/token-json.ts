import * as z from 'zod';
import { apiObject, orNull } from '../base/api-object.ts';

/** Uses of an API token. `act-as` lets a program name the person for whom it acts. */
export const TokenScope = z.enum(['read', 'act', 'settings', 'personal-data', 'act-as']);
export type TokenScope = z.output<typeof TokenScope>;

/** An API token that is in force, without the token itself. */
export const TokenJson = apiObject('Token', {
  id: z.string(),
  name: z.string(),
  person: orNull.describe('Person who acts with it; null for a program'),
  scopes: z.array(TokenScope),
  createdBy: z.string(),
  createdAt: z.string(),
  endsAt: z.string(),
  lastUsedAt: orNull,
});
export type TokenJson = z.output<typeof TokenJson>;

/** A line of the audit log. It names no customer: `about` may be a pseudonym of one. */
export const AuditLineJson = apiObject('AuditLine', {
  id: z.int(),
  at: z.string(),
  who: z.string().describe('A person of the workspace, a program, or somebody who is not known'),
  what: z.string(),
  about: z.string(),
  details: z.string(),
});
export type AuditLineJson = z.output<typeof AuditLineJson>;
