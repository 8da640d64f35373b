import { createDesk } from '#adapters/emulators/desk.ts';
import { mailEmulator, trackerEmulators } from '#adapters/emulators/index.ts';
import { serveAt } from '#adapters/emulators/serve.ts';
import type { WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import * as wiring from '../wiring.ts';
import type { DataFolder } from './data-folder.ts';

export type Ports = Record<string, number>;

const host = '127.0.0.1';
const localSender = 'Caselite <caselite@mail.example>';

/** Ports that the emulators take while they are free, by the emulator's name. */
export const emulatorPorts: Ports = Object.fromEntries([
  ['desk', 8788],
  ...[...trackerEmulators, mailEmulator].map(({ kind, port }) => [kind, port]),
]);

/** Trackers and mail inbox of a local start, seeded from a workspace file. Their state is kept in the data folder. */
export async function startEmulators(options: {
  folder: DataFolder;
  ports: Ports;
  workspace: WorkspaceSettings;
  secrets: Map<string, string>;
  dashboardUrl: string;
  /** Called after each action of a person in a tracker. */
  onAction: () => void;
}) {
  const { ports, workspace, secrets } = options;
  const people = Object.values(workspace.people);
  /** A tracker that knows nobody gets one person, so that its issues can be worked on. */
  const listAccounts = (kind: string) => {
    const known = people.flatMap(({ accounts, name }) => (accounts[kind] ? { account: accounts[kind], name } : []));
    return known.length > 0 ? known : [{ account: 'somebody', name: 'Somebody' }];
  };
  const optionsFor = (deskUrl: string, kind: string, settings: object | undefined) => ({
    host,
    port: ports[kind] ?? 0,
    folder: options.folder.file('emulators'),
    settings: { ...settings },
    people: listAccounts(kind),
    secret: (name: string | undefined) =>
      (name && secrets.get(wiring.buildSecretVariableName(workspace.workspace, name))) || 'no-such-tracker',
    deskUrl,
  });
  const kinds = new Map(Object.values(workspace.trackers).map((settings) => [settings.kind, settings]));
  const sender = { ...workspace.mail, from: workspace.mail.from || localSender };
  const { app, ...desk } = await serveAt(
    async (url) => {
      const trackers = await Promise.all(
        trackerEmulators
          .filter(({ kind }) => kinds.has(kind))
          .map(async ({ kind, start }) => ({ kind, ...(await start(optionsFor(url, kind, kinds.get(kind)))) })),
      );
      const mail = await mailEmulator.start(optionsFor(url, mailEmulator.kind, sender));
      const { fetch } = createDesk({
        trackerUser: trackers.map(({ trackerUser }) => trackerUser),
        titles: new Map(wiring.registry.trackers.map(({ kind, title }) => [kind, title])),
        names: new Map(
          people.flatMap(({ accounts, name }) =>
            Object.values(accounts).map((account): [string, string] => [account, name]),
          ),
        ),
        inboxUrl: mail.inboxUrl,
        dashboardUrl: options.dashboardUrl,
        onAction: options.onAction,
      });
      return { fetch, trackers, mail };
    },
    { host, port: ports.desk ?? 0 },
  );
  const { trackers, mail } = app;
  const each = [...trackers, { kind: mailEmulator.kind, ...mail }];
  return {
    /** Ports that were taken, by the emulator's name. */
    ports: Object.fromEntries(
      [...each, { kind: 'desk', address: desk.url }].map(({ kind, address }) => [kind, Number(new URL(address).port)]),
    ),
    // Base addresses of the vendors' APIs and the sender of mail, by the deployment's variables.
    addresses: new Map(each.map(({ kind, address }) => [wiring.findBaseUrlVariable(kind), address])).set(
      'MAIL_FROM',
      localSender,
    ),
    urls: { desk: desk.url, inbox: mail.inboxUrl },
    trackerUser: Object.fromEntries(trackers.map(({ kind, trackerUser }) => [kind, trackerUser])),
    inbox: () => mail.inbox(),
    async close() {
      await Promise.all([...trackers, mail, desk].map((running) => running.close()));
    },
  };
}
