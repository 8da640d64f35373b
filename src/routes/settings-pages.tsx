import type { Context } from 'hono';
import { readCsv } from '#domain/base/csv.ts';
import { AppError, InvalidInputError } from '#domain/base/errors.ts';
import type { TrackerSetUpReport } from '#domain/integrations/tracker-state.ts';
import type { BacktestReport } from '#domain/reports/backtest.ts';
import { typed } from '#domain/settings/attributes.ts';
import { furtherAttributes } from '../views/attribute-views.tsx';
import { AuditPage } from '../views/audit-page.tsx';
import { ConnectionsPage } from '../views/connections-page.tsx';
import { HoldPage } from '../views/hold-page.tsx';
import { ImportsPage, VersionsPage } from '../views/settings-page.tsx';
import { TemplateListPage, TemplatePage } from '../views/template-page.tsx';
import type { Visit } from '../views/visit.ts';
import { answerCsv, caseForm, type FormHandler, type PageHandler } from './page.tsx';
import { readForm } from './read-body.ts';
import { type HonoEnvironment, unwrap, type WorkspaceCalls } from './workspace-access.ts';

export const showConnections: PageHandler = (c, visit, workspace) => answerWithConnections(c, visit, workspace, null);

export const showTrackerSetUpCheck: PageHandler = async (c, visit, workspace) =>
  answerWithConnections(c, visit, workspace, unwrap(await workspace.check()));

async function answerWithConnections(
  c: Context<HonoEnvironment>,
  visit: Visit,
  workspace: WorkspaceCalls,
  reports: TrackerSetUpReport[] | null,
) {
  const states = unwrap(await workspace.trackerStates());
  const secrets = visit.may.includes('secrets') ? unwrap(await workspace.secrets()) : null;
  const sources = unwrap(await workspace.sources());
  const health = visit.may.includes('health') ? unwrap(await workspace.health()) : null;
  return c.html(<ConnectionsPage {...{ visit, states, sources, health, reports, secrets }} />);
}

export const enterSecret: FormHandler = async (c, visit, workspace, field) => {
  const value = field('remove') === 'yes' ? null : field('value');
  unwrap(await workspace.enterSecret({ name: field('name'), value }));
  return c.redirect(`/w/${visit.workspace}/settings#secrets`, 303);
};

export const showVersions: PageHandler = async (c, visit, workspace) => {
  const versions = unwrap(await workspace.versions(null));
  const current = visit.may.includes('validate') ? unwrap(await workspace.pull()).files : null;
  const doubts = current ? unwrap(await workspace.validate(current)).warnings : [];
  return c.html(<VersionsPage visit={visit} versions={versions} doubts={doubts} />);
};

const auditLinesPerPage = 100;

export const showAuditLog: PageHandler = async (c, visit, workspace) => {
  const read = async (cursor: string | null, limit: number) => unwrap(await workspace.audit({ cursor, limit }));
  const csv = await answerCsv(c, 'audit-log', read);
  if (csv) return csv;
  const log = await read(c.req.query('before') || null, auditLinesPerPage);
  return c.html(<AuditPage visit={visit} log={log} />);
};

export const showImports: PageHandler = async (c, visit, workspace) =>
  c.html(<ImportsPage visit={visit} sources={unwrap(await workspace.sources())} problems={[]} />);

export const uploadCustomerList: PageHandler = async (c, visit, workspace) => {
  const file = (await readForm(c)).get('file');
  try {
    if (!(file instanceof File) || file.size === 0)
      throw new InvalidInputError('file: is missing', [{ field: 'file', message: 'choose a file first' }]);
    const rows = readCsv(new Uint8Array(await file.arrayBuffer()));
    const { customers } = unwrap(await workspace.putCustomers(rows));
    return c.redirect(`/w/${visit.workspace}/customers?listed=${customers}`, 303);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const sources = unwrap(await workspace.sources());
    return c.html(<ImportsPage visit={visit} sources={sources} problems={error.problems} />, 422);
  }
};

export const checkUploadedFile: PageHandler = async (c, visit, workspace) => {
  const form = await readForm(c);
  const [file, source] = [form.get('file'), form.get('source')];
  const sources = unwrap(await workspace.sources());
  if (!(file instanceof File) || file.size === 0 || typeof source !== 'string') {
    const problems = [{ field: 'file', message: 'choose a file first' }];
    return c.html(<ImportsPage visit={visit} sources={sources} problems={problems} />, 422);
  }
  const body = new Uint8Array(await file.arrayBuffer());
  const check = unwrap(await workspace.checkFile(source, { body, contentType: 'text/csv' }));
  return c.html(<ImportsPage visit={visit} sources={sources} problems={[]} check={check} />);
};

