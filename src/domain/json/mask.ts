import type { AttributesJson } from './attributes-json.ts';
import type { CaseJson } from './case-json.ts';
import type { ResponseJson } from './intake-json.ts';
import type { CustomerJson } from './people-json.ts';
import type { StrategicJson } from './strategic-json.ts';

/*
 * Masking. Only managers and admins see who a customer is on every case; other people see it on their own cases. Masked
 * values stay recognisable and are useless for contact.
 */

/** `d…@acme.example` */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 1 ? '…' : `${address.charAt(0)}…${address.slice(at)}`;
}

/** `N…` */
export function maskName(name: string): string {
  const [first] = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(name);
  return `${first?.segment ?? ''}…`;
}

/** A customer's key, which may be an address. */
export const maskKey = <Key extends string | null>(key: Key) => (key === null ? key : maskText(key));

const maskText = (text: string) => (text.includes('@') ? maskAddress(text) : maskName(text));
const maskOrNull = (text: string | null, mask: (text: string) => string) => (text === null ? null : mask(text));

/** Shorter attributes are too often an answer of somebody else as well. */
const shortestTelling = 4;

const maskAttributes = (attributes: AttributesJson): AttributesJson =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [
      name,
      attribute.isPersonal ? { ...attribute, value: '…' } : attribute,
    ]),
  );

/** Answer types that identify a person, whatever the question. */
const telling = new Set(['email', 'phone']);

export function maskResponse(response: ResponseJson): ResponseJson {
  const { customer } = response;
  const personal = Object.values(customer.attributes).flatMap(({ isPersonal, value }) =>
    isPersonal && typeof value === 'string' && value.length >= shortestTelling ? [value] : [],
  );
  const known = [customer.email, customer.name, ...personal]
    .filter((value) => value !== null)
    .map((value) => value.toLowerCase());
  return {
    ...response,
    // The survey tool shows the unmasked response.
    link: null,
    customer: {
      ...customer,
      key: customer.key === response.id ? customer.key : maskOrNull(customer.key, maskText),
      email: maskOrNull(customer.email, maskAddress),
      name: maskOrNull(customer.name, maskName),
      attributes: maskAttributes(customer.attributes),
    },
    answers: response.answers.map((answer) =>
      telling.has(answer.type) || known.includes(answer.text.toLowerCase())
        ? { ...answer, value: '…', text: maskText(answer.text) }
        : answer,
    ),
  };
}

export function maskCustomer(customer: CustomerJson): CustomerJson {
  return {
    ...customer,
    key: maskText(customer.key),
    email: maskOrNull(customer.email, maskAddress),
    name: maskOrNull(customer.name, maskName),
    attributes: maskAttributes(customer.attributes),
  };
}

export function maskCase(caseJson: CaseJson): CaseJson {
  const hidden = (key: string) => (caseJson.responses.includes(key) ? key : maskText(key));
  return {
    ...caseJson,
    customer: {
      ...caseJson.customer,
      key: maskOrNull(caseJson.customer.key, hidden),
      attributes: maskAttributes(caseJson.customer.attributes),
    },
    verdicts: caseJson.verdicts.map((verdict) => ({ ...verdict, customer: hidden(verdict.customer) })),
    followUps: caseJson.followUps.map((followUp) => ({
      ...followUp,
      customer: maskOrNull(followUp.customer, hidden),
    })),
  };
}

export function maskStrategic(strategic: StrategicJson, responses: string[]): StrategicJson {
  const hidden = (key: string) => (responses.includes(key) ? key : maskText(key));
  return {
    ...strategic,
    members: strategic.members.map((member) => ({ ...member, customer: hidden(member.customer) })),
  };
}
