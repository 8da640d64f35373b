import { join } from 'node:path';
import { backtest } from '#domain/reports/backtest.ts';
import { renderBacktestMarkdown } from '#domain/reports/backtest-text.ts';
import type { Answer, SurveyResponse } from '#domain/responses/response.ts';
import { projectRoot, readWorkspaceFiles } from '#src/cli/workspace-files.ts';
import { WorkspaceFileSchema } from '#src/wiring.ts';
import { readDraftTemplate } from '#src/workspace/queries/settings.ts';
import { readSettings } from '#src/workspace/settings/read-settings.ts';

/*
 * `npm run bench -- backtest`: plays a template over generated responses. All templates of the library are evaluated,
 * and a changed template is compared with its previous version. Exits with 1 when the run is too slow.
 */

const count = Number(process.argv[2] ?? 100_000);
const mostMs = 10_000;

/** A small number generator, so that every run has the same responses. */
let state = 7;
const below = (limit: number) => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
  return (state >> 8) % limit;
};
const pick = <One>(list: readonly One[]): One => list[below(list.length)] as One;
const words = 'the support team was quick but our invoice is wrong and it crashes we may cancel soon please integrate';

function buildResponse(index: number): SurveyResponse {
  const isSupport = index % 2 === 0;
  const answer = (alias: string, type: Answer['type'], value: string | number): Answer => {
    const question = { id: alias, title: alias };
    return { alias, question, type, value, text: String(value), freeText: type === 'text' };
  };
  const list = words.split(' ');
  const comment = Array.from({ length: 12 }, () => pick(list)).join(' ');
  return {
    responseId: `r-${index}`,
    source: isSupport ? 'support-survey' : 'relationship-survey',
    form: isSupport ? 'support' : 'relationship',
    formTitle: null,
    submittedAt: Date.UTC(2026, 0, 1) + Math.floor((index * 300 * 86_400_000) / count),
    revision: 0,
    language: null,
    partial: false,
    link: null,
    customer: {
      key: `k-${below(count / 5)}`,
      email: null,
      name: null,
      language: null,
      tier: pick(['gold', 'silver', 'bronze', null]),
      revenue: below(90_000),
      attributes: {},
    },
    answers: [
      isSupport ? answer('satisfaction', 'number', 1 + below(5)) : answer('recommend', 'number', below(11)),
      answer('topic', 'choice', pick(['Billing', 'Bug', 'Other'])),
      answer('comment', 'text', comment),
    ],
  };
}

const former = `name: Detractor
kind: tactical
when: { source: relationship-survey, all: [{ question: recommend, <=: 4 }] }
category: At-risk customer
tracker: support
team: customer-care
`;
const { files } = readWorkspaceFiles(join(projectRoot, 'templates/workspaces/customer-care.yaml'));
const present = files.find(({ kind, name }) => kind === 'case-template' && name === 'detractor')?.text ?? '';
const readDraft = (text: string) =>
  readDraftTemplate(files, 'detractor', text, (given, version) => readSettings(given, version, WorkspaceFileSchema));
const { template, settings } = readDraft(present);
const responses = Array.from({ length: count }, (_, index) => buildResponse(index));

const startedAt = performance.now();
const report = backtest({
  settings: settings.workspace,
  name: 'detractor',
  template,
  against: readDraft(former).template,
  others: new Map([...settings.templates].filter(([name, { state }]) => name !== 'detractor' && state === 'on')),
  responses,
});
const text = renderBacktestMarkdown(report, settings.workspace['time-zone']);
const tookMs = performance.now() - startedAt;
console.log(text.split('\n').slice(0, 16).join('\n'));
console.log(`\n${count} responses in ${(tookMs / 1000).toFixed(1)} s (limit ${mostMs / 1000} s)`);
process.exit(text.includes(`${count} responses`) && tookMs < mostMs ? 0 : 1);
