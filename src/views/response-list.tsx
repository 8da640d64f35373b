import type { ResponseJson } from '#domain/json/intake-json.ts';
import { readable } from './case-display.ts';
import { WorkspacePage } from './layout.tsx';
import { Moment, Paging, Pill, Rows } from './parts.tsx';
import { chooseRespondentDisplayName } from './response-page.tsx';
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
    <WorkspacePage visit={visit} title="Responses" tab="Responses">
      <Rows
        rows={responses.map((response) => <Row visit={visit} response={response} />)}
        empty="No responses yet. They appear here as soon as a survey tool delivers them."
        style="responses"
      />
      <Paging
        links={[
          ['Newest', !newest && home],
          ['Older', next && `${home}?${new URLSearchParams({ before: next })}`],
        ]}
      />
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
          <bdi>{chooseRespondentDisplayName(response)}</bdi>
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
