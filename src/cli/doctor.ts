import { Resolver } from 'node:dns/promises';
import { resolve } from 'node:path';
import { AppError } from '#domain/base/errors.ts';
import type { MailCheckFinding } from '#domain/integrations/mailer.ts';
import type { TrackerSetUpReport } from '#domain/integrations/tracker-state.ts';
import type { WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import type { Settings } from '#domain/templates/template.ts';
import { addDeploymentSender } from '../deployment.ts';
import type { Variables } from '../reach.ts';
import * as wiring from '../wiring.ts';
import { checkTrackers, formatTrackerReports, needsRemedy } from '../workspace/issues/check-trackers.ts';
import { readSettings } from '../workspace/settings/read-settings.ts';
import { Client, type ConnectOptions, connect, readStartedWorkspace } from './connect.ts';
import { readWorkspaceFiles } from './workspace-files.ts';

/** Prints a line per finding. @returns 1 where something stops work */
export async function doctor(options: ConnectOptions): Promise<number> {
  if (options.workspace && !options.url) {
    const variables: Variables = (name) => process.env[name];
    const settings = addDeploymentSender(readWorkspaceFiles(resolve(options.workspace)), variables);
    const reports = await checkTrackers(settings, wiring.createIntegrations(settings, variables), Date.now());
    return printFindings(settings, variables, reports, []);
  }
  const { client, variables } = options.url
    ? { client: connect(options), variables: (name: string) => process.env[name] }
    : findStarted(options.data);
  const { files, version } = await client.call('GET settings', {});
  const settings = addDeploymentSender(readSettings(files, version, wiring.WorkspaceFileSchema, files), variables);
  // What runs checks its trackers itself, because it has the secrets that were entered on pages.
  const { items: reports } = await client.call('POST trackers/check', {});
  // Secrets that have a value where it runs, and none here.
  const entered = (await client.call('GET secrets', {})).items.flatMap(({ state, variable }) =>
    ['page', 'deployment'].includes(state) && !variables(variable) ? variable : [],
  );
  const code = await printFindings(settings, variables, reports, entered);
  for (const { name, refused } of (await client.call('GET sources', {})).items)
    for (const { reason, count, firstAt } of refused)
      console.log(`source ${name} note: ${count} deliveries refused since ${firstAt}: ${reason}`);
  if (!reports.some(needsRemedy)) await client.call('POST trackers/retry', {});
  return code;
}

async function printFindings(
  settings: Settings,
  variables: Variables,
  reports: TrackerSetUpReport[],
  entered: string[],
): Promise<number> {
  const mail = await checkMail(settings, variables, entered);
  const name = `mail (${settings.workspace.mail.kind})`;
  const ofMail = mail.map(
    ({ blocking, message, remedy }) => `${name} ${blocking ? 'STOPS' : 'note'}: ${message}; ${remedy}`,
  );
  if (mail.length === 0) ofMail.push(`${name}: all is well`);
  const sources = reportMissingSourceSecrets(settings.workspace, (name) =>
    entered.includes(name) ? 'known where it runs' : variables(name),
  );
  for (const line of [...formatTrackerReports(reports), ...ofMail, ...sources]) console.log(line);
  return reports.some(needsRemedy) || mail.some(({ blocking }) => blocking) || sources.length > 0 ? 1 : 0;
}

function findStarted(data: string | undefined): { client: Client; variables: Variables } {
  const { run, kept } = readStartedWorkspace(data);
  const addresses: Record<string, string> = {
    ...Object.fromEntries(
      Object.entries(run.trackers).map(([kind, address]) => [wiring.findBaseUrlVariable(kind), address]),
    ),
    ...run.emulated,
  };
  return { client: new Client(run), variables: (name) => process.env[name] || addresses[name] || kept[name] };
}

/** A source without its secret refuses every delivery with 401; one without its token cannot ask the survey tool. */
const reportMissingSourceSecrets = ({ workspace, sources }: WorkspaceSettings, variables: Variables): string[] =>
  Object.entries(sources).flatMap(([source, settings]) => {
    const { kind } = settings;
    const tool = wiring.registry.surveys.find((survey) => survey.kind === kind);
    const uses = { credentials: tool?.secrets(settings) ?? [], 'API token': tool?.api?.secrets(settings) ?? [] };
    return Object.entries(uses).flatMap(([use, names]) => {
      const missing = names
        .map((name) => wiring.buildSecretVariableName(workspace, name))
        .filter((name) => !variables(name));
      const remedy = 'set it and start again, or enter it under Settings, Connections';
      return missing.map(
        (name) => `source ${source} (${kind}) STOPS, ${use}: the deployment has no secret ${name}; ${remedy}`,
      );
    });
  });

async function checkMail(settings: Settings, variables: Variables, entered: string[]): Promise<MailCheckFinding[]> {
  const { workspace, mail } = settings.workspace;
  const provider = wiring.registry.mails.find(({ kind }) => kind === mail.kind);
  if (provider?.secrets(mail).some((secret) => entered.includes(wiring.buildSecretVariableName(workspace, secret)))) {
    const remedy = 'a sign-in link to yourself, under People, tries it';
    return [{ blocking: false, message: 'its secret is not known here', remedy }];
  }
  try {
    const mailer = await wiring.createIntegrations(settings, variables).mailer();
    const ofDomain = await checkMailDomain(mail.from, provider?.dkimSelector ?? null, resolveTextByDns);
    return [...(await mailer.check()), ...ofDomain];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [{ blocking: true, message: error.message, remedy: 'set it right and start again' }];
  }
}

type ResolveText = (name: string) => Promise<string[]>;

/** Findings about SPF (RFC 7208), DMARC (RFC 7489) and the provider's known DKIM key of a sender's domain. */
export async function checkMailDomain(from: string, dkimSelector: string | null, resolveText: ResolveText) {
  const domain = /@([^@>\s]+)>?\s*$/.exec(from)?.[1]?.toLowerCase() ?? '';
  const has = async (name: string, pattern: RegExp) => (await resolveText(name)).some((text) => pattern.test(text));
  const note = (record: string, remedy: string): MailCheckFinding => ({
    blocking: false,
    message: `${domain} has no ${record}, so mail may be taken for spam`,
    remedy,
  });
  // Names that RFC 2606 reserves have no records.
  if (/\.(example|test|invalid|localhost)$/.test(domain)) return [];
  const findings: MailCheckFinding[] = [];
  try {
    if (!(await has(domain, /^v=spf1\b/i)))
      findings.push(note('SPF record', 'add the TXT record that your mail provider shows for this domain'));
    if (!(await has(`_dmarc.${domain}`, /^v=DMARC1\b/i)))
      findings.push(note('DMARC record', `add a TXT record _dmarc.${domain}, at first "v=DMARC1; p=none"`));
    if (dkimSelector && !(await has(`${dkimSelector}._domainkey.${domain}`, /\bp=\S/)))
      findings.push(note(`DKIM key ${dkimSelector}`, 'add the TXT record that your mail provider shows for DKIM'));
    return findings;
  } catch {
    const message = `the records of ${domain} could not be looked up from this machine`;
    return [{ blocking: false, message, remedy: 'run doctor where names are resolved' }];
  }
}

const resolver = new Resolver({ timeout: 3000, tries: 2 });

const resolveTextByDns: ResolveText = async (name) => {
  try {
    return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOTFOUND' || error.code === 'ENODATA'))
      return [];
    throw error;
  }
};
