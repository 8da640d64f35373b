import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type ServerType, serve } from '@hono/node-server';
import { createDesk } from '#adapters/emulators/desk.ts';
import { type SeenMail, startThirdParty } from '#adapters/emulators/third-party.ts';
import type { TrackerUser } from '#adapters/emulators/tracker-user.ts';
import { senderDomain } from '#adapters/sender.ts';
import { createJira } from '#adapters/trackers/jira/emulator/jira.ts';
import { createLinear } from '#adapters/trackers/linear/emulator/linear.ts';
import type { WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import { secretVariable } from '../wiring.ts';
import type { DataFolder } from './data-folder.ts';

export interface EmulatorPorts {
  desk: number;
  github: number;
  jira: number;
  linear: number;
  resend: number;
}

export interface Emulators {
  /** Where each vendor's API is, as the deployment's settings want it. */
  addresses: Map<string, string>;
  urls: { desk: string; github: string; jira: string; linear: string; inbox: string };
  trackerUser: { github: TrackerUser; jira: TrackerUser; linear: TrackerUser };
  inbox(): Promise<SeenMail[]>;
  close(): Promise<void>;
}

interface Served {
  fetch(request: Request): Response | Promise<Response>;
}

const host = '127.0.0.1';

/** The trackers and the mail inbox of a local start, made to fit a workspace file. They keep their state in the data folder. */
export async function startEmulators(options: {
  folder: DataFolder;
  ports: EmulatorPorts;
  workspace: WorkspaceSettings;
  secrets: Map<string, string>;
  dashboardUrl: string;
}): Promise<Emulators> {
  const { folder, ports, workspace, secrets } = options;
  const now = () => Date.now();
  const secret = (name: string | undefined) =>
    (name && secrets.get(secretVariable(workspace.workspace, name))) || 'no-such-tracker';
  const settings = (kind: string) =>
    Object.values(workspace.trackers).find((tracker) => tracker.kind === kind) as
      | Record<string, string>
      | undefined;
  const people = Object.values(workspace.people);
  const accounts = (kind: 'github' | 'jira' | 'linear') =>
    people.flatMap(({ accounts, name }) => (accounts[kind] ? [{ account: accounts[kind], name }] : []));
  const deskUrl = `http://${host}:${ports.desk}`;

  const third = await startThirdParty({
    dir: folder.file('emulators'),
    host,
    ports: { github: ports.github, resend: ports.resend },
    github: {
      repository: settings('github')?.repository ?? 'acme/product',
      people: accounts('github').map(({ account }) => account),
      bot: { login: 'caselite', token: secret(settings('github')?.token) },
    },
    resend: {
      key: secret((workspace.mail as { key?: string }).key),
      domain: senderDomain(workspace.mail.from),
    },
    issuePage: (number) => `${deskUrl}/#github-${number}`,
  });

  const jiraUrl = `http://${host}:${ports.jira}`;
  const jira = keeping(folder, 'jira', (state: Parameters<typeof createJira>[0]['state']) =>
    createJira({
      now,
      baseUrl: jiraUrl,
      seed: {
        project: settings('jira')?.project ?? 'SUP',
        issueTypes: ['Task', 'Bug', 'Story'],
        people: accounts('jira'),
        bot: {
          account: 'caselite-bot',
          email: settings('jira')?.email ?? 'caselite@localhost',
          token: secret(settings('jira')?.token),
        },
      },
      ...(state ? { state } : {}),
    }),
  );
  const linearUrl = `http://${host}:${ports.linear}`;
  const linear = keeping(folder, 'linear', (state: Parameters<typeof createLinear>[0]['state']) =>
    createLinear({
      now,
      baseUrl: linearUrl,
      seed: {
        team: { key: settings('linear')?.team ?? 'GRO', name: 'Growth' },
        people: accounts('linear'),
        bot: { token: secret(settings('linear')?.token), name: 'Caselite' },
      },
      ...(state ? { state } : {}),
    }),
  );

  const trackerUser = {
    github: third.github.trackerUser,
    jira: jira.trackerUser,
    linear: linear.trackerUser,
  };
  const desk = createDesk({
    trackerUser: Object.values(trackerUser),
    names: new Map(
      people.flatMap((person) =>
        Object.values(person.accounts).map((account): [string, string] => [account, person.name]),
      ),
    ),
    inboxUrl: third.resend.inboxUrl,
    dashboardUrl: options.dashboardUrl,
  });
  const servers = await Promise.all([
    listen(desk, ports.desk),
    listen(jira.app, ports.jira),
    listen(linear.app, ports.linear),
  ]);

  return {
    addresses: new Map([
      ['GITHUB_API_URL', third.github.url],
      ['JIRA_API_URL', jiraUrl],
      ['LINEAR_API_URL', `${linearUrl}/graphql`],
      ['RESEND_API_URL', third.resend.url],
    ]),
    urls: {
      desk: deskUrl,
      github: third.github.url,
      jira: jiraUrl,
      linear: `${linearUrl}/graphql`,
      inbox: third.resend.inboxUrl,
    },
    trackerUser,
    inbox: () => third.resend.inbox(),
    async close() {
      await Promise.all([third.close(), ...servers.map(close)]);
    },
  };
}

/** Writes an emulator's whole state after everything that changed it, before anybody gets the answer. */
function keeping<State extends object>(
  folder: DataFolder,
  name: string,
  create: (state: State | undefined) => { app: Served; state: State; trackerUser: TrackerUser },
): { app: Served; trackerUser: TrackerUser } {
  const file = folder.file('emulators', `${name}.json`);
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as State) : undefined;
  const { app, state, trackerUser } = create(kept);
  let saved = '';
  const save = () => {
    const text = JSON.stringify(state);
    if (text === saved) return;
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
    saved = text;
  };
  const thenSave =
    <Values extends unknown[]>(work: (...values: Values) => Promise<void>) =>
    async (...values: Values) => {
      await work(...values);
      save();
    };
  return {
    app: {
      async fetch(request) {
        const answer = await app.fetch(request);
        if (request.method !== 'GET') save();
        return answer;
      },
    },
    trackerUser: {
      ...trackerUser,
      close: thenSave(trackerUser.close),
      reopen: thenSave(trackerUser.reopen),
      comment: thenSave(trackerUser.comment),
    },
  };
}

function listen(
  app: { fetch(request: Request): Response | Promise<Response> },
  port: number,
): Promise<ServerType> {
  return new Promise((done, failed) => {
    const server = serve({ fetch: (request) => app.fetch(request), hostname: host, port }, () =>
      done(server),
    );
    server.once('error', failed);
  });
}

function close(server: ServerType): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
}
