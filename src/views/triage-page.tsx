import type { TriageJson } from '#domain/json/intake-json.ts';
import * as ui from './kit.ts';
import { chooseRespondentDisplayName } from './response-pages.tsx';

interface TriagePageProps {
  visit: ui.Visit;
  items: TriageJson[];
  next: string | null;
  /** Position in the list; null for its beginning. */
  cursor: string | null;
  setAside: number;
  templates: [name: string, title: string][];
  opened?: number | undefined;
  dismissed?: number | undefined;
  left?: number | undefined;
}

/** Responses that nobody acted on, with the form that opens cases for the ticked ones or dismisses them. */
export function TriagePage({ visit, items, next, cursor, setAside, templates, ...decided }: TriagePageProps) {
  const home = `/w/${visit.workspace}`;
  const { opened = 0, dismissed = 0, left = 0 } = decided;
  const done = [
    opened > 0 && `Opened cases for ${countResponses(opened)}.`,
    dismissed > 0 && `Dismissed ${countResponses(dismissed)}.`,
    left > 0 && `Left ${countResponses(left)}: decided already, or held by the template.`,
  ].filter(Boolean);
  const { problem = null } = visit;
  const mayDecide = visit.may.includes('decideTriage');
  return (
    <ui.WorkspacePage visit={visit} title="Triage" tab="Triage" heading="Nobody acts on these yet">
      {done.length > 0 && (
        <p class="notice" role="status">
          {done.join(' ')}
        </p>
      )}
      {setAside > 0 && (
        <p class="notice warn">
          <a href={`${home}/deliveries?outcome=set-aside`}>
            {setAside === 1 ? '1 delivery' : `${setAside} deliveries`} could not be read
          </a>{' '}
          and may hold further responses.
        </p>
      )}
      {items.length === 0 ? (
        <p class="card">Every unhappy response has a case, a notice, or a person’s decision.</p>
      ) : (
        <>
          <p class="muted">
            Unhappy responses that no case template took, and people who were asked again and say that it is not
            resolved. Open a case for them, or dismiss them with a reason.
          </p>
          <table class="rows">
            <thead>
              <tr>
                {['Response', 'Their words', 'Why it is here', 'Since'].map((name) => (
                  <th scope="col">{name}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <Row visit={visit} item={item} mayDecide={mayDecide} />
              ))}
            </tbody>
          </table>
        </>
      )}
      {items.length > 0 && mayDecide && (
        <form
          class="search card"
          id="triage"
          method="post"
          action={`${home}/triage${cursor ? `?before=${cursor}` : ''}`}
        >
          {problem?.field === null && <p class="problem">{problem.message}</p>}
          <div class="stack tight">
            <ui.LabelledField id="why" field={ui.line('reason', 'Why', 300)} problem={problem} />
            <button class="plain" type="submit" name="decision" value="dismiss">
              Dismiss the ticked ones
            </button>
          </div>
          <div class="stack tight">
            <ui.LabelledField
              id="template"
              field={{ name: 'template', label: 'Case template', options: templates, value: null }}
              problem={problem}
            />
            <button type="submit" name="decision" value="open">
              Open cases for the ticked ones
            </button>
          </div>
          {visit.may.includes('draftTemplate') && (
            <div class="stack tight">
              <p class="muted">Cases for these and later ones like them:</p>
              <button class="plain" type="submit" name="decision" value="draft" formnovalidate>
                Draft a template
              </button>
            </div>
          )}
        </form>
      )}
      <ui.Paging
        links={[
          ['Newest', cursor !== null && `${home}/triage`],
          ['Older', next && `${home}/triage?before=${next}`],
        ]}
      />
    </ui.WorkspacePage>
  );
}

const countResponses = (count: number): string => (count === 1 ? '1 response' : `${count} responses`);

function Row({ visit, item, mayDecide }: { visit: ui.Visit; item: TriageJson; mayDecide: boolean }) {
  const { response, kind, why, at } = item;
  const name = chooseRespondentDisplayName(response);
  const words = response.answers.find(({ type }) => type === 'text')?.text;
  return (
    <tr>
      <th scope="row">
        {mayDecide && (
          <input
            type="checkbox"
            form="triage"
            name={`response.${response.id}`}
            aria-label={`Choose ${name}`}
            checked={visit.problem?.fields[`response.${response.id}`] !== undefined}
          />
        )}
        <a href={`/w/${visit.workspace}/responses/${response.id}`}>
          <bdi>{name}</bdi>
        </a>{' '}
        {response.customer.tier && <span class="muted">{ui.readable(response.customer.tier)}</span>}
      </th>
      <td class="quote" title={words}>
        {words && <q dir="auto">{words}</q>}
      </td>
      <td>
        {kind === 'no' && <ui.Pill tone="bad">no</ui.Pill>} <span dir="auto">{why}</span>
      </td>
      <td>
        <ui.Moment at={at} visit={visit} />
      </td>
    </tr>
  );
}
