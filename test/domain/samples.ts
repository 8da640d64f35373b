import { readdirSync, readFileSync } from 'node:fs';
import type * as z from 'zod';
import type { Answer, SurveyResponse } from '#domain/responses/response.ts';
import type { WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import { placeTemplate } from '#domain/templates/placement.ts';
import { type CaseTemplate, CaseTemplateFile, type Settings, type SettingsFile } from '#domain/templates/template.ts';
import { keyring } from '#src/keyring.ts';
import { WorkspaceFileSchema } from '#src/wiring.ts';
import { readSettings } from '#src/workspace/settings/read-settings.ts';
import { inEarnest } from './earnest.ts';

const root = new URL('../../', import.meta.url);

export const keys = keyring('a fixed key for golden vectors, never a real one');

const folder = (kind: SettingsFile['kind'], path: string): SettingsFile[] =>
  readdirSync(new URL(path, root)).map((file) => ({
    kind,
    name: file.replace('.yaml', ''),
    text: inEarnest(readFileSync(new URL(path + file, root), 'utf8')),
  }));

/** Acme's files with delays in earnest, each passed through `change` first. */
export function acmeFiles(change: (file: SettingsFile) => string = ({ text }) => text): SettingsFile[] {
  const files = [
    ...folder('workspace', 'templates/workspaces/').filter(({ name }) => name === 'acme'),
    ...folder('case-template', 'templates/cases/'),
    ...folder('survey', 'templates/surveys/'),
  ];
  return files.map((file) => ({ ...file, text: change({ ...file, text: nameOwnPlace(file) }) }));
}

const settingsByFiles = new Map<string, { schema: z.ZodType; settings: Settings }>();

/** A copy of the settings in the files. Reading takes 60 ms and a copy less than 1 ms, so the same files are read once. */
export function copySettings(files: SettingsFile[], schema: z.ZodType<WorkspaceSettings>): Settings {
  const key = JSON.stringify(files);
  let known = settingsByFiles.get(key);
  if (known?.schema !== schema) {
    known = { schema, settings: readSettings(files, 1, schema) };
    // Bound of the memory of a simulation, where most seeds have files of their own.
    if (settingsByFiles.size >= 100) settingsByFiles.clear();
    settingsByFiles.set(key, known);
  }
  return structuredClone(known.settings);
}

/** Acme's templates with their places in the files themselves, for tests that edit them. */
function nameOwnPlace({ name, text }: SettingsFile): string {
  const place = acmePlaces.get(name);
  return place
    ? text
        .replace(/^when: \{ /m, `when: { source: ${place.source}, `)
        .replace(/^(closure-goal: .*\n)/m, `$1${place.rest}`)
    : text;
}

const acmePlaces = new Map([
  ['upgrade-not-installed', { source: 'upgrade-survey', rest: 'tracker: support\nteam: upgrade-response\n' }],
  ['upgrade-hard-to-install', { source: 'upgrade-survey', rest: 'tracker: product\nteam: product-review\n' }],
  ['product-wish', { source: '[upgrade-survey, feedback-form]', rest: 'tracker: growth\nteam: product-review\n' }],
]);

/** A case template by itself, in Acme's workspace. */
export const parseTemplate = (template: object): CaseTemplate =>
  placeTemplate('template', CaseTemplateFile.parse(template), acme().workspace).template;

export const acme = (change?: (file: SettingsFile) => string): Settings =>
  copySettings(acmeFiles(change), WorkspaceFileSchema);

export function answer(alias: string, value: Answer['value'], facts: Partial<Answer> = {}): Answer {
  const text = typeof value === 'boolean' ? (value ? 'Yes' : 'No') : [value].flat().join(', ');
  return {
    alias,
    question: { id: alias, title: '' },
    type: 'other',
    value,
    text,
    freeText: false,
    ...facts,
  };
}

export function response(answers: Answer[], facts: Partial<SurveyResponse> = {}): SurveyResponse {
  return {
    source: 'upgrade-survey',
    form: 'upgrade',
    formTitle: null,
    responseId: 'r-1',
    revision: 1,
    submittedAt: 0,
    partial: false,
    language: null,
    customer: { key: null, email: null, name: null, tier: null, revenue: null, language: null },
    answers,
    link: null,
    ...facts,
  };
}
