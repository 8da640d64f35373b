import type { PermittedCaseActions } from '#domain/cases/action.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import type { ResponseJson } from '#domain/json/intake-json.ts';
import type { MailJson } from '#domain/json/loop-json.ts';
import type { CaseLinks, StrategicCaseJson } from '#domain/json/strategic-json.ts';
import { AttributeFacts } from './attribute-views.tsx';
import { CaseActionForms, ClockForms } from './case-action-forms.tsx';
import { chooseCustomerDisplayName, describeLoopState, isOverdue, readable } from './case-display.ts';
import { CaseLinksView } from './case-links-view.tsx';
import { ClosingDecisionForms } from './closing-decision.tsx';
import { Closings, ClosureWarnings, type Entry, type WarningsOfClosing } from './closings.tsx';
import { TextForCustomer } from './customer-words.tsx';
import { IssueFacts, IssueTrouble, RefusedCalls } from './issue-facts.tsx';
import { WorkspacePage } from './layout.tsx';
import { Contact } from './mail-state.tsx';
import {
  ExternalLink,
  Fact,
  Lines,
  LoopPill,
  Moment,
  MutedMoment,
  Pill,
  Section,
  SeverityPill,
  TimeUntilDue,
} from './parts.tsx';
import { PlanLadderAndContributors } from './people-on-case.tsx';
import { Answers, chooseRespondentDisplayName } from './response-pages.tsx';
import { Strategic } from './strategic-view.tsx';
import { nameOf, type Visit } from './visit.ts';

interface CasePageProps {
  visit: Visit;
  one: CaseJson;
  responses: ResponseJson[];
  warnings: WarningsOfClosing[];
  /** Mails to customers; null for people who may not see the customers. */
  mails: MailJson[] | null;
  strategic: StrategicCaseJson | null;
  caseLinks: CaseLinks;
  actions: PermittedCaseActions;
}

/** Everything about one case: state, people, both sides' answers, and timeline. */
export function CasePage({ visit, one, responses, warnings, mails, strategic, caseLinks, actions }: CasePageProps) {
  return (
    <WorkspacePage visit={visit} title={`${one.handle} ${readable(one.template)}`} tab="Cases">
      <p class="row">
        {isOverdue(one, visit.now) && <Pill tone="bad">Overdue</Pill>}
        <SeverityPill severity={one.severity} />
        <Pill tone="quiet">{one.status}</Pill>
        <LoopPill loop={one.loop} action={one.action} />
        <span>{describeLoopState(one.loop, one.action).means}</span>
      </p>
      {one.needsPerson && (
        <div class="notice warn" role="note">
          <strong>Needs a decision.</strong> {one.needsPerson}
        </div>
      )}
      {one.closingFlag && (
        <div class="notice warn" role="note">
          <strong>Closed against the rules.</strong> {one.closingFlag}
        </div>
      )}
      <IssueTrouble visit={visit} issue={one.issue} />
      <RefusedCalls visit={visit} one={one} mayRetry={actions.role !== null} />
      <ClosingDecisionForms visit={visit} one={one} role={actions.role} />
      <div class="columns stack">
        <div class="stack">
          <Headlines visit={visit} one={one} responses={responses} />
          <CaseActionForms visit={visit} one={one} actions={actions} />
          {mails && <Contact visit={visit} one={one} mails={mails} isManager={actions.may.includes('decideAddress')} />}
          <PlanLadderAndContributors visit={visit} one={one} may={actions.may} />
          {one.loop === 'working' && actions.role !== null && <ClockForms visit={visit} one={one} />}
          <CaseLinksView visit={visit} id={one.id} caseLinks={caseLinks} mayLink={actions.may.includes('link')} />
        </div>
        <div class="stack">
          {strategic && (
            <Strategic visit={visit} one={one} strategic={strategic} mayManage={actions.may.includes('decide')} />
          )}
          <Closings visit={visit} one={one} />
          <TextForCustomer visit={visit} one={one} mayWrite={actions.role !== null} />
          <ClosureWarnings closings={warnings} />
          <Responses visit={visit} one={one} responses={responses} />
          <Timeline visit={visit} one={one} />
        </div>
      </div>
    </WorkspacePage>
  );
}

