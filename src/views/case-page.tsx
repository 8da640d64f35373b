import type { Child } from 'hono/jsx';
import type { PermittedCaseActions } from '#domain/cases/action.ts';
import type * as json from '#domain/json/index.ts';
import { formatAmount } from '#domain/time/time-text.ts';
import { MainActions, MoreActions } from './case-action-forms.tsx';
import { CaseLinksView, LinkForms } from './case-links-view.tsx';
import { Timeline } from './case-timeline.tsx';
import { ClosingDecisionForms } from './closing-decision.tsx';
import { Closings, ClosureWarnings, type WarningsOfClosing } from './closings.tsx';
import { TextForCustomer } from './customer-words.tsx';
import { IssueFacts, IssueTrouble, RefusedCalls, WhatHappens } from './issue-facts.tsx';
import * as ui from './kit.ts';
import { WaitingAddresses } from './mail-state.tsx';
import { findNextMove } from './next-move.ts';
import { ContributorForms, CustomerForm, PlanLadderAndContributors } from './people-on-case.tsx';
import { Answers, chooseRespondentDisplayName } from './response-pages.tsx';
import { type MemberQuery, Strategic } from './strategic-view.tsx';

export type Neighbour = { rel: 'prev' | 'next'; text: string; url: string };

interface CasePageProps {
  visit: ui.Visit;
  one: json.CaseJson;
  responses: json.ResponseJson[];
  warnings: WarningsOfClosing[];
  messages: json.CaseMessageJson[];
  strategic: json.StrategicCaseJson | null;
  members: MemberQuery;
  caseLinks: json.CaseLinks;
  actions: PermittedCaseActions;
  /** Form that was posted last; null for a page that was asked for. */
  done: string | null;
  neighbours: Neighbour[];
}

/** One case: the customer's words, whose move it is, the loop, and everything that happened. */
export function CasePage(props: CasePageProps) {
  const { visit, one, responses, warnings, messages, strategic, caseLinks, actions } = props;
  const manages = actions.may.includes('decide');
  return (
    <ui.WorkspacePage visit={visit} title={`${one.handle} ${ui.nameOfTemplate(visit, one.template)}`} tab="Cases">
      <p class="row">
        {ui.isOverdue(one, visit.now) && <ui.Pill tone="bad">Overdue</ui.Pill>}
        <ui.SeverityPill severity={one.severity} />
        <ui.Pill tone="quiet">{one.status}</ui.Pill>
        <ui.LoopPill loop={one.loop} action={one.action} />
        <span>{ui.describeLoopState(one.loop, one.action).means}</span>
        {props.neighbours.map(({ rel, text, url }) => (
          <a rel={rel} href={url}>
            {rel === 'prev' ? `← ${text}` : `${text} →`}
          </a>
        ))}
      </p>
      <WhatHappens visit={visit} one={one} done={props.done} />
      {one.closingFlag && (
        <div class="notice warn" role="note">
          <strong>Closed against the rules.</strong> {one.closingFlag}
        </div>
      )}
      <IssueTrouble visit={visit} issue={one.issue} />
      <RefusedCalls visit={visit} one={one} mayRetry={actions.role !== null} />
      <div class="case stack">
        <div class="stack">
          <CustomerWords {...{ visit, one, responses, caseLinks }} />
          <Next {...{ visit, one, actions, caseLinks, strategic }} />
          {strategic && <Strategic {...{ visit, one, strategic, members: props.members }} mayManage={manages} />}
          {one.action === 'case' && <Closings visit={visit} one={one} />}
          <TextForCustomer visit={visit} one={one} mayWrite={actions.role !== null} />
          <ClosureWarnings closings={warnings} />
          <Timeline visit={visit} one={one} messages={messages} />
        </div>
        <div class="stack">
          <Facts visit={visit} one={one} />
          <PlanLadderAndContributors visit={visit} one={one} may={actions.may} />
          <CaseLinksView visit={visit} caseLinks={caseLinks} />
        </div>
      </div>
    </ui.WorkspacePage>
  );
}

