import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LimitedHost } from '#adapters/emulators/host-limits.ts';
import { linearSchema } from '#adapters/trackers/linear/emulator/build-schema.ts';
import type { Fetch } from '#domain/base/ports.ts';
import { graphqlContract } from './graphql.ts';
import { type Json, type JsonObject, openApiContract, type Report } from './openapi.ts';

interface Contract {
  checkRequest(request: Request, report: Report): Promise<unknown>;
  checkAnswer(request: Request, answer: Response, report: Report): Promise<unknown>;
}

export type Vendor = LimitedHost;

const trackers = join(import.meta.dirname, '../../adapters/trackers');
const read = (vendor: Vendor) =>
  JSON.parse(readFileSync(join(trackers, vendor, 'emulator', `${vendor}.openapi.json`), 'utf8'));

/**
 * Corrects known mistakes in the vendor's description, by its own examples and by reports from the live service: the
 * bulk changelog has times in milliseconds, and null for an empty value.
 */
function correctJira(description: JiraDescription): JiraDescription {
  const { Changelog, ChangeDetails } = description.components.schemas;
  if (Changelog?.properties.created) Changelog.properties.created = { type: ['string', 'integer'] };
  for (const name of ['from', 'fromString', 'to', 'toString']) {
    if (ChangeDetails?.properties[name]) ChangeDetails.properties[name] = { type: ['string', 'null'] };
  }
  return description;
}

type JiraDescription = JsonObject & {
  components: { schemas: { [name: string]: { properties: { [name: string]: Json } } } };
};

const makers: Record<Vendor, () => Contract> = {
  github: () =>
    openApiContract(read('github'), {
      // GitHub redirects to the same repository by its number.
      pathOf: (path) => path.replace(/^\/repositories\/\d+/, '/repos/owner/name'),
      errorSchema: 'basic-error',
    }),
  // A scoped token goes through Atlassian's gateway, which puts the site before the path.
  jira: () =>
    openApiContract(correctJira(read('jira')), {
      pathOf: (path) => path.replace(/^\/ex\/jira\/[^/]+/, ''),
      errorSchema: 'ErrorCollection',
    }),
  linear: () => {
    const contract = graphqlContract(linearSchema);
    // Linear describes its token endpoint only in prose, so no schema can check it.
    const isToken = (request: Request) => new URL(request.url).pathname === '/oauth/token';
    return {
      checkRequest: async (request, report) => isToken(request) || contract.checkRequest(request, report),
      checkAnswer: async (request, answer, report) => isToken(request) || contract.checkAnswer(request, answer, report),
    };
  },
};
const contracts = new Map<Vendor, Contract>();

function contractOf(vendor: Vendor): Contract {
  const contract = contracts.get(vendor) ?? makers[vendor]();
  contracts.set(vendor, contract);
  return contract;
}

const violations: string[] = [];
/** Number of messages that were checked against a vendor's description. */
export const checked = { requests: 0, answers: 0 };

/** Deviations from a vendor's description since the last call. An adapter may swallow an error; this list does not. */
export function takeViolations(): string[] {
  return violations.splice(0);
}

function violation(vendor: Vendor, names: string[], allowed: readonly RegExp[] = []): Report {
  return (operation, problem) => {
    const text = `${vendor}: ${operation}: ${problem}`;
    if (!allowed.some((gap) => gap.test(text)) && !names.includes(text)) names.push(text);
  };
}

/** A fetch that checks every request against the vendor's description. */
export function validatingRequests(vendor: Vendor, inner: Fetch, names = violations): Fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    checked.requests += 1;
    await contractOf(vendor).checkRequest(request.clone(), violation(vendor, names));
    return inner(request);
  };
}

/**
 * A fetch to an emulator that checks every answer against the vendor's description.
 *
 * @param gaps known deviations of a third-party emulator, each matched against "vendor: operation: problem"
 */
export function validatingAnswers(
  vendor: Vendor,
  inner: Fetch,
  gaps: readonly RegExp[] = [],
  names = violations,
): Fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const asked = request.clone();
    const answer = await inner(request);
    checked.answers += 1;
    await contractOf(vendor).checkAnswer(asked, answer.clone(), violation(vendor, names, gaps));
    return answer;
  };
}

/**
 * Checks both requests and answers.
 *
 * @param found list that receives the deviations; by default the list of `takeViolations`
 */
export function validating(vendor: Vendor, inner: Fetch, names = violations): Fetch {
  return validatingRequests(vendor, validatingAnswers(vendor, inner, [], names), names);
}
