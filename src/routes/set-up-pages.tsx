import { stringify } from 'yaml';
import * as z from 'zod';
import { lazy } from '#domain/base/memoize.ts';
import { Email, Line, TimeZone } from '#domain/base/names.ts';
import { parseWithPlainFindings } from '#domain/base/plain-words.ts';
import { capitalize } from '#domain/cases/issue-text.ts';
import type { SettingsFile } from '#domain/templates/template.ts';
import library from '../library.json' with { type: 'json' };
import * as parts from '../settings-parts.ts';
import { listSurveyTools, listVendorFields, toSlug, usualQuestions } from '../vendor-fields.ts';
import * as views from '../views/index.ts';
import { sourceOfQueue } from '../workspace/queues/outbox-kind.ts';
import * as web from './kit.ts';

const Beginning = z.object({ name: Line, 'time-zone': TimeZone, person: Line, email: Email });

/** The settings of a new workspace and its first person, as a form gave them. @throws InvalidInputError */
function draftWorkspace(c: web.HonoContext, values: Record<string, string>) {
  const read = Beginning.safeParse(values);
  if (!read.success) return web.refuseField(String(read.error.issues[0]?.path[0]), read.error.issues[0]?.message ?? '');
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
    ...(web.variable(c.env, 'MAIL_FROM') ? {} : { mail: { ...web.deploymentMail, from: sender } }),
    templates: [],
  };
  // A file that a push would refuse must not use up the first page.
  const { findings } = parseWithPlainFindings(web.WorkspaceFileSchema, file);
  if (findings?.[0]) web.refuseField('name', findings[0].message);
  return { workspace, key, files: [{ kind: 'workspace', name: workspace, text: stringify(file) }, ...library] };
}

async function makeWorkspace(
  c: web.HonoContext,
  { workspace, key, files }: ReturnType<typeof draftWorkspace>,
): Promise<Response> {
  c.set('caller', { kind: 'program' });
  const calls = await web.ensureWorkspace(c, workspace);
  if ((await web.attempt(calls.versions(null))).ok)
    web.refuseField('name', `makes ${workspace} of it, which is there already`);
  await calls.push(workspace, { files: files as SettingsFile[], base: null, author: key });
  const { url } = await calls.createSignInLink(key, `/w/${workspace}/set-up`);
  return c.redirect(new URL(url).pathname, 303);
}

export async function showFirstPage(c: web.HonoContext): Promise<Response> {
  if (!(await web.isSetUpOpen(c))) return c.redirect('/', 303);
  return c.html(<views.FirstPage problem={null} />);
}

/** Makes the first workspace for the holder of the code, who may begin others. The code is of no use afterwards. */
export async function beginSetUp(c: web.HonoContext): Promise<Response> {
  if (!(await web.isSetUpOpen(c))) return c.redirect('/', 303);
  const fields = [...(await web.readForm(c))].map(([name, value]) => [name, String(value).trim()]);
  const values: Record<string, string> = Object.fromEntries(fields);
  try {
    if (!web.isVariable(c, values.code ?? '', 'SETUP_CODE'))
      web.refuseField('code', 'is another code; read it again in the terminal or in set-up.txt');
    const draft = draftWorkspace(c, values);
    web.unwrap(await web.directoryOf(c.env).addFirst(draft.workspace, `${draft.workspace}/${draft.key}`));
    return await makeWorkspace(c, draft);
  } catch (error) {
    const [problem] = error instanceof web.InvalidInputError ? error.problems : [];
    if (!problem) throw error;
    const { field, message } = problem;
    return c.html(
      <views.FirstPage problem={{ path: '/set-up', fields: values, field, message: `This ${message}.` }} />,
      422,
    );
  }
}

const nameInDeployment = ({ workspace, person }: views.Visit): string => `${workspace}/${person}`;

export const showBegin: web.PageHandler = async (c, visit) => {
  web.unwrap(await web.directoryOf(c.env).demandAdmin(nameInDeployment(visit)));
  return c.html(<views.BeginPage visit={visit} />);
};

