import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataFolder } from '#src/cli/data-folder.ts';
import { until } from '#src/cli/progress.ts';
import { asSent } from '#src/cli/send.ts';
import { startStack } from '#src/cli/stack.ts';
import { findFreeTcpPort } from '#test/harness/free-port.ts';
import { projectRoot } from '#src/cli/workspace-files.ts';
import { encodeTypeform } from '#test/harness/sample-response.ts';

/*
 * `npm run kills -- NUMBER`: ends the runtime by SIGKILL, again and again, while responses come, issues are made and
 * closed, and customers are asked. Then it counts what was lost or doubled.
 */

// Named points, clocks, replays, restores and upgrades are a program of their own, which ends this one.
if (process.argv.includes('--points')) await import('./play-points.ts');

const kills = Number(process.argv[2] ?? 200);
if (!Number.isInteger(kills) || kills < 1) {
  console.error(
    'npm run kills -- NUMBER (of kills at random, 200 if left out), or npm run kills -- --points [SCENARIO]',
  );
  process.exit(2);
}
const senders = 4;
const responsesPerKill = 3;
/** A template holds its matches from the 51st case of an hour on. */
const mostCases = 45;
const longestLifeMs = 1000;
const answerMs = 120_000;
/** Calls whose outcome is unknown are resolved by reading, more and more rarely. */
const restMs = 1_200_000;
/** Mean pause of a sender, so that responses come as long as processes die. */
const pauseMs = ((longestLifeMs / 2 + 1000) * senders) / responsesPerKill;

const path = mkdtempSync(join(tmpdir(), 'caselite-kills-'));
const stack = await startStack({
  folder: new DataFolder(path),
  workspaceFilePath: join(projectRoot, 'templates', 'workspaces', 'acme.yaml'),
  port: await findFreeTcpPort(),
  emulators: true,
});
const { client, run, workspace, secrets } = stack;
const emulators = demand(stack.emulators);
const jira = demand(emulators.trackerUser.jira);
// Every kill has a line of the start command; the count at the end says more.
console.error = () => {};

const total = kills * responsesPerKill;
const every = Math.max(2, Math.ceil(total / mostCases));
const opensCase = (response: number) => response % every === 0;
const customerOf = (response: number) => `kill-${response}`;
let isOver = false;

function demand<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error('this needs the emulators');
  return value;
}

/** Sends one response as a survey tool does: again until it is taken. */
async function send(response: number): Promise<void> {
  const customer = customerOf(response);
  const facts = { customer, email: `${customer}@customer.example`, name: `Customer ${response}` };
  const answers = { token: customer, completed: !opensCase(response), ease: 9, ...facts, at: Date.now() };
  const body = encodeTypeform(answers, Date.now());
  const { headers } = await asSent(workspace, 'upgrade-survey', body, (variable) => secrets.get(variable));
  const url = `${run.url}/hooks/${run.workspace}/upgrade-survey`;
  await until(
    `the answer to response ${response}`,
    () =>
      fetch(url, { method: 'POST', body: new Uint8Array(body), headers }).then(
        ({ ok }) => ok,
        () => false,
      ),
    answerMs,
  );
}

async function sendAll(sender: number): Promise<void> {
  for (let response = sender; response < total; response += senders) {
    await send(response);
    await sleep(Math.random() * 2 * pauseMs);
  }
}

/** Closes every issue once, as its assignee would. */
async function closeIssues(): Promise<void> {
  const account = workspace.people.dana?.accounts.jira ?? '';
  while (!isOver) {
    for (const { key, state } of await jira.list()) if (state === 'open') await jira.close(key, account);
    await sleep(1000);
  }
}

async function killAgainAndAgain(): Promise<void> {
  for (let kill = 0; kill < kills; kill += 1) {
    await until('Caselite answers', () => client.isUp(), answerMs);
    await sleep(Math.random() * longestLifeMs);
    const { workerd } = run.pids;
    process.kill(workerd, 'SIGKILL');
    await until('the runtime is started again', async () => run.pids.workerd !== workerd);
    if (kill % 20 === 19) console.log(`${kill + 1} kills`);
  }
}

const repeated = <Item>(items: Item[]): Item[] => items.filter((item, index) => items.indexOf(item) !== index);

/** What was lost or doubled, in words. */
async function findLosses(): Promise<string[]> {
  const [responses, cases, followUps] = [
    await client.list('responses'),
    await client.list('cases'),
    await client.list('follow-ups'),
  ];
  // A strategic case that gathers the others has its issue in another tracker.
  const issues = (await Promise.all(Object.values(emulators.trackerUser).map((user) => user.list()))).flat();
  const mails = await emulators.inbox();
  const wanted = Array.from({ length: total }, (_, response) => response);
  const ofCustomers = cases.map(({ customer }) => customer.key ?? '');
  const stored = responses.map(({ customer }) => customer.key ?? '');
  const asked = followUps.flatMap(({ kind, state, customer }) =>
    kind === 'customer' && state === 'sent' ? [customer] : [],
  );
  const lettersTo = (response: number) =>
    mails.filter(({ to, text }) => to.includes(`${customerOf(response)}@customer.example`) && text.includes('/s/'))
      .length;
  const opened = wanted.filter(opensCase);
  console.log(
    `${kills} kills: ${responses.length} responses, ${cases.length} cases, ${issues.length} issues, ${asked.length} follow-ups, ${mails.length} mails`,
  );
  return [
    ...wanted
      .filter((response) => !stored.includes(customerOf(response)))
      .map((response) => `response ${response} is lost`),
    ...repeated(stored).map((customer) => `a response of ${customer} is stored twice`),
    ...opened
      .filter((response) => !ofCustomers.includes(customerOf(response)))
      .map((response) => `response ${response} opened no case`),
    ...repeated(ofCustomers).map((customer) => `${customer} has two cases`),
    ...cases.filter(({ issue }) => !issue).map(({ handle }) => `${handle} has no issue`),
    ...(issues.length === cases.length ? [] : [`${cases.length} cases have ${issues.length} issues`]),
    ...opened
      .filter((response) => lettersTo(response) !== 1)
      .map((response) => `${customerOf(response)} was asked ${lettersTo(response)} times`),
    ...repeated(mails.map(({ to, subject }) => `${to.join()}: ${subject}`)).map(
      (mail) => `a mail was sent twice, to ${mail}`,
    ),
  ];
}

try {
  const closing = closeIssues();
  await Promise.all([killAgainAndAgain(), ...Array.from({ length: senders }, (_, sender) => sendAll(sender))]);
  await until(
    'all work is done',
    async () => {
      const { deliveries, queues } = await client.call('GET health', {});
      const followUps = await client.list('follow-ups');
      const asked = followUps.filter(({ kind, state }) => kind === 'customer' && state === 'sent');
      return deliveries.waiting === 0 && queues.length === 0 && asked.length >= Math.ceil(total / every);
    },
    restMs,
  ).catch(async (error: Error) => {
    const { queues } = await client.call('GET health', {});
    console.log(error.message, JSON.stringify(queues));
  });
  isOver = true;
  await closing;
  const losses = await findLosses();
  for (const line of losses) console.log(`  LOST OR DOUBLED ${line}`);
  if (losses.length === 0) console.log('Nothing was lost, and nothing was done twice.');
  process.exitCode = losses.length === 0 ? 0 : 1;
} finally {
  isOver = true;
  await stack.stop();
  rmSync(path, { recursive: true, force: true });
}
process.exit();