type WordsProps = Pick<CasePageProps, 'visit' | 'one' | 'responses' | 'caseLinks'>;

function CustomerWords({ visit, one, responses, caseLinks }: WordsProps) {
  const home = `/w/${visit.workspace}`;
  const { tier, revenue, attributes } = one.customer;
  const name = responses.find(({ customer }) => customer.name !== null)?.customer.name;
  const customer = <bdi>{name ?? ui.chooseCustomerDisplayName(one.customer.key, one.responses)}</bdi>;
  const address = caseLinks.customer === null ? null : `${home}/customers/${caseLinks.customer}`;
  return (
    <ui.Section
      id="words"
      title={one.kind === 'strategic' ? 'What customers said' : 'What the customer said'}
      count={one.responses.length}
    >
      {one.kind === 'tactical' && (
        <p class="row">
          {address ? <a href={address}>{customer}</a> : customer}
          {tier && <ui.Pill tone="quiet">{ui.readable(tier)}</ui.Pill>}
          {revenue !== null && <span class="muted">{formatAmount(revenue)} a year</span>}
        </p>
      )}
      <div class="stack parts">
        {responses.map((response) => (
          <article class="stack tight">
            <h3>
              <a href={`${home}/responses/${response.id}`}>
                {one.kind === 'strategic' ? <bdi>{chooseRespondentDisplayName(response)}</bdi> : 'Response'}
              </a>{' '}
              <ui.MutedMoment at={response.submittedAt} visit={visit} />
            </h3>
            <Answers answers={response.answers.toSorted((a, b) => Number(isWords(b)) - Number(isWords(a)))} />
          </article>
        ))}
        {responses.length === 0 && <p class="muted">No response: the case was opened by hand.</p>}
      </div>
      {(one.responses.length > responses.length || one.kind === 'strategic') && (
        <p>
          <a href={`${home}/responses?case=${one.id}`}>All responses, to search and to save</a>
          {', '}
          <a href={`${home}/words?case=${one.id}`}>all they wrote</a>
        </p>
      )}
      {Object.keys(attributes).length > 0 && (
        <dl class="stack tight">
          <ui.AttributeFacts attributes={attributes} />
        </dl>
      )}
      <details>
        <summary>Why it opened</summary>
        <ui.Lines lines={one.openedWhy} />
      </details>
      {caseLinks.siblings.length > 0 && (
        <p>
          The same answer also opened{' '}
          {caseLinks.siblings.map((sibling, index) => (
            <>
              {index > 0 && ', '}
              <ui.CaseLink visit={visit} to={sibling} /> <ui.LoopPill loop={sibling.loop} />
            </>
          ))}
        </p>
      )}
    </ui.Section>
  );
}

const isWords = ({ type }: json.ResponseJson['answers'][number]) => type === 'text';

type NextProps = Pick<CasePageProps, 'visit' | 'one' | 'actions' | 'caseLinks' | 'strategic'>;

