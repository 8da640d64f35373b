import { MainActions, MoreActions } from './case-action-forms.tsx';
import { CaseLinksView, PlanLadderAndContributors, TextForCustomer } from './case-side.tsx';
import { Timeline } from './case-timeline.tsx';
import { ClosingDecisionForms, Closings, ClosureWarnings, type WarningsOfClosing } from './closings.tsx';
import { IssueFacts, IssueTrouble, RefusedCalls, WhatHappens } from './issue-facts.tsx';
import * as ui from './kit.ts';
import { WaitingAddresses } from './personal-data.tsx';
import { Answers, chooseRespondentDisplayName } from './response-pages.tsx';
import { type MemberQuery, Strategic } from './strategic-view.tsx';

type Neighbour = { rel: 'prev' | 'next'; text: string; url: string };

interface CasePageProps {
  visit: ui.Visit;
  one: ui.CaseJson;
  responses: ui.ResponseJson[];
  warnings: WarningsOfClosing[];
  messages: ui.CaseMessageJson[];
  strategic: ui.StrategicCaseJson | null;
  members: MemberQuery;
  caseLinks: ui.CaseLinks;
  actions: ui.PermittedCaseActions;
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
        {one.overdue && <ui.Pill tone="bad">Overdue</ui.Pill>}
        <ui.SeverityPill severity={one.severity} />
        <ui.Pill tone="quiet">{one.status}</ui.Pill>
        <ui.LoopPill {...one} />
        <span>{ui.describeLoopState(one.loop, one.action).means}</span>
        {props.neighbours.map(({ rel, text, url }) => (
          <a rel={rel} href={url}>
            {rel === 'prev' ? `← ${text}` : `${text} →`}
          </a>
        ))}
      </p>
      <WhatHappens one={one} done={props.done} />
      {one.closingFlag && (
        <ui.Notice tone="warn">
          <strong>Closed against the rules.</strong> {one.closingFlag}
        </ui.Notice>
      )}
      <IssueTrouble issue={one.issue} />
      <RefusedCalls one={one} mayRetry={actions.role !== null} />
      <div class="case stack">
        <div class="stack">
          <CustomerWords {...{ one, responses, caseLinks }} />
          <Next {...{ one, actions, caseLinks, strategic }} />
          {strategic && <Strategic {...{ one, strategic, members: props.members }} mayManage={manages} />}
          {one.action === 'case' && <Closings one={one} />}
          <TextForCustomer one={one} mayWrite={actions.role !== null} />
          <ClosureWarnings closings={warnings} />
        </div>
        <div class="stack">
          <Facts one={one} />
          <PlanLadderAndContributors one={one} may={actions.may} />
          <CaseLinksView caseLinks={caseLinks} />
        </div>
        <Timeline one={one} messages={messages} />
      </div>
    </ui.WorkspacePage>
  );
}

type WordsProps = Pick<CasePageProps, 'one' | 'responses' | 'caseLinks'>;

function CustomerWords({ one, responses, caseLinks }: WordsProps) {
  const { key, name, tier, revenue, attributes } = one.customer;
  const isStrategic = one.kind === 'strategic';
  const customer = ui.chooseCustomerDisplayName(key, one.responses);
  const title = isStrategic ? 'What customers said' : 'What the customer said';
  return (
    <ui.Section id="words" title={title} count={one.responseCount}>
      {!isStrategic && (
        <p class="row">
          <ui.CustomerLink {...{ customer, name, page: caseLinks.customer }} />
          <ui.TierPill tier={tier} />
          {revenue !== null && <span class="muted">{ui.formatAmount(revenue)} a year</span>}
        </p>
      )}
      <div class="stack parts">
        {responses.map((response) => (
          <article class="stack tight">
            <h3>
              <ui.Link to={`responses/${response.id}`}>
                {isStrategic ? <bdi>{chooseRespondentDisplayName(response)}</bdi> : 'Response'}
              </ui.Link>{' '}
              <ui.MutedMoment at={response.submittedAt} />
            </h3>
            <Answers answers={response.answers.toSorted((a, b) => Number(isWords(b)) - Number(isWords(a)))} />
          </article>
        ))}
        {responses.length === 0 && <p class="muted">No response: the case was opened by hand.</p>}
      </div>
      {(one.responseCount > responses.length || isStrategic) && (
        <p>
          <ui.Link to={`responses?case=${one.id}`}>All responses</ui.Link>
          {', '}
          <ui.Link to={`words?case=${one.id}`}>all comments</ui.Link>
        </p>
      )}
      {Object.keys(attributes).length > 0 && <ui.Facts tight facts={ui.listAttributeFacts(attributes)} />}
      <details>
        <summary>Why it opened</summary>
        <ui.Lines lines={one.openedWhy} />
      </details>
      {caseLinks.siblings.length > 0 && (
        <p>
          The same answer also opened{' '}
          {caseLinks.siblings.map((sibling, index) => [
            index > 0 && ', ',
            <ui.CaseLink to={sibling} />,
            ' ',
            <ui.LoopPill {...sibling} />,
          ])}
        </p>
      )}
    </ui.Section>
  );
}

const isWords = ({ type }: ui.ResponseJson['answers'][number]) => type === 'text';

type NextProps = Pick<CasePageProps, 'one' | 'actions' | 'caseLinks' | 'strategic'>;

