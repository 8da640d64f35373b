import { verdicts as verdictNames } from '#domain/cases/verdict.ts';
import type { ClosureWarning } from '#domain/loop/closure-warnings.ts';
import * as ui from './kit.ts';

export type Entry = ui.CaseJson['timeline'][number];

type History = Pick<ui.CaseJson, 'timeline' | 'verdicts' | 'followUps'>;

export function collectClosings({ timeline, verdicts, followUps }: History) {
  const closings = timeline.filter(({ what }) => what.startsWith('closed as '));
  const generations = new Set([...closings, ...verdicts, ...followUps].map(({ generation }) => generation));
  return [...generations]
    .sort((a, b) => b - a)
    .map((generation) => {
      const ofThis = <Item extends { generation: number }>(items: Item[]) =>
        items.filter((item) => item.generation === generation);
      return {
        generation,
        closed: ofThis(closings).at(-1) ?? null,
        customer: sideOf(ofThis(followUps), 'customer'),
        closer: sideOf(ofThis(followUps), 'closer'),
        verdicts: ofThis(verdicts),
        reopened: ofThis(timeline).find(({ what }) => what === 'reopened') ?? null,
      };
    });
}

function sideOf(followUps: ui.FollowUpJson[], side: ui.FollowUpJson['kind']) {
  const own = followUps.filter(({ kind }) => kind === side);
  const asked = own.filter(({ state }) => state === 'sent' || state === 'answered' || state === 'expired');
  const answered = asked.filter(({ answers }) => answers !== null);
  const answerOf = ({ answers }: ui.FollowUpJson) => (side === 'customer' ? answers?.resolved : answers?.closed) ?? '';
  const counts = [...Map.groupBy(answered, answerOf)].map(([answer, all]) => ({ answer, count: all.length }));
  const last = answered.toSorted((a, b) => Date.parse(a.answeredAt ?? '') - Date.parse(b.answeredAt ?? '')).at(-1);
  return {
    asked: asked.length,
    answers: counts,
    last: last && {
      at: last.answeredAt ?? '',
      who: last.person ?? 'customer',
      blocker: last.answers?.blocker,
      note: last.answers?.comment ?? last.answers?.note,
    },
    whyNotAsked: asked.length === 0 ? (own.find(({ state }) => state === 'skipped')?.why ?? null) : null,
  };
}

export const textByCustomerAnswer = new Map([
  ['yes', 'Yes, it is resolved'],
  ['partly', 'Only partly'],
  ['no', 'No, it is not resolved'],
]);

export const textByCloserAnswer = new Map([
  ['yes', 'Yes, it could be closed'],
  ['partly', 'Only in part'],
  ['unable', 'No, unable to close it'],
]);

/** Both sides' answers side by side, closing by closing. */
export function Closings({ one }: { one: ui.CaseJson }) {
  const closings = collectClosings(one);
  return (
    <ui.Section id="closings" title="Is the loop closed?">
      <ui.Parts
        empty="The issue is still open. When it is closed, customer and closer are asked."
        parts={closings.map((closing) => (
          <li>
            <ClosingView one={one} closing={closing} />
          </li>
        ))}
      />
    </ui.Section>
  );
}

function ClosingView({ one, closing }: { one: ui.CaseJson; closing: ReturnType<typeof collectClosings>[number] }) {
  const { closed, customer, closer, verdicts, reopened, generation } = closing;
  const waits = generation === one.generation && (one.loop === 'resolved' || one.loop === 'asked');
  const hasCustomer = one.kind === 'strategic' || one.customer.key !== null;
  const customers = one.kind === 'strategic' ? 'The customers say' : 'The customer says';
  return (
    <article class="stack">
      <h3>
        Closing {generation}
        {closed && (
          <span class="muted">
            {' '}
            {closed.what} by <ui.Person who={closed.who} />, <ui.Moment at={closed.at} />
          </span>
        )}
      </h3>
      <div class="sides stack">
        <SideAnswers title={customers} side={customer} says={textByCustomerAnswer} waits={waits && hasCustomer} />
        <SideAnswers title="The closer says" side={closer} says={textByCloserAnswer} waits={waits} named />
        <div class="stack tight">
          <h4>Verdict</h4>
          <Verdicts one={one} verdicts={verdicts} />
        </div>
      </div>
      {reopened && (
        <p class="muted">
          Reopened <ui.Moment at={reopened.at} />: {reopened.why}
        </p>
      )}
    </article>
  );
}

interface SideAnswersProps {
  title: string;
  side: ReturnType<typeof sideOf>;
  says: Map<string, string>;
  waits: boolean;
  named?: boolean;
}

function SideAnswers({ title, side, says, waits, named = false }: SideAnswersProps) {
  const { asked, answers, last, whyNotAsked } = side;
  const silent = asked - answers.reduce((sum, { count }) => sum + count, 0);
  const counted = answers.map(({ answer, count }): Counted => [count, says.get(answer) ?? answer]);
  const silence: Counted[] = silent > 0 ? [[silent, waits ? 'No answer yet' : 'No answer']] : [];
  return (
    <div class="stack tight">
      <h4>{title}</h4>
      {answers.length === 0 && <p>{explainMissingAnswer(asked, whyNotAsked, waits)}</p>}
      {asked === 1 && counted.map(([, text]) => <strong>{text}</strong>)}
      {asked > 1 && answers.length > 0 && <Counts counted={[...counted, ...silence]} />}
      {last && (
        <p class="muted">
          {named && [<ui.Person who={last.who} />, ', ']}
          <ui.Moment at={last.at} />
        </p>
      )}
      {last?.blocker && <p>Blocker: {last.blocker}</p>}
      {last?.note && <ui.Words text={last.note} />}
    </div>
  );
}