export const begin: web.FormHandler = async (c, visit, workspace, field) => {
  const draft = draftWorkspace(c, Object.fromEntries(Object.keys(Beginning.shape).map((name) => [name, field(name)])));
  web.unwrap(await web.directoryOf(c.env).begin(draft.workspace, nameInDeployment(visit)));
  await workspace.beginWorkspace(draft.workspace, {});
  return makeWorkspace(c, draft);
};

const wanted = ['token', 'site', 'secret', 'user', 'password', 'data-center'];
const toolLabels = {
  secret: 'Secret; leave it empty to have one made',
  token: 'API token, with which Caselite adds the webhook and finds missed responses; or leave it empty',
};

function toChoice(
  definition: { kind: string; title: string; settings: z.ZodType },
  without: string[],
  labels: Record<string, string> = {},
): views.VendorChoice {
  const fields = listVendorFields(definition, wanted).filter(({ name }) => !without.includes(name));
  const toField = ({ name, label, isSecret, isRequired }: (typeof fields)[number]) =>
    isSecret
      ? views.optionalSecret(name, labels[name] ?? `${capitalize(name)} of ${definition.title}`)
      : views.line(name, label, 200, { isOptional: !isRequired });
  return { ...definition, fields: fields.map(toField), isNested: fields.some(({ isNested }) => isNested) };
}

const appFields = [
  views.optionalLine('app', 'Of an App: its App ID; its private key in PKCS#8 then stands above', 20),
  views.optionalLine('installation', 'Of an App: its installation, as in /settings/installations/ID', 20),
];

const listTrackers = () =>
  web.registry.trackers
    .filter(({ places }) => places)
    .map((tracker) => {
      const choice = toChoice(tracker, [tracker.places?.setting ?? '']);
      return { ...choice, fields: [...choice.fields, ...(tracker.places?.takesApp ? appFields : [])] };
    });

function readApp(field: (name: string) => string) {
  const [id, installation] = ['app', 'installation'].map((name) => (field(name) === '' ? null : Number(field(name))));
  if (id === null && installation === null) return undefined;
  if (!Number.isInteger(id) || !id) web.refuseField('app', 'is no number, as the page of the App shows it');
  if (!Number.isInteger(installation) || !installation)
    web.refuseField('installation', 'is no number, as the address of the installation ends with it');
  return { id, installation };
}

const listTools = () =>
  listSurveyTools().map((tool) => {
    const isReadByToken = listVendorFields(tool, []).some(({ name }) => name === 'token');
    const token = 'API token, with which Caselite reads the answers, because deliveries hold none';
    const labels = isReadByToken ? { ...toolLabels, token } : toolLabels;
    return toChoice(tool, tool.api?.hooksNeed || isReadByToken ? [] : ['token'], labels);
  });

const listVendors = lazy(() => ({
  trackers: listTrackers(),
  tools: listTools(),
  mails: web.registry.mails.map((mail) => toChoice(mail, ['from'])),
}));

type Shown = Partial<Pick<views.SetUpPageProps, 'places' | 'reports' | 'forms' | 'secret'>>;

async function show(shown: Shown, ...[c, visit, workspace]: Parameters<web.PageHandler>) {
  const setUp = await workspace.setUp({});
  const known = new Set(setUp.questions.flatMap(({ alias }) => alias?.split(', ') ?? []));
  const fitting = usualQuestions.filter(({ alias, template }) => known.has(alias) && !(template in setUp.templates));
  const candidates = await Promise.all(
    fitting.map(async ({ template: name }) => {
      const { report } = await workspace.backtest({ template: name, text: null, against: null });
      const opens = `would have opened ${report.opened === 1 ? 'one case' : `${report.opened} cases`} so far`;
      return { name, title: report.name, opens };
    }),
  );
  const findChosen = (part: string) =>
    c.req.query(part) ?? (visit.problem?.path.endsWith(`/${part}`) ? visit.problem.fields.kind : undefined);
  const vendors = { ...listVendors(), chosen: { tracker: findChosen('tracker'), survey: findChosen('survey') } };
  const { ok: mayBegin } = await web.directoryOf(c.env).demandAdmin(nameInDeployment(visit));
  return c.html(<views.SetUpPage {...{ visit, setUp, ...vendors, ...shown, candidates, usualQuestions, mayBegin }} />);
}

