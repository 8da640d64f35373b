import type { SettingsVersionJson, TemplateJson } from '#domain/json/settings-json.ts';
import type { BacktestReport } from '#domain/reports/backtest.ts';
import { buildBacktestSections } from '#domain/reports/backtest-text.ts';
import { furtherAttributes } from './attribute-views.tsx';
import { readable } from './case-display.ts';
import { choice, Form, line, optionalLine } from './forms.tsx';
import { WorkspacePage } from './layout.tsx';
import { Lines, Pill, Section } from './parts.tsx';
import { Versions } from './settings-page.tsx';
import { type Offered, ReasonField, TemplateForm } from './template-form.tsx';
import type { Visit } from './visit.ts';

const templateStateTones = { on: 'good', draft: 'warn', off: 'quiet' } as const;

interface TemplateListPageProps {
  visit: Visit;
  templates: TemplateJson[];
  /** Templates of the starter library that the workspace does not use. */
  library: [name: string, title: string][];
  /** Sources, trackers and teams, where there are several. */
  places: { name: string; choices: string[] }[];
}

/** All case templates, in the order of evaluation. */
export const TemplateListPage = ({ visit, templates, library, places }: TemplateListPageProps) => (
  <WorkspacePage visit={visit} title="Templates" tab="Templates" heading="Case templates">
    <p class="muted">
      In the order of evaluation. Several may match. Admins change them on their pages, or push them as files.
    </p>
    <ul class="card stack parts">
      {templates.map((template) => (
        <li class="stack tight">
          <a href={`/w/${visit.workspace}/templates/${template.name}`}>{template.title}</a>
          <div class="row">
            <Pill tone={templateStateTones[template.state]}>{template.state}</Pill>
            <Pill tone="quiet">{template.action === 'case' ? template.kind : template.action}</Pill>
            {template.priority !== 0 && <Pill tone="quiet">priority {template.priority}</Pill>}
            <span class="muted">
              {template.category}, team {template.team},{' '}
              <a href={`/w/${visit.workspace}/cases?show=all&template=${template.name}`}>its cases</a>, tracker{' '}
              {template.tracker}
            </span>
          </div>
        </li>
      ))}
    </ul>
    {library.length > 0 && (
      <Section id="library" title="Add one of the library">
        <Form
          id="library-form"
          action={`/w/${visit.workspace}/templates`}
          fields={[
            choice('template', 'Template', library, null),
            ...places.map(({ name, choices }) =>
              choice(
                name,
                readable(name),
                choices.map((each): [string, string] => [each, each]),
                null,
              ),
            ),
          ]}
          button="Use it"
        />
      </Section>
    )}
  </WorkspacePage>
);

interface TemplatePageProps {
  visit: Visit;
  template: TemplateJson;
  text: string;
  versions: SettingsVersionJson[];
  /** Version of the settings that is shown, on which a save builds. */
  base: number;
  report: BacktestReport | null;
  /** Why the draft could not be tried; null without a problem. */
  problem: string | null;
  /** Values that the settings offer; null for people who do not see the settings. */
  offered: Offered | null;
  foundNone: boolean;
  /** Whether nobody has saved it yet. */
  isNew: boolean;
  /** Number of sentences that hold for the responses that it was drafted from; undefined for others. */
  shared?: number | undefined;
}

