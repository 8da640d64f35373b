import type { PermittedCaseActions } from '#domain/cases/action.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import { area, Form, line, PlainButton } from './forms.tsx';
import { Section } from './parts.tsx';
import type { Visit } from './visit.ts';

/** Decisions for a case manager where a closing has no consequence, or the follow-up waits. */
export function ClosingDecisionForms({
  visit,
  one,
  role,
  hasAddress,
}: { visit: Visit; one: CaseJson } & Pick<PermittedCaseActions, 'role' | 'hasAddress'>) {
  if (one.waitsFor !== null) return <Waiting visit={visit} one={one} role={role} />;
  const action = `/w/${visit.workspace}/cases/${one.id}/closing`;
  if (one.followUps.some(({ state, answers }) => state === 'sent' && answers !== null))
    return <AnswerToCheck action={action} role={role} />;
  if (one.loop !== 'dropped') return null;
  return (
    <Section id="decision" title="Should the customer be asked?">
      {one.repeats ? (
        <p>It repeats {one.repeats}. When that case is resolved, this customer is asked as well.</p>
      ) : (
        <p>It was closed as {one.closingReason}, so nobody is asked. You can decide otherwise.</p>
      )}
      {one.closingNote && (
        <p class="muted">
          Internal reason, not shown to customers: <bdi>{one.closingNote}</bdi>
        </p>
      )}
      {role === 'manager' ? (
        <Decisions action={action} hasAddress={hasAddress} />
      ) : (
        <p class="muted">A case manager has to decide.</p>
      )}
    </Section>
  );
}

const AnswerToCheck = ({ action, role }: { action: string; role: PermittedCaseActions['role'] }) => (
  <Section id="decision" title="Did a person answer?">
    <p>
      An answer came within seconds of its mail, as programs that check mail do. It counts when the person answers
      again, and nothing is closed or reopened before.
    </p>
    {role === 'manager' && (
      <form class="row" method="post" action={action}>
        <button type="submit" name="decision" value="count">
          Count the answer
        </button>
      </form>
    )}
  </Section>
);

const declined = [area('because', 'It will not be done: why, in words for the customer', 3, 1000)];
const repeats = [line('handle', 'It repeats another case, such as C-12', 12)];

const Decisions = ({ action, hasAddress }: { action: string; hasAddress: boolean }) => (
  <>
    {!hasAddress && <p class="muted">No e-mail address is known, so the customer cannot be asked by mail.</p>}
    <form class="row" method="post" action={action}>
      {hasAddress && (
        <button type="submit" name="decision" value="ask">
          Ask whether it is solved
        </button>
      )}
      <PlainButton name="decision" value="leave">
        Ask nobody
      </PlainButton>
    </form>
    <Form id="declined" action={action} hidden={{ decision: 'declined' }} fields={declined} plain button="Tell why" />
    <Form id="repeats" action={action} hidden={{ decision: 'repeats' }} fields={repeats} plain button="Link it" />
  </>
);

const Waiting = ({ visit, one, role }: { visit: Visit; one: CaseJson; role: PermittedCaseActions['role'] }) => (
  <Section id="waiting" title="The customer is not asked yet">
    <p>
      The survey waits for {one.waitsFor}, so that nobody is asked about a fix they do not have yet. It is sent
      automatically afterwards.
    </p>
    {role !== null && (
      <form class="row" method="post" action={`/w/${visit.workspace}/cases/${one.id}/waiting`}>
        <PlainButton name="event" value="shipped">
          The fix has reached the customer
        </PlainButton>
        {role === 'manager' && (
          <PlainButton name="event" value="ask anyway">
            Ask now, without waiting
          </PlainButton>
        )}
      </form>
    )}
  </Section>
);
