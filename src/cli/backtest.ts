import { basename, join, resolve } from 'node:path';
import * as z from 'zod';
import { parseWithPlainFindings } from '#domain/base/plain-words.ts';
import type { AnswerType } from '#domain/integrations/survey-source.ts';
import { backtest } from '#domain/reports/backtest.ts';
import { renderBacktestMarkdown, renderBacktestText } from '#domain/reports/backtest-text.ts';
import type { Answer, SurveyResponse } from '#domain/responses/response.ts';
import type { Settings, SettingsFile } from '#domain/templates/template.ts';
import { WorkspaceFileSchema } from '../wiring.ts';
import { readDraftTemplate } from '../workspace/queries/settings.ts';
import { readSettings } from '../workspace/settings/read-settings.ts';
import { type ConnectOptions, connect } from './connect.ts';
import { projectRoot, readLines, readSettingsText, readWorkspaceFiles } from './workspace-files.ts';

type BacktestOptions = ConnectOptions & {
  template: string;
  responses?: string | undefined;
  workspaceFile?: string | undefined;
  against?: string | undefined;
  markdown?: true | undefined;
};

/** Prints how many cases a template would have opened. */
export async function runBacktest(options: BacktestOptions): Promise<number> {
  const name = basename(options.template).replace(/\.ya?ml$/, '');
  const text = readSettingsText(options.template);
  const { report, timeZone } = options.responses
    ? await offline(options.responses, name, text, options)
    : await online(name, text, options);
  console.log((options.markdown ? renderBacktestMarkdown : renderBacktestText)(report, timeZone));
  return 0;
}

async function offline(responses: string, name: string, text: string, options: BacktestOptions) {
  if (options.against && /^\d+$/.test(options.against))
    throw new Error('--against a version wants a running Caselite; with --responses, name a file.');
  const path = resolve(options.workspaceFile ?? join(projectRoot, 'templates', 'workspaces', 'acme.yaml'));
  const { files } = readWorkspaceFiles(path);
  const read = (given: SettingsFile[], version: number): Settings => readSettings(given, version, WorkspaceFileSchema);
  const { template, settings } = readDraftTemplate(files, name, text, read);
  const others = [...settings.templates].filter(([other, { state }]) => other !== name && state === 'on');
  const report = backtest({
    settings: settings.workspace,
    name,
    template,
    against: options.against ? readDraftTemplate(files, name, readSettingsText(options.against), read).template : null,
    others: new Map(others),
    responses: await readResponseLines(responses),
  });
  return { report, timeZone: settings.workspace['time-zone'] };
}

async function online(template: string, text: string, options: BacktestOptions) {
  const client = connect(options);
  if (options.against && !/^\d+$/.test(options.against))
    throw new Error('--against a file wants --responses; of a running Caselite, name a version.');
  const against = options.against ? Number(options.against) : null;
  return client.call('POST backtest', {}, { template, text, against });
}

const LineAnswer = z
  .object({
    alias: z.string().nullable(),
    question: z.string().default(''),
    type: z.string().default('other'),
    value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
    text: z.string().optional(),
  })
  .transform(({ alias, question, type, value, text = [value].flat().join(', ') }): Answer => {
    const of = { id: question, title: question };
    return { alias, question: of, type: type as AnswerType, value, text, freeText: type === 'text' };
  });

const Line = z.object({
  id: z.string(),
  source: z.string(),
  form: z.string().default(''),
  submittedAt: z.iso.datetime({ offset: true }).transform(Date.parse),
  language: z.string().nullable().default(null),
  partial: z.boolean().default(false),
  customer: z
    .object({
      key: z.string().nullable().default(null),
      tier: z.string().nullable().default(null),
      revenue: z.number().nullable().default(null),
      attributes: z
        .record(
          z.string(),
          z.object({ value: z.union([z.string(), z.number()]) }).transform(({ value }) => value),
        )
        .default({}),
    })
    .prefault({}),
  answers: z.array(LineAnswer),
});

/** Reads responses from a file of JSON lines, as `GET responses` returns them. @throws Error with line and field */
async function readResponseLines(path: string): Promise<SurveyResponse[]> {
  const surveyResponses: SurveyResponse[] = [];
  let number = 0;
  for await (const line of readLines(path)) {
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
  const { id, customer, ...rest } = value;
  return {
    ...rest,
    formTitle: null,
    responseId: id,
    revision: 0,
    customer: { ...customer, email: null, name: null, language: rest.language },
    link: null,
  };
}
