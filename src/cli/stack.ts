import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, isIPv6 } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SettingsFile } from '#domain/templates/template.ts';
import * as wiring from '../wiring.ts';
import { buildWorker } from './build.ts';
import { Client, Refusal } from './connect.ts';
import { type DataFolder, hashFiles, type RunFile, readPushed, rememberPush } from './data-folder.ts';
import type { Ports } from './emulators.ts';
import { printProgress, until } from './progress.ts';
import { endLeftoverWorkerd, Workerd } from './workerd.ts';
import { projectRoot, readWorkspaceFiles } from './workspace-files.ts';

/** Takes a port until its release; null where it is taken. 0 wants any. */
export async function holdTcpPort(
  host: string,
  wanted: number,
): Promise<{ port: number; release(): Promise<void> } | null> {
  const server = createServer((socket) => socket.destroy());
  // Systems give higher ports to connections, and one of these might take it before it is used.
  for (let tries = 0; tries < (wanted === 0 ? 20 : 1) && !server.listening; tries += 1) {
    server.listen(wanted || randomInt(10_000, 32_000), host);
    await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE')
        throw new Error(
          `Nothing can listen at ${host}, port ${wanted} (${error.code}); name another --host or --port.`,
        );
    });
  }
  if (!server.listening) return null;
  return {
    port: (server.address() as AddressInfo).port,
    release: () => new Promise((released) => void server.close(() => released())),
  };
}

export type Stack = Awaited<ReturnType<typeof startStack>>;