type Counted = [count: number, what: ui.Child];

const Counts = ({ counted }: { counted: Counted[] }) => (
  <ui.Lines lines={counted.map(([count, what]) => [<strong>{count}</strong>, ' ', what])} />
);

function explainMissingAnswer(asked: number, whyNotAsked: string | null, waits: boolean): string {
  if (asked > 0) return waits ? 'Asked, no answer yet' : 'Asked, no answer';
  if (whyNotAsked) return `Not asked: ${whyNotAsked}`;
  return waits ? 'Not asked yet' : 'Not asked';
}

function Verdicts({ one, verdicts }: { one: ui.CaseJson; verdicts: ui.CaseJson['verdicts'] }) {
  const [first] = verdicts;
  if (!first) return <p>None yet</p>;
  if (one.kind === 'tactical')
    return (
      <>
        <ui.LoopPill loop={first.verdict} />
        <p class="muted">{first.why}</p>
      </>
    );
  const counted = verdictNames
    .map(
      (verdict): Counted => [verdicts.filter((row) => row.verdict === verdict).length, <ui.LoopPill loop={verdict} />],
    )
    .filter(([count]) => count > 0);
  return (
    <>
      <Counts counted={counted} />
      <details>
        <summary>Customer by customer</summary>
        <ui.Lines
          lines={verdicts.map(({ customer, verdict, why }) => [
            <bdi>{ui.chooseCustomerDisplayName(customer, one.responses)}</bdi>,
            `: ${ui.readable(verdict).toLowerCase()}, because ${why}`,
          ])}
          muted
        />
      </details>
    </>
  );
}

export type WarningsOfClosing = { generation: number; warnings: ClosureWarning[] };

export function ClosureWarnings({ closings }: { closings: WarningsOfClosing[] }) {
  const marked = closings.filter(({ warnings }) => warnings.length > 0);
  if (marked.length === 0) return null;
  return (
    <ui.Section id="signs" title="Was it closed too early?">
      <p class="muted">Reasons to review, never a score of a person.</p>
      {marked.map(({ generation, warnings }) => (
        <div class="stack tight">
          <h3>Closing {generation}</h3>
          <ui.Lines lines={warnings.map(({ text }) => text)} />
        </div>
      ))}
    </ui.Section>
  );
}

type DecisionProps = { one: ui.CaseJson } & Pick<ui.PermittedCaseActions, 'role' | 'hasAddress'>;

/** Decisions for a case manager where a closing has no consequence, or the follow-up waits. */
export function ClosingDecisionForms({ one, role, hasAddress }: DecisionProps) {
  const action = `cases/${one.id}/closing`;
  if (one.waitsFor !== null) return <Waiting one={one} role={role} />;
  if (one.followUps.some((ask) => ask.generation === one.generation && ui.isAnswerToCheck(ask)))
    return (
      <ui.Section id="decision" title="Did a person answer?">
        <p>
          An answer came within seconds of its mail, as programs that check mail do. It counts when the person answers
          again, and nothing is closed or reopened before.
        </p>
        {role === 'manager' && (
          <ui.Buttons action={action} name="decision" buttons={[['count', 'Count the answer', true]]} />
        )}
      </ui.Section>
    );
  if (one.loop !== 'dropped') {
    const mayStay = one.needsPerson !== null && one.needsPersonKind === null && role === 'manager';
    const waitsForWords = one.kind === 'strategic' && one.loop === 'resolved';
    return mayStay && !waitsForWords ? (
      <ui.Buttons action={action} name="decision" buttons={[['leave', 'Nothing more to decide']]} />
    ) : null;
  }
  return (
    <ui.Section id="decision" title="Should the customer be asked?">
      {one.repeats ? (
        <p>It repeats {one.repeats}. When that case is resolved, this customer is asked as well.</p>
      ) : (
        <p>It was closed as {one.closingReason}, so nobody is asked. You can decide otherwise.</p>
      )}
      {role === 'manager' ? (
        <Decisions action={action} hasAddress={hasAddress} />
      ) : (
        <p class="muted">A case manager has to decide.</p>
      )}
    </ui.Section>
  );
}

const declined = [ui.area('because', 'It will not be done: why, in words for the customer', 3, 1000)];
const repeats = [ui.line('handle', 'It repeats another case, such as C-12', 12)];

const Decisions = ({ action, hasAddress }: { action: string; hasAddress: boolean }) => (
  <>
    {!hasAddress && <p class="muted">No e-mail address is known, so the customer cannot be asked by mail.</p>}
    <ui.Buttons
      action={action}
      name="decision"
      buttons={[...(hasAddress ? [askButton] : []), ['leave', 'Ask nobody']]}
    />
    <ui.Form
      id="declined"
      {...{ action, fields: declined }}
      hidden={{ decision: 'declined' }}
      plain
      button="Tell why"
    />
    <ui.Form id="repeats" {...{ action, fields: repeats }} hidden={{ decision: 'repeats' }} plain button="Link it" />
  </>
);

const askButton: [string, string, boolean] = ['ask', 'Ask whether it is solved', true];
const anywayButton: [string, string] = ['ask anyway', 'Ask now, without waiting'];

const Waiting = ({ one, role }: Omit<DecisionProps, 'hasAddress'>) => (
  <ui.Section id="waiting" title="The customer is not asked yet">
    <p>
      The survey waits for {one.waitsFor}, so that nobody is asked about a fix they do not have yet. It is sent
      automatically afterwards.
    </p>
    {role !== null && (
      <ui.Buttons
        action={`cases/${one.id}/waiting`}
        name="event"
        buttons={[['shipped', 'The fix has reached the customer'], ...(role === 'manager' ? [anywayButton] : [])]}
      />
    )}
  </ui.Section>
);