function Headlines({ visit, one, responses }: Pick<CasePageProps, 'visit' | 'one' | 'responses'>) {
  const { dueWhy } = one;
  const person = (key: string | null) => (key ? <bdi>{nameOf(visit, key)}</bdi> : 'nobody');
  return (
    <Section id="facts" title="At a glance">
      <dl class="stack">
        <Fact name={one.loop === 'working' ? 'Due' : 'Was due'}>
          <Moment at={one.dueAt} visit={visit} />
          {one.loop === 'working' && (
            <div>
              <TimeUntilDue one={one} now={visit.now} />
            </div>
          )}
          {dueWhy.length > 0 && (
            <Lines lines={one.generation > 1 ? [...dueWhy, 'counted from the last reopening'] : dueWhy} muted />
          )}
        </Fact>
        <Fact name="Assignee">
          {person(one.assignee)} <span class="muted">works on it</span>
        </Fact>
        <Fact name="Loop owner">
          {person(one.loopOwner)} <span class="muted">tells the customer</span>
        </Fact>
        <CustomerFacts one={one} responses={responses} />
        <Fact name="Category">{one.category}</Fact>
        <Fact name="Issue">
          <IssueFacts one={one} />
        </Fact>
        <Fact name="Opened">
          <Moment at={one.openedAt} visit={visit} ago />
        </Fact>
        <Fact name="First contact">
          {one.firstContactAt ? <Moment at={one.firstContactAt} visit={visit} ago /> : 'none recorded'}
          {!one.firstContactAt && one.firstContactDueAt && (
            <div class="muted">
              wanted by <Moment at={one.firstContactDueAt} visit={visit} />
            </div>
          )}
        </Fact>
        {one.resolvedAt && (
          <Fact name="Resolved">
            <Moment at={one.resolvedAt} visit={visit} ago />
            {one.closingReason && (
              <div class="muted">
                closed as {readable(one.closingReason).toLowerCase()}
                {one.repeats && ` of ${one.repeats}`}
              </div>
            )}
            {one.closingNote && <div class="words">{one.closingNote}</div>}
          </Fact>
        )}
        {one.rootCause && <Fact name="Root cause">{one.rootCause}</Fact>}
        <Fact name="May close it">
          {one.closers === null ? (
            'everybody'
          ) : (
            <bdi>{one.closers.map((key) => nameOf(visit, key)).join(', ') || 'nobody yet'}</bdi>
          )}
        </Fact>
      </dl>
    </Section>
  );
}

function CustomerFacts({ one, responses }: { one: CaseJson; responses: ResponseJson[] }) {
  const { tier, revenue, key, attributes } = one.customer;
  const name = responses.find(({ customer }) => customer.name !== null)?.customer.name;
  const money = revenue !== null && <Fact name="Revenue at risk">{new Intl.NumberFormat('en').format(revenue)}</Fact>;
  if (one.kind === 'strategic') {
    return (
      <>
        <Fact name="Affected customers">{one.customers}</Fact>
        {money}
      </>
    );
  }
  return (
    <>
      <Fact name="Customer">
        {name && (
          <div class="clip">
            <bdi>{name}</bdi>
          </div>
        )}
        <div class={name ? 'muted' : undefined}>
          <bdi>{chooseCustomerDisplayName(key, one.responses)}</bdi>
        </div>
        {tier && <Pill tone="quiet">{readable(tier)}</Pill>}
      </Fact>
      {money}
      <AttributeFacts attributes={attributes} />
    </>
  );
}

function Responses({ visit, one, responses }: Pick<CasePageProps, 'visit' | 'one' | 'responses'>) {
  const shown = new Set(responses.map(({ id }) => id));
  const rest = one.responses.filter((id) => !shown.has(id)).toReversed();
  return (
    <Section id="responses" title="Its responses" count={one.responses.length}>
      <div class="stack parts">
        {responses.map((response) => (
          <article class="stack">
            <h3>
              <a href={`/w/${visit.workspace}/responses/${response.id}`}>
                <bdi>{chooseRespondentDisplayName(response)}</bdi>
              </a>{' '}
              <MutedMoment at={response.submittedAt} visit={visit} />
            </h3>
            <Answers answers={response.answers} />
          </article>
        ))}
      </div>
      {rest.length > 0 && (
        <details>
          <summary>
            {rest.length} older {rest.length === 1 ? 'response' : 'responses'}
          </summary>
          <Lines lines={rest.map((id) => <a href={`/w/${visit.workspace}/responses/${id}`}>{id}</a>)} />
        </details>
      )}
    </Section>
  );
}

/** Timeline of a case: time, event, person, reason and evidence. */
function Timeline({ visit, one }: { visit: Visit; one: CaseJson }) {
  return (
    <Section id="timeline" title="Timeline">
      <ol class="timeline">
        {one.timeline.map((entry) => (
          <li>
            <p class="muted">
              <Moment at={entry.at} visit={visit} />
            </p>
            <div>
              <p>
                <strong>{entry.what}</strong> <span class="muted">by</span>{' '}
                <bdi>{nameTimelineActor(visit, entry.who)}</bdi>
              </p>
              <p>{entry.why}</p>
              <Evidence visit={visit} one={one} entry={entry} />
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
}

const nameTimelineActor = (visit: Visit, who: string) => (who === 'customer' ? 'the customer' : nameOf(visit, who));

function Evidence({ visit, one, entry: { evidence } }: { visit: Visit; one: CaseJson; entry: Entry }) {
  if (evidence === null) return null;
  const home = `/w/${visit.workspace}`;
  return (
    <p class="muted">
      Evidence:{' '}
      {one.responses.includes(evidence) ? (
        <a href={`${home}/responses/${evidence}`}>the response</a>
      ) : one.issue?.key === evidence ? (
        <ExternalLink url={one.issue.url}>issue {evidence}</ExternalLink>
      ) : evidence.startsWith('c_') ? (
        <a href={`${home}/cases/${evidence}`}>the other case</a>
      ) : (
        <code>{evidence}</code>
      )}
    </p>
  );
}