function Next({ one, actions, caseLinks, strategic }: NextProps) {
  const { who, what, until } = findNextMove(one, ui.useVisit());
  const isManager = actions.may.includes('decideAddress');
  return (
    <ui.Section id="next" title="Next">
      <p class="next">
        {who && <strong dir="auto">{who} </strong>}
        {what}
        {until && [' by ', <ui.Moment at={until} />, ' ']}
        {until !== null && until === one.dueAt && one.loop === 'working' && <ui.TimeUntilDue {...one} />}
      </p>
      <WaitingAddresses one={one} isManager={isManager} />
      <ClosingDecisionForms one={one} role={actions.role} hasAddress={actions.hasAddress} />
      {actions.canAskNow && isManager && (
        <ui.Form action={`cases/${one.id}/waiting`} hidden={{ event: 'ask now' }} plain button="Ask now" />
      )}
      <MainActions {...{ one, actions, strategic }} />
      {(actions.role !== null || actions.may.includes('invite')) && <MoreActions {...{ one, actions, caseLinks }} />}
      {actions.role !== null && one.loop === 'working' && !actions.mayClose && (
        <p class="muted">Only case managers may close this case.</p>
      )}
    </ui.Section>
  );
}

function Facts({ one }: Pick<CasePageProps, 'one'>) {
  const visit = ui.useVisit();
  const { dueWhy, firstContactAt, firstContactDueAt, resolvedAt, closingReason, repeats } = one;
  const moment = (at: string) => <ui.Moment at={at} ago />;
  const people = (keys: (string | null)[], none = 'nobody'): ui.Child => {
    const known = keys.filter((key) => key !== null);
    const link = (key: string) => <ui.Link to={`cases?show=open&person=${key}`}>{<ui.Person who={key} />}</ui.Link>;
    return known.length === 0 ? none : known.map((key, index) => [index > 0 && ', ', link(key)]);
  };
  const computation = one.generation > 1 ? [...dueWhy, 'counted from the last reopening'] : dueWhy;
  const closed =
    closingReason && `closed as ${ui.readable(closingReason).toLowerCase()}${repeats ? ` of ${repeats}` : ''}`;
  const facts: [string, ui.Child][] = [
    ['Assignee', people([one.assignee])],
    ['Loop owner, who tells the customer', people([one.loopOwner])],
    ['Category', one.category],
    [
      'Template',
      Object.hasOwn(visit.templates, one.template) && (
        <ui.Link to={`templates/${one.template}`}>{ui.nameOfTemplate(visit, one.template)}</ui.Link>
      ),
    ],
    ['Issue', one.issue ? <IssueFacts issue={one.issue} /> : 'not created yet'],
    ['Opened', moment(one.openedAt)],
    ['Paused since', one.pausedAt && moment(one.pausedAt)],
    ['First contact', firstContactAt && moment(firstContactAt)],
    ['First contact wanted by', !firstContactAt && firstContactDueAt && <ui.Moment at={firstContactDueAt} />],
    ['Resolved', resolvedAt && moment(resolvedAt)],
    ['Closing', closed],
    ['Reason for the team', one.closingNote && <ui.Words text={one.closingNote} />],
    ['Root cause', one.rootCause],
    ['May close it', one.closers === null ? 'everybody' : people(one.closers, 'nobody yet')],
  ];
  const due = (
    <>
      <ui.Moment at={one.dueAt} />
      {computation.length > 0 && (
        <details>
          <summary>How it is computed</summary>
          <ui.Lines lines={computation} muted />
        </details>
      )}
    </>
  );
  return (
    <ui.Section id="facts" title="At a glance">
      <ui.Facts facts={[[one.loop === 'working' ? 'Due' : 'Was due', due], ...facts]} />
    </ui.Section>
  );
}

function findNextMove(one: ui.CaseJson, visit: Pick<ui.Visit, 'people'>) {
  /** Nobody has to do anything where `who` is null. */
  const move = (who: string | null, what: string, until: string | null = null) => ({ who, what, until });
  const name = (person: string | null) => person && ui.nameOf(visit, person);
  if (one.needsPerson !== null) return move('A case manager', `decides: ${one.needsPerson}`);
  if (one.loop === 'working') return findWorkingMove();
  const asked = one.followUps.find(({ kind, generation }) => kind === 'customer' && generation === one.generation);
  const customers = one.kind === 'strategic' ? 'the customers' : 'the customer';
  if (one.loop === 'asked') return move(`T${customers.slice(1)}`, 'answers whether it is solved');
  if (one.loop === 'resolved' && one.action === 'case') {
    if (one.waitsFor !== null) return move(null, `Asking ${customers} waits for ${one.waitsFor}.`);
    if (one.kind === 'tactical' && one.customer.key === null)
      return move(null, 'It is closed, and nobody is asked: no customer was named.');
    if (asked?.state === 'due') return move('Caselite', `asks ${customers} whether it is solved`, asked.dueAt);
  }
  const notAsked = asked?.state === 'skipped' ? ` Nobody was asked: ${asked.why}.` : '';
  return move(null, ui.describeLoopState(one.loop, one.action).means + notAsked);

  function findWorkingMove() {
    if (one.pausedAt !== null) return move('The customer', 'answers first; the clock is paused');
    if (one.assignee === null) return move('A case manager', 'names somebody who works on it', one.dueAt);
    const isContactDue = one.firstContactAt === null && one.firstContactDueAt !== null && one.kind === 'tactical';
    if (isContactDue)
      return move(name(one.loopOwner) ?? name(one.assignee), 'contacts the customer', one.firstContactDueAt);
    return move(name(one.assignee), one.kind === 'strategic' ? 'works on the cause' : 'solves the problem', one.dueAt);
  }
}
