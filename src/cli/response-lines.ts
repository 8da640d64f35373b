import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { parseWithPlainFindings } from '#domain/base/plain-words.ts';
import type { AnswerType } from '#domain/integrations/survey-source.ts';
import type { Answer, SurveyResponse } from '#domain/responses/response.ts';

const Line = z.object({
  id: z.string(),
  source: z.string(),
  form: z.string().default(''),
  submittedAt: z.iso.datetime({ offset: true }),
  language: z.string().nullable().default(null),
  partial: z.boolean().default(false),
  customer: z
    .object({
      key: z.string().nullable().default(null),
      tier: z.string().nullable().default(null),
      revenue: z.number().nullable().default(null),
      attributes: z.record(z.string(), z.object({ value: z.union([z.string(), z.number()]) })).default({}),
    })
    .prefault({}),
  answers: z.array(
    z.object({
      alias: z.string().nullable(),
      question: z.string().default(''),
      type: z.string().default('other'),
      value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
      text: z.string().optional(),
    }),
  ),
});

/**
 * Reads responses from a file of JSON lines, as `GET responses` returns them.
 *
 * @throws Error with line and field
 */
export async function readResponseLines(path: string): Promise<SurveyResponse[]> {
  const surveyResponses: SurveyResponse[] = [];
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() !== '') surveyResponses.push(parseResponseLine(line, `${path}, line ${number}`));
  }
  return surveyResponses;
}

function parseResponseLine(line: string, where: string): SurveyResponse {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new Error(`${where}: is not JSON; write one response as JSON on each line`);
  }
  const { value, findings } = parseWithPlainFindings(Line, json);
  if (findings) {
    const [first] = findings;
    throw new Error(`${where}: ${first?.path.join('.')}: ${first?.message}`);
  }
  const { id, answers, customer, submittedAt, ...rest } = value;
  return {
    ...rest,
    formTitle: null,
    responseId: id,
    revision: 0,
    submittedAt: Date.parse(submittedAt),
    customer: {
      ...customer,
      email: null,
      name: null,
      language: rest.language,
      attributes: Object.fromEntries(
        Object.entries(customer.attributes).map(([name, { value: known }]) => [name, known]),
      ),
    },
    answers: answers.map(
      ({ alias, question, type, value, text }): Answer => ({
        alias,
        question: { id: question, title: question },
        type: type as AnswerType,
        value,
        text: text ?? [value].flat().join(', '),
        freeText: type === 'text',
      }),
    ),
    link: null,
  };
}
