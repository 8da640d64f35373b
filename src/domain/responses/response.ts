import type { AnswerType, IncomingResponse } from '../integrations/survey-source.ts';
import {
  type Attributes,
  type AttributeValue,
  attributeOfText,
  builtInAttributes,
  oneLine,
} from '../settings/attributes.ts';
import type { SourceSettings } from '../settings/workspace-file.ts';
import { type CustomerFields, toFields } from './customer.ts';

/** One answer under the alias by which templates know its question. */
export interface Answer {
  /** Null while no alias was given to the question. */
  alias: string | null;
  /** Further aliases of the same question: an old name that templates may go on using. */
  otherAliases?: string[];
  question: { id: string; title: string };
  type: AnswerType;
  value: string | number | boolean | string[];
  /** As a person reads it. */
  text: string;
  /** The respondent's own words, which stay out of trackers, logs and errors. */
  freeText: boolean;
}

export interface Customer extends CustomerFields {
  /** Joins the responses of one customer; null for a response that names nobody. */
  key: string | null;
  /** What the customer list says, and not the response. */
  fromList?: string[];
}

export interface SurveyResponse {
  source: string;
  form: string;
  formTitle: string | null;
  responseId: string;
  revision: number;
  submittedAt: number;
  partial: boolean;
  language: string | null;
  customer: Customer;
  answers: Answer[];
  link: string | null;
}

/** Whether a template that asks for this alias means this answer. */
export const isCalled = (answer: Answer | undefined, alias: string): boolean =>
  answer !== undefined && (answer.alias === alias || answer.otherAliases?.includes(alias) === true);

/** Lays a source's aliases and respondent mapping over what the vendor's file read. */
export function toResponse(
  source: string,
  settings: SourceSettings,
  incoming: IncomingResponse,
  attributes: Attributes = builtInAttributes,
): SurveyResponse {
  const aliases = Object.entries(settings.questions);
  const answers = incoming.answers.map((answer): Answer => {
    const names = [answer.question.id, ...answer.question.names];
    const [alias = null, ...otherAliases] = aliases
      .filter(([, question]) => names.includes(question))
      .map(([name]) => name);
    return {
      alias,
      ...(otherAliases.length > 0 ? { otherAliases } : {}),
      question: { id: answer.question.id, title: answer.question.title },
      type: answer.type,
      value: answer.value,
      text: readable(answer.value),
      freeText: answer.freeText,
    };
  });
  const field = (path: string | undefined) => (path ? respondentField(path, incoming, answers) : null);
  const { respondent } = settings;
  const values = [...attributes].map(([name, attribute]) => [
    name,
    attributeOfText(attribute, field(respondent[name])),
  ]);
  const customer = toFields(Object.fromEntries(values));
  const language = field(respondent.language) ?? incoming.language;
  return {
    source,
    form: incoming.form,
    formTitle: incoming.formTitle,
    responseId: incoming.responseId,
    revision: incoming.revision,
    submittedAt: incoming.submittedAt,
    partial: incoming.partial,
    language,
    customer: { ...customer, key: oneLine(field(respondent.key)) ?? customer.email, language },
    answers,
    link: incoming.link,
  };
}

/** `hidden.NAME` is a hidden field; anything else is a question's alias, id or other name. */
export function respondentField(path: string, incoming: IncomingResponse, answers: Answer[]): string | null {
  if (path.startsWith('hidden.')) return incoming.hidden.get(path.slice('hidden.'.length)) ?? null;
  const index = incoming.answers.findIndex(
    ({ question }, at) =>
      question.id === path || question.names.includes(path) || isCalled(answers[at], path),
  );
  return answers[index]?.text ?? null;
}

/** What a response or the customer list says of an attribute, or of the key. */
export function attributeOf(customer: Customer, name: string): AttributeValue | null {
  const { fromList: _, attributes, ...fields } = customer;
  const values = new Map(Object.entries({ ...attributes, ...fields }));
  return values.get(name) ?? null;
}

function readable(value: Answer['value']): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return Array.isArray(value) ? value.join(', ') : String(value);
}
