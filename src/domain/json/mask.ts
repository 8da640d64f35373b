import type { AttributesJson, CaseJson, StrategicCaseJson } from './case-json.ts';
import type { ResponseJson } from './intake-json.ts';

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

/** A customer's key may be an address. The id of a response stands for an unknown customer, and stays. */
export const maskCustomerKey = <Key extends string | null>(key: Key, nobody: string[] = []) =>
  key === null || nobody.includes(key) ? key : maskNameOrAddress(key);

const maskNameOrAddress = (text: string) => (text.includes('@') ? maskAddress(text) : maskName(text));

/** Shorter attributes are too often an answer of somebody else as well. */
const shortestIdentifyingValue = 4;

const maskPersonalAttributes = (attributes: AttributesJson): AttributesJson =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [
      name,
      attribute.isPersonal ? { ...attribute, value: '…' } : attribute,
    ]),
  );

interface AboutCustomer {
  key?: string | null;
  customer?: string | null;
  email?: string | null;
  address?: string;
  name?: string | null;
  attributes?: AttributesJson;
}

/** What tells who a customer is, masked; `nobody` are ids of responses that stand for unknown customers. */
export const maskCustomer = <Row extends AboutCustomer>(row: Row, nobody: string[] = []): Row => ({
  ...row,
  ...(row.key && { key: maskCustomerKey(row.key, nobody) }),
  ...(row.customer && { customer: maskCustomerKey(row.customer, nobody) }),
  ...(row.email && { email: maskAddress(row.email) }),
  ...(row.address && { address: maskAddress(row.address) }),
  ...(row.name && { name: maskName(row.name) }),
  ...(row.attributes && { attributes: maskPersonalAttributes(row.attributes) }),
});

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
    customer: maskCustomer(customer, [response.id]),
    answers: response.answers.map((answer) =>
      telling.has(answer.type) || known.includes(answer.text.toLowerCase())
        ? { ...answer, value: '…', text: maskNameOrAddress(answer.text) }
        : answer,
    ),
  };
}

export const maskCase = (caseJson: CaseJson): CaseJson => ({
  ...caseJson,
  customer: maskCustomer(caseJson.customer, caseJson.responses),
  addresses: caseJson.addresses.map((row) => maskCustomer(row, caseJson.responses)),
  verdicts: caseJson.verdicts.map((row) => maskCustomer(row, caseJson.responses)),
  followUps: caseJson.followUps.map((row) => maskCustomer(row, caseJson.responses)),
});

/** A row shows no more of a customer than its case does. */
export const maskCaseRow = <Row extends { customer: AboutCustomer & { isAnonymous: boolean } }>(row: Row): Row => ({
  ...row,
  customer: maskCustomer(row.customer, row.customer.isAnonymous ? [row.customer.key ?? ''] : []),
});

export const maskStrategicCase = (strategic: StrategicCaseJson, responses: string[]): StrategicCaseJson => ({
  ...strategic,
  members: strategic.members.map((row) => maskCustomer(row, responses)),
});
