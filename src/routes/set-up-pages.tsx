import type { Context } from 'hono';
import { stringify } from 'yaml';
import * as z from 'zod';
import { AppError } from '#domain/base/errors.ts';
import { Email, Line, TimeZone } from '#domain/base/names.ts';
import { parseWithPlainFindings } from '#domain/base/plain-words.ts';
import type { SettingsFile } from '#domain/templates/template.ts';
import { readDeployment, variable } from '../deployment.ts';
import library from '../library.json' with { type: 'json' };
import { listSurveyTools, listVendorFields, toSlug, usualQuestions } from '../vendor-fields.ts';
import * as ui from '../views/kit.ts';
import {
  FirstPage,
  isAskedAbout,
  optionalSecret,
  SetUpPage,
  type SetUpPageProps,
  type VendorChoice,
} from '../views/set-up-page.tsx';
import { buildSecretName, deploymentMail, registry, WorkspaceFileSchema } from '../wiring.ts';
import { refuseField } from '../workspace/basics/case-operation.ts';
import type { FormHandler, PageHandler } from './page.tsx';
import { readForm } from './read-body.ts';
import {
  ensureWorkspace,
  type HonoEnvironment,
  isSetUpCode,
  isSetUpOpen,
  unwrap,
  type WorkspaceCalls,
} from './workspace-access.ts';

const Beginning = z.object({ name: Line, 'time-zone': TimeZone, person: Line, email: Email });

export async function showFirstPage(c: Context<HonoEnvironment>): Promise<Response> {
  if (!(await isSetUpOpen(c))) return c.redirect('/', 303);
  return c.html(<FirstPage problem={null} />);
}

/** Makes the first workspace for the holder of the code, and leads to their sign-in. The code is of no use afterwards. */
export async function beginSetUp(c: Context<HonoEnvironment>): Promise<Response> {
  if (!(await isSetUpOpen(c))) return c.redirect('/', 303);
  const fields = [...(await readForm(c))].map(([name, value]) => [name, String(value).trim()]);
  const values: Record<string, string> = Object.fromEntries(fields);
  const refuse = (field: string, message = 'is no valid entry') =>
    c.html(<FirstPage problem={{ path: '/set-up', fields: values, field, message: `This ${message}.` }} />, 422);
  if (!isSetUpCode(c, values.code ?? ''))
    return refuse('code', 'is another code; read it again in the terminal or in set-up.txt');
  const read = Beginning.safeParse(values);
  const [issue] = read.error?.issues ?? [];
  if (!read.success) return refuse(String(issue?.path[0]), issue?.message);
  const { name, 'time-zone': zone, person, email } = read.data;
  const workspace = toSlug(name, 'feedback');
  const key = toSlug(person.split(' ')[0] ?? '', 'me');
  const sender = `${name.replaceAll(/[^\p{L}\p{N} ]/gu, '').trim() || 'Feedback'} <${email}>`;
  const file = {
    workspace,
    name,
    'time-zone': zone,
    sources: {},
    trackers: {},
    people: { [key]: { name: person, email } },
    admins: [key],
    ...(variable(c.env, 'MAIL_FROM') ? {} : { mail: { ...deploymentMail, from: sender } }),
    templates: [],
  };
  // A file that a push would refuse must not use up the first page.
  const { findings } = parseWithPlainFindings(WorkspaceFileSchema, file);
  if (findings?.[0]) return refuse('name', findings[0].message);
  c.set('viewer', { kind: 'program' });
  const calls = await ensureWorkspace(c, workspace);
  const files = [{ kind: 'workspace', name: workspace, text: stringify(file) }, ...library] as SettingsFile[];
  unwrap(await calls.push(workspace, { files, base: null, author: key }));
  const { url } = unwrap(await calls.createSignInLink(key, `/w/${workspace}/set-up`));
  return c.redirect(new URL(url).pathname, 303);
}

/** Settings that a vendor may have without. */
const wanted = ['token', 'site', 'secret', 'user', 'password'];

