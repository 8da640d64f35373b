import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type BacktestReport, backtest } from '#domain/reports/backtest.ts';
import { renderBacktestMarkdown, renderBacktestText } from '#domain/reports/backtest-text.ts';
import type { Settings, SettingsFile } from '#domain/templates/template.ts';
import { WorkspaceFileSchema } from '../wiring.ts';
import { readDraftTemplate } from '../workspace/queries/settings.ts';
import { readSettings } from '../workspace/settings/read-settings.ts';
import { type ConnectOptions, connect } from './connect.ts';
import { readResponseLines } from './response-lines.ts';
import { projectRoot, readWorkspaceFiles } from './workspace-files.ts';

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
  const text = readFileSync(options.template, 'utf8');
  const { report, timeZone } = options.responses
    ? await offline(options.responses, name, text, options)
    : await online(name, text, options);
  console.log((options.markdown ? renderBacktestMarkdown : renderBacktestText)(report, timeZone));
  return 0;
}

async function offline(
  responses: string,
  name: string,
  text: string,
  options: BacktestOptions,
): Promise<{ report: BacktestReport; timeZone: string }> {
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
    against: options.against
      ? readDraftTemplate(files, name, readFileSync(options.against, 'utf8'), read).template
      : null,
    others: new Map(others),
    responses: await readResponseLines(responses),
  });
  return { report, timeZone: settings.workspace['time-zone'] };
}

async function online(
  template: string,
  text: string,
  options: BacktestOptions,
): Promise<{ report: BacktestReport; timeZone: string }> {
  const client = connect(options);
  if (options.against && !/^\d+$/.test(options.against))
    throw new Error('--against a file wants --responses; of a running Caselite, name a version.');
  const against = options.against ? Number(options.against) : null;
  return client.call('POST backtest', {}, { template, text, against });
}