export const showTemplates: PageHandler = async (c, visit, workspace) =>
  c.html(<TemplateListPage visit={visit} templates={unwrap(await workspace.templates())} />);

export const showTemplate: PageHandler = (c, visit, workspace) => show(c, visit, workspace);

export const backtestTemplate: FormHandler = async (c, visit, workspace, field) => {
  const text = field('text');
  const request = { template: c.req.param('name') ?? '', text, against: null };
  const played = await workspace.backtest(request);
  if (!played.ok && played.code !== 'invalid-input') unwrap(played);
  return show(c, visit, workspace, {
    text,
    report: played.ok ? played.value.report : null,
    problem: played.ok ? null : played.message,
  });
};

/** Stores the text of a template as a new version, unless the settings changed since it was shown. */
export const saveTemplate: FormHandler = async (c, visit, workspace, field) => {
  const name = c.req.param('name') ?? '';
  // Browsers post lines that end in CR LF.
  const text = `${field('text').replaceAll('\r\n', '\n')}\n`;
  unwrap(await workspace.changeSettings(visit.workspace, { template: { name, text }, base: Number(field('base')) }));
  return c.redirect(`/w/${visit.workspace}/templates/${name}#versions`, 303);
};

export const decideHeldMatches: FormHandler = async (c, visit, workspace, field) => {
  const decision = field('decision') === 'drop' ? 'drop' : 'open';
  unwrap(await workspace.decideHeld(c.req.param('name') ?? '', { decision }));
  return c.redirect(`/w/${visit.workspace}`, 303);
};

export const holdStoredMatches: FormHandler = async (c, visit, workspace, field) => {
  const name = c.req.param('name') ?? '';
  const { held } = unwrap(await workspace.holdStoredMatches(name, { days: Number(field('days')) }));
  return c.redirect(held > 0 ? `/w/${visit.workspace}` : `/w/${visit.workspace}/templates/${name}?none=1`, 303);
};

export const openCaseByHand = caseForm((workspace, _, field, c, visit) => {
  const [key = null, email = null, name = null, tier = null] = ['key', 'email', 'name', 'tier'].map(
    (value) => field(value) || null,
  );
  const attributes = furtherAttributes(visit).flatMap(([attributeName, attribute]) => {
    const text = field(`attributes.${attributeName}`);
    return text ? [[attributeName, typed(attribute, text)]] : [];
  });
  const customer = key && {
    key,
    email,
    name,
    tier: tier?.toLowerCase() ?? null,
    revenue: null,
    attributes: Object.fromEntries(attributes),
  };
  return workspace.openByHand({
    template: c.req.param('name') ?? '',
    customer: customer || null,
    reason: field('reason'),
  });
});

async function show(
  c: Context<HonoEnvironment>,
  visit: Visit,
  workspace: WorkspaceCalls,
  tried: { text: string; report: BacktestReport | null; problem: string | null } | null = null,
): Promise<Response> {
  const name = c.req.param('name') ?? '';
  const template = unwrap(await workspace.templates()).find((templateJson) => templateJson.name === name);
  if (!template) throw new AppError('not-found', 'There is no such template.');
  const { report, problem } = tried ?? { report: null, problem: null };
  const text = tried?.text ?? visit.problem?.fields.text ?? unwrap(await workspace.templateText(name));
  const versions = unwrap(await workspace.versions(name));
  // A refused save keeps the version that its text builds on.
  const base = Number(visit.problem?.fields.base ?? unwrap(await workspace.versions(null))[0]?.version);
  const foundNone = c.req.query('none') !== undefined;
  return c.html(
    <TemplatePage {...{ visit, template, text, versions, base, report, problem, foundNone }} />,
    problem ? 422 : undefined,
  );
}

export const showHold: PageHandler = async (c, visit, workspace) =>
  c.html(<HoldPage visit={visit} hold={unwrap(await workspace.hold())} />);

export const releaseHold: FormHandler = async (c, visit, workspace) => {
  unwrap(await workspace.releaseHold(visit.person));
  return c.redirect(`/w/${visit.workspace}/hold`, 303);
};