const toChoice = (
  definition: { kind: string; title: string; settings: z.ZodType },
  without: string[],
): VendorChoice => ({
  ...definition,
  fields: listVendorFields(definition, wanted).flatMap(({ name, label, isSecret, isRequired }) => {
    if (without.includes(name)) return [];
    if (isSecret)
      return optionalSecret(name, name === 'secret' ? 'Secret; leave it empty to have one made' : `Its ${name}`);
    return isRequired ? ui.line(name, label, 200) : ui.optionalLine(name, label, 200);
  }),
});

const appFields = [
  ui.optionalLine('app', 'Of an App: its App ID; its private key in PKCS#8 then stands above', 20),
  ui.optionalLine('installation', 'Of an App: its installation, as in /settings/installations/ID', 20),
];

const trackers = registry.trackers
  .filter(({ places }) => places)
  .map((tracker) => {
    const choice = toChoice(tracker, [tracker.places?.setting ?? '']);
    return { ...choice, fields: [...choice.fields, ...(tracker.places?.takesApp ? appFields : [])] };
  });

function readApp(field: (name: string) => string) {
  const [id, installation] = ['app', 'installation'].map((name) => (field(name) === '' ? null : Number(field(name))));
  if (id === null && installation === null) return undefined;
  if (!Number.isInteger(id) || !id) refuseField('app', 'is no number, as the page of the App shows it');
  if (!Number.isInteger(installation) || !installation)
    refuseField('installation', 'is no number, as the address of the installation ends with it');
  return { id, installation };
}

const tools = listSurveyTools().map((tool) => toChoice(tool, ['token']));
const mails = registry.mails.map((mail) => toChoice(mail, ['from']));

type Shown = Partial<Pick<SetUpPageProps, 'places' | 'reports'>> & { secret?: string | null };

async function show(
  c: Context<HonoEnvironment>,
  visit: ui.Visit,
  workspace: WorkspaceCalls,
  { places = null, reports = null, secret = null }: Shown = {},
) {
  const setUp = unwrap(await workspace.setUp({}));
  const known = new Set(setUp.questions.flatMap(({ alias }) => alias?.split(', ') ?? []));
  const fitting = usualQuestions.filter(
    ({ alias, template }) => known.has(alias) && !setUp.templates.includes(template),
  );
  const candidates = await Promise.all(
    fitting.map(async ({ template: name }) => {
      const { report } = unwrap(await workspace.backtest({ template: name, text: null, against: null }));
      const opens = `the last ${report.responses} responses would have opened ${report.opened}`;
      return { name, title: report.name, opens };
    }),
  );
  const { publicUrl } = readDeployment(c.env);
  const delivery = { url: `${publicUrl}/hooks/${visit.workspace}/${setUp.source?.name ?? ''}`, secret };
  const findChosen = (part: string) =>
    c.req.query(part) ?? (visit.problem?.path.endsWith(`/${part}`) ? visit.problem.fields.kind : undefined);
  const chosen = { tracker: findChosen('tracker'), survey: findChosen('survey') };
  const vendors = { trackers, tools, mails, chosen };
  return c.html(<SetUpPage {...{ visit, setUp, ...vendors, places, reports, delivery, candidates, usualQuestions }} />);
}

export const showSetUp: PageHandler = (c, visit, workspace) => show(c, visit, workspace);

type Step = (...values: Parameters<FormHandler>) => Promise<Shown | null>;

async function keepSecrets(workspace: WorkspaceCalls, secrets: { name: string; value: string }[]): Promise<void> {
  for (const { name, value } of secrets) if (value !== '') unwrap(await workspace.enterSecret({ name, value }));
}

function readVendor(kind: string, field: (name: string) => string, present: Record<string, unknown> = {}) {
  const definition = [...registry.trackers, ...registry.surveys, ...registry.mails].find(
    (known) => known.kind === kind,
  );
  if (!definition) throw new AppError('not-found', 'There is no such tool to choose.');
  const fields = listVendorFields(definition, wanted).map((each) => ({ ...each, value: field(each.name) }));
  const given = fields.filter(({ value, isSecret, isRequired }) => value !== '' || (isSecret && isRequired));
  const secrets = given
    .filter(({ isSecret }) => isSecret)
    .map(({ name, value }) => ({ use: name, name: String(present[name] ?? buildSecretName(kind, name)), value }));
  const own = given.filter(({ isSecret }) => !isSecret).map(({ name, value }) => [name, value]);
  const named = secrets.map(({ use, name }) => [use, name]);
  return { kind, own: Object.fromEntries(own), named: Object.fromEntries(named), secrets };
}

