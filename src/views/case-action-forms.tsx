import * as ui from './kit.ts';

type ActProps = { one: ui.CaseJson; actions: ui.PermittedCaseActions };

/** The few actions that a case wants most, in the order of the work. */
export function MainActions(props: ActProps & { strategic: ui.StrategicCaseJson | null }) {
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
export function MoreActions(props: ActProps & { caseLinks: ui.CaseLinks }) {
  const { one, actions, caseLinks } = props;
  const { may } = actions;
  const { problem } = ui.useVisit();
  const isOpen = one.loop === 'working' && actions.role !== null;
  const isWithoutCustomer = one.kind === 'tactical' && one.customer.key === null && one.loop === 'working';
  const forms: ActForm[] = [
    ...(actions.role !== null && actions.hasIssue ? [commentForm(props)] : []),
    ...(isOpen ? [...fieldForms(props), ...clockForms(props)] : []),
    ...(actions.role !== null ? [linkForm] : []),
    ...(isOpen && actions.mayClose ? [declineForm, duplicateForm] : []),
    ...(may.includes('link') ? linkForms(caseLinks) : []),
    ...(may.includes('nameCustomer') && isWithoutCustomer ? [customerForm] : []),
    ...(may.includes('invite') ? [contributorForm] : []),
  ];
  return (
    <details id="more" open={problem?.path.includes(`/cases/${one.id}/`)}>
      <summary>More actions</summary>
      <div class="row acts">
        <ActForms one={one} forms={forms} />
      </div>
    </details>
  );
}

type ActForm = ui.FoldedFormProps & {
  action: ui.ActionName | 'messages' | 'contacted' | 'links' | 'customer' | 'contributors';
};

const ActForms = ({ one, forms }: Pick<ActProps, 'one'> & { forms: ActForm[] }) =>
  forms.map(({ action, hidden, ...form }) => {
    const path = ui.actionDefinitions.some(({ name }) => name === action) ? `actions/${action}` : action;
    const { person, now } = ui.useVisit();
    const once = `page ${person} ${now}`;
    return <ui.FoldedForm id={action} {...form} action={`cases/${one.id}/${path}`} hidden={{ once, ...hidden }} />;
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
const buildMessageForm = ({ members }: ui.StrategicCaseJson): ActForm => ({
  ...messageForm,
  name: 'Write to customers',
  fields: [
    ui.choice('everybody', 'To', Object.entries({ '': 'one customer', yes: `everybody (${members.length})` }), ''),
    ui.optionalLine('to', 'Id of the one customer', 200, { proposals: members.map(({ customer }) => customer) }),
    ...(messageForm.fields ?? []),
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

const customerForm: ActForm = {
  action: 'customer',
  name: 'Name the customer',
  fields: [
    ui.line('key', 'Customer key', 300),
    ui.optionalLine('email', 'E-mail', 254, { type: 'email' }),
    ui.optionalLine('name', 'Name', 300),
  ],
  hint: 'They are asked after the next closing. Without a customer, a closing asks nobody.',
};
const contributorForm: ActForm = {
  action: 'contributors',
  name: 'Invite a partner or customer',
  fields: [ui.line('name', 'Name', 80), ui.line('email', 'E-mail', 254, { type: 'email' })],
  button: 'Invite',
  hint: 'They get a link to this case only. They see why it is open and its state, never who the customer is, and can comment.',
};

function linkForms({ targets, links }: ui.CaseLinks): ActForm[] {
  const form = (id: string, kind: string, name: string, button: string, fields: ui.FormField[]): ActForm => {
    return { action: 'links', id, hidden: { kind }, name, button, fields };
  };
  const choose = (options: [string, string][]) => ui.choice('to', 'Strategic case', options, null);
  const reason = (label: string) => ui.line('reason', label, 300);
  const options = targets.map(({ to, text }): [string, string] => [to, text]);
  const themes = targets.some(({ takesTheme }) => takesTheme)
    ? [ui.optionalLine('theme', 'Product or theme of a new case, if it gathers by one', 60)]
    : [];
  const larger = links.filter(({ kind, isIncoming }) => kind === 'elevated-to' && !isIncoming);
  const wholes = larger.map((link): [string, string] => [link.id, link.handle]);
  const about = [choose(options), ...themes, reason('Why')];
  const elevate = form('elevate', 'elevated-to', 'Elevate to a larger problem', 'Elevate this case', about);
  const apart = [choose(wholes), reason('Why it is another problem')];
  const part = form('part', 'parted', 'Take out of a larger problem', 'Take this case out', apart);
  const alike = [ui.line('to', 'The other case, such as “C-17”', 40), reason('What both have in common')];
  const hint =
    'Work for this customer stays in this case. The customer is also notified when the larger problem is solved.';
  return [
    ...(targets.length > 0 ? [{ ...elevate, hint }] : []),
    ...(larger.length > 0 ? [part] : []),
    form('related', 'related', 'Link a related case', 'Link both cases', alike),
  ];
}

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
  const choices: [ui.ActionName, string, string | null, [string, string][]][] = [
    ['assign', 'assignee', one.assignee ?? 'nobody', [['nobody', 'nobody'], ...people]],
    ['severity', 'severity', one.severity, ui.named(actions.severities, ui.readable)],
    ['status', 'status', one.status, ui.named(actions.statuses, ui.readable)],
    ['owner', 'loop owner', one.loopOwner, people],
    ['category', 'category', one.category, ui.named(actions.categories, ui.readable)],
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
  const times = ui.named(['4 hours', '1 day', '3 days', '7 days']);
  const pause = why('Waiting for the customer: what for?');
  return [
    pausedAt
      ? { action: 'resume', name: 'Resume the clock', fields: [why('Why the clock resumes')] }
      : { action: 'pause', name: 'Wait for the customer', button: 'Pause the clock', fields: [pause] },
    { action: 'due', name: 'Change the goal', fields: [ui.line('value', goal, 40), why()] },
    { action: 'snooze', name: 'Snooze', fields: [ui.choice('value', 'No reminders for', times, null), why()] },
  ];
}

const outcomes = new Map([
  ['note', 'The note is kept. It stays here.'],
  ['owner', 'The loop owner is changed.'],
  ['category', 'The category is changed.'],
  ['severity', 'The severity is changed.'],
  ['assign', 'The assignee is changed.'],
  ['status', 'The status is changed.'],
  ['contacted', 'The contact is noted.'],
  ['contributors', 'The invitation is on its way by mail.'],
  ['messages', 'The mail to the customer is on its way; it stands in the timeline.'],
  ['snooze', 'Reminders and escalation rest until then.'],
  ['pause', 'The clock stands still until somebody lets it go on.'],
  ['due', 'The closure goal is changed.'],
  ['reopen', 'It is in progress again.'],
  ['acknowledge', 'You have it. Reminders rest until it is due.'],
  ['undo', 'Withdrawn. Nothing was changed.'],
]);

/** What an action did, as its page says afterwards. */
export function describeOutcome({ loop, issue }: ui.CaseJson, done: string, tracker: string): string {
  const isClosing = ['close', 'decline', 'duplicate'].includes(done);
  if (isClosing && loop !== 'working') return issue ? `Closed in ${tracker}.` : 'Closed, without an issue.';
  if (isClosing) return `Closing goes to ${tracker}.`;
  if (done === 'comment') return `The comment goes to ${tracker}.`;
  return outcomes.get(done) ?? 'Done.';
}
