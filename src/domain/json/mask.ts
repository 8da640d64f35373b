import type { AttributesJson, CaseJson, StrategicCaseJson } from './case-json.ts';
import type { CaseRowJson } from './case-row-json.ts';
import type { ResponseJson } from './intake-json.ts';
import type { CustomerJson } from './people-json.ts';

/** `d…@acme.example` */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 1 ? '…' : `${address.charAt(0)}…${address.slice(at)}`;
}

/** `N…` */
export function maskName(name: string): string {
  const [first] = new Intl.Segmenter('en').segment(name);
  return `${first?.segment ?? ''}…`;
}

/** A customer's key, which may be an address. */
export const maskCustomerKey = <Key extends string | null>(key: Key) => (key === null ? key : maskNameOrAddress(key));

const maskNameOrAddress = (text: string) => (text.includes('@') ? maskAddress(text) : maskName(text));
const maskUnlessNull = (text: string | null, mask: (text: string) => string) => (text === null ? null : mask(text));

/** Shorter attributes are too often an answer of somebody else as well. */
const shortestIdentifyingValue = 4;

const maskPersonalAttributes = (attributes: AttributesJson): AttributesJson =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [
      name,
      attribute.isPersonal ? { ...attribute, value: '…' } : attribute,
    ]),
  );

const telling = new Set(['email', 'phone']);

export function maskResponse(response: ResponseJson): ResponseJson {
  const { customer } = response;
  const personal = Object.values(customer.attributes).flatMap(({ isPersonal, value }) =>
    isPersonal && typeof value === 'string' && value.length >= shortestIdentifyingValue ? [value] : [],
  );
  const known = [customer.email, customer.name, ...personal]
    .filter((value) => value !== null)
    .map((value) => value.toLowerCase());
  return {
    ...response,
    link: null,
    customer: {
      ...customer,
      key: customer.key === response.id ? customer.key : maskUnlessNull(customer.key, maskNameOrAddress),
      email: maskUnlessNull(customer.email, maskAddress),
      name: maskUnlessNull(customer.name, maskName),
      attributes: maskPersonalAttributes(customer.attributes),
    },
    answers: response.answers.map((answer) =>
      telling.has(answer.type) || known.includes(answer.text.toLowerCase())
        ? { ...answer, value: '…', text: maskNameOrAddress(answer.text) }
        : answer,
    ),
  };
}

export function maskCustomer(customer: CustomerJson): CustomerJson {
  return {
    ...customer,
    key: maskNameOrAddress(customer.key),
    email: maskUnlessNull(customer.email, maskAddress),
    name: maskUnlessNull(customer.name, maskName),
    attributes: maskPersonalAttributes(customer.attributes),
  };
}

export function maskCase(caseJson: CaseJson): CaseJson {
  const hidden = (key: string) => (caseJson.responses.includes(key) ? key : maskNameOrAddress(key));
  return {
    ...caseJson,
    customer: {
      ...caseJson.customer,
      key: maskUnlessNull(caseJson.customer.key, hidden),
      attributes: maskPersonalAttributes(caseJson.customer.attributes),
    },
    addresses: caseJson.addresses.map((waiting) => ({
      ...waiting,
      customer: hidden(waiting.customer),
      address: maskAddress(waiting.address),
    })),
    verdicts: caseJson.verdicts.map((verdict) => ({ ...verdict, customer: hidden(verdict.customer) })),
    followUps: caseJson.followUps.map((followUp) => ({
      ...followUp,
      customer: maskUnlessNull(followUp.customer, hidden),
    })),
  };
}

/** A row shows no more of a customer than its case does. */
export const maskCaseRow = (row: CaseRowJson): CaseRowJson => ({
  ...row,
  customer: {
    ...row.customer,
    key: row.customer.isAnonymous ? row.customer.key : maskUnlessNull(row.customer.key, maskNameOrAddress),
    name: maskUnlessNull(row.customer.name, maskName),
  },
});

export function maskStrategicCase(strategic: StrategicCaseJson, responses: string[]): StrategicCaseJson {
  const hidden = (key: string) => (responses.includes(key) ? key : maskNameOrAddress(key));
  return {
    ...strategic,
    members: strategic.members.map((member) => ({
      ...member,
      customer: hidden(member.customer),
      name: maskUnlessNull(member.name, maskName),
    })),
  };
}
