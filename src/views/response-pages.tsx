import { capitalize } from '#domain/cases/issue-text.ts';
import { nameRespondent } from '#domain/settings/workspace-file.ts';
import * as ui from './kit.ts';

interface ResponseListProps {
  visit: ui.Visit;
  list: ui.Listed<ui.ResponseJson>;
  search: string;
  given: Partial<
    Record<'from' | 'to' | 'source' | 'acted' | 'case' | 'again' | 'opened' | 'scored', string | undefined>
  >;
  attributes: Record<string, string>;
}

const narrowingTexts: Record<string, string> = {
  acted: 'acted on:',
  again: 'asked again by',
  opened: 'with a case:',
  scored: 'with a score of',
};

/** All responses, newest first, also those without a case. */
export function ResponseListPage({ visit, list, search, given, attributes }: ResponseListProps) {
  const narrowing = [...Object.entries(given), ...ui.toAttributeFilterParameters(attributes)];
  const hidden = Object.fromEntries(ui.toQuery(Object.fromEntries(narrowing)));
  const said = Object.entries(hidden).flatMap(([name, value]) =>
    name === 'case' ? [] : [`${narrowingTexts[name] ?? name.replace('customer.', '')} ${value}`],
  );
  return (
    <ui.WorkspacePage visit={visit} title="Responses" tab="Responses">
      <ui.SearchLine action="responses" {...{ hidden, value: search }} label="Search responses" placeholder="Words" />
      {Object.keys(hidden).length > 0 && (
        <p>
          {given.case && <ui.Link to={`cases/${given.case}`}>Back to the case</ui.Link>}
          {said.length > 0 && `Only ${said.join(', ')}.`}{' '}
          {given.acted === 'yes' && <a href={list.url({ acted: 'no' })}>Show those not acted on</a>}{' '}
          <ui.Link to="responses">Show all</ui.Link>
        </p>
      )}
      <ui.List
        list={list}
        row={(response) => <ResponseRow response={response} />}
        empty={
          search === ''
            ? 'No responses yet. They appear here as soon as a survey tool delivers them.'
            : 'No response has these words.'
        }
        style="responses"
      />
    </ui.WorkspacePage>
  );
}

function ResponseRow({ response }: { response: ui.ResponseJson }) {
  const opened = response.decisions.filter((decision) => decision.opened);
  const words = findWords(response);
  return (
    <li class="stack">
      <div>
        <ResponseLink of={response} />
        <div class="muted">
          <ui.Moment at={response.submittedAt} ago />
        </div>
        <ui.MutedLine text={response.formTitle ?? response.source} />
      </div>
      {words ? <Clipped text={words} /> : <p class="muted">no text</p>}
      <div class="row">
        <ui.TierPill tier={response.customer.tier} />
        {response.partial && <ui.Pill tone="warn">not finished</ui.Pill>}
        {opened.map(({ template }) => (
          <ui.Pill tone="info">{ui.nameOfTemplate(ui.useVisit(), template)}</ui.Pill>
        ))}
        {opened.length === 0 && <span class="muted">no case</span>}
      </div>
    </li>
  );
}

const Clipped = ({ text }: { text: string }) => (
  <p class="words clip" dir="auto">
    {text}
  </p>
);

/** What a respondent wrote first. */
export const findWords = ({ answers }: ui.ResponseJson): string | undefined =>
  answers.find(({ type }) => type === 'text')?.text;

export const ResponseLink = ({ of }: { of: ui.ResponseJson }) => (
  <ui.Link to={`responses/${of.id}`}>
    <bdi>{chooseRespondentDisplayName(of)}</bdi>
  </ui.Link>
);

type ResponsePageProps = { visit: ui.Visit; response: ui.ResponseJson; context: ui.ResponseContext };