/** The local stack: emulators, one workerd with the built worker, and the pushed workspace. */
export async function startStack(options: {
  folder: DataFolder;
  /** Null for a deployment that is set up on its pages; emulators are then those of Acme. */
  workspaceFilePath: string | null;
  /** Address on which Caselite listens; by default only this machine reaches it. */
  host?: string;
  port: number | null;
  emulators: boolean;
  /** Port for mail of survey tools; null without such a way in. */
  smtpPort?: number | null;
}) {
  const { folder } = options;
  const isSetUpOnPages = options.workspaceFilePath === null;
  const { files, workspace } = readWorkspaceFiles(
    options.workspaceFilePath ?? join(projectRoot, 'templates', 'workspaces', 'acme.yaml'),
  );
  folder.lock();
  const earlier = folder.readJson<RunFile>('run.json');
  if (earlier?.pids.workerd) await endLeftoverWorkerd(folder, earlier.pids.workerd);
  folder.requireWholeDatabases();
  const emulation = options.emulators ? await import('./emulators.ts') : null;
  const host = options.host ?? '127.0.0.1';
  const before = folder.readJson<Ports>('ports.json') ?? {};
  const own = await takeOwnTcpPort(host, options.port, before.caselite);
  const url = `http://${toUrlHost({ '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host)}:${own.port}`;
  const names = isSetUpOnPages && !emulation ? [] : [...wiring.listNamedSecrets(workspace), { name: 'API_TOKEN' }];
  const named = names.map(({ name }) => wiring.buildSecretVariableName(workspace.workspace, name));
  const secrets = emulation
    ? folder.secrets(['CASELITE_KEY', ...named], process.env)
    : readEnvironmentSecrets(folder, named);

  const setUpCode = randomBytes(6).toString('hex');
  let client: Client | null = null;
  const emulators = emulation
    ? await emulation.startEmulators({
        folder,
        ports: { ...emulation.emulatorPorts, ...before },
        workspace,
        secrets,
        dashboardUrl: `${url}/w/${workspace.workspace}`,
        // The next regular poll sees the action as well, so a failure matters to nobody.
        onAction: () => void client?.call('POST poll', {}).catch(() => undefined),
      })
    : null;
  if (emulators) printProgress('Trackers and inbox are emulated on this machine.');
  const others = Object.keys(readPushed(folder.path)).filter((name) => name !== workspace.workspace);
  if (emulators && others.length > 0)
    printProgress(`The emulators know one workspace: ${others.join(', ')} waits. --data names another folder.`);

  // A later start from this checkout removes older bundles, and a dying process reads its own again.
  const bundle = folder.file('worker', 'worker.mjs');
  rmSync(dirname(bundle), { recursive: true, force: true });
  cpSync(dirname(await buildWorker(folder.path)), dirname(bundle), { recursive: true });
  const addresses = new Map([...readDeploymentVariables(), ...(emulators?.addresses ?? [])]);
  const run: RunFile = {
    url,
    token: secrets.get(wiring.buildSecretVariableName(workspace.workspace, 'API_TOKEN')) ?? '',
    workspace: isSetUpOnPages ? '' : workspace.workspace,
    trackers: Object.fromEntries(
      wiring.registry.trackers.map(({ kind }) => [kind, addresses.get(wiring.findBaseUrlVariable(kind)) ?? '']),
    ),
    emulated: Object.fromEntries(emulators?.addresses ?? []),
    inbox: emulators?.urls.inbox ?? '',
    desk: emulators?.urls.desk ?? '',
    signIn: '',
    pids: { start: process.pid, workerd: 0 },
  };
  const workerd = new Workerd({
    folder,
    bundle,
    host: toUrlHost(host),
    port: own.port,
    isQuiet: options.emulators,
    variables: new Map([
      ...(isSetUpOnPages
        ? [...[...secrets].filter(([name]) => name === 'CASELITE_KEY'), ['SETUP_CODE', setUpCode] as const]
        : [...Object.entries(folder.readJson<Record<string, string>>('secrets.json') ?? {}), ...secrets]),
      ...addresses,
      ['PUBLIC_URL', process.env.PUBLIC_URL || url],
    ]),
    onStart(pid) {
      run.pids.workerd = pid;
      folder.writeJson('run.json', run);
    },
  });
  let stopMail = async () => {};
  const stop = async () => {
    for (const end of [stopMail, () => workerd.stop(), emulators?.close, () => folder.release()]) await end?.();
  };
  const started = new Client(run);
  client = started;
  try {
    await own.release();
    workerd.start();
    await until('Caselite answers', () => workerd.assertAlive() && started.isUp(), 30_000);
    void workerd.keepAlive(() => started.isUp());
    printProgress(`Caselite answers at ${url}.`);
    folder.writeJson('ports.json', { ...before, ...emulators?.ports, caselite: own.port });
    if (options.smtpPort) {
      const { listenForMail } = await import('./receive-mail.ts');
      const readSecret = (name: string) => secrets.get(name) ?? process.env[name];
      stopMail = await listenForMail({ host, port: options.smtpPort }, url, readSecret);
      printProgress(`Mail for WORKSPACE.SOURCE comes in at smtp://${toUrlHost(host)}:${options.smtpPort}.`);
    }
    if (!isSetUpOnPages) await pushIfChanged(folder, started, workspace.workspace, files);
    const [person] = isSetUpOnPages ? [] : Object.keys(workspace.people);
    const isEmpty = isSetUpOnPages && (await fetch(`${url}/set-up`, { redirect: 'manual' })).ok;
    if (person) run.signIn = (await started.call('POST sign-in-links', {}, { person })).url;
    folder.writeJson('run.json', run);
    // The code opens the set-up page of an empty deployment alone.
    return { folder, workspace, client: started, secrets, run, emulators, setUpCode: isEmpty ? setUpCode : null, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function pushIfChanged(
  folder: DataFolder,
  client: Client,
  workspace: string,
  files: SettingsFile[],
): Promise<void> {
  const last = readPushed(folder.path)[workspace];
  if (last?.hash === hashFiles(files)) return;
  const result = await client
    .call('PUT settings', {}, { files, base: last?.version ?? null, author: 'npm start' })
    .catch((error: unknown) => {
      // A later push from elsewhere stays in effect, because only running settings can be pulled.
      if (!(error instanceof Refusal) || error.status !== 409) throw error;
      printProgress(`Workspace ${workspace} stays as it is, and the file was not pushed. ${error.message}`);
      return null;
    });
  if (!result) return;
  const { version, changed } = result;
  rememberPush(folder.path, workspace, files, version);
  printProgress(
    changed ? `Workspace ${workspace} is set up (version ${version}).` : `Workspace ${workspace} is as it was.`,
  );
}

/** Takes Caselite's port, which stays the same from start to start, because people keep links. */
async function takeOwnTcpPort(host: string, port: number | null, before: number | undefined) {
  const wanted = port ?? before ?? 8787;
  // A process that just ended frees its port a moment later.
  for (let tries = 0; tries < 30; tries += 1) {
    const held = await holdTcpPort(host, wanted);
    if (held) return held;
    await sleep(100);
  }
  if (port !== null) throw new Error(`Port ${port} is taken; choose another with --port.`);
  if (before)
    printProgress(`Port ${before} is taken: links in mails that were sent before lead nowhere until it is free again.`);
  const other = await holdTcpPort(host, 0);
  if (!other) throw new Error('No port is free; choose one with --port.');
  return other;
}

/** Secrets of the environment. Others may have been entered on a page, so a missing one stops nothing. */
function readEnvironmentSecrets(folder: DataFolder, named: string[]): Map<string, string> {
  const missing = named.filter((name) => !process.env[name] && !name.endsWith('__API_TOKEN'));
  if (missing.length > 0)
    printProgress(
      `The environment lacks ${missing.join(', ')}. Set them and start again, or enter them under Settings, Connections.`,
    );
  return folder.secrets(['CASELITE_KEY', ...named.filter((name) => !missing.includes(name))], process.env);
}

/** What the worker gets of an environment. Secrets are not chosen by the file, because pages and other workspaces name some too. */
export function readDeploymentVariables(environment: NodeJS.ProcessEnv = process.env): [string, string][] {
  const named = [
    ...wiring.listBaseUrlVariables(),
    'CASELITE_KEY_PREVIOUS',
    'MAIL_FROM',
    'METRICS_TOKEN',
    'DEPLOYMENT_ADMINS',
  ];
  const fits = (name: string) =>
    [...named, 'CLIENT_ADDRESS_HEADER'].includes(name) || /^(OIDC_[A-Z0-9_]+|[A-Z0-9_]+__[A-Z0-9_]+)$/.test(name);
  return Object.entries(environment).flatMap(([name, value]) => (value && fits(name) ? [[name, value]] : []));
}

const toUrlHost = (host: string): string => (isIPv6(host) ? `[${host}]` : host);
