import type { Problem } from '#domain/base/errors.ts';
import { reportedLists } from '#domain/reports/reported.ts';
import * as ui from './kit.ts';

type VersionsPageProps = { visit: ui.Visit; versions: ui.SettingsVersionJson[]; doubts: string[] };

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
        versions={versions}
        base={versions[0]?.version ?? 0}
        action="settings/versions"
        describe={({ kind, name }) => [`${kind.replaceAll('-', ' ')} ${name}`]}
      />
    </div>
  </ui.WorkspacePage>
);

interface VersionsProps {
  versions: ui.SettingsVersionJson[];
  describe: (change: ui.SettingsVersionJson['changes'][number]) => string[];
  base: number;
  /** Where the form posts that goes back to a version. */
  action: string;
}

export const Versions = ({ versions, base, describe, action }: VersionsProps) => (
  <div class="stack parts">
    {versions.map(({ version, author, at, why, changes }, index) => (
      <article class="stack tight">
        <h2>
          Version {version} <span class="muted">by</span> <ui.Person who={author} /> <ui.MutedMoment at={at} ago />
        </h2>
        {why && <ui.Words text={why} />}
        <ui.Lines lines={changes.length === 0 ? ['Nothing changed.'] : changes.flatMap(describe)} />
        {index > 0 && ui.useVisit().may.includes('changeSettings') && (
          <ui.Form
            id={`back-to-${version}`}
            action={action}
            hidden={{ version: String(version), base: String(base), why: `As in version ${version}` }}
            button={`Go back to version ${version}`}
            plain
          />
        )}
      </article>
    ))}
  </div>
);

const reportedTexts = [
  ['surveys', 'Surveys sent', 'so that nobody is asked too often'],
  ['outcomes', 'Outcomes', 'whether customers stayed, renewed, grew or left, with a yearly value'],
  ['counts', 'Counts', 'finished responses of a day, as the survey tool counts them'],
] as const;

type ImportsPageProps = { visit: ui.Visit; sources: ui.SourceJson[]; problems?: Problem[]; check?: ui.FileCheck };

/** Imports of the customer list and of responses, with the problems of an uploaded file. */
export function ImportsPage({ visit, sources, problems = [], check }: ImportsPageProps) {
  const fileSources = sources.flatMap(({ name, takesFiles }) => (takesFiles ? [name] : []));
  const lists = reportedTexts.map(([list, name]): [string, string] => [list, name]);
  return (
    <ui.WorkspacePage visit={visit} title="Imports" tab="Imports">
      {problems.length > 0 && (
        <ui.Notice tone="bad">
          <p>Nothing was imported. Fix these rows and choose the file again:</p>
          <ui.Lines lines={problems.map(({ field, message }) => `${field}: ${message}`)} />
        </ui.Notice>
      )}
      {visit.may.includes('putCustomers') && (
        <ui.Section id="customers" title="Customer list">
          <p>
            A CSV file with the columns <code>{['key', ...Object.keys(visit.attributes)].join(', ')}</code>, of which
            only <code>key</code> is required. Customers who are not in the file stay unchanged.
          </p>
          <ui.UploadForm action="settings/imports" button="Import" />
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
          <ui.UploadForm action="settings/reported" fields={[ui.choice('list', 'List', lists, null)]} button="Import" />
        </ui.Section>
      )}
      <ui.Section id="responses" title="Responses">
        <p>
          Fetch past responses from the survey tool, on the page of the source:{' '}
          {sources.map(({ name }) => [<ui.Link to={`sources/${name}#back-fill`}>{name}</ui.Link>, ' '])}
        </p>
        <p>
          CSV files are imported by <code>npm run import -- FILE --source NAME</code>; each line is listed under{' '}
          <ui.Link to="deliveries">Deliveries</ui.Link>.
        </p>
        {visit.may.includes('checkFile') && fileSources.length > 0 && (
          <ui.UploadForm
            action="settings/imports/check"
            fields={[ui.choice('source', 'Source', ui.named(fileSources), null)]}
            button="Check without importing"
          />
        )}
        {check && (
          <ui.Notice tone={check.problems.length > 0 ? 'bad' : 'info'}>
            <ui.Lines lines={ui.describeFileCheck(check)} />
          </ui.Notice>
        )}
      </ui.Section>
    </ui.WorkspacePage>
  );
}
