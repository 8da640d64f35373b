import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { outsideOf, WorkspaceFile } from '../wiring.ts';
import { checkTrackers, isWrong, reportLines } from '../workspace/issues/check-trackers.ts';
import { readSettings } from '../workspace/settings/read-settings.ts';
import { checkMail } from './check-mail.ts';
import { Client } from './client.ts';
import type { RunFile } from './data-folder.ts';
import { projectRoot, readWorkspaceFiles } from './workspace-files.ts';

const usage = `npm run doctor -- [options]
  --workspace FILE   checks this file's trackers and mail, with addresses and secrets from the environment
  --data DIR         checks what runs on this data folder (default .caselite)`;

/** What is checked: settings, and where addresses and secrets come from. */
interface Subject {
  files: Parameters<typeof readSettings>[0];
  version: number;
  variables(name: string): string | undefined;
}

try {
  const { values } = parseArgs({ options: { workspace: { type: 'string' }, data: { type: 'string' } } });
  const subject = values.workspace
    ? fromFile(resolve(values.workspace))
    : await fromRunning(resolve(values.data ?? join(projectRoot, '.caselite')));
  const settings = readSettings(subject.files, subject.version, WorkspaceFile);
  const outside = outsideOf(settings, subject.variables);
  const reports = await checkTrackers(settings.workspace, outside, Date.now());
  const mail = await checkMail(settings, subject.variables);
  for (const line of [...reportLines(reports), ...mail.lines]) console.log(line);
  process.exit(reports.some(isWrong) || mail.isWrong ? 1 : 0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(usage);
  process.exit(2);
}

function fromFile(path: string): Subject {
  const { files } = readWorkspaceFiles(path);
  return { files, version: 0, variables: (name) => process.env[name] };
}

/** Secrets that a local start made up lie in its folder; addresses stand in its run file. */
async function fromRunning(folder: string): Promise<Subject> {
  const runPath = join(folder, 'run.json');
  if (!existsSync(runPath)) throw new Error(`Nothing was started on ${folder}.`);
  const run: RunFile = JSON.parse(readFileSync(runPath, 'utf8'));
  const secretsPath = join(folder, 'secrets.json');
  const kept: Record<string, string> = existsSync(secretsPath)
    ? JSON.parse(readFileSync(secretsPath, 'utf8'))
    : {};
  const addresses: Record<string, string> = {
    GITHUB_API_URL: run.trackers.github,
    JIRA_API_URL: run.trackers.jira,
    LINEAR_API_URL: run.trackers.linear,
    ...(run.inbox ? { RESEND_API_URL: new URL(run.inbox).origin } : {}),
  };
  const { files, version } = await new Client(run).pull();
  return { files, version, variables: (name) => process.env[name] || addresses[name] || kept[name] };
}
