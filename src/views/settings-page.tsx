import type { Child } from 'hono/jsx';
import type { Problem } from '#domain/base/errors.ts';
import type * as json from '#domain/json/index.ts';
import { reportedLists } from '#domain/reports/reported.ts';
import * as ui from './kit.ts';

interface VersionsPageProps {
  visit: ui.Visit;
  versions: json.SettingsVersionJson[];
  /** What may not work as meant in the settings that hold. */
  doubts: string[];
}

/** Versions of the settings, newest first, under what to look at in the present one. */
export const VersionsPage = ({ visit, versions, doubts }: VersionsPageProps) => (
  <ui.WorkspacePage visit={visit} title="Versions of the settings" tab="Versions">
    {doubts.length > 0 && (
      <ui.Section id="doubts" title="May not work as meant">
        <ui.Lines lines={doubts} />
      </ui.Section>
    )}
    <div class="card">
      <Versions
        visit={visit}
        versions={versions}
        describe={({ kind, name }) => [`${kind.replaceAll('-', ' ')} ${name}`]}
      />
    </div>
  </ui.WorkspacePage>
);

interface VersionsProps {
  visit: ui.Visit;
  versions: json.SettingsVersionJson[];
  describe: (change: json.SettingsVersionJson['changes'][number]) => string[];
  /** What stands below each version. */
  after?: (version: number) => Child;
}

export const Versions = ({ visit, versions, describe, after }: VersionsProps) => (
  <div class="stack parts">
    {versions.map(({ version, author, at, why, changes }) => (
      <article class="stack tight">
        <h2>
          Version {version} <span class="muted">by</span> <bdi>{author}</bdi>{' '}
          <ui.MutedMoment at={at} visit={visit} ago />
        </h2>
        {why && (
          <p class="words">
            <bdi>{why}</bdi>
          </p>
        )}
        <ui.Lines lines={changes.length === 0 ? ['Nothing changed.'] : changes.flatMap(describe)} />
        {after?.(version)}
      </article>
    ))}
  </div>
);

const reportedTexts = [
  ['surveys', 'Surveys sent', 'so that nobody is asked too often'],
  ['outcomes', 'Outcomes', 'whether customers stayed, renewed, grew or left, with a yearly value'],
  ['counts', 'Counts', 'finished responses of a day, as the survey tool counts them'],
] as const;

/** Imports of the customer list and of responses, with the problems of an uploaded file. */
export function ImportsPage(props: {
  visit: ui.Visit;
  sources: json.SourceJson[];
  problems: Problem[];
  check?: json.FileCheck | undefined;
  /** Rows that were just taken. */
  taken?: number;
}) {
  const { visit, sources, problems, check, taken = 0 } = props;
  const fileSources = sources.filter(({ takesFiles }) => takesFiles);
  const home = `/w/${visit.workspace}`;
  return (
    <ui.WorkspacePage visit={visit} title="Imports" tab="Imports">
      {problems.length > 0 && (
        <div class="notice bad" role="alert">
          <p>Nothing was imported. Fix these rows and choose the file again:</p>
          <ui.Lines lines={problems.map(({ field, message }) => `${field}: ${message}`)} />
        </div>
      )}
      {taken > 0 && (
        <p class="notice good" role="status">
          {taken === 1 ? '1 row was' : `${taken} rows were`} taken from the file.
        </p>
      )}
      {visit.may.includes('putCustomers') && (
        <ui.Section id="customers" title="Customer list">
          <p>
            A CSV file with the columns <code>{['key', ...Object.keys(visit.attributes)].join(', ')}</code>, of which
            only <code>key</code> is required. Customers who are not in the file stay unchanged.
          </p>
          <form class="row" method="post" action={`${home}/settings/imports`} enctype="multipart/form-data">
            <label class="upload">
              File <input type="file" name="file" accept=".csv,text/csv" required />
            </label>
            <button type="submit">Import</button>
          </form>
        </ui.Section>
      )}
      {visit.may.includes('takeReported') && (
        <ui.Section id="reported" title="What other tools know">
          <ui.Lines
            lines={reportedTexts.map(([list, name, what]) => (
              <>
                <strong>{name}</strong>, {what}: <code>{Object.keys(reportedLists[list].shape).join(', ')}</code>
              </>
            ))}
          />
          <form class="row" method="post" action={`${home}/settings/reported`} enctype="multipart/form-data">
            <label>
              List{' '}
              <select name="list">
                {reportedTexts.map(([list, name]) => (
                  <option value={list}>{name}</option>
                ))}
              </select>
            </label>
            <label class="upload">
              CSV file <input type="file" name="file" accept=".csv,text/csv" required />
            </label>
            <button type="submit">Take over</button>
          </form>
        </ui.Section>
      )}
      <ui.Section id="responses" title="Responses">
        <p>
          Survey tools hand out past responses on the pages of their sources:{' '}
          {sources.map(({ name }) => (
            <>
              <a href={`${home}/sources/${name}#back-fill`}>{name}</a>{' '}
            </>
          ))}
        </p>
        <p>
          CSV files are imported by <code>npm run import -- FILE --source NAME</code>; each line is listed under{' '}
          <a href={`${home}/deliveries`}>Deliveries</a>.
        </p>
        {visit.may.includes('checkFile') && fileSources.length > 0 && (
          <form class="row" method="post" action={`${home}/settings/imports/check`} enctype="multipart/form-data">
            <label>
              Source{' '}
              <select name="source">
                {fileSources.map(({ name }) => (
                  <option value={name}>{name}</option>
                ))}
              </select>
            </label>
            <label class="upload">
              File <input type="file" name="file" accept=".csv,text/csv" required />
            </label>
            <button type="submit">Check without importing</button>
          </form>
        )}
        {check && <CheckedFile check={check} />}
      </ui.Section>
    </ui.WorkspacePage>
  );
}

function CheckedFile({ check }: { check: json.FileCheck }) {
  const { rows, stored, questions, first, opens, problems } = check;
  return (
    <div id="check" class="stack">
      {problems.length > 0 ? (
        <div class="notice bad" role="alert">
          <p>The file cannot be imported as it is:</p>
          <ui.Lines lines={problems.map(({ field, message }) => `${field}: ${message}`)} />
        </div>
      ) : (
        <p class="notice">
          {rows} rows, of which {stored} are stored already.{' '}
          {opens.length === 0
            ? 'The import would open no case.'
            : `The import would open or join cases: ${opens.map(({ template, responses }) => `${responses} of ${template}`).join(', ')}.`}
        </p>
      )}
      <ui.Lines
        lines={questions.map(({ question, alias, type }) => `${question}: ${type}${alias ? ` (${alias})` : ''}`)}
      />
      {first.map(({ line, id, submittedAt, answers }) => (
        <p dir="auto">
          Line {line}, {id}, {submittedAt}: {answers.map(({ question, text }) => `${question}: ${text}`).join(' · ')}
        </p>
      ))}
    </div>
  );
}
