import type { Child } from 'hono/jsx';
import type { ActionName, PermittedCaseActions } from '#domain/cases/action.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import { readable } from './case-display.ts';
import { Field, FoldedForm, Form, PlainButton, Select, TextField } from './forms.tsx';
import type { Visit } from './visit.ts';

export interface ActProps {
  visit: Visit;
  one: CaseJson;
  actions: PermittedCaseActions;
}

/** The few actions that a case wants most, in the order of the work. */
export function MainActions(props: ActProps) {
  const { visit, one, actions } = props;
  const isOpen = one.loop === 'working';
  const home = `/w/${visit.workspace}/cases/${one.id}`;
  const can = (operation: string) => actions.may.includes(operation);
  return (
    <div class="acts">
      {isOpen && !one.ladder.acknowledgedAt && can('acknowledge') && (
        <form method="post" action={`${home}/acknowledge`}>
          <PlainButton>I have it</PlainButton>
        </form>
      )}
      {one.kind === 'tactical' && can('writeToCustomer') && actions.hasAddress && (
        <FoldedForm name="Write to the customer" action={`${home}/messages`} button="Send">
          <Field label="Subject" id="message-subject" name="subject" required maxlength={150} />
          <TextField label="Text" id="message-text" name="text" rows={8} required maxlength={10000} />
          <p class="muted">
            Replies go to the loop owner. The mail counts as a contact and never appears in the issue.
          </p>
        </FoldedForm>
      )}
      {one.kind === 'tactical' && can('markContacted') && (
        <FoldedForm name="Note a call" action={`${home}/contacted`} hidden={once(visit)} button="Keep the call">
          <Field label="How" id="contacted-how" name="how" required maxlength={200} value="by phone" />
          <TextField label="What was said (stays here)" id="contacted-note" name="note" rows={4} maxlength={4000} />
        </FoldedForm>
      )}
      {actions.role !== null && (
        <ActForm {...props} action="note" name="Note for the team" button="Keep the note">
          <TextField
            label="Note, for people who work on cases; it never leaves Caselite"
            id="note-text"
            name="value"
            rows={4}
            required
            maxlength={4000}
          />
        </ActForm>
      )}
      {actions.role !== null && isOpen && actions.mayClose && <CloseForm {...props} />}
      {actions.role !== null && !isOpen && (
        <ActForm {...props} action="reopen" name="Open it again" button="Open it again">
          <Because id="reopen-because" label="Why, as shown on the issue" required />
        </ActForm>
      )}
    </div>
  );
}

/** All other actions, in one menu. */
export function MoreActions(props: ActProps & { children: Child }) {
  const { visit, one, actions } = props;
  const isOpen = one.loop === 'working';
  const isChosen = visit.problem?.path.includes(`/cases/${one.id}/`);
  return (
    <details id="more" open={isChosen}>
      <summary>More actions</summary>
      <div class="acts">
        {actions.role !== null && actions.hasIssue && <CommentForm {...props} />}
        {actions.role !== null && isOpen && <CaseFieldForms {...props} />}
        {actions.role !== null && isOpen && <ClockForms {...props} />}
        {actions.role !== null && (
          <ActForm {...props} action="link" name="Link an issue" button="Link">
            <Field label="Issue of the same tracker, by its key" id="link-value" name="value" required maxlength={40} />
            <Because id="link-because" label="What both have in common" />
          </ActForm>
        )}
        {actions.role !== null && isOpen && actions.mayClose && <OtherClosingForms {...props} />}
        {props.children}
      </div>
    </details>
  );
}

const once = (visit: Visit) => ({ once: `page ${visit.person} ${visit.now}` });

interface ActFormProps extends ActProps {
  action: ActionName;
  name: string;
  button: string;
  children: Child;
}

const ActForm = ({ visit, one, action, name, button, children }: ActFormProps) => (
  <FoldedForm
    id={`act-${action}`}
    name={name}
    action={`/w/${visit.workspace}/cases/${one.id}/actions/${action}`}
    hidden={once(visit)}
    button={button}
  >
    {children}
  </FoldedForm>
);

const Because = ({ id, label = 'Why', required = false }: { id: string; label?: string; required?: boolean }) => (
  <Field label={label} id={id} name="because" required={required} maxlength={300} />
);

function CommentForm(props: ActProps) {
  const people = props.actions.people.filter(({ hasAccount }) => hasAccount);
  const options = people.map(({ key, name }): [string, string] => [key, name]);
  return (
    <ActForm {...props} action="comment" name="Comment on the issue" button="Comment">
      <TextField
        label="Comment, for everybody who may read the issue"
        id="comment-text"
        name="value"
        rows={4}
        required
        maxlength={4000}
      />
      {people.length > 0 && (
        <Select id="comment-mention" name="mention" label="Mention" options={[['', 'nobody'], ...options]} />
      )}
      <p class="muted">Do not name the customer. The comment appears under your name.</p>
    </ActForm>
  );
}