const steps: Record<string, Step> = {
  async tracker(_c, _visit, workspace, field) {
    const { kind, own } = readVendor(field('kind'), field);
    const connection = { kind, token: field('token'), site: own.site ?? '', email: own.email ?? '' };
    const app = readApp(field);
    const reached = unwrap(await workspace.connectTracker({ ...connection, app }));
    const numbers = app ? { app: String(app.id), installation: String(app.installation) } : {};
    return { places: { ...reached, hidden: { kind, ...own, ...numbers } } };
  },

  async place(_c, visit, workspace, field) {
    const { kind, own } = readVendor(field('kind'), field);
    const setting = registry.trackers.find((tracker) => tracker.kind === kind)?.places?.setting ?? '';
    const app = readApp(field);
    const credentials = app
      ? { app: { ...app, key: buildSecretName(kind, 'app key') } }
      : { token: buildSecretName(kind, 'token') };
    const value = { kind, ...own, [setting]: field('place'), ...credentials };
    const changes = [
      { path: ['trackers', 'cases'], value },
      ...(field('account') ? [{ path: ['people', visit.person, kind], value: field('account') }] : []),
    ];
    unwrap(await workspace.changeSettings(visit.workspace, { changes, base: null }));
    return { reports: unwrap(await workspace.check()) };
  },

  async survey(_c, visit, workspace, field) {
    const made = field('secret') === '' ? makeSecret() : null;
    const withSecret = (name: string) => (name === 'secret' && made ? made : field(name));
    const { kind, own, named, secrets } = readVendor(field('kind'), withSecret);
    const changes = [{ path: ['sources', 'survey'], value: { kind, ...own, ...named } }];
    unwrap(await workspace.changeSettings(visit.workspace, { changes, base: null }));
    await keepSecrets(workspace, secrets);
    return { secret: made };
  },

  async questions(_c, visit, workspace, field) {
    const { source, questions, respondent } = unwrap(await workspace.setUp({}));
    const under = (part: string, name: string) => ['sources', source?.name ?? '', part, name];
    const chosen = questions.map((question, index) => ({ ...question, now: field(`q${index}`) })).filter(isAskedAbout);
    const former = chosen.flatMap(({ alias }) => alias ?? []);
    const attributes = [...new Set([...Object.keys(respondent), 'key', 'email', 'name', 'tier'])];
    const changes = [
      ...former.map((alias) => ({ path: under('questions', alias), value: null })),
      ...chosen
        .filter(({ now }) => now !== '')
        .map(({ now, name }) => ({ path: under('questions', now), value: name })),
      ...attributes.map((name) => ({ path: under('respondent', name), value: field(`respondent.${name}`) || null })),
    ];
    unwrap(await workspace.changeSettings(visit.workspace, { changes, base: Number(field('base')) }));
    return null;
  },

  async mail(_c, visit, workspace, field) {
    const { mail } = unwrap(await workspace.setUp({}));
    const { kind, own, named, secrets } = readVendor(mail.kind, field, mail);
    const changes = Object.entries({ kind, ...own, ...named }).map(([name, value]) => ({
      path: ['mail', name],
      value,
    }));
    unwrap(await workspace.changeSettings(visit.workspace, { changes, base: null }));
    await keepSecrets(workspace, secrets);
    unwrap(await workspace.mailSignInLink(visit.person, {}));
    return null;
  },

  async template(_c, visit, workspace, field) {
    unwrap(await workspace.changeSettings(visit.workspace, { template: { name: field('name') }, base: null }));
    return null;
  },
};

/** Takes one step of the set-up. A new secret is shown with the answer; other steps lead back to the page. */
export const takeSetUpStep: FormHandler = async (c, visit, workspace, field) => {
  const part = c.req.param('part') ?? '';
  const step = Object.hasOwn(steps, part) ? steps[part] : undefined;
  const shown = (await step?.(c, visit, workspace, field)) ?? null;
  return shown ? show(c, visit, workspace, shown) : c.redirect(`/w/${visit.workspace}/set-up`, 303);
};

const makeSecret = () => `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24))))}`;
