import { capitalize } from '#domain/cases/issue-text.ts';
import type { ResponseContext, ResponseJson } from '#domain/json/intake-json.ts';
import { nameRespondent } from '#domain/settings/workspace-file.ts';
import * as ui from './kit.ts';

interface ResponseListProps {
  visit: ui.Visit;
  responses: ResponseJson[];
  next: string | null;
  newest: boolean;
  search: string;
  given: Partial<Record<'from' | 'to' | 'source' | 'acted' | 'case' | 'again', string | undefined>>;
  attributes: Record<string, string>;
}

/** All responses, newest first, also those without a case. */
export function ResponseListPage({ visit, responses, next, newest, search, given, attributes }: ResponseListProps) {
  const home = `/w/${visit.workspace}/responses`;
  const narrowing = [...Object.entries(given), ...ui.toAttributeFilterParameters(attributes)].filter(
    (pair): pair is [string, string] => Boolean(pair[1]),
  );
  const url = (more: Record<string, string>) =>
    `${home}?${new URLSearchParams({ ...Object.fromEntries(narrowing), search, ...more })}`;
  return (
    <ui.WorkspacePage visit={visit} title="Responses" tab="Responses">
      <form class="row" method="get" action={home}>
        {narrowing.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <input type="search" name="search" value={search} aria-label="Search responses" placeholder="Words" />
        <ui.PlainButton>Search</ui.PlainButton>
      </form>
      {narrowing.length > 0 && (
        <p>
          {given.case && <a href={`/w/${visit.workspace}/cases/${given.case}`}>Back to the case</a>}
          {given.acted === 'yes' && 'Acted on: with a notice, a task or a case. '}
          {given.acted === 'no' && 'Not acted on: without a notice, a task or a case. '}
          {given.again && `Asked again by ${ui.readable(given.again)}. `}
          {[
            given.source,
            ...Object.values(attributes).map(ui.readable),
            given.from && `from ${given.from}`,
            given.to && `to ${given.to}`,
          ]
            .filter(Boolean)
            .join(' ')}{' '}
          {given.acted === 'yes' && <a href={url({ acted: 'no' })}>Show those not acted on</a>}{' '}
          <a href={home}>Show all</a>
        </p>
      )}
      <ui.Rows
        rows={responses.map((response) => <ResponseRow visit={visit} response={response} />)}
        empty={
          search === ''
            ? 'No responses yet. They appear here as soon as a survey tool delivers them.'
            : 'No response has these words.'
        }
        style="responses"
      />
      <ui.Paging
        links={[
          ['Newest', !newest && url({})],
          ['Older', next && url({ before: next })],
          ['CSV', url({ format: 'csv' })],
        ]}
      />
    </ui.WorkspacePage>
  );
}

function ResponseRow({ visit, response }: { visit: ui.Visit; response: ResponseJson }) {
  const opened = response.decisions.filter((decision) => decision.opened);
  const words = response.answers.find(({ type }) => type === 'text');
  return (
    <li class="stack">
      <div>
        <a class="clip" href={`/w/${visit.workspace}/responses/${response.id}`}>
          <bdi>{chooseRespondentDisplayName(response)}</bdi>
        </a>
        <div class="muted">
          <ui.Moment at={response.submittedAt} visit={visit} ago />
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
        {response.customer.tier && <ui.Pill tone="quiet">{ui.readable(response.customer.tier)}</ui.Pill>}
        {response.partial && <ui.Pill tone="warn">not finished</ui.Pill>}
        {opened.map(({ template }) => (
          <ui.Pill tone="info">{ui.nameOfTemplate(visit, template)}</ui.Pill>
        ))}
        {opened.length === 0 && <span class="muted">no case</span>}
      </div>
    </li>
  );
}

type ResponsePageProps = { visit: ui.Visit; response: ResponseJson; context: ResponseContext };

/** One response in full: answers, what came of it, similar ones, and every template's decision. */
export function ResponsePage({ visit, response, context }: ResponsePageProps) {
  const { customer } = response;
  return (
    <ui.WorkspacePage
      visit={visit}
      title="Response"
      tab="Responses"
      heading={
        <>
          Response of <bdi>{chooseRespondentDisplayName(response)}</bdi>
        </>
      }
    >
      <p class="row">
        {customer.tier && <ui.Pill tone="quiet">{ui.readable(customer.tier)}</ui.Pill>}
        {customer.fromList.includes('tier') && <span class="muted">from the customer list</span>}
        {response.partial && <ui.Pill tone="warn">not finished</ui.Pill>}
        <ui.Moment at={response.submittedAt} visit={visit} ago />
      </p>
      {response.notes.map((note) => (
        <p class="notice warn">{note}</p>
      ))}
      <div class="case stack">
        <div class="stack">
          <ui.Section id="answers" title="Answers">
            <Answers answers={response.answers} />
          </ui.Section>
          <Outcome visit={visit} response={response} context={context} />
          <Decisions visit={visit} response={response} />
        </div>
        <div class="stack">
          <Respondent visit={visit} response={response} page={context.customer} />
          <ui.Section id="similar" title="Similar responses">
            <ui.Parts
              empty="None yet: similar responses belong to cases of the same templates."
              parts={context.similar.map((other) => (
                <li class="stack tight">
                  <a href={`/w/${visit.workspace}/responses/${other.id}`}>
                    <bdi>{chooseRespondentDisplayName(other)}</bdi>
                  </a>
                  <p class="words clip" dir="auto">
                    {other.answers.find(({ type }) => type === 'text')?.text ?? 'no text'}
                  </p>
                </li>
              ))}
            />
          </ui.Section>
        </div>
      </div>
    </ui.WorkspacePage>
  );
}

function Outcome({ visit, response, context: { cases, dismissal, templates } }: ResponsePageProps) {
  const options = templates.map(({ name, title }): [string, string] => [name, title]);
  return (
    <ui.Section id="cases" title="What came of it" count={cases.length}>
      <ui.Parts
        empty="No case."
        parts={cases.map((one) => (
          <li class="row">
            <ui.CaseLink visit={visit} to={one} /> <ui.LoopPill loop={one.loop} />
          </li>
        ))}
      />
      {dismissal && (
        <p class="muted">
          Dismissed by <bdi>{ui.nameOf(visit, dismissal.who)}</bdi> on <ui.Moment at={dismissal.at} visit={visit} />:{' '}
          <bdi>{dismissal.reason}</bdi>
        </p>
      )}
      {visit.may.includes('openFromResponse') && (
        <ui.FoldedForm
          id="open"
          name="Open a case from this, or add it to a larger problem"
          action={`/w/${visit.workspace}/responses/${response.id}/cases`}
          fields={[ui.choice('template', 'Case template', options, null), ui.line('reason', 'Why', 300)]}
          button="Open the case"
        />
      )}
    </ui.Section>
  );
}

export const chooseRespondentDisplayName = ({ id, customer }: ResponseJson): string =>
  customer.name ?? (customer.key === id ? null : customer.key) ?? customer.email ?? 'an unnamed respondent';

/** Questions with answers; a respondent's text may run in either direction. */
export function Answers({ answers }: { answers: ResponseJson['answers'] }) {
  if (answers.length === 0) return <p class="muted">No question was answered.</p>;
  return (
    <dl class="stack tight">
      {answers.map(({ question, type, text }) => (
        <div>
          <dt dir="auto">{question}</dt>
          <dd dir="auto" class={type === 'text' ? 'words' : undefined}>
            {text}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Respondent({ visit, response, page }: { visit: ui.Visit; response: ResponseJson; page: number | null }) {
  const { customer, language, link, source, form, formTitle } = response;
  return (
    <ui.Section id="respondent" title="Respondent">
      <dl class="stack">
        <ui.TextFact name="Name" text={customer.name} />
        {page !== null && customer.key !== response.id && (
          <ui.Fact name={capitalize(nameRespondent(visit.respondents?.[source] ?? 'customers'))}>
            <a href={`/w/${visit.workspace}/customers/${page}`}>
              <bdi>{customer.key}</bdi>
            </a>
          </ui.Fact>
        )}
        <ui.TextFact name="E-mail" text={customer.email} />
        {customer.revenue !== null && (
          <ui.Fact name="Revenue">{new Intl.NumberFormat('en').format(customer.revenue)}</ui.Fact>
        )}
        {language && <ui.Fact name="Language">{language}</ui.Fact>}
        <ui.AttributeFacts attributes={customer.attributes} />
        <ui.Fact name="Survey">
          <bdi>{formTitle ?? form}</bdi> <span class="muted">from {source}</span>
          {link && (
            <div>
              <ui.ExternalLink url={link}>In the survey tool</ui.ExternalLink>
            </div>
          )}
        </ui.Fact>
        <ui.Fact name="Submitted">
          <ui.Moment at={response.submittedAt} visit={visit} />
        </ui.Fact>
        <ui.Fact name="Received">
          <ui.Moment at={response.receivedAt} visit={visit} />
        </ui.Fact>
      </dl>
    </ui.Section>
  );
}

function Decisions({ visit, response: { decisions } }: { visit: ui.Visit; response: ResponseJson }) {
  const openedFirst = decisions.toSorted((a, b) => Number(b.opened) - Number(a.opened));
  return (
    <ui.Section id="decisions" title="Decisions">
      {decisions.length === 0 && <p class="muted">No template has evaluated this response yet.</p>}
      {openedFirst[0]?.opened === false && <p>No template opened a case for this response.</p>}
      <div class="stack parts">
        {openedFirst.map(({ template, opened, why }) => (
          <article class="stack tight">
            <h3>
              {ui.nameOfTemplate(visit, template)}{' '}
              <ui.Pill tone={opened ? 'info' : 'quiet'}>{opened ? 'case' : 'no case'}</ui.Pill>
            </h3>
            <ui.Lines lines={why} muted />
          </article>
        ))}
      </div>
    </ui.Section>
  );
}
