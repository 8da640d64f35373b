import type { BacktestReport } from '#domain/reports/backtest.ts';
import { buildBacktestSections } from '#domain/reports/backtest-text.ts';
import * as ui from './kit.ts';
import { Versions } from './settings-page.tsx';
import { TemplateForm } from './template-form.tsx';

const templateStateTones = { on: 'good', draft: 'warn', off: 'quiet' } as const;

interface TemplateListPageProps {
  visit: ui.Visit;
  templates: ui.TemplateJson[];
  library: [name: string, title: string][];
  /** Sources, trackers and teams, where there are several. */
  places: { name: string; choices: string[] }[];
}

/** All case templates, in the order of evaluation. */
export const TemplateListPage = ({ visit, templates, library, places }: TemplateListPageProps) => (
  <ui.WorkspacePage visit={visit} title="Templates" tab="Templates" heading="Case templates">
    <p class="muted">
      In the order of evaluation. Several may match. Admins change them on their pages, or push them as files.
    </p>
    <ui.Rows
      items={templates}
      row={(template) => (
        <li class="stack tight">
          <ui.Link to={`templates/${template.name}`}>{template.title}</ui.Link>
          <TemplateState template={template}>
            {template.priority !== 0 && <ui.Pill tone="quiet">priority {template.priority}</ui.Pill>}
            <span class="muted">
              <ui.Link to={`cases?show=all&template=${template.name}`}>its cases</ui.Link>, tracker {template.tracker}
            </span>
          </TemplateState>
        </li>
      )}
      empty="No templates yet."
    />
    {library.length > 0 && (
      <ui.Section id="library" title="Add one of the library">
        <ui.Form
          id="library-form"
          action="templates"
          fields={[
            ui.choice('template', 'Template', library, null),
            ...places.map(({ name, choices }) => ui.choice(name, ui.readable(name), ui.named(choices), null)),
          ]}
          button="Use it"
        />
      </ui.Section>
    )}
  </ui.WorkspacePage>
);

const TemplateState = ({ template, children }: { template: ui.TemplateJson; children?: ui.Child }) => (
  <div class="row">
    <ui.Pill tone={templateStateTones[template.state]}>{template.state}</ui.Pill>
    <ui.Pill tone="quiet">{template.action === 'case' ? template.kind : template.action}</ui.Pill>
    <span class="muted">
      {template.category}, team {ui.readable(template.team)}
    </span>
    {children}
  </div>
);

interface TemplatePageProps extends Omit<Parameters<typeof TemplateForm>[0], 'name'> {
  visit: ui.Visit;
  template: ui.TemplateJson;
  versions: ui.SettingsVersionJson[];
  report: BacktestReport | null;
  /** Why the draft could not be tried; null without a problem. */
  problem: string | null;
  /** Whether nobody has saved it yet. */
  isNew: boolean;
  /** Number of sentences that hold for the responses that it was drafted from; undefined for others. */
  shared?: number | undefined;
}

/** One case template: content, versions, effect of a draft, and a form to open a case by hand. */
export function TemplatePage(props: TemplatePageProps) {
  const { visit, template, text, versions, base, why, report, problem, offered, isNew, shared } = props;
  const { name, title, action, state } = template;
  const mayOpen = !isNew && state !== 'off' && visit.may.includes('openByHand');
  return (
    <ui.WorkspacePage visit={visit} title={title} tab="Templates">
      <TemplateState template={template} />
      {problem && (
        <ui.Notice tone="bad">
          <strong>The draft has problems.</strong>
          <ui.Lines lines={problem.split('\n')} />
        </ui.Notice>
      )}
      {isNew && (
        <ui.Notice isNews>
          {shared === 0
            ? 'The ticked responses have no low score, option, yes or no in common, so it would take every response: write sentences. '
            : 'Its sentences hold for every ticked response. '}
          Nothing is saved yet. Saved as a draft it opens nothing until its state is on.
        </ui.Notice>
      )}
      {report && <Report report={report} />}
      <ui.Section id="change" title="Change it">
        <p class="muted">
          Trying it shows what it would have opened for the newest stored responses, and stores, opens and sends
          nothing.
        </p>
        <TemplateForm {...{ name, text, base, why, offered }} />
      </ui.Section>
      {action !== 'notice' && state === 'on' && visit.may.includes('holdStoredMatches') && (
        <ui.Section id="stored" title="Apply it to stored responses">
          <p class="muted">
            A template takes responses that arrive after it. This looks for earlier ones, and says how many cases they
            would open before any opens.
          </p>
          <ui.Form
            action={`templates/${name}/stored-matches`}
            fields={[ui.line('days', 'Days back', 3, { type: 'number', value: '30', more: { min: 1, max: 366 } })]}
            button="Look for matches"
          />
        </ui.Section>
      )}
      {mayOpen && action !== 'notice' && <ByHand template={template} />}
      {!isNew && (
        <ui.Section id="versions" title="Versions">
          <Versions {...{ versions, base }} action={`templates/${name}/save`} describe={({ lines }) => lines} />
        </ui.Section>
      )}
    </ui.WorkspacePage>
  );
}

function Report({ report }: { report: BacktestReport }) {
  const visit = ui.useVisit();
  const perPerson = report.perPerson.map((each) => ({ ...each, person: ui.nameOf(visit, each.person) }));
  return (
    <ui.Section id="report" title="Result">
      {buildBacktestSections({ ...report, perPerson }, visit.timeZone).map(({ title, lines }) => (
        <section class="stack tight">
          <h3>{title}</h3>
          <ui.Lines lines={lines.map(linkResponseIds)} />
        </section>
      ))}
    </ui.Section>
  );
}

const linkResponseIds = (line: string) =>
  line
    .split(/\b(r_[0-9a-f]{16,})\b/)
    .map((part, index) =>
      index % 2 === 1 ? <ui.Link to={`responses/${part}`}>response {part.slice(2, 6)}</ui.Link> : part,
    );

function ByHand({ template: { name, action, kind } }: { template: ui.TemplateJson }) {
  const visit = ui.useVisit();
  const isTactical = kind === 'tactical';
  const attributes = ui.furtherAttributes(visit).map(([attribute, { title, type, values }]) =>
    ui.optionalLine(`attributes.${attribute}`, title, 300, {
      ...(type === 'date' && { type }),
      ...(values && { options: ui.named(['', ...values]) }),
    }),
  );
  const fields = [
    ui.optionalLine('key', 'Customer id (leave empty to skip the survey)', 300),
    ui.optionalLine('email', 'E-mail', 300, { type: 'email' }),
    ui.optionalLine('name', 'Name', 300),
    ui.optionalLine('tier', 'Tier', 300),
    ...attributes,
  ];
  return (
    <ui.Section id="by-hand" title={`Open a ${action} by hand`}>
      <ui.Form
        id="by-hand"
        action={`templates/${name}/cases`}
        hidden={{ once: `page ${visit.person} ${visit.now}` }}
        fields={[ui.line('reason', 'Why', 300), ...(isTactical ? fields : [])]}
        button="Open it"
        hint={
          isTactical &&
          visit.access === 'member' &&
          'Mail goes to the address that you enter once a case manager has accepted it.'
        }
      />
    </ui.Section>
  );
}
