#!/usr/bin/env node
import { isIP } from 'node:net';
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { toShownText } from '#domain/text/safe-text.ts';
import { connect, runCommand } from './connect.ts';

/* One command for operators. Each subcommand loads its own modules, because most need the whole product. */

// What a respondent typed reaches no terminal as a control character.
for (const name of ['log', 'error'] as const) {
  const print = console[name];
  console[name] = (...parts: unknown[]) =>
    print(...parts.map((part) => (typeof part === 'string' ? toShownText(part) : part)));
}

const program = new Command('caselite')
  .description('Feedback case management for departments that live in an issue tracker')
  .helpCommand(false);

const data = ['--data <folder>', 'folder with all data of a start (default: .caselite)'] as const;

const connected = (name: string, description: string) =>
  program
    .command(name)
    .description(description)
    .option(...data)
    .option('--url <address>', 'address of a deployment, instead of --data')
    .option('--token-variable <name>', 'environment variable with the API token, for --url')
    .option('--workspace <name>', 'workspace, where neither the file nor the data folder tells it');

/** Reads the value of an option, or says what it must be. */
const createReader =
  <Value>(read: (text: string) => Value, fits: (text: string) => boolean, what: string) =>
  (text: string): Value => {
    if (fits(text)) return read(text);
    throw new InvalidArgumentError(`must be ${what}.`);
  };
const isTcpPort = (text: string) => /^\d{2,5}$/.test(text) && Number(text) <= 65_535;
const toTcpPort = createReader(Number, isTcpPort, 'a number from 10 to 65535');
const toIpAddress = createReader(String, (text) => isIP(text) > 0, 'an IP address');
const toVersion = createReader(Number, (text) => /^\d+$/.test(text), 'a number');

program
  .command('start')
  .description('Start Caselite on this machine')
  .option('--workspace <file>', "any workspace file instead of Acme's")
  .option(...data)
  .option('--port <number>', "Caselite's port (default: that of the last start, at first 8787)", toTcpPort)
  .option('--host <address>', 'address to listen on (default: 127.0.0.1; 0.0.0.0 in a container)', toIpAddress)
  .option('--smtp-port <number>', 'listen for e-mail alerts of a mail server, at the address of --host', toTcpPort)
  .option('--empty', 'send no sample deliveries')
  .option('--no-emulators', 'real or other trackers and mail: addresses and secrets come from the environment')
  .addOption(new Option('--set-up', 'begin without a workspace, which is then set up on a page').conflicts('workspace'))
  .addOption(new Option('--tour', 'play the whole story, check every step, and stop').conflicts('emulators'))
  .action(async (options) => (await import('./start.ts')).start(options));

program
  .command('send')
  .description('Sign a delivery, send it, and say what became of it')
  .argument('<source>', 'name of the source in the workspace file')
  .argument('<file>', 'body of the delivery')
  .option(...data)
  .action((source, file, options) =>
    runCommand(async () => (await import('./send.ts')).send(source, file, options.data)),
  );

program
  .command('map')
  .description('Read a real delivery or file, and print settings to start from')
  .argument('<file>', 'a delivery, or an e-mail alert as FILE.eml')
  .argument('[more...]', 'a second alert, so that what differs shows, and the name of the source')
  .action((file, more) => runCommand(async () => (await import('./map.ts')).map(file, ...more)));

program
  .command('receive-mail')
  .description('Take an alert or a reply by e-mail from standard input, as the pipe of a mail server')
  .argument('<address>', 'address that it was sent to, or WORKSPACE/SOURCE')
  .option(...data)
  .option('--url <address>', 'address of a deployment, instead of --data')
  .action((target, options) =>
    runCommand(async () => (await import('./receive-mail.ts')).receiveMail(target, options)),
  );

connected('import', 'Import a CSV file of responses or customers; importing twice is harmless')
  .argument('<file>')
  .option('--source <name>', 'source of kind csv that takes the responses')
  .option('--customers', 'the file is the customer list')
  .option('--check', 'only show how the responses are read, their problems, and what they would open')
  .action((file, options) => runCommand(async () => (await import('./import.ts')).importFile(file, options)));

connected('push', 'Check a workspace file with its templates and surveys, and store it as a new version')
  .argument('<file>')
  .option('--author <name>', 'whose version it is (default: you)')
  .action((file, options) => runCommand(async () => (await import('./settings-files.ts')).push(file, options)));

connected('pull', 'Write the present version of the settings into a folder')
  .argument('<folder>')
  .option('--version <number>', 'an earlier version', toVersion)
  .action((folder, options) => runCommand(async () => (await import('./settings-files.ts')).pull(folder, options)));

connected('diff', 'Show what a push would change')
  .argument('<file>')
  .action((file, options) => runCommand(async () => (await import('./settings-files.ts')).diff(file, options)));

program
  .command('new')
  .description('Write a workspace file from the answers to five questions')
  .argument('[file]', 'file to write (default: the name of the workspace)')
  .action((file) => runCommand(async () => (await import('./new.ts')).createNewWorkspace(file)));

program
  .command('validate')
  .description('Check workspace files with all that they name, without any network')
  .argument('<files...>')
  .action((files) => runCommand(async () => (await import('./settings-files.ts')).validate(files)));

program
  .command('doctor')
  .description('Check credentials, permissions, fields, people, clocks, mail and secrets')
  .option('--workspace <file>', "this file's trackers and mail, with addresses and secrets from the environment")
  .option('--url <address>', 'address of a deployment, whose workspace is then named by --workspace')
  .option('--token-variable <name>', 'environment variable with the API token, with --url')
  .option(...data)
  .action((options) => runCommand(async () => (await import('./doctor.ts')).doctor(options)));

connected('backtest', 'Show how many cases a template would have opened')
  .requiredOption('--template <file>', 'the case template')
  .option('--against <number>', 'version of the settings whose template it is compared with', toVersion)
  .option('--markdown', 'for a comment on a pull request')
  .action((options) => runCommand(async () => (await import('./backtest.ts')).runBacktest(options)));

connected('backup', 'Write a backup of a workspace, consistent while it runs')
  .argument('[file]', 'file to write (default: the name of the workspace and the time)')
  .action((file, options) => runCommand(async () => (await import('./restore.ts')).backup(file, options)));

connected('restore', 'Restore a backup; nothing leaves the workspace until its release')
  .argument('<file>')
  .option('--replace', 'lose what the workspace holds now')
  .action((file, options) => runCommand(async () => (await import('./restore.ts')).restore(file, options)));

connected('sign-in', 'Print a link that signs a person in')
  .argument('<person>', 'key of the person in the workspace file')
  .action((person, options) =>
    runCommand(async () => {
      console.log((await connect(options).call('POST sign-in-links', {}, { person })).url);
      return 0;
    }),
  );

for (const command of [program, ...program.commands])
  command.showHelpAfterError('Add --help for the options.').exitOverride(({ exitCode }) => process.exit(exitCode && 2));

await program.parseAsync();
