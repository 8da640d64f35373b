import type { Problem } from '#domain/base/errors.ts';
import type { SourceJson } from '#domain/json/intake-json.ts';
import { WorkspacePage } from './layout.tsx';
import { Lines, Section } from './parts.tsx';
import { maySeeCustomers, type Visit } from './visit.ts';

interface ImportsPageProps {
  visit: Visit;
  sources: SourceJson[];
  /** Problems of the uploaded file. */
  problems: Problem[];
}

/** Ways of bringing in the customer list, past responses, and files. */
export function ImportsPage({ visit, sources, problems }: ImportsPageProps) {
  const home = `/w/${visit.workspace}`;
  return (
    <WorkspacePage visit={visit} title="Imports" tab="Imports">
      {problems.length > 0 && (
        <div class="notice bad" role="alert">
          <p>Nothing was imported. Fix these rows and choose the file again:</p>
          <Lines lines={problems.map(({ field, message }) => `${field}: ${message}`)} />
        </div>
      )}
      {maySeeCustomers(visit) && (
        <Section id="customers" title="Customer list">
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
        </Section>
      )}
      <Section id="responses" title="Responses">
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
      </Section>
    </WorkspacePage>
  );
}
