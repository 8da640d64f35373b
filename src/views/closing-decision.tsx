import * as ui from './kit.ts';

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
