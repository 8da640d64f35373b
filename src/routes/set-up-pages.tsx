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
  given: 'Secret that the tool gives; leave it empty until you have it',
  token: 'API token, with which Caselite adds the webhook and finds missed responses; or leave it empty',
};

function toChoice(
  definition: { kind: string; title: string; settings: z.ZodType },
  without: string[],
  { labels = {}, more = [] }: { labels?: Record<string, string>; more?: views.FormField[] } = {},
): views.VendorChoice {
  const fields = listVendorFields(definition, wanted).filter(({ name }) => !without.includes(name));
  const toField = ({ name, label, isSecret, isRequired }: (typeof fields)[number]) =>
    isSecret
      ? views.optionalSecret(name, labels[name] ?? `${capitalize(name)} of ${definition.title}`)
      : views.line(name, label, 200, { isOptional: !isRequired });
  const isNested = fields.some((field) => field.isNested);
  return { ...definition, fields: [...fields.map(toField), ...more], isNested };
}

const appFields = [
  views.optionalLine('app', 'Of an App: its App ID; its private key in PKCS#8 then stands above', 20),
  views.optionalLine('installation', 'Of an App: its installation, as in /settings/installations/ID', 20),
];

function readApp(field: (name: string) => string) {
  const [id, installation] = ['app', 'installation'].map((name) => (field(name) === '' ? null : Number(field(name))));
  if (id === null && installation === null) return undefined;
  if (!Number.isInteger(id) || !id) web.refuseField('app', 'is no number, as the page of the App shows it');
  if (!Number.isInteger(installation) || !installation)
    web.refuseField('installation', 'is no number, as the address of the installation ends with it');
  return { id, installation };
}

const listVendors = lazy(() => ({
  trackers: web.registry.trackers.flatMap((tracker) => {
    const { setting, takesApp } = tracker.places ?? {};
    return setting ? toChoice(tracker, [setting], takesApp ? { more: appFields } : {}) : [];
  }),
  tools: listSurveyTools().map((tool) => {
    const isReadByToken = listVendorFields(tool, []).some(({ name }) => name === 'token');
    const token = 'API token, with which Caselite reads the answers, because deliveries hold none';
    const secret = tool.givesSecret ? toolLabels.given : toolLabels.secret;
    const labels = { secret, token: isReadByToken ? token : toolLabels.token };
    return toChoice(tool, tool.api?.hooksNeed || isReadByToken ? [] : ['token'], { labels });
  }),
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
      const opened = report.opened === 1 ? 'one case' : `${report.opened} cases`;
      return { name, title: views.readable(report.name), opened };
    }),
  );
  const mail = listVendors().mails.find(({ kind }) => kind === setUp.mail.kind);
  const { ok: mayBegin } = await web.directoryOf(c.env).demandAdmin(nameInDeployment(visit));
  return c.html(
    <views.SetUpPage {...{ visit, setUp, ...listVendors(), mail, ...shown, candidates, usualQuestions, mayBegin }} />,
  );
}

export const showSetUp: web.PageHandler = (c, visit, workspace) => show({}, c, visit, workspace);

interface Posted {
  c: web.HonoContext;
  visit: views.Visit;
  workspace: web.WorkspaceCalls;
  field(name: string): string;
  change(changes: ReturnType<typeof set>[], base?: number): Promise<unknown>;
  readFile(): Promise<parts.Values>;
  keep(secrets: { name: string; value: string }[]): Promise<void>;
}

const set = (value: unknown, ...path: string[]) => ({ path, value });

/** A vendor's settings from its form: its own, and the names of its secrets, which `present` settings may give. */
function readVendor(kind: string, field: Posted['field'], present: Record<string, unknown> = {}) {
  const { trackers, surveys, mails } = web.registry;
  const definition = [...trackers, ...surveys, ...mails].find((known) => known.kind === kind);
  if (!definition) throw new web.AppError('not-found', 'There is no such tool to choose.');
  const own: Record<string, string> = {};
  const named: Record<string, string> = {};
  const secrets: { name: string; value: string }[] = [];
  for (const { name, isSecret, isRequired } of listVendorFields(definition, wanted)) {
    const value = field(name);
    if (isSecret && (value !== '' || isRequired))
      named[name] = String(present[name] ?? web.buildSecretName(kind, name));
    if (isSecret && value !== '') secrets.push({ name: named[name] ?? '', value });
    if (!isSecret && value !== '') own[name] = value;
  }
  return { kind, own, named, secrets };
}

