import type { Child } from 'hono/jsx';
import type { ActionName, PermittedCaseActions } from '#domain/cases/action.ts';
import type { CaseJson, StrategicCaseJson } from '#domain/json/case-json.ts';
import * as ui from './kit.ts';

type ActProps = { one: CaseJson; actions: PermittedCaseActions };

/** The few actions that a case wants most, in the order of the work. */
export function MainActions(props: ActProps & { strategic: StrategicCaseJson | null }) {
  const { one, actions, strategic } = props;
  const { may, mayClose, role, hasAddress } = actions;
  const [isOpen, isTactical] = [one.loop === 'working', one.kind === 'tactical'];
  const closing = isOpen ? (mayClose ? [closeForm(props)] : []) : [reopenForm];
  return (
    <div class="row acts">
      {isOpen && !one.ladder.acknowledgedAt && may.includes('acknowledge') && (
        <ui.Form action={`cases/${one.id}/acknowledge`} plain button="I have it" />
      )}
      {may.includes('writeToCustomer') && (strategic || hasAddress) && (
        <ActForms {...props} forms={[strategic ? buildMessageForm(strategic) : messageForm]} />
      )}
      {isTactical && may.includes('markContacted') && <ActForms {...props} forms={[callForm]} />}
      {role !== null && <ActForms {...props} forms={[noteForm, ...closing]} />}
    </div>
  );
}

/** All other actions, in one menu. */
export function MoreActions(props: ActProps & { children: Child }) {
  const { one, actions, children } = props;
  const { problem } = ui.useVisit();
  const isOpen = one.loop === 'working' && actions.role !== null;
  const forms = [
    ...(actions.role !== null && actions.hasIssue ? [commentForm(props)] : []),
    ...(isOpen ? [...fieldForms(props), ...clockForms(props)] : []),
    ...(actions.role !== null ? [linkForm] : []),
    ...(isOpen && actions.mayClose ? [declineForm, duplicateForm] : []),
  ];
  return (
    <details id="more" open={problem?.path.includes(`/cases/${one.id}/`)}>
      <summary>More actions</summary>
      <div class="row acts">
        <ActForms {...props} forms={forms} />
        {children}
      </div>
    </details>
  );
}

interface ActForm {
  action: ActionName | 'messages' | 'contacted';
  name: string;
  fields: ui.FormField[];
  button?: string;
  hint?: string | false;
}

const ActForms = ({ one, forms }: ActProps & { forms: ActForm[] }) =>
  forms.map(({ action, name, button = name, fields, hint }) => {
    const path = action === 'messages' || action === 'contacted' ? action : `actions/${action}`;
    const { person, now } = ui.useVisit();
    const once = `page ${person} ${now}`;
    return (
      <ui.FoldedForm
        id={action}
        name={name}
        action={`cases/${one.id}/${path}`}
        hidden={{ once }}
        fields={fields}
        button={button}
      >
        {hint && <p class="muted">{hint}</p>}
      </ui.FoldedForm>
    );
  });

const why = (label = 'Why') => ui.line('because', label, 300);
const whyIfAny = ui.optionalLine('because', 'Why', 300);

