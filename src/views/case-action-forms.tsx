import type { Child } from 'hono/jsx';
import type { ActionName, PermittedCaseActions } from '#domain/cases/action.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import { readable } from './case-display.ts';
import { FoldedForm, type FormField, PlainButton } from './forms.tsx';
import type { Visit } from './visit.ts';

interface ActProps {
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
        <FoldedForm
          id="message"
          name="Write to the customer"
          action={`${home}/messages`}
          fields={[
            { name: 'subject', label: 'Subject', longest: 150 },
            { name: 'text', label: 'Text', rows: 8, longest: 10_000 },
          ]}
          button="Send"
        >
          <p class="muted">
            Replies go to the loop owner. The mail counts as a contact and never appears in the issue.
          </p>
        </FoldedForm>
      )}
      {one.kind === 'tactical' && can('markContacted') && (
        <FoldedForm
          id="call"
          name="Note a call"
          action={`${home}/contacted`}
          hidden={once(visit)}
          fields={[
            { name: 'how', label: 'How', longest: 200, value: 'by phone' },
            { name: 'note', label: 'What was said (stays here)', rows: 4, longest: 4000, isOptional: true },
          ]}
          button="Keep the call"
        />
      )}
      {actions.role !== null && (
        <ActForms {...props} forms={[noteForm, ...(isOpen ? closeForm(props) : [reopenForm])]} />
      )}
    </div>
  );
}

/** All other actions, in one menu. */
export function MoreActions(props: ActProps & { children: Child }) {
  const { visit, one, actions } = props;
  const isOpen = one.loop === 'working' && actions.role !== null;
  return (
    <details id="more" open={visit.problem?.path.includes(`/cases/${one.id}/`)}>
      <summary>More actions</summary>
      <div class="acts">
        {actions.role !== null && actions.hasIssue && <ActForms {...props} forms={[commentForm(props)]} />}
        {isOpen && <ActForms {...props} forms={[...fieldForms(props), ...clockForms(props)]} />}
        {actions.role !== null && <ActForms {...props} forms={[linkForm]} />}
        {isOpen && actions.mayClose && <ActForms {...props} forms={otherClosingForms} />}
        {props.children}
      </div>
    </details>
  );
}

const once = (visit: Visit) => ({ once: `page ${visit.person} ${visit.now}` });

/** Form of an action: its fields, and a hint. */
interface ActForm {
  action: ActionName;
  name: string;
  button?: string;
  fields: FormField[];
  hint?: string | false;
}

const ActForms = ({ visit, one, forms }: ActProps & { forms: ActForm[] }) => (
  <>
    {forms.map(({ action, name, button = name, fields, hint }) => (
      <FoldedForm
        id={action}
        name={name}
        action={`/w/${visit.workspace}/cases/${one.id}/actions/${action}`}
        hidden={once(visit)}
        fields={fields}
        button={button}
      >
        {hint && <p class="muted">{hint}</p>}
      </FoldedForm>
    ))}
  </>
);

const why = (label = 'Why', isOptional = false): FormField => ({ name: 'because', label, longest: 300, isOptional });

const noteForm: ActForm = {
  action: 'note',
  name: 'Note for the team',
  button: 'Keep the note',
  fields: [{ name: 'value', label: 'For people who work on cases; it never leaves Caselite', rows: 4, longest: 4000 }],
};

const reopenForm: ActForm = {
  action: 'reopen',
  name: 'Open it again',
  fields: [why('Why, as shown on the issue')],
};

const linkForm: ActForm = {
  action: 'link',
  name: 'Link an issue',
  fields: [
    { name: 'value', label: 'Issue of the same tracker, by its key', longest: 40 },
    why('What both have in common', true),
  ],
};

const otherClosingForms: ActForm[] = [
  {
    action: 'decline',
    name: 'Decline',
    fields: [{ name: 'because', label: 'Why it will not be done, in words for the customer', rows: 3, longest: 1000 }],
  },
  {
    action: 'duplicate',
    name: 'Mark as a duplicate',
    fields: [{ name: 'value', label: 'The case that this one repeats, such as C-12', longest: 12 }],
  },
];

function commentForm({ actions }: ActProps): ActForm {
  const people = actions.people.flatMap(({ key, name, hasAccount }) => (hasAccount ? [[key, name]] : []));
  const mention: FormField = {
    name: 'mention',
    label: 'Mention',
    options: [['', 'nobody'], ...people] as [string, string][],
  };
  return {
    action: 'comment',
    name: 'Comment on the issue',
    fields: [
      { name: 'value', label: 'Comment, for everybody who may read the issue', rows: 4, longest: 4000 },
      ...(people.length > 0 ? [mention] : []),
    ],
    hint: 'Do not name the customer. The comment appears under your name.',
  };
}

function fieldForms({ one, actions }: ActProps): ActForm[] {
  const people = actions.people.map(({ key, name }): [string, string] => [key, name]);
  const named = (values: string[]) => values.map((value): [string, string] => [value, readable(value)]);
  const choices: [ActionName, string, string | null, [string, string][]][] = [
    ['assign', 'assignee', one.assignee ?? 'nobody', [['nobody', 'nobody'], ...people]],
    ['severity', 'severity', one.severity, named(actions.severities)],
    ['status', 'status', one.status, named(actions.statuses)],
    ['owner', 'loop owner', one.loopOwner, people],
    ['category', 'category', one.category, named(actions.categories)],
  ];
  return choices
    .filter(([, , , options]) => options.length > 1)
    .map(([action, label, value, options]) => ({
      action,
      name: `Change the ${label}`,
      fields: [{ name: 'value', label: readable(label), value, options }, why('Why', true)],
    }));
}

function closeForm({ one, actions }: ActProps): ActForm[] {
  if (!actions.mayClose) return [];
  const forCustomer: FormField = {
    name: 'what-changed',
    label: 'In one sentence for the customer; if empty, the mail says that the team has finished',
    value: one.whatChanged,
    longest: 500,
    isOptional: true,
  };
  const cause: FormField = {
    name: 'root-cause',
    label: actions.needsRootCause ? 'Root cause' : 'Root cause, if known',
    value: one.rootCause,
    longest: 300,
    isOptional: !actions.needsRootCause,
    proposals: actions.rootCauses,
  };
  return [
    {
      action: 'close',
      name: 'Close as fixed',
      fields: [why('What was done, for the team'), ...(one.kind === 'tactical' ? [forCustomer] : []), cause],
      hint: one.issue === null && 'The issue does not exist yet. It is withdrawn where the tracker refuses it.',
    },
  ];
}

/** Forms for a case's clock and its reminders. */
const clockForms = ({ one: { pausedAt } }: ActProps): ActForm[] => [
  pausedAt
    ? { action: 'resume', name: 'Resume the clock', fields: [why('Why the clock resumes')] }
    : {
        action: 'pause',
        name: 'Wait for the customer',
        button: 'Pause the clock',
        fields: [why('Waiting for the customer: what for?')],
      },
  {
    action: 'due',
    name: 'Change the goal',
    fields: [
      {
        name: 'value',
        label: 'New goal, such as “36 hours” from the opening, or a date such as “2026-11-27”',
        longest: 40,
      },
      why(),
    ],
  },
  {
    action: 'snooze',
    name: 'Snooze reminders',
    button: 'Snooze',
    fields: [
      {
        name: 'value',
        label: 'No reminders for',
        options: ['4 hours', '1 day', '3 days', '7 days'].map((time) => [time, time]),
      },
      why(),
    ],
  },
];