function Next({ visit, one, actions, caseLinks, strategic }: NextProps) {
  const { who, what, until } = findNextMove(one, visit);
  const isManager = actions.may.includes('decideAddress');
  const isWithoutCustomer = one.kind === 'tactical' && one.customer.key === null && one.loop === 'working';
  return (
    <ui.Section id="next" title="Next">
      <p class="next">
        {who && (
          <strong>
            <bdi>{who}</bdi>{' '}
          </strong>
        )}
        {what}
        {until && (
          <>
            {' '}
            by <ui.Moment at={until} visit={visit} />{' '}
            {until === one.dueAt && one.loop === 'working' && <ui.TimeUntilDue one={one} now={visit.now} />}
          </>
        )}
      </p>
      <WaitingAddresses visit={visit} one={one} isManager={isManager} />
      <ClosingDecisionForms visit={visit} one={one} role={actions.role} hasAddress={actions.hasAddress} />
      {actions.canAskNow && isManager && (
        <ui.Form
          action={`/w/${visit.workspace}/cases/${one.id}/waiting`}
          hidden={{ event: 'ask now' }}
          plain
          button="Ask now"
        />
      )}
      <MainActions {...{ visit, one, actions, strategic }} />
      {(actions.role !== null || actions.may.includes('invite')) && (
        <MoreActions visit={visit} one={one} actions={actions}>
          {actions.may.includes('link') && <LinkForms visit={visit} id={one.id} caseLinks={caseLinks} />}
          {actions.may.includes('nameCustomer') && isWithoutCustomer && <CustomerForm visit={visit} one={one} />}
          {actions.may.includes('invite') && <ContributorForms visit={visit} one={one} />}
        </MoreActions>
      )}
      {actions.role !== null && one.loop === 'working' && !actions.mayClose && (
        <p class="muted">Only case managers may close this case.</p>
      )}
    </ui.Section>
  );
}

function Facts({ visit, one }: Pick<CasePageProps, 'visit' | 'one'>) {
  const { dueWhy, firstContactAt, firstContactDueAt, resolvedAt, closingReason, repeats } = one;
  const moment = (at: string) => <ui.Moment at={at} visit={visit} ago />;
  const people = (keys: (string | null)[], none = 'nobody') => (
    <bdi>
      {keys.filter((key) => key !== null).length === 0 && none}
      {keys.map((key, index) => [
        index > 0 && ', ',
        key && <a href={`/w/${visit.workspace}/cases?show=open&person=${key}`}>{ui.nameOf(visit, key)}</a>,
      ])}
    </bdi>
  );
  const computation = one.generation > 1 ? [...dueWhy, 'counted from the last reopening'] : dueWhy;
  const closed =
    closingReason && `closed as ${ui.readable(closingReason).toLowerCase()}${repeats ? ` of ${repeats}` : ''}`;
  const facts: [string, Child][] = [
    ['Assignee', people([one.assignee])],
    ['Loop owner, who tells the customer', people([one.loopOwner])],
    ['Category', one.category],
    [
      'Template',
      Object.hasOwn(visit.templates, one.template) && (
        <a href={`/w/${visit.workspace}/templates/${one.template}`}>{ui.nameOfTemplate(visit, one.template)}</a>
      ),
    ],
    ['Issue', <IssueFacts one={one} />],
    ['Opened', moment(one.openedAt)],
    ['Paused since', one.pausedAt && moment(one.pausedAt)],
    ['First contact', firstContactAt && moment(firstContactAt)],
    ['First contact wanted by', !firstContactAt && firstContactDueAt && moment(firstContactDueAt)],
    ['Resolved', resolvedAt && moment(resolvedAt)],
    ['Closing', closed],
    ['Reason for the team', one.closingNote && <ui.Words text={one.closingNote} />],
    ['Root cause', one.rootCause],
    ['May close it', one.closers === null ? 'everybody' : people(one.closers, 'nobody yet')],
    ['Affected customers', one.kind === 'strategic' && one.customers],
    ['Revenue at risk', one.kind === 'strategic' && one.customer.revenue && formatAmount(one.customer.revenue)],
  ];
  return (
    <ui.Section id="facts" title="At a glance">
      <dl class="stack">
        <ui.Fact name={one.loop === 'working' ? 'Due' : 'Was due'}>
          <ui.Moment at={one.dueAt} visit={visit} />
          {computation.length > 0 && (
            <details>
              <summary>How it is computed</summary>
              <ui.Lines lines={computation} muted />
            </details>
          )}
        </ui.Fact>
        {facts.map(([name, value]) => value && <ui.Fact name={name}>{value}</ui.Fact>)}
      </dl>
    </ui.Section>
  );
}