/** One case template: content, versions, effect of a draft, and a form to open a case by hand. */
export function TemplatePage({
  visit,
  template,
  text,
  versions,
  base,
  report,
  problem,
  offered,
  foundNone,
  isNew,
  shared,
}: TemplatePageProps) {
  const home = `/w/${visit.workspace}/templates`;
  return (
    <WorkspacePage visit={visit} title={template.title} tab="Templates">
      <p class="row">
        <Pill tone={templateStateTones[template.state]}>{template.state}</Pill>
        <Pill tone="quiet">{template.action === 'case' ? template.kind : template.action}</Pill>
        <span class="muted">
          {template.category}, team {template.team}
        </span>
      </p>
      {problem && (
        <div class="notice warn" role="alert">
          <strong>The draft has problems.</strong>
          <Lines lines={problem.split('\n')} />
        </div>
      )}
      {isNew && (
        <p class="notice" role="status">
          {shared === 0
            ? 'The ticked responses have no low score, option, yes or no in common, so it would take every response: write sentences. '
            : 'Its sentences hold for every ticked response. '}
          Nothing is saved yet. Saved as a draft it opens nothing until its state is on.
        </p>
      )}
      {report && <Report visit={visit} report={report} />}
      {offered && (
        <Section id="change" title="Change it">
          <p class="muted">
            Trying it shows what it would have opened for the newest stored responses, and stores, opens and sends
            nothing.
          </p>
          <TemplateForm name={template.name} {...{ visit, text, base, offered, isNew }} />
        </Section>
      )}
      <Section id="try" title="The same as text">
        <form class="stack" method="post" action={`${home}/${template.name}/backtest`}>
          <label for="text">The template’s file</label>
          <textarea id="text" class="code" name="text" rows={18} spellcheck={false} required>
            {text}
          </textarea>
          <input type="hidden" name="base" value={String(base)} />
          {visit.may.includes('backtest') ? (
            <button type="submit">Run the backtest</button>
          ) : (
            <p class="muted">Case managers can run it.</p>
          )}
          {visit.may.includes('changeSettings') && (
            <>
              <ReasonField id="text-why" />
              <button class="plain" type="submit" formaction={`${home}/${template.name}/save`}>
                Save as a new version
              </button>
            </>
          )}
        </form>
      </Section>
      {template.action !== 'notice' && template.state === 'on' && visit.may.includes('holdStoredMatches') && (
        <Section id="stored" title="Apply it to stored responses">
          {foundNone && (
            <p class="notice" role="status">
              No stored response of that time matches without having a case.
            </p>
          )}
          <p class="muted">
            A template takes responses that arrive after it. This looks for earlier ones, and says how many cases they
            would open before any opens.
          </p>
          <Form
            action={`${home}/${template.name}/stored-matches`}
            fields={[line('days', 'Days back', 3, { type: 'number', value: '30', more: { min: 1, max: 366 } })]}
            button="Look for matches"
          />
        </Section>
      )}
      {!isNew && template.action !== 'notice' && template.state !== 'off' && visit.may.includes('openByHand') && (
        <ByHand visit={visit} template={template} />
      )}
      {!isNew && (
        <Section id="versions" title="Versions">
          <Versions
            visit={visit}
            versions={versions}
            describe={({ lines }) => lines}
            after={(version) =>
              visit.may.includes('changeSettings') &&
              version !== versions[0]?.version && (
                <Form
                  id={`back-to-${version}`}
                  action={`${home}/${template.name}/save`}
                  hidden={{ version: String(version), base: String(base), why: `As in version ${version}` }}
                  button={`Go back to version ${version}`}
                  plain
                />
              )
            }
          />
        </Section>
      )}
    </WorkspacePage>
  );
}

const Report = ({ visit, report }: { visit: Visit; report: BacktestReport }) => (
  <Section id="report" title="Result">
    {buildBacktestSections(report, visit.timeZone).map(({ title, lines }) => (
      <section class="stack tight">
        <h3>{title}</h3>
        <Lines lines={lines.map((line) => linkResponseIds(visit, line))} />
      </section>
    ))}
  </Section>
);

const linkResponseIds = (visit: Visit, line: string) =>
  line
    .split(/\b(r_[0-9a-f]{16,})\b/)
    .map((part, index) => (index % 2 === 1 ? <a href={`/w/${visit.workspace}/responses/${part}`}>{part}</a> : part));

function ByHand({ visit, template }: { visit: Visit; template: TemplateJson }) {
  const fields = [
    optionalLine('key', 'Customer id (leave empty to skip the survey)', 300),
    optionalLine('email', 'E-mail', 300, { type: 'email' }),
    optionalLine('name', 'Name', 300),
    optionalLine('tier', 'Tier', 300),
    ...furtherAttributes(visit).map(([name, { title, type, values }]) => {
      const options = values && ['', ...values].map((value): [string, string] => [value, value]);
      return optionalLine(`attributes.${name}`, title, 300, {
        ...(type === 'date' && { type }),
        ...(options && { options }),
      });
    }),
  ];
  return (
    <Section id="by-hand" title={`Open a ${template.action} by hand`}>
      <Form
        id="by-hand"
        action={`/w/${visit.workspace}/templates/${template.name}/cases`}
        fields={[line('reason', 'Why', 300), ...(template.kind === 'tactical' ? fields : [])]}
        button="Open it"
      >
        {template.kind === 'tactical' && visit.access === 'member' && (
          <p class="muted">Mail goes to the address that you enter once a case manager has accepted it.</p>
        )}
      </Form>
    </Section>
  );
}