/** What each form of the set-up does, by the end of its address. */
const steps: Record<string, (posted: Posted) => Promise<Shown | undefined>> = {
  async tracker({ workspace, field }) {
    const { kind, own } = readVendor(field('kind'), field);
    const app = readApp(field);
    const connection = { kind, token: field('token'), site: own.site ?? '', email: own.email ?? '', app };
    const numbers = app && { app: String(app.id), installation: String(app.installation) };
    return { places: { ...(await workspace.connectTracker(connection)), hidden: { kind, ...own, ...numbers } } };
  },

  async place({ visit, workspace, field, change }) {
    const { kind, own } = readVendor(field('kind'), field);
    const setting = web.registry.trackers.find((tracker) => tracker.kind === kind)?.places?.setting ?? '';
    const app = readApp(field);
    const credentials = app
      ? { app: { ...app, key: web.buildSecretName(kind, 'app key') } }
      : { token: web.buildSecretName(kind, 'token') };
    const tracker = { kind, ...own, [setting]: field('place'), ...credentials };
    const account = field('account');
    await change([set(tracker, 'trackers', 'cases'), ...(account ? [set(account, 'people', visit.person, kind)] : [])]);
    return { reports: await workspace.check() };
  },

  async 'test-issue'({ workspace, field }) {
    await workspace.makeTestIssue(field('tracker'), {});
  },

  /** A tracker gets a secret for its webhook, and a source the chosen form, unless the settings have them. */
  async hook({ workspace, field, change, readFile, keep }) {
    const [queue, form] = [field('queue'), field('form')];
    const source = sourceOfQueue(queue);
    const [part, entry] = source === null ? ['trackers', queue] : ['sources', source];
    const { [entry]: settings } = parts.readPart(await readFile(), part);
    if (!settings) web.refuseField('queue', `is not in the workspace file: ${entry}`);
    if (source === null) {
      const present = settings['webhook-secret'];
      const secret = String(present ?? web.buildSecretName(String(settings.kind), 'webhook secret'));
      if (!present) await change([set(secret, part, entry, 'webhook-secret')]);
      const isMissing = (await workspace.secrets()).some(({ name, state }) => name === secret && state === 'missing');
      if (isMissing) await keep([{ name: secret, value: makeSecret() }]);
    } else {
      const forms = [settings.forms ?? []].flat().map(String);
      if (!forms.includes(form)) await change([set([...forms, form], part, entry, 'forms')]);
    }
    await workspace.registerHook({ queue, form }, {});
  },

  async survey({ workspace, field, change, readFile, keep }) {
    const { survey: present = {} } = parts.readPart(await readFile(), 'sources');
    // Who goes back to enter another token keeps what was said since.
    const kept = present.kind === field('kind') ? present : {};
    const isKept = (await workspace.secrets()).some(({ name, state }) => name === kept.secret && state !== 'missing');
    const isGiven = listSurveyTools().some(({ kind, givesSecret }) => kind === field('kind') && givesSecret);
    const made = field('secret') === '' && !isKept && !isGiven ? makeSecret() : null;
    const fieldOrMade = (name: string) => (name === 'secret' && made ? made : field(name));
    const { kind, own, named, secrets } = readVendor(field('kind'), fieldOrMade, kept);
    // Nothing is asked of the tool before its secrets are there, whose lack would be reported as a refusal.
    await change([set({ ...kept, kind, ...own, ...named, paused: true }, 'sources', 'survey')]);
    await keep(secrets).finally(() => change([set(null, 'sources', 'survey', 'paused')]));
    if (!field('token')) return { secret: made };
    const listed = await web.attempt(workspace.listForms('survey'));
    return { secret: made, forms: listed.ok ? { items: listed.value, why: null } : { items: [], why: listed.message } };
  },

  async questions({ c, workspace, field, change }) {
    const { source, questions } = await workspace.setUp({});
    const name = source?.name ?? '';
    const chosen = [...(await web.readForm(c)).keys()]
      .filter((at) => at.startsWith('question.'))
      .map((at) => ({ at, question: at.slice('question.'.length), alias: field(at) }));
    const given = chosen.filter(({ alias }) => alias !== '');
    const again = given.find(({ alias }, index) => given.findIndex((each) => each.alias === alias) < index);
    if (again) web.refuseField(again.at, 'has the meaning of an earlier question; choose each meaning once');
    const former = questions.flatMap((known) =>
      chosen.some(({ question }) => question === known.name) ? (known.alias ?? []) : [],
    );
    const changes = [
      ...former.map((alias) => set(null, 'sources', name, 'questions', alias)),
      ...given.map(({ alias, question }) => set(question, 'sources', name, 'questions', alias)),
      ...Object.keys(views.askedAttributes).map((attribute) =>
        set(field(`respondent.${attribute}`) || null, 'sources', name, 'respondent', attribute),
      ),
    ];
    await change(changes, Number(field('base')));
  },

  async mail({ visit, workspace, field, change, keep }) {
    const { mail } = await workspace.setUp({});
    const { kind, own, named, secrets } = readVendor(mail.kind, field, mail);
    await change(Object.entries({ kind, ...own, ...named }).map(([name, value]) => set(value, 'mail', name)));
    await keep(secrets);
    await workspace.mailSignInLink(visit.person, {});
  },

  async template({ visit, workspace, field }) {
    await workspace.changeSettings(visit.workspace, { template: { name: field('name') }, base: null });
  },
};

/** Takes one step of the set-up. A new secret is shown with the answer; other steps lead back to their page. */
export const takeSetUpStep: web.FormHandler = async (c, visit, workspace, field) => {
  const part = c.req.param('part') ?? '';
  const posted: Posted = {
    ...{ c, visit, workspace, field },
    change: (changes, base) => workspace.changeSettings(visit.workspace, { changes, base: base ?? null }),
    readFile: async () => parts.readWorkspaceFile((await workspace.pull()).files),
    async keep(secrets) {
      for (const secret of secrets) await workspace.enterSecret(secret);
    },
  };
  const shown = Object.hasOwn(steps, part) && (await steps[part]?.(posted));
  const back = /^(settings|sources\/[a-z0-9-]+)$/.exec(field('back'))?.[0] ?? 'set-up';
  return shown ? show(shown, c, visit, workspace) : c.redirect(`/w/${visit.workspace}/${back}`, 303);
};

const makeSecret = () => `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24))))}`;
