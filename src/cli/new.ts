import { existsSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { stringify } from 'yaml';
import * as z from 'zod';
import { Email, Line } from '#domain/base/names.ts';
import { parseWithPlainFindings } from '#domain/base/plain-words.ts';
import { listSurveyTools, listVendorFields, toSlug, usualQuestions } from '../vendor-fields.ts';
import * as wiring from '../wiring.ts';

/** Asks one question, again until the answer fits. @throws Error where the input ends before the answer */
export type Ask = (question: string, answer?: z.ZodType<string>) => Promise<string>;

type Definition = { kind: string; title: string; settings: z.ZodType };

/** A workspace file from the answers to five questions. */
export async function createWorkspaceFile(ask: Ask): Promise<{ name: string; text: string; secrets: string[] }> {
  const name = await ask('1. What shall people call the workspace? For example: Finance feedback', Line);
  const person = await ask('2. Your name', Line);
  const email = await ask('   Your e-mail address', Email);
  const source = await choose(ask, '3. Which survey tool?', listSurveyTools());
  const sourceSettings = await fillSettings(ask, source, []);
  const tracker = await choose(ask, '4. Which issue tracker?', wiring.registry.trackers);
  const trackerSettings = await fillSettings(ask, tracker, ['token']);
  const account = await ask(`   Your account at ${tracker.title}`, Line);
  const asked = usualQuestions.map((question) => ({ ...question, kind: question.template }));
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
    .map((secret) => wiring.buildSecretVariableName(workspace, secret));
  return { name: workspace, text: write(file), secrets };
}

function write(file: Record<string, unknown>): string {
  const inOneLine = (value: unknown) => stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  const lines = Object.entries(file).flatMap(([name, value]) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${name}: ${inOneLine(value)}`];
    return [`${name}:`, ...Object.entries(value).map(([key, entry]) => `  ${key}: ${inOneLine(entry)}`)];
  });
  return `${lines.join('\n')}\n`;
}

async function choose<Choice extends { kind: string; title: string }>(ask: Ask, question: string, choices: Choice[]) {
  const list = choices.map(({ title }, index) => `   ${index + 1} ${title}`).join('\n');
  const find = (text: string) =>
    choices.find(({ kind, title }, index) =>
      [String(index + 1), kind, title.toLowerCase()].includes(text.trim().toLowerCase()),
    );
  const known = z.string().refine((text) => find(text), `is none of 1 to ${choices.length}`);
  return find(await ask(`${question}\n${list}`, known)) as Choice;
}

async function fillSettings(ask: Ask, definition: Definition, wanted: string[]): Promise<Record<string, string>> {
  const filled: Record<string, string> = { kind: definition.kind };
  for (const { name, label, isSecret } of listVendorFields(definition, wanted))
    filled[name] = isSecret ? wiring.buildSecretName(definition.kind, name) : await ask(`   ${label}`, Line);
  return filled;
}

/** Asks on the terminal, writes the file, and says what comes next. */
export async function createNewWorkspace(path: string | undefined): Promise<number> {
  if (path) refuseExisting(path);
  const input = createInterface({ input: process.stdin });
  const lines = input[Symbol.asyncIterator]();
  const ask: Ask = async (question, answer = Line) => {
    for (;;) {
      process.stdout.write(`${question}\n   > `);
      const { value, done } = await lines.next();
      if (done) throw new Error('The answers ended before the last question; nothing was written.');
      const { value: read, findings } = parseWithPlainFindings(answer, value.trim());
      if (findings === null) return read;
      console.log(`   That ${findings[0]?.message}.`);
    }
  };
  const { name, text, secrets } = await createWorkspaceFile(ask);
  input.close();
  const file = path ?? `${name}.yaml`;
  refuseExisting(file);
  writeFileSync(file, text);
  console.log(`
Written: ${file}. Try it with an emulated tracker and mail: npm start -- --workspace ${file} --data .caselite-${name}
Samples of deliveries are in test/fixtures/survey: npm run map -- FILE, then npm run send -- survey FILE --data .caselite-${name}
To go live, it needs the secrets ${secrets.join(', ')}, and mail: see “Go live” in README.md.`);
  return 0;
}

function refuseExisting(file: string): void {
  if (existsSync(file)) throw new Error(`${file} exists already; name another file.`);
}