export const showSetUp: web.PageHandler = (c, visit, workspace) => show({}, c, visit, workspace);
type Step = (...values: Parameters<web.FormHandler>) => Promise<Shown | null>;

const listForms = async (workspace: web.WorkspaceCalls, source: string): Promise<views.SetUpPageProps['forms']> => {
  const result = await web.attempt(workspace.listForms(source));
  return result.ok ? { items: result.value, why: null } : { items: [], why: result.message };
};

async function keepSecrets(workspace: web.WorkspaceCalls, secrets: { name: string; value: string }[]) {
  for (const { name, value } of secrets) if (value !== '') await workspace.enterSecret({ name, value });
}

function readVendor(kind: string, field: (name: string) => string, present: Record<string, unknown> = {}) {
  const definition = [...web.registry.trackers, ...web.registry.surveys, ...web.registry.mails].find(
    (known) => known.kind === kind,
  );
  if (!definition) throw new web.AppError('not-found', 'There is no such tool to choose.');
  const fields = listVendorFields(definition, wanted).map((each) => ({ ...each, value: field(each.name) }));
  const given = fields.filter(({ value, isSecret, isRequired }) => value !== '' || (isSecret && isRequired));
  const secrets = given
    .filter(({ isSecret }) => isSecret)
    .map(({ name, value }) => ({ use: name, name: String(present[name] ?? web.buildSecretName(kind, name)), value }));
  const own = given.filter(({ isSecret }) => !isSecret).map(({ name, value }) => [name, value]);
  const named = secrets.map(({ use, name }) => [use, name]);
  return { kind, own: Object.fromEntries(own), named: Object.fromEntries(named), secrets };
}

