import * as ui from './kit.ts';
import { chooseRespondentDisplayName, findWords, ResponseLink } from './response-pages.tsx';

interface TriagePageProps {
  visit: ui.Visit;
  list: ui.Listed<ui.TriageJson>;
  setAside: number;
  templates: [name: string, title: string][];
}

/** Responses that nobody acted on, with the form that opens cases for the ticked ones or dismisses them. */
export function TriagePage({ visit, list, setAside, templates }: TriagePageProps) {
  const { items, cursor } = list;
  const mayDecide = visit.may.includes('decideTriage');
  return (
    <ui.WorkspacePage visit={visit} title="Triage" tab="Triage" heading="Nobody acts on these yet">
      {setAside > 0 && (
        <p class="notice warn">
          <ui.Link to="deliveries?outcome=set-aside">
            {setAside === 1 ? '1 delivery' : `${setAside} deliveries`} could not be read
          </ui.Link>{' '}
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
          <ui.RowTable columns={['Response', 'Their words', 'Why it is here', 'Since']}>
            {items.map((item) => (
              <Row item={item} mayDecide={mayDecide} />
            ))}
          </ui.RowTable>
        </>
      )}
      {items.length > 0 && mayDecide && <DecisionForm {...{ visit, cursor, templates }} />}
      <ui.Pages list={list} />
    </ui.WorkspacePage>
  );
}

type DecisionFormProps = Pick<TriagePageProps, 'visit' | 'templates'> & { cursor: string | null };

function DecisionForm({ visit, cursor, templates }: DecisionFormProps) {
  const { workspace, may, problem = null } = visit;
  const action = `/w/${workspace}/triage${cursor ? `?cursor=${cursor}` : ''}`;
  return (
    <form class="search card" id="triage" method="post" action={action}>
      {problem?.field === null && <p class="problem">{problem.message}</p>}
      <div class="stack tight">
        <ui.LabelledField id="why" field={ui.line('reason', 'Why you open or dismiss them', 300)} problem={problem} />
        <ui.PlainButton name="decision" value="dismiss">
          Dismiss the ticked ones
        </ui.PlainButton>
      </div>
      <div class="stack tight">
        <ui.LabelledField
          id="template"
          field={ui.choice('template', 'Case template', templates, null)}
          problem={problem}
        />
        <button type="submit" name="decision" value="open">
          Open cases for the ticked ones
        </button>
      </div>
      {may.includes('draftTemplate') && (
        <div class="stack tight">
          <p class="muted">Cases for these and later ones like them:</p>
          <button class="plain" type="submit" name="decision" value="draft" formnovalidate>
            Draft a template
          </button>
        </div>
      )}
    </form>
  );
}

function Row({ item: { response, kind, why, at }, mayDecide }: { item: ui.TriageJson; mayDecide: boolean }) {
  const name = `response.${response.id}`;
  const words = findWords(response);
  return (
    <tr>
      <th scope="row">
        {mayDecide && (
          <input
            type="checkbox"
            form="triage"
            name={name}
            aria-label={`Choose ${chooseRespondentDisplayName(response)}`}
            checked={ui.wasTicked(ui.useVisit(), name)}
          />
        )}
        <ResponseLink of={response} />{' '}
        {response.customer.tier && <span class="muted">{ui.readable(response.customer.tier)}</span>}
      </th>
      <td class="quote" dir="auto" title={words}>
        {words && <q>{words}</q>}
      </td>
      <td>
        {kind === 'no' && <ui.Pill tone="bad">no</ui.Pill>} <span dir="auto">{why}</span>
      </td>
      <td>
        <ui.Moment at={at} />
      </td>
    </tr>
  );
}
