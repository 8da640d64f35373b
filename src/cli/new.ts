import { existsSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { stringify } from 'yaml';
import * as z from 'zod';
import { Email, Line } from '#domain/base/names.ts';
import { buildSecretVariableName, registry } from '../wiring.ts';

/** Asks one question, again until the answer fits. @throws Error where the input ends before the answer */
export type Ask = (question: string, answer?: z.ZodType<string>) => Promise<string>;

type Definition = { kind: string; title: string; settings: z.ZodType };

/** What a survey asks, with the shipped template that opens a case for an unhappy answer, and its alias. */
const questions = {
  'Would you recommend us? 0 to 10': { template: 'detractor', alias: 'recommend' },
  'How satisfied are you? 1 to 5': { template: 'low-csat-after-support', alias: 'satisfaction' },
  'Did it work? Yes or no': { template: 'upgrade-not-installed', alias: 'completed' },
};

const toSlug = (text: string, otherwise: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40) || otherwise;

/** A workspace file from the answers to five questions. */
export async function createWorkspaceFile(ask: Ask): Promise<{ name: string; text: string; secrets: string[] }> {
  const name = await ask('1. What shall people call the workspace? For example: Finance feedback', Line);
  const person = await ask('2. Your name', Line);
  const email = await ask('   Your e-mail address', Email);
  const source = await choose(ask, '3. Which survey tool?', listTools());
  const sourceSettings = await fillSettings(ask, source, []);
  const tracker = await choose(ask, '4. Which issue tracker?', registry.trackers);
  const trackerSettings = await fillSettings(ask, tracker, ['token']);
  const account = await ask(`   Your account at ${tracker.title}`, Line);
  const asked = Object.entries(questions).map(([title, question]) => ({ ...question, kind: question.template, title }));
  const { template, alias } = await choose(ask, '5. What does the survey ask?', asked);
  const question = await ask(`   The id of that question in ${source.title}, as npm run map shows it`, Line);
  const workspace = toSlug(name, 'feedback');
  const file = {
    workspace,
    name,
    'time-zone': Intl.DateTimeFormat().resolvedOptions().timeZone,
    sources: { survey: { ...sourceSettings, questions: { [alias]: question }, respondent: { email: 'hidden.email' } } },
    trackers: { cases: trackerSettings },
    people: { [toSlug(person.split(' ')[0] ?? '', 'me')]: { name: person, email, [tracker.kind]: account } },
    templates: [template],
  };
  const secrets = [sourceSettings, trackerSettings]
    .flatMap(({ secret = [], token = [] }) => [secret, token].flat())
    .map((secret) => buildSecretVariableName(workspace, secret));
  return { name: workspace, text: write(file), secrets };
}

/** A line for each setting, or for each entry of one. */
function write(file: Record<string, unknown>): string {
  const inOneLine = (value: unknown) => stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  const lines = Object.entries(file).flatMap(([name, value]) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${name}: ${inOneLine(value)}`];
    return [`${name}:`, ...Object.entries(value).map(([key, entry]) => `  ${key}: ${inOneLine(entry)}`)];
  });
  return `${lines.join('\n')}\n`;
}

/** Survey tools that people answer in. */
const listTools = (): Definition[] => registry.surveys.filter(({ kind }) => kind !== 'events');

async function choose<Choice extends { kind: string; title: string }>(
  ask: Ask,
  question: string,
  choices: Choice[],
): Promise<Choice> {
  const list = choices.map(({ title }, index) => `   ${index + 1} ${title}`).join('\n');
  const find = (text: string) =>
    choices.find(({ kind, title }, index) =>
      [String(index + 1), kind, title.toLowerCase()].includes(text.trim().toLowerCase()),
    );
  const known = z.string().refine((text) => find(text), `is none of 1 to ${choices.length}`);
  return find(await ask(`${question}\n${list}`, known)) as Choice;
}

/** Settings of a vendor: secrets get names, and what else is required is asked for by its description. */
async function fillSettings(
  ask: Ask,
  { kind, settings }: Definition,
  wanted: string[],
): Promise<Record<string, string>> {
  const { properties = {}, required = [] } = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' });
  const filled: Record<string, string> = { kind };
  const nameOf = (use: string) => `${kind.toUpperCase().replaceAll(/[^A-Z]+/g, '_')}_${use}`;
  for (const [name, property] of Object.entries(properties)) {
    if (name === 'kind' || !(required.includes(name) || wanted.includes(name))) continue;
    if (name === 'secret' || name === 'token') filled[name] = nameOf(name.toUpperCase());
    else if (typeof property === 'object') filled[name] = await ask(`   ${property.description ?? name}`, Line);
  }
  return filled;
}

/** Asks on the terminal, writes the file, and says what comes next. */
export async function createNewWorkspace(path: string | undefined): Promise<number> {
  const input = createInterface({ input: process.stdin });
  const lines = input[Symbol.asyncIterator]();
  const ask: Ask = async (question, answer = Line) => {
    for (;;) {
      process.stdout.write(`${question}\n   > `);
      const { value, done } = await lines.next();
      if (done) throw new Error('The answers ended before the last question; nothing was written.');
      const read = answer.safeParse(value.trim());
      if (read.success) return read.data;
      console.log(`   That ${read.error.issues[0]?.message}.`);
    }
  };
  const { name, text, secrets } = await createWorkspaceFile(ask);
  input.close();
  const file = path ?? `${name}.yaml`;
  if (existsSync(file)) throw new Error(`${file} exists already; name another file.`);
  writeFileSync(file, text);
  console.log(`\nWritten: ${file}. It works at once with emulated tracker and mail: npm start -- --workspace ${file}`);
  console.log(`In earnest it needs the secrets ${secrets.join(', ')}, and mail; README has the list.`);
  return 0;
}
