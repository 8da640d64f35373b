import { resolve } from 'node:path';
import { AppError } from '#domain/base/errors.ts';
import type { WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import type { Settings } from '#domain/templates/settings.ts';
import { addDeploymentSender } from '../deployment.ts';
import {
  createIntegrations,
  findBaseUrlVariable,
  listSourceSecretVariables,
  registry,
  WorkspaceFileSchema,
} from '../wiring.ts';
import { checkTrackers, formatTrackerReports, needsRemedy } from '../workspace/issues/check-trackers.ts';
import { readSettings } from '../workspace/settings/read-settings.ts';
import { checkMailDomain, resolveTextByDns } from './check-mail-domain.ts';
import { Client } from './client.ts';
import { readStartedRun } from './connect.ts';
import { readWorkspaceFiles } from './workspace-files.ts';

/** Subject of the check: settings, and the origin of addresses and secrets. */
interface CheckedSettings {
  files: Parameters<typeof readSettings>[0];
  version: number;
  variables(name: string): string | undefined;
  /** Has the running workspace try again what trackers refused. */
  retryRefused?: () => Promise<unknown>;
  /** A line for each reason for which deliveries were refused within a day. */
  listRefused?: () => Promise<string[]>;
}

/** Prints a line per finding. @returns 1 where something stops work */
export async function doctor(options: { workspace?: string | undefined; data?: string | undefined }): Promise<number> {
  const subject = options.workspace
    ? readCheckedSettingsFromFile(resolve(options.workspace))
    : await readCheckedSettingsFromRun(options.data);
  const settings = addDeploymentSender(
    readSettings(subject.files, subject.version, WorkspaceFileSchema),
    subject.variables,
  );
  const integrations = createIntegrations(settings, subject.variables);
  const reports = await checkTrackers(settings, integrations, Date.now());
  const mail = await checkMail(settings, subject.variables);
  const sources = reportMissingSourceSecrets(settings.workspace, subject.variables);
  const refused = (await subject.listRefused?.()) ?? [];
  for (const line of [...formatTrackerReports(reports), ...mail.lines, ...sources, ...refused]) console.log(line);
  if (subject.retryRefused && !reports.some(needsRemedy)) await subject.retryRefused();
  return reports.some(needsRemedy) || mail.isWrong || sources.length > 0 ? 1 : 0;
}

function readCheckedSettingsFromFile(path: string): CheckedSettings {
  const { files } = readWorkspaceFiles(path);
  return { files, version: 0, variables: (name) => process.env[name] };
}

/** Generated secrets of a local start are in its folder; addresses are in its run file. */
async function readCheckedSettingsFromRun(data: string | undefined): Promise<CheckedSettings> {
  const { run, kept } = readStartedRun(data);
  const addresses: Record<string, string> = {
    ...Object.fromEntries(Object.entries(run.trackers).map(([kind, address]) => [findBaseUrlVariable(kind), address])),
    ...run.emulated,
  };
  const client = new Client(run);
  const { files, version } = await client.call('GET settings', {});
  const retryRefused = () => client.call('POST trackers/retry', {});
  const listRefused = async () =>
    (await client.call('GET sources', {})).items.flatMap(({ name, refused }) =>
      refused.map(
        ({ reason, count, firstAt }) => `source ${name} note: ${count} deliveries refused since ${firstAt}: ${reason}`,
      ),
    );
  return {
    files,
    version,
    retryRefused,
    listRefused,
    variables: (name) => process.env[name] || addresses[name] || kept[name],
  };
}

/** A source without its secret refuses every delivery with 401; one without its token cannot ask the survey tool. */
function reportMissingSourceSecrets(workspace: WorkspaceSettings, variables: CheckedSettings['variables']): string[] {
  return listSourceSecretVariables(workspace).flatMap(({ source, kind, variable, use }) =>
    variables(variable)
      ? []
      : [`source ${source} (${kind}) STOPS, ${use}: the deployment has no secret ${variable}; set it and start again`],
  );
}

/**
 * Checks a workspace's mail provider and the sender's domain.
 *
 * @returns one line per finding, and whether any of them stops mail
 */
async function checkMail(
  settings: Settings,
  variables: CheckedSettings['variables'],
): Promise<{ lines: string[]; isWrong: boolean }> {
  const name = `mail (${settings.workspace.mail.kind})`;
  try {
    const mailer = await createIntegrations(settings, variables).mailer();
    const { kind, from } = settings.workspace.mail;
    const dkimSelector = registry.mails.find((mail) => mail.kind === kind)?.dkimSelector ?? null;
    const findings = [...(await mailer.check()), ...(await checkMailDomain(from, dkimSelector, resolveTextByDns))];
    if (findings.length === 0) return { lines: [`${name}: all is well`], isWrong: false };
    return {
      lines: findings.map(
        ({ blocking, message, remedy }) => `${name} ${blocking ? 'STOPS' : 'note'}: ${message}; ${remedy}`,
      ),
      isWrong: findings.some(({ blocking }) => blocking),
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { lines: [`${name} STOPS: ${error.message}; set it right and start again`], isWrong: true };
  }
}
