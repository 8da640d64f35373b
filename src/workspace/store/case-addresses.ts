import type { Sql } from '#domain/base/ports.ts';
import { linkedCases } from './case-responses.ts';
import { defineTable } from './table.ts';

/** An address that somebody named for the mail of a case to one customer. */
export interface CaseAddress {
  seq: number;
  caseId: string;
  customerKey: string;
  /** Empty for a customer whose first response named none. */
  address: string;
  /** `pinned`: named at the opening. All others wait for a case manager, unless their source proves them. */
  state: 'pinned' | 'waiting' | 'accepted' | 'refused';
  /** Null for an address that a person entered. */
  responseId: string | null;
  at: number;
  decidedAt: number | null;
}

const addresses = defineTable<CaseAddress>('case_addresses', {});

/** @returns false for an address that the case knows already */
export const insertCaseAddress = (sql: Sql, row: Omit<CaseAddress, 'seq'>): boolean =>
  addresses.insert(sql, row, 'ON CONFLICT (case_id, customer_key, address) DO NOTHING');

/** What a case began with for a customer: their first address, of the case or its linked cases. */
export const findFirstAddress = (sql: Sql, caseId: string, customer: string): CaseAddress | null =>
  findAddress(sql, caseId, customer, "state = 'pinned'");

/** The address that gets mail: the one accepted last, else the first one. */
export const findMailAddress = (sql: Sql, caseId: string, customer: string): CaseAddress | null =>
  findAddress(sql, caseId, customer, "state IN ('accepted', 'pinned')");

function findAddress(sql: Sql, caseId: string, customer: string, states: string): CaseAddress | null {
  const ofCustomer = `WHERE seq IN (${linkedCases} SELECT seq FROM case_addresses WHERE case_id IN behind AND customer_key = ?2)
     AND ${states} ORDER BY state, decided_at DESC, at, seq LIMIT 1`;
  return addresses.list(sql, ofCustomer, caseId, customer)[0] ?? null;
}

export const hasPinnedAddress = (sql: Sql, caseId: string, customer: string): boolean =>
  addresses.find(sql, "case_id = ? AND customer_key = ? AND state = 'pinned'", caseId, customer) !== null;

export const listWaitingAddresses = (sql: Sql, caseId: string): CaseAddress[] =>
  addresses.list(sql, "WHERE case_id = ? AND state = 'waiting' ORDER BY seq", caseId);

export const decideWaitingAddress = (sql: Sql, seq: number, state: 'accepted' | 'refused', decidedAt: number): void =>
  addresses.update(sql, { state, decidedAt }, 'seq = ?', seq);

/** Fills in the address of a response that opened a case, once a new reading of the same response shows it. */
export const fillInPinnedAddress = (sql: Sql, responseId: string, address: string): void =>
  addresses.update(sql, { address }, "response_id = ? AND state = 'pinned' AND address = ''", responseId);
