import { AppError } from '#domain/base/errors.ts';
import type { CustomerDetailsJson } from '#domain/json/people-json.ts';
import type { Core } from '../core.ts';
import { findCase } from '../store/cases.ts';
import { findCustomer } from '../store/customers.ts';
import { allResponsesOfCustomer, caseIdsOfCustomer, findCustomerKeyByRow } from '../store/personal.ts';
import { findResponse } from '../store/responses.ts';
import { toCaseJson, toCustomerJson, toResponseJson } from './serializers.ts';

const most = 100;

/**
 * One customer with the newest responses and cases.
 *
 * @param id number of the row, because page addresses name nobody
 * @throws AppError for an unknown customer
 */
export function readCustomerDetail(core: Core, id: number): CustomerDetailsJson {
  const key = findCustomerKeyByRow(core.sql, id);
  const customer = key === null ? null : findCustomer(core.sql, key);
  if (key === null || !customer) throw new AppError('not-found', 'There is no such customer.');
  return {
    ...toCustomerJson(core, customer),
    responses: allResponsesOfCustomer(core.sql, key)
      .slice(-most)
      .reverse()
      .flatMap((response) => findResponse(core.sql, response.id) ?? [])
      .map((stored) => toResponseJson(core, stored)),
    cases: caseIdsOfCustomer(core.sql, key)
      .flatMap((caseId) => findCase(core.sql, caseId) ?? [])
      .sort((a, b) => b.number - a.number)
      .slice(0, most)
      .map((caseRecord) => toCaseJson(core, caseRecord)),
  };
}