function CaseFieldForms(props: ActProps) {
  const { one, actions } = props;
  const people = actions.people.map(({ key, name }): [string, string] => [key, name]);
  const same = (values: string[]) => values.map((value): [string, string] => [value, value]);
  const choices: { action: ActionName; label: string; chosen: string | null; options: [string, string][] }[] = [
    {
      action: 'assign',
      label: 'Assignee',
      chosen: one.assignee ?? 'nobody',
      options: [['nobody', 'nobody'], ...people],
    },
    {
      action: 'severity',
      label: 'Severity',
      chosen: one.severity,
      options: actions.severities.map((severity) => [severity, readable(severity)]),
    },
    { action: 'status', label: 'Status', chosen: one.status, options: same(actions.statuses) },
    { action: 'owner', label: 'Loop owner', chosen: one.loopOwner, options: people },
    { action: 'category', label: 'Category', chosen: one.category, options: same(actions.categories) },
  ];
  return choices
    .filter(({ options }) => options.length > 1)
    .map(({ action, ...choice }) => {
      const name = `Change the ${choice.label.toLowerCase()}`;
      return (
        <ActForm {...props} action={action} name={name} button={name}>
          <Select id={`${action}-value`} name="value" {...choice} />
          <Because id={`${action}-because`} />
        </ActForm>
      );
    });
}

function CloseForm(props: ActProps) {
  const { one, actions } = props;
  return (
    <ActForm {...props} action="close" name="Close as fixed" button="Close as fixed">
      {one.issue === null && (
        <p class="muted">The issue does not exist yet. It is withdrawn where the tracker refuses it.</p>
      )}
      <Because id="close-because" label="What was done, for the team" required />
      {one.kind === 'tactical' && (
        <Field
          label="In one sentence for the customer; if empty, the mail says that the team has finished"
          id="close-what-changed"
          name="what-changed"
          value={one.whatChanged ?? ''}
          maxlength={500}
        />
      )}
      <Field
        label={actions.needsRootCause ? 'Root cause' : 'Root cause, if known'}
        id="close-cause"
        name="root-cause"
        list="root-causes"
        value={one.rootCause ?? ''}
        required={actions.needsRootCause}
        maxlength={300}
      />
      <datalist id="root-causes">
        {actions.rootCauses.map((cause) => (
          <option value={cause} />
        ))}
      </datalist>
    </ActForm>
  );
}

const OtherClosingForms = (props: ActProps) => (
  <>
    <ActForm {...props} action="decline" name="Decline" button="Decline">
      <TextField
        label="Why it will not be done, in words for the customer"
        id="decline-because"
        name="because"
        rows={3}
        required
        maxlength={1000}
      />
    </ActForm>
    <ActForm {...props} action="duplicate" name="Mark as a duplicate" button="Close as a duplicate">
      <Field
        label="The case that this one repeats, such as C-12"
        id="duplicate-value"
        name="value"
        required
        maxlength={12}
      />
    </ActForm>
  </>
);

/** Forms for a case's clock and its reminders. */
function ClockForms(props: ActProps) {
  const { pausedAt, loop, action } = props.one;
  const clock = pausedAt ? 'resume' : 'pause';
  return (
    <>
      <ActForm
        {...props}
        action={clock}
        name={pausedAt ? 'Resume the clock' : 'Wait for the customer'}
        button={pausedAt ? 'Resume the clock' : 'Pause the clock'}
      >
        <Because
          id="clock-reason"
          label={pausedAt ? 'Why the clock resumes' : 'Waiting for the customer: what for?'}
          required
        />
      </ActForm>
      <ActForm {...props} action="due" name="Change the goal" button="Change the goal">
        <Field
          label="New goal, such as “36 hours” from the opening, or a date such as “2026-11-27”"
          id="goal"
          name="value"
          required
          maxlength={40}
        />
        <Because id="goal-reason" required />
      </ActForm>
      {loop === 'working' && action === 'case' && (
        <ActForm {...props} action="snooze" name="Snooze reminders" button="Snooze">
          <Select
            id="snooze-value"
            name="value"
            label="No reminders for"
            options={[
              ['4 hours', '4 hours'],
              ['1 day', '1 day'],
              ['3 days', '3 days'],
              ['7 days', 'a week'],
            ]}
          />
          <Because id="snooze-because" required />
        </ActForm>
      )}
    </>
  );
}

/** Asks the customer before the delay is over. */
export const AskNowForm = ({ visit, one }: Pick<ActProps, 'visit' | 'one'>) => (
  <Form action={`/w/${visit.workspace}/cases/${one.id}/waiting`} hidden={{ event: 'ask now' }} plain button="Ask now" />
);
