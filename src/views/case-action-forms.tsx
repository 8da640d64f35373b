import type { Child } from 'hono/jsx';
import type { ActionName, PermittedCaseActions } from '#domain/cases/action.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import { readable } from './case-display.ts';
import { Field, FoldedForm, Form, Select, TextField } from './forms.tsx';
import { Moment, Section } from './parts.tsx';
import type { Visit } from './visit.ts';

interface Props {
  visit: Visit;
  one: CaseJson;
  actions: PermittedCaseActions;
}

/** Actions that a person may take on a case; each form runs the command of its name. */
export function CaseActionForms({ visit, one, actions }: Props) {
  if (actions.role === null) return null;
  const props = { visit, one, actions };
  const isCaseOpen = one.loop === 'working';
  return (
    <Section id="act" title="Act on this case" tight>
      {actions.hasIssue && <CommentForm {...props} />}
      {isCaseOpen && <CaseFieldForms {...props} />}
      <ActForm {...props} action="link" name="Link to another case or issue" button="Link">
        <Field
          label="A case such as C-12, or an issue of the same tracker by its key"
          id="link-value"
          name="value"
          required
          maxlength={40}
        />
        <Because id="link-because" label="What both have in common" />
      </ActForm>
      {isCaseOpen && <ClosingForms {...props} />}
      {!isCaseOpen && (
        <ActForm {...props} action="reopen" name="Open it again" button="Open it again">
          <Because id="reopen-because" label="Why, as shown on the issue" required />
        </ActForm>
      )}
    </Section>
  );
}

interface ActFormProps extends Props {
  action: ActionName;
  name: string;
  button: string;
  children: Child;
}

const ActForm = ({ visit, one, action, name, button, children }: ActFormProps) => (
  <FoldedForm name={name} action={`/w/${visit.workspace}/cases/${one.id}/actions/${action}`} button={button}>
    <input type="hidden" name="once" value={`page ${visit.person} ${visit.now}`} />
    {children}
  </FoldedForm>
);

const Because = ({ id, label = 'Why', required = false }: { id: string; label?: string; required?: boolean }) => (
  <Field label={label} id={id} name="because" required={required} maxlength={300} />
);

function CommentForm(props: Props) {
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

function CaseFieldForms(props: Props) {
  const { one, actions } = props;
  const people = actions.people.map(({ key, name }): [string, string] => [key, name]);
  const choices: { action: ActionName; label: string; chosen: string; options: [string, string][] }[] = [
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
    {
      action: 'status',
      label: 'Status',
      chosen: one.status,
      options: actions.statuses.map((status) => [status, status]),
    },
  ];
  return choices.map(({ action, ...choice }) => {
    const name = `Change the ${choice.label.toLowerCase()}`;
    return (
      <ActForm {...props} action={action} name={name} button={name}>
        <Select id={`${action}-value`} name="value" {...choice} />
        <Because id={`${action}-because`} />
      </ActForm>
    );
  });
}

function ClosingForms(props: Props) {
  const { one, actions } = props;
  if (!actions.mayClose) return <p class="muted">Only case managers may close this case.</p>;
  return (
    <>
      {one.issue === null && (
        <p class="muted">
          The issue does not exist yet. Closing the case withdraws it where the tracker refuses it, and closes it as
          well otherwise.
        </p>
      )}
      <ActForm {...props} action="close" name="Close as fixed" button="Close as fixed">
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
}

/** Forms for a case's clock: pause it while the customer has to answer, or change the goal. */
export function ClockForms({ visit, one: { id, pausedAt } }: { visit: Visit; one: CaseJson }) {
  const home = `/w/${visit.workspace}/cases/${id}/actions`;
  const why = pausedAt ? 'Why the clock resumes' : 'Waiting for the customer: what for?';
  const goal = 'New goal, such as “36 hours” from the opening, or a date such as “2026-11-27”';
  return (
    <Section id="clock" title="The clock">
      {pausedAt && (
        <p>
          Paused since <Moment at={pausedAt} visit={visit} ago />.
        </p>
      )}
      <Form
        action={`${home}/${pausedAt ? 'resume' : 'pause'}`}
        button={pausedAt ? 'Resume the clock' : 'Pause the clock'}
      >
        <Field label={why} id="clock-reason" name="because" required maxlength={300} />
      </Form>
      <FoldedForm name="Change the goal of this case" action={`${home}/due`} button="Change the goal">
        <Field label={goal} id="goal" name="value" required maxlength={40} />
        <Field label="Why" id="goal-reason" name="because" required maxlength={300} />
      </FoldedForm>
    </Section>
  );
}
