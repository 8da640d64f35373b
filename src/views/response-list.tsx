import type { ResponseJson } from '#domain/json/intake-json.ts';
import { readable } from './case-facts.ts';
import { WorkspacePage } from './layout.tsx';
import { Moment, Pill } from './parts.tsx';
import { respondentText } from './response-page.tsx';
import type { Visit } from './visit.ts';

interface ResponseListProps {
  visit: Visit;
  responses: ResponseJson[];
  next: string | null;
  newest: boolean;
}

/** All responses, newest first, also those without a case. */
export function ResponseListPage({ visit, responses, next, newest }: ResponseListProps) {
  const home = `/w/${visit.workspace}/responses`;
  return (
    <WorkspacePage visit={visit} title="Responses" place="Responses">
      <h1>Responses</h1>
      {responses.length === 0 ? (
        <p class="card">No responses yet. They appear here as soon as a survey tool delivers them.</p>
      ) : (
        <ul class="responses card stack parts">
          {responses.map((response) => (
            <Row visit={visit} response={response} />
          ))}
        </ul>
      )}
      {(next || !newest) && (
        <nav class="paging row" aria-label="Pages">
          {!newest && <a href={home}>Newest</a>}
          {next && (
            <a rel="next" href={`${home}?${new URLSearchParams({ before: next })}`}>
              Older
            </a>
          )}
        </nav>
      )}
    </WorkspacePage>
  );
}

function Row({ visit, response }: { visit: Visit; response: ResponseJson }) {
  const opened = response.decisions.filter((decision) => decision.opened);
  const words = response.answers.find(({ type }) => type === 'text');
  return (
    <li class="stack">
      <div>
        <a class="clip" href={`/w/${visit.workspace}/responses/${response.id}`}>
          <bdi>{respondentText(response)}</bdi>
        </a>
        <div class="muted">
          <Moment at={response.submittedAt} visit={visit} ago />
        </div>
        <div class="muted">
          <bdi>{response.formTitle ?? response.source}</bdi>
        </div>
      </div>
      {words ? (
        <p class="words clip" dir="auto">
          {words.text}
        </p>
      ) : (
        <p class="muted">no text</p>
      )}
      <div class="row">
        {response.customer.tier && <Pill tone="quiet">{readable(response.customer.tier)}</Pill>}
        {response.partial && <Pill tone="warn">not finished</Pill>}
        {opened.map(({ template }) => (
          <Pill tone="info">{readable(template)}</Pill>
        ))}
        {opened.length === 0 && <span class="muted">no case</span>}
      </div>
    </li>
  );
}
