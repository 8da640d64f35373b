import type { ResponseContext, ResponseJson } from '#domain/json/intake-json.ts';
import { AttributeFacts } from './attribute-views.tsx';
import { readable } from './case-display.ts';
import { choice, FoldedForm, line, PlainButton } from './forms.tsx';
import { WorkspacePage } from './layout.tsx';
import {
  CaseLink,
  ExternalLink,
  Fact,
  Lines,
  LoopPill,
  Moment,
  Paging,
  Parts,
  Pill,
  Rows,
  Section,
  TextFact,
} from './parts.tsx';
import { nameOf, nameOfTemplate, type Visit } from './visit.ts';

interface ResponseListProps {
  visit: Visit;
  responses: ResponseJson[];
  next: string | null;
  newest: boolean;
  search: string;
  given: Partial<Record<'from' | 'to' | 'source' | 'acted' | 'case', string | undefined>>;
}

/** All responses, newest first, also those without a case. */
export function ResponseListPage({ visit, responses, next, newest, search, given }: ResponseListProps) {
  const home = `/w/${visit.workspace}/responses`;
  const narrowing = Object.entries(given).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const url = (more: Record<string, string>) =>
    `${home}?${new URLSearchParams({ ...Object.fromEntries(narrowing), search, ...more })}`;
  return (
    <WorkspacePage visit={visit} title="Responses" tab="Responses">
      <form class="row" method="get" action={home}>
        {narrowing.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <input type="search" name="search" value={search} aria-label="Search responses" placeholder="Words" />
        <PlainButton>Search</PlainButton>
      </form>
      {narrowing.length > 0 && (
        <p>
          {given.case && <a href={`/w/${visit.workspace}/cases/${given.case}`}>Back to the case</a>}
          {given.acted === 'yes' && 'Acted on: with a notice, a task or a case. '}
          {given.acted === 'no' && 'Not acted on: without a notice, a task or a case. '}
          {[given.source, given.from && `from ${given.from}`, given.to && `to ${given.to}`].filter(Boolean).join(' ')}{' '}
          {given.acted === 'yes' && <a href={url({ acted: 'no' })}>Show those not acted on</a>}{' '}
          <a href={home}>Show all</a>
        </p>
      )}
      <Rows
        rows={responses.map((response) => <ResponseRow visit={visit} response={response} />)}
        empty={
          search === ''
            ? 'No responses yet. They appear here as soon as a survey tool delivers them.'
            : 'No response has these words.'
        }
        style="responses"
      />
      <Paging
        links={[
          ['Newest', !newest && url({})],
          ['Older', next && url({ before: next })],
          ['CSV', url({ format: 'csv' })],
        ]}
      />
    </WorkspacePage>
  );
}

function ResponseRow({ visit, response }: { visit: Visit; response: ResponseJson }) {
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
          <Pill tone="info">{nameOfTemplate(visit, template)}</Pill>
        ))}
        {opened.length === 0 && <span class="muted">no case</span>}
      </div>
    </li>
  );
}

type ResponsePageProps = { visit: Visit; response: ResponseJson; context: ResponseContext };

/** One response in full: answers, what came of it, similar ones, and every template's decision. */
export function ResponsePage({ visit, response, context }: ResponsePageProps) {
  const { customer } = response;
  return (
    <WorkspacePage
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
        {customer.tier && <Pill tone="quiet">{readable(customer.tier)}</Pill>}
        {customer.fromList.includes('tier') && <span class="muted">from the customer list</span>}
        {response.partial && <Pill tone="warn">not finished</Pill>}
        <Moment at={response.submittedAt} visit={visit} ago />
      </p>
      {response.notes.map((note) => (
        <p class="notice warn">{note}</p>
      ))}
      <div class="case stack">
        <div class="stack">
          <Section id="answers" title="Answers">
            <Answers answers={response.answers} />
          </Section>
          <Outcome visit={visit} response={response} context={context} />
          <Decisions visit={visit} response={response} />
        </div>
        <div class="stack">
          <Respondent visit={visit} response={response} />
          <Section id="similar" title="Similar responses">
            <Parts
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
          </Section>
        </div>
      </div>
    </WorkspacePage>
  );
}

function Outcome({ visit, response, context: { cases, dismissal, templates } }: ResponsePageProps) {
  const options = templates.map(({ name, title }): [string, string] => [name, title]);
  return (
    <Section id="cases" title="What came of it" count={cases.length}>
      <Parts
        empty="No case."
        parts={cases.map((one) => (
          <li class="row">
            <CaseLink visit={visit} to={one} /> <LoopPill loop={one.loop} />
          </li>
        ))}
      />
      {dismissal && (
        <p class="muted">
          Dismissed by <bdi>{nameOf(visit, dismissal.who)}</bdi> on <Moment at={dismissal.at} visit={visit} />:{' '}
          <bdi>{dismissal.reason}</bdi>
        </p>
      )}
      {visit.may.includes('openFromResponse') && (
        <FoldedForm
          id="open"
          name="Open a case from this, or add it to a larger problem"
          action={`/w/${visit.workspace}/responses/${response.id}/cases`}
          fields={[choice('template', 'Case template', options, null), line('reason', 'Why', 300)]}
          button="Open the case"
        />
      )}
    </Section>
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

function Respondent({ visit, response }: { visit: Visit; response: ResponseJson }) {
  const { customer, language, link, source, form, formTitle } = response;
  return (
    <Section id="respondent" title="Respondent">
      <dl class="stack">
        <TextFact name="Name" text={customer.name} />
        <TextFact name="Customer" text={customer.key === response.id ? null : customer.key} />
        <TextFact name="E-mail" text={customer.email} />
        {customer.revenue !== null && (
          <Fact name="Revenue">{new Intl.NumberFormat('en').format(customer.revenue)}</Fact>
        )}
        {language && <Fact name="Language">{language}</Fact>}
        <AttributeFacts attributes={customer.attributes} />
        <Fact name="Survey">
          <bdi>{formTitle ?? form}</bdi> <span class="muted">from {source}</span>
          {link && (
            <div>
              <ExternalLink url={link}>In the survey tool</ExternalLink>
            </div>
          )}
        </Fact>
        <Fact name="Submitted">
          <Moment at={response.submittedAt} visit={visit} />
        </Fact>
        <Fact name="Received">
          <Moment at={response.receivedAt} visit={visit} />
        </Fact>
      </dl>
    </Section>
  );
}

function Decisions({ visit, response: { decisions } }: { visit: Visit; response: ResponseJson }) {
  const openedFirst = decisions.toSorted((a, b) => Number(b.opened) - Number(a.opened));
  return (
    <Section id="decisions" title="Decisions">
      {decisions.length === 0 && <p class="muted">No template has evaluated this response yet.</p>}
      {openedFirst[0]?.opened === false && <p>No template opened a case for this response.</p>}
      <div class="stack parts">
        {openedFirst.map(({ template, opened, why }) => (
          <article class="stack tight">
            <h3>
              {nameOfTemplate(visit, template)}{' '}
              <Pill tone={opened ? 'info' : 'quiet'}>{opened ? 'case' : 'no case'}</Pill>
            </h3>
            <Lines lines={why} muted />
          </article>
        ))}
      </div>
    </Section>
  );
}