/** One response in full: answers, what came of it, similar ones, and every template's decision. */
export function ResponsePage({ visit, response, context }: ResponsePageProps) {
  const { customer } = response;
  const heading = ['Response of ', <bdi>{chooseRespondentDisplayName(response)}</bdi>];
  return (
    <ui.WorkspacePage visit={visit} title="Response" tab="Responses" heading={heading}>
      <p class="row">
        <ui.TierPill tier={customer.tier} />
        {customer.fromList.includes('tier') && <span class="muted">from the customer list</span>}
        {response.partial && <ui.Pill tone="warn">not finished</ui.Pill>}
        <ui.Moment at={response.submittedAt} ago />
      </p>
      {response.notes.map((note) => (
        <p class="notice warn">{note}</p>
      ))}
      <div class="case stack">
        <div class="stack">
          <ui.Section id="answers" title="Answers">
            <Answers answers={response.answers} />
          </ui.Section>
          <Outcome response={response} context={context} />
          <Decisions response={response} />
        </div>
        <div class="stack">
          <Respondent response={response} page={context.customer} />
          <ui.Section id="similar" title="Similar responses">
            <ui.Parts
              empty="None yet: similar responses belong to cases of the same templates."
              parts={context.similar.map((other) => (
                <li class="stack tight">
                  <ResponseLink of={other} />
                  <Clipped text={findWords(other) ?? 'no text'} />
                </li>
              ))}
            />
          </ui.Section>
        </div>
      </div>
    </ui.WorkspacePage>
  );
}

function Outcome({ response, context: { cases, dismissal, templates } }: Omit<ResponsePageProps, 'visit'>) {
  const options = templates.map(({ name, title }): [string, string] => [name, title]);
  return (
    <ui.Section id="cases" title="What came of it" count={cases.length}>
      <ui.CaseParts cases={cases} empty="No case." />
      {dismissal && (
        <p class="muted">
          Dismissed by <ui.Person who={dismissal.who} /> on <ui.Moment at={dismissal.at} />:{' '}
          <bdi>{dismissal.reason}</bdi>
        </p>
      )}
      {ui.useVisit().may.includes('openFromResponse') && (
        <ui.FoldedForm
          id="open"
          name="Open a case from this, or add it to a larger problem"
          action={`responses/${response.id}/cases`}
          fields={[ui.choice('template', 'Case template', options, null), ui.line('reason', 'Why', 300)]}
          button="Open the case"
        />
      )}
    </ui.Section>
  );
}

export const chooseRespondentDisplayName = ({ id, customer }: ui.ResponseJson): string =>
  customer.name ?? (customer.key === id ? null : customer.key) ?? customer.email ?? 'an unnamed respondent';

/** Questions with answers; a respondent's text may run in either direction. */
export function Answers({ answers }: { answers: ui.ResponseJson['answers'] }) {
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

function Respondent({ response, page }: { response: ui.ResponseJson; page: number | null }) {
  const { customer, language, link, source, form, formTitle } = response;
  const { respondents } = ui.useVisit();
  const key = page !== null && customer.key !== response.id && (
    <ui.Link to={`customers/${page}`}>
      <bdi>{customer.key}</bdi>
    </ui.Link>
  );
  const survey: ui.Child = (
    <>
      <bdi>{formTitle ?? form}</bdi> <span class="muted">from {source}</span>
      <div>{link && <ui.ExternalLink url={link}>In the survey tool</ui.ExternalLink>}</div>
    </>
  );
  return (
    <ui.Section id="respondent" title="Respondent">
      <ui.Facts
        facts={[
          ['Name', customer.name],
          [capitalize(nameRespondent(respondents[source] ?? 'customers')), key],
          ['E-mail', customer.email],
          ['Revenue', customer.revenue !== null && ui.formatNumber(customer.revenue)],
          ['Language', language],
          ...ui.listAttributeFacts(customer.attributes),
          ['Survey', survey],
          ['Submitted', <ui.Moment at={response.submittedAt} />],
          ['Received', <ui.Moment at={response.receivedAt} />],
        ]}
      />
    </ui.Section>
  );
}

function Decisions({ response: { decisions } }: { response: ui.ResponseJson }) {
  const visit = ui.useVisit();
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
