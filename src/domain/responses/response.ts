import { readMailAddress } from '../base/mail-address.ts';
import type { AnswerType, IncomingResponse } from '../integrations/survey-source.ts';
import {
  type Attributes,
  type AttributeValue,
  builtInAttributes,
  parseAttributeText,
  toShortLine,
} from '../settings/attributes.ts';
import type { SourceSettings } from '../settings/workspace-file.ts';
import { toLanguageCode } from '../text/fixed-texts.ts';
import { type CustomerFields, toCustomerFields } from './customer.ts';

export interface Answer {
  /** Null for a question without an alias. */
  alias: string | null;
  otherAliases?: string[];
  question: { id: string; title: string };
  type: AnswerType;
  value: string | number | boolean | string[];
  text: string;
  /** The respondent's own words, which never reach trackers, logs or errors. */
  freeText: boolean;
}

export interface Customer extends CustomerFields {
  /** Customer key, which joins the responses of one customer; null for an anonymous response. */
  key: string | null;
  fromList?: string[];
}

export interface SurveyResponse extends Omit<IncomingResponse, 'adds' | 'answers' | 'hidden'> {
  source: string;
  customer: Customer;
  answers: Answer[];
}

/** Whether a template's alias means this answer. */
export const hasAlias = (answer: Pick<Answer, 'alias' | 'otherAliases'> | undefined, alias: string): boolean =>
  answer !== undefined && (answer.alias === alias || answer.otherAliases?.includes(alias) === true);

/** Beginning of the note about an address that is refused. */
export const addressNote = 'the respondent’s e-mail address ';

/** Answers in the respondent's own words, without those that only name the respondent. */
export function listComments({ answers, customer }: Pick<SurveyResponse, 'answers' | 'customer'>): Answer[] {
  const names = [customer.name, customer.email, customer.key].flatMap((name) => name?.toLowerCase() ?? []);
  return answers.filter(
    ({ freeText, type, text }) => freeText && type === 'text' && !names.includes(text.trim().toLowerCase()),
  );
}

/** Applies a source's aliases and respondent mapping to a delivery as its vendor's adapter read it. */
export function toSurveyResponse(
  source: string,
  settings: Pick<SourceSettings, 'questions' | 'respondent'>,
  incoming: IncomingResponse,
  attributes: Attributes = builtInAttributes,
): SurveyResponse {
  const aliases = Object.entries(settings.questions);
  const answers = incoming.answers.map(({ question: { id, names, title }, type, value, freeText }): Answer => {
    const own = aliases.filter(([, question]) => question === id || names.includes(question));
    const [alias = null, ...otherAliases] = own.map(([name]) => name);
    const others = otherAliases.length > 0 ? { otherAliases } : {};
    return { alias, ...others, question: { id, title }, type, value, text: readable(value), freeText };
  });
  const field = (path: string | undefined) => (path ? readRespondentField(path, incoming, answers) : null);
  const { respondent } = settings;
  const values = [...attributes].map(([name, attribute]) => [
    name,
    parseAttributeText(attribute, field(respondent[name])),
  ]);
  const customer = toCustomerFields(Object.fromEntries(values));
  const address = field(respondent.email)?.trim();
  const problem = address ? readMailAddress(address).problem : null;
  const notes = [...(incoming.notes ?? []), ...(problem ? [`${addressNote}${problem}`] : [])];
  const language = toLanguageCode(field(respondent.language) ?? incoming.language);
  const { form, formTitle, responseId, revision, submittedAt, partial, link } = incoming;
  return {
    ...{ source, form, formTitle, responseId, revision, submittedAt, partial, language },
    customer: {
      ...customer,
      key: toShortLine(field(respondent.key)) ?? customer.email?.toLowerCase() ?? null,
      language,
    },
    answers,
    link,
    ...(notes.length > 0 ? { notes } : {}),
  };
}

/** Reads `hidden.NAME` from a hidden field, and any other path as a question's alias, id or name. */
export function readRespondentField(path: string, incoming: IncomingResponse, answers: Answer[]): string | null {
  if (path.startsWith('hidden.')) return incoming.hidden.get(path.slice('hidden.'.length)) ?? null;
  const index = incoming.answers.findIndex(
    ({ question }, at) => question.id === path || question.names.includes(path) || hasAlias(answers[at], path),
  );
  return answers[index]?.text ?? null;
}

/** What a response or the customer list says of an attribute, or of the key. */
export function readCustomerAttribute(customer: Customer, name: string): AttributeValue | null {
  const { fromList: _, attributes, ...fields } = customer;
  const values = new Map(Object.entries({ ...attributes, ...fields }));
  return values.get(name) ?? null;
}

function readable(value: Answer['value']): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

const harmless = new Set(['number', 'yes-no']);

/** Remains of a response after an erasure: instant, form and scores, without words, hidden fields and names. */
export function emptied(response: SurveyResponse): SurveyResponse {
  return {
    ...response,
    responseId: '',
    notes: [],
    language: null,
    customer: { key: null, email: null, name: null, tier: null, revenue: null, language: null },
    answers: response.answers.filter(
      ({ type, value }) => harmless.has(type) && (typeof value === 'number' || typeof value === 'boolean'),
    ),
    link: null,
  };
}
