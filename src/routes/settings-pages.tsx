import { readCsv } from '#domain/base/csv.ts';
import type { BacktestReport } from '#domain/reports/backtest.ts';
import { takenLists } from '#domain/reports/reported.ts';
import type { SettingsFile } from '#domain/templates/template.ts';
import { cut } from '#domain/text/safe-text.ts';
import library from '../library.json' with { type: 'json' };
import * as parts from '../settings-parts.ts';
import * as views from '../views/index.ts';
import * as web from './kit.ts';
import { listOffered, refuseSetting } from './workspace-file-pages.tsx';

export const showConnections: web.PageHandler = (c, visit, workspace) =>
  answerWithConnections(null, c, visit, workspace);

export const showTrackerSetUpCheck: web.PageHandler = async (c, visit, workspace) =>
  answerWithConnections(await workspace.check(), c, visit, workspace);

async function answerWithConnections(
  reports: views.TrackerSetUpReport[] | null,
  ...[c, visit, workspace]: Parameters<web.PageHandler>
) {
  const states = await workspace.trackerStates();
  const secrets = visit.may.includes('secrets') ? await workspace.secrets() : null;
  const sources = await workspace.sources();
  const health = visit.may.includes('health') ? await workspace.health() : null;
  return c.html(<views.ConnectionsPage {...{ visit, states, sources, health, reports, secrets }} />);
}

export const showVersions: web.PageHandler = async (c, visit, workspace) => {
  const versions = await workspace.versions(null);
  const current = visit.may.includes('validate') ? (await workspace.pull()).files : null;
  const doubts = current ? (await workspace.validate(current)).warnings : [];
  return c.html(<views.VersionsPage visit={visit} versions={versions} doubts={doubts} />);
};

export const showEvents: web.PageHandler = async (c, visit, workspace) => {
  const channels = await workspace.eventChannels();
  const chosen = c.req.query('channel') ?? channels[0]?.name ?? '';
  const read = (page: web.PageQuery) => workspace.eventAttempts(chosen, page);
  return web.answerList(c, visit, 'settings/events', read, (list) => (
    <views.EventsPage {...{ visit, list, channels, chosen }} />
  ));
};

export const showAuditLog: web.PageHandler = (c, visit, workspace) =>
  web.answerList(c, visit, 'settings/audit', workspace.audit, (list) => <views.AuditPage visit={visit} list={list} />);

const findLibraryTemplates = () => library.filter(({ kind }) => kind === 'case-template');

export const showTemplates: web.PageHandler = async (c, visit, workspace) => {
  const templates = await workspace.templates();
  const used = new Set(templates.map(({ name }) => name));
  const free = visit.may.includes('changeSettings') ? findLibraryTemplates().filter(({ name }) => !used.has(name)) : [];
  const titled = free.map(({ name, text }): [string, string] => [name, /^name: (.*)$/m.exec(text)?.[1] ?? name]);
  const places = free.length > 0 ? listPlaces(parts.readWorkspaceFile((await workspace.pull()).files)) : [];
  return c.html(<views.TemplateListPage visit={visit} templates={templates} library={titled} places={places} />);
};

/** Sources, trackers and teams among which a template must choose. */
const listPlaces = (file: parts.Values) =>
  ['source', 'tracker', 'team']
    .map((name) => ({ name, choices: Object.keys(parts.readPart(file, `${name}s`)) }))
    .filter(({ choices }) => choices.length > 1);

/** Uses a template of the library from now on. Its category joins those of the workspace. */
export const takeLibraryTemplate: web.FormHandler = async (c, visit, workspace, field) => {
  const name = field('template');
  const text = findLibraryTemplates().find((file) => file.name === name)?.text;
  if (text === undefined) throw new web.AppError('not-found', 'There is no such template in the library.');
  const { files, version } = await workspace.pull();
  const file = parts.readWorkspaceFile(files);
  const place = Object.fromEntries(listPlaces(file).map((each) => [each.name, field(each.name)]));
  const { categories = [] } = (parts.readPart(file, 'case-options')[''] ?? {}) as { categories?: string[] };
  const category = String(parts.readTemplateForm(text)?.values.category);
  const isNew = categories.length > 0 && !categories.includes(category);
  const changes = isNew ? [{ path: ['case-options', 'categories'], value: [...categories, category] }] : [];
  await workspace.changeSettings(visit.workspace, { changes, template: { name, text, place }, base: version });
  return c.redirect(`/w/${visit.workspace}/templates/${name}`, 303);
};

export const showTemplate: web.PageHandler = (c, visit, workspace) => show(null, c, visit, workspace);

/** A new template for what ticked responses share, in the editor. Nothing is saved until a person saves it. */
export const showDraft: web.PageHandler = async (c, visit, workspace) => {
  const { name, text, shared } = await workspace.draftTemplate((c.req.query('of') ?? '').split(','));
  return show({ name, text, shared, report: null, problem: null, base: 0 }, c, visit, workspace);
};

export const backtestTemplate: web.FormHandler = async (c, visit, workspace, field) => {
  const { text } = await readDraft(c, workspace, field);
  const request = { template: c.req.param('name') ?? '', text, against: null };
  const played = await web.attempt(workspace.backtest(request));
  if (!played.ok && played.code !== 'invalid-input') web.unwrap(played);
  const [report, problem] = played.ok ? [played.value.report, null] : [null, played.message];
  return show({ text, report, problem, base: Number(field('base')), why: field('why') }, c, visit, workspace);
};