const steps: Record<string, Step> = {
  async tracker(_c, _visit, workspace, field) {
    const { kind, own } = readVendor(field('kind'), field);
    const connection = { kind, token: field('token'), site: own.site ?? '', email: own.email ?? '' };
    const app = readApp(field);
    const reached = await workspace.connectTracker({ ...connection, app });
    const numbers = app ? { app: String(app.id), installation: String(app.installation) } : {};
    return { places: { ...reached, hidden: { kind, ...own, ...numbers } } };
  },

  async place(_c, visit, workspace, field) {
    const { kind, own } = readVendor(field('kind'), field);
    const setting = web.registry.trackers.find((tracker) => tracker.kind === kind)?.places?.setting ?? '';
    const app = readApp(field);
    const credentials = app
      ? { app: { ...app, key: web.buildSecretName(kind, 'app key') } }
      : { token: web.buildSecretName(kind, 'token') };
    const value = { kind, ...own, [setting]: field('place'), ...credentials };
    const changes = [
      { path: ['trackers', 'cases'], value },
      ...(field('account') ? [{ path: ['people', visit.person, kind], value: field('account') }] : []),
    ];
    await workspace.changeSettings(visit.workspace, { changes, base: null });
    return { reports: await workspace.check() };
  },

  async 'test-issue'(_c, _visit, workspace, field) {
    await workspace.makeTestIssue(field('tracker'), {});
    return null;
  },

  /** A tracker gets a secret for its webhook, and a source the chosen form, unless the settings have them. */
  async hook(_c, visit, workspace, field) {
    const [queue, form] = [field('queue'), field('form')];
    const source = sourceOfQueue(queue);
    const [part, entry, name] = source === null ? ['trackers', queue, 'webhook-secret'] : ['sources', source, 'forms'];
    const { [entry]: settings } = parts.readPart(parts.readWorkspaceFile((await workspace.pull()).files), part);
    if (!settings) web.refuseField('queue', `is not in the workspace file: ${entry}`);
    const { kind, [name]: present } = settings;
    const forms = [present ?? []].flat().map(String);
    const secret = String(present ?? web.buildSecretName(String(kind), 'webhook secret'));
    const value = source === null ? secret : [...new Set([...forms, form])];
    const changes = [{ path: [part, entry, name], value }];
    const isNew = source === null ? !present : !forms.includes(form);
    if (isNew) await workspace.changeSettings(visit.workspace, { changes, base: null });
    const isMissing = (await workspace.secrets()).some((each) => each.name === secret && each.state === 'missing');
    if (isMissing) await keepSecrets(workspace, [{ name: secret, value: makeSecret() }]);
    await workspace.registerHook({ queue, form }, {});
    return null;
  },

  async survey(_c, visit, workspace, field) {
    const made = field('secret') === '' ? makeSecret() : null;
    const withSecret = (name: string) => (name === 'secret' && made ? made : field(name));
    const { survey: present = {} } = parts.readPart(parts.readWorkspaceFile((await workspace.pull()).files), 'sources');
    // Who goes back to enter another token keeps what was said since.
    const kept = present.kind === field('kind') ? present : {};
    const { kind, own, named, secrets } = readVendor(field('kind'), withSecret, kept);
    const change = async (path: string[], value: unknown) =>
      await workspace.changeSettings(visit.workspace, { changes: [{ path, value }], base: null });
    // Nothing is asked of the tool before its secrets are there, whose lack would be reported as a refusal.
    await change(['sources', 'survey'], { ...kept, kind, ...own, ...named, paused: true });
    await keepSecrets(workspace, secrets).finally(() => change(['sources', 'survey', 'paused'], null));
    return { secret: made, ...(field('token') && { forms: await listForms(workspace, 'survey') }) };
  },

  async questions(_c, visit, workspace, field) {
    const { source, questions } = await workspace.setUp({});
    const under = (part: string, name: string) => ['sources', source?.name ?? '', part, name];
    const chosen = questions
      .map((question, index) => ({ ...question, at: `q${index}`, now: field(`q${index}`) }))
      .filter(views.isAskedAbout);
    const again = chosen.find(({ now }, index) => now !== '' && chosen.findIndex((each) => each.now === now) < index);
    if (again) web.refuseField(again.at, 'has the meaning of an earlier question; choose each meaning once');
    const former = chosen.flatMap(({ alias }) => alias ?? []);
    const changes = [
      ...former.map((alias) => ({ path: under('questions', alias), value: null })),
      ...chosen
        .filter(({ now }) => now !== '')
        .map(({ now, name }) => ({ path: under('questions', now), value: name })),
      ...Object.keys(views.askedAttributes).map((name) => ({
        path: under('respondent', name),
        value: field(`respondent.${name}`) || null,
      })),
    ];
    await workspace.changeSettings(visit.workspace, { changes, base: Number(field('base')) });
    return null;
  },

  async mail(_c, visit, workspace, field) {
    const { mail } = await workspace.setUp({});
    const { kind, own, named, secrets } = readVendor(mail.kind, field, mail);
    const entries = Object.entries({ kind, ...own, ...named });
    const changes = entries.map(([name, value]) => ({ path: ['mail', name], value }));
    await workspace.changeSettings(visit.workspace, { changes, base: null });
    await keepSecrets(workspace, secrets);
    await workspace.mailSignInLink(visit.person, {});
    return null;
  },

  async template(_c, visit, workspace, field) {
    await workspace.changeSettings(visit.workspace, { template: { name: field('name') }, base: null });
    return null;
  },
};

/** Takes one step of the set-up. A new secret is shown with the answer; other steps lead back to their page. */
export const takeSetUpStep: web.FormHandler = async (c, visit, workspace, field) => {
  const part = c.req.param('part') ?? '';
  const step = Object.hasOwn(steps, part) ? steps[part] : undefined;
  const shown = (await step?.(c, visit, workspace, field)) ?? null;
  const back = /^(settings|sources\/[a-z0-9-]+)$/.exec(field('back'))?.[0] ?? 'set-up';
  return shown ? show(shown, c, visit, workspace) : c.redirect(`/w/${visit.workspace}/${back}`, 303);
};

const makeSecret = () => `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24))))}`;