const messageForm: ActForm = {
  action: 'messages',
  name: 'Write to the customer',
  button: 'Send',
  fields: [ui.line('subject', 'Subject', 150), ui.area('text', 'Text', 8, 10_000)],
  hint: 'Replies go to the loop owner. The mail counts as a contact and never appears in the issue.',
};
const buildMessageForm = ({ members }: StrategicCaseJson): ActForm => ({
  ...messageForm,
  name: 'Write to customers',
  fields: [
    ui.choice('everybody', 'To', Object.entries({ '': 'one customer', yes: `everybody (${members.length})` }), ''),
    ui.optionalLine('to', 'Id of the one customer', 200, { proposals: members.map(({ customer }) => customer) }),
    ...messageForm.fields,
  ],
});
const callForm: ActForm = {
  action: 'contacted',
  name: 'Note a call',
  button: 'Keep the call',
  fields: [
    ui.line('how', 'How', 200, { value: 'by phone' }),
    ui.area('note', 'What was said (stays here)', 4, 4000, { isOptional: true }),
  ],
};
const noteForm: ActForm = {
  action: 'note',
  name: 'Note for the team',
  button: 'Keep the note',
  fields: [ui.area('value', 'For people who work on cases; it never leaves Caselite', 4, 4000)],
};
const reopenForm: ActForm = { action: 'reopen', name: 'Open it again', fields: [why('Why, as shown on the issue')] };
const linkForm: ActForm = {
  action: 'link',
  name: 'Link an issue',
  fields: [ui.line('value', 'Issue of the same tracker, by its key', 40), whyIfAny],
};
const declineForm: ActForm = {
  action: 'decline',
  name: 'Decline',
  fields: [ui.area('because', 'Why it will not be done, in words for the customer', 3, 1000)],
};
const duplicateForm: ActForm = {
  action: 'duplicate',
  name: 'Mark as a duplicate',
  fields: [ui.line('value', 'The case that this one repeats, such as C-12', 12)],
};

function commentForm({ actions }: ActProps): ActForm {
  const people = actions.people.filter(({ hasAccount }) => hasAccount);
  const options = people.map(({ key, name }): [string, string] => [key, name]);
  const mention = ui.choice('mention', 'Mention', [['', 'nobody'], ...options], '');
  return {
    action: 'comment',
    name: 'Comment on the issue',
    fields: [ui.area('value', 'Comment, for everybody who may read the issue', 4, 4000), mention],
    hint: 'Do not name the customer. The comment appears under your name.',
  };
}

function fieldForms({ one, actions }: ActProps): ActForm[] {
  const people = actions.people.map(({ key, name }): [string, string] => [key, name]);
  const named = (values: string[]) => values.map((value): [string, string] => [value, ui.readable(value)]);
  const choices: [ActionName, string, string | null, [string, string][]][] = [
    ['assign', 'assignee', one.assignee ?? 'nobody', [['nobody', 'nobody'], ...people]],
    ['severity', 'severity', one.severity, named(actions.severities)],
    ['status', 'status', one.status, named(actions.statuses)],
    ['owner', 'loop owner', one.loopOwner, people],
    ['category', 'category', one.category, named(actions.categories)],
  ];
  return choices.map(([action, label, value, options]) => ({
    action,
    name: `Change the ${label}`,
    fields: [ui.choice('value', ui.readable(label), options, value), whyIfAny],
  }));
}

function closeForm({ one, actions }: ActProps): ActForm {
  const { rootCauses: proposals, needsRootCause } = actions;
  const customer = 'In one sentence for the customer; if empty, the mail says that the team has finished';
  const cause = { value: one.rootCause, proposals, isOptional: !needsRootCause };
  return {
    action: 'close',
    name: 'Close as fixed',
    fields: [
      why('What was done, for the team'),
      ...(one.kind === 'tactical' ? [ui.optionalLine('what-changed', customer, 500, { value: one.whatChanged })] : []),
      ui.line('root-cause', needsRootCause ? 'Root cause' : 'Root cause, if known', 300, cause),
    ],
    hint: one.issue === null && 'The issue does not exist yet. It is withdrawn where the tracker refuses it.',
  };
}

function clockForms({ one: { pausedAt } }: ActProps): ActForm[] {
  const goal = 'New goal, such as “36 hours” from the opening, or a date such as “2026-11-27”';
  const times = ['4 hours', '1 day', '3 days', '7 days'].map((time): [string, string] => [time, time]);
  const pause = why('Waiting for the customer: what for?');
  return [
    pausedAt
      ? { action: 'resume', name: 'Resume the clock', fields: [why('Why the clock resumes')] }
      : { action: 'pause', name: 'Wait for the customer', button: 'Pause the clock', fields: [pause] },
    { action: 'due', name: 'Change the goal', fields: [ui.line('value', goal, 40), why()] },
    { action: 'snooze', name: 'Snooze', fields: [ui.choice('value', 'No reminders for', times, null), why()] },
  ];
}
