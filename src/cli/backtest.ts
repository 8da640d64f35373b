import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type BacktestReport, backtest } from '#domain/reports/backtest.ts';
import { renderBacktestMarkdown, renderBacktestText } from '#domain/reports/backtest-text.ts';
import type { Settings, SettingsFile } from '#domain/templates/settings.ts';
import { WorkspaceFileSchema } from '../wiring.ts';
import { readDraftTemplate } from '../workspace/queries/settings.ts';
import { readSettings } from '../workspace/settings/read-settings.ts';
import { command, connect, connectOptions } from './connect.ts';
import { readResponseLines } from './response-lines.ts';
import { projectRoot, readWorkspaceFiles } from './workspace-files.ts';

const use = `npm run backtest -- --template FILE [options]
  --responses FILE.jsonl   responses as the API lists them, one a line; without it those of a running Caselite
  --data DIR               which one, by its folder; or --url URL --token-variable NAME --workspace NAME
  --workspace-file FILE    whose tiers, teams and templates hold with --responses (default Acme's)
  --against VERSION|FILE   what to compare with; a version only of a running Caselite
  --markdown               for a comment on a pull request`;

await command(async () => {
  const { values } = parseArgs({
    options: {
      ...connectOptions,
      template: { type: 'string' },
      responses: { type: 'string' },
      'workspace-file': { type: 'string' },
      against: { type: 'string' },
      markdown: { type: 'boolean' },
    },
  });
  if (!values.template) throw new Error(use);
  const name = basename(values.template).replace(/\.ya?ml$/, '');
  const text = readFileSync(values.template, 'utf8');
  const { report, timeZone } = values.responses
    ? await offline(values.responses, name, text, values)
    : await online(name, text, values);
  console.log((values.markdown ? renderBacktestMarkdown : renderBacktestText)(report, timeZone));
  return 0;
});

async function offline(
  responses: string,
  name: string,
  text: string,
  values: { 'workspace-file'?: string | undefined; against?: string | undefined },
): Promise<{ report: BacktestReport; timeZone: string }> {
  if (values.against && /^\d+$/.test(values.against))
    throw new Error('--against a version wants a running Caselite; with --responses, name a file.');
  const path = resolve(values['workspace-file'] ?? join(projectRoot, 'templates', 'workspaces', 'acme.yaml'));
  const { files } = readWorkspaceFiles(path);
  const read = (given: SettingsFile[], version: number): Settings => readSettings(given, version, WorkspaceFileSchema);
  const { template, settings } = readDraftTemplate(files, name, text, read);
  const others = [...settings.templates].filter(([other, { state }]) => other !== name && state === 'on');
  const report = backtest({
    settings: settings.workspace,
    name,
    template,
    against: values.against
      ? readDraftTemplate(files, name, readFileSync(values.against, 'utf8'), read).template
      : null,
    others: new Map(others),
    responses: await readResponseLines(responses),
  });
  return { report, timeZone: settings.workspace['time-zone'] };
}

async function online(
  template: string,
  text: string,
  values: Parameters<typeof connect>[0] & { against?: string | undefined },
): Promise<{ report: BacktestReport; timeZone: string }> {
  const client = connect(values);
  if (values.against && !/^\d+$/.test(values.against))
    throw new Error('--against a file wants --responses; of a running Caselite, name a version.');
  const against = values.against ? Number(values.against) : null;
  return client.backtest({ template, text, against });
}