async function readDraft(c: web.HonoContext, workspace: web.WorkspaceCalls, field: (name: string) => string) {
  // Browsers post lines that end in CR LF.
  const text = `${field('text').replaceAll('\r\n', '\n')}\n`;
  if (field('version') !== '') {
    const { files } = await workspace.settingsAt(Number(field('version')));
    const isIt = ({ kind, name }: SettingsFile) => kind === 'case-template' && name === c.req.param('name');
    return { text: files.find(isIt)?.text ?? '', isByFields: false };
  }
  const isByFields = field('shown') === parts.markText(text);
  return { text: isByFields ? parts.changeTemplateText(text, field) : text, isByFields };
}

/** Stores the text of a template as a new version, unless the settings changed since it was shown. */
export const saveTemplate: web.FormHandler = async (c, visit, workspace, field) => {
  const name = c.req.param('name') ?? '';
  const { text, isByFields } = await readDraft(c, workspace, field);
  const change = { template: { name, text }, base: Number(field('base')), why: cut(field('why'), views.longestReason) };
  const names = isByFields ? parts.templateFields.map((each) => each.name) : [];
  const saving = workspace.changeSettings(visit.workspace, change);
  const { version } = await saving.catch((error) => refuseSetting(names, error));
  return c.redirect(`/w/${visit.workspace}/templates/${name}?saved=${version}`, 303);
};

async function show(tried: Tried | null, ...[c, visit, workspace]: Parameters<web.PageHandler>): Promise<Response> {
  const name = tried?.name ?? c.req.param('name') ?? '';
  const typed = visit.problem?.fields.text;
  const draft = tried?.text ?? typed;
  const saved = (await workspace.templates()).find((templateJson) => templateJson.name === name);
  const template = saved ?? (draft ? describeDraft(name, draft) : null);
  if (!template) throw new web.AppError('not-found', 'There is no such template.');
  const { report, problem, why = '' } = tried ?? { report: null, problem: null };
  const text = draft ?? (await workspace.templateText(name));
  const versions = saved ? await workspace.versions(name) : [];
  // A refused save keeps the version that its text builds on.
  const base = Number(
    visit.problem?.fields.base ?? (tried?.base || null) ?? (await workspace.versions(null))[0]?.version,
  );
  const offered = visit.may.includes('pull') ? listOffered((await workspace.pull()).files) : null;
  return c.html(
    <views.TemplatePage
      {...{ visit, template, text, versions, base, why, report, problem, offered }}
      isNew={!saved}
      shared={tried?.shared}
    />,
    problem ? 422 : undefined,
  );
}

interface Tried {
  name?: string;
  text: string;
  shared?: number;
  report: BacktestReport | null;
  problem: string | null;
  base: number;
  why?: string;
}

/** A template that nobody has saved, as far as its text can be read. */
function describeDraft(name: string, text: string): views.TemplateJson {
  const { values = {} } = parts.readTemplateForm(text) ?? {};
  const say = (field: string) => String(values[field] ?? '');
  const [title, category, tracker, team] = [say('name') || name, say('category'), say('tracker'), say('team')];
  return { name, title, category, tracker, team, kind: 'tactical', state: 'draft', action: 'case', priority: 0 };
}

export const showHold: web.PageHandler = async (c, visit, workspace) =>
  c.html(<views.HoldPage visit={visit} hold={await workspace.hold()} />);

export const showImports: web.PageHandler = async (c, visit, workspace) =>
  c.html(<views.ImportsPage visit={visit} sources={await workspace.sources()} />);

type Take = (
  workspace: web.WorkspaceCalls,
  file: Uint8Array<ArrayBuffer>,
  form: ReadonlyMap<string, string | File>,
) => Promise<string | views.FileCheck>;

const uploading =
  (take: Take): web.PageHandler =>
  async (c, visit, workspace) => {
    const form = await web.readForm(c);
    const file = form.get('file');
    const sources = await workspace.sources();
    try {
      if (!(file instanceof File) || file.size === 0)
        throw new web.InvalidInputError('file: is missing', [{ field: 'file', message: 'choose a file first' }]);
      const taken = await take(workspace, new Uint8Array(await file.arrayBuffer()), form);
      if (typeof taken === 'string') return c.redirect(`/w/${visit.workspace}/${taken}`, 303);
      return c.html(<views.ImportsPage {...{ visit, sources }} check={taken} />);
    } catch (error) {
      if (!(error instanceof web.InvalidInputError)) throw error;
      return c.html(<views.ImportsPage {...{ visit, sources }} problems={error.problems} />, 422);
    }
  };

export const uploadCustomerList = uploading(
  async (workspace, file) => `customers?listed=${(await workspace.putCustomers(file, {})).customers}`,
);

export const uploadReported = uploading(async (workspace, file, form) => {
  const list = takenLists.find((name) => name === form.get('list')) ?? 'surveys';
  return `settings/imports?taken=${(await workspace.takeReported(list, { rows: readCsv(file) })).taken}`;
});

export const checkUploadedFile = uploading((workspace, body, form) =>
  workspace.checkFile(String(form.get('source')), { body, contentType: 'text/csv' }),
);
