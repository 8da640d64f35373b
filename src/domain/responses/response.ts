import * as z from 'zod';
import type { AnswerType, IncomingResponse } from '../integrations/survey-source.ts';
import type { SourceSettings } from '../settings/workspace-file.ts';

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

export interface Customer {
  /** Joins the responses of one customer; null for a response that names nobody. */
  key: string | null;
  email: string | null;
  name: string | null;
  tier: string | null;
  revenue: number | null;
  language: string | null;
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
  const email = address(field(respondent.email));
  const key = short(field(respondent.key)) ?? email;
  const revenueText = field(respondent.revenue)?.trim() ?? '';
  const revenue = revenueText === '' ? Number.NaN : Number(revenueText);
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
    customer: {
      key,
      email,
      name: short(field(respondent.name)),
      tier: short(field(respondent.tier))?.toLowerCase() ?? null,
      revenue: revenue >= 0 && revenue <= mostRevenue ? revenue : null,
      language,
    },
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

const mostRevenue = 1e12;

/** One line of at most 200 characters; more is no name, key or tier. */
function short(text: string | null): string | null {
  return (
    text
      ?.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
      .trim()
      .slice(0, 200) || null
  );
}

/** Exactly one address that mail can go to, else none. */
function address(text: string | null): string | null {
  const given = text?.trim().toLowerCase() ?? '';
  return given.length <= 254 && z.email().safeParse(given).success ? given : null;
}

function readable(value: Answer['value']): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return Array.isArray(value) ? value.join(', ') : String(value);
}
