import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { explainError } from './connect.ts';
import { DataFolder } from './data-folder.ts';
import { printProgress } from './progress.ts';
import { type Stack, startStack } from './stack.ts';
import { projectRoot } from './workspace-files.ts';

interface StartOptions {
  workspace?: string | undefined;
  data?: string | undefined;
  port?: number | undefined;
  host?: string | undefined;
  smtpPort?: number | undefined;
  empty?: true | undefined;
  emulators: boolean;
  tour?: true | undefined;
  setUp?: true | undefined;
}

let stack: Stack | null = null;
let stopping = false;
let passing: string | null = null;

async function stop(code: number): Promise<never> {
  stopping = true;
  await stack?.stop();
  if (passing) rmSync(passing, { recursive: true, force: true });
  process.exit(code);
}

/** Starts Caselite, and stops it at a signal. */
export async function start(options: StartOptions): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (stopping) return;
      printProgress('Stopping …');
      void stop(0);
    });
  // Ends when its output is closed, because an unseen process would be left behind.
  process.stdout.on('error', () => process.exit(0));
  const shipped = join(projectRoot, 'templates', 'workspaces', options.tour ? 'acme-tour.yaml' : 'acme.yaml');
  const isSetUpOnPages = options.setUp === true || (!options.emulators && !options.workspace && !options.tour);
  passing = options.tour && !options.data ? mkdtempSync(join(tmpdir(), 'caselite-tour-')) : null;
  try {
    stack = await startStack({
      folder: new DataFolder(resolve(options.data ?? passing ?? join(projectRoot, '.caselite'))),
      workspaceFilePath: isSetUpOnPages ? null : resolve(options.workspace ?? shipped),
      ...(options.host !== undefined && { host: options.host }),
      port: options.port ?? null,
      emulators: options.emulators,
      smtpPort: options.smtpPort ?? null,
    });
    if (options.tour) {
      await stop((await (await import('#tools/tour.ts')).playTour(stack)) ? 0 : 1);
    } else {
      if (!options.empty && stack.emulators && !options.workspace && !isSetUpOnPages)
        await (await import('#tools/samples.ts')).sendSampleDeliveries(stack);
      printAddresses(stack);
    }
  } catch (error) {
    if (!stopping) {
      console.error(explainError(error));
      await stop(1);
    }
  }
}

const findPublicUrl = ({ url }: Stack['run']): string => (process.env.PUBLIC_URL || url).replace(/\/$/, '');

/** Tells where an empty deployment is set up, by which code, and with the tokens that emulated vendors take. */
function printSetUp({ run, setUpCode, emulators, workspace, secrets, folder }: Stack): void {
  const taken = new RegExp(`^${workspace.workspace.toUpperCase()}__(?!API_TOKEN).*(TOKEN|KEY)`);
  const lines = [...(emulators ? secrets : [])]
    .filter(([name]) => taken.test(name))
    .map(([name, secret]) => {
      const [, short = ''] = name.split('__');
      const owner = Object.values(workspace.trackers).find((each) => Object.values(each).includes(short));
      const email = owner && 'email' in owner ? `, with the e-mail address ${owner.email}` : '';
      return `  ${short.padEnd(14)}${secret}   (of the emulated tool${email})`;
    });
  if (setUpCode !== null) lines.unshift(`  Code          ${setUpCode}`);
  const text = lines.join('\n');
  const url = findPublicUrl(run);
  console.log(setUpCode === null ? `\n  Caselite    ${url}` : `\n  Set up      ${url}/set-up`);
  if (!process.stdout.isTTY) folder.writeText('set-up.txt', `${text}\n`);
  if (text !== '') console.log(process.stdout.isTTY ? text : `  Code        in ${folder.file('set-up.txt')}`);
}

function printAddresses(stack: Stack): void {
  const { run, emulators, folder } = stack;
  // Logs keep what is printed, so links and codes that let somebody in go to a terminal only.
  if (run.workspace === '') printSetUp(stack);
  else if (process.stdout.isTTY) console.log(`\n  Dashboard   ${run.signIn}   (works once)`);
  else {
    const link = folder.file('sign-in-link.txt');
    folder.writeText('sign-in-link.txt', `${run.signIn}\n`);
    console.log(
      `\n  Dashboard   ${findPublicUrl(run)}/w/${run.workspace}   (${link} has a link that signs you in once)`,
    );
  }
  if (!emulators && !process.env.PUBLIC_URL)
    console.log(`  PUBLIC_URL is not set: links in mails and issues lead to ${run.url}, which nobody else reaches.`);
  if (emulators)
    console.log(`  Trackers    ${run.desk}   (comment, close and reopen issues as one of the people)
  Inbox       ${run.inbox}`);
  console.log(`  Data        ${folder.path}   (run.json tells programs what runs where)

  Ctrl-C stops everything.`);
}
