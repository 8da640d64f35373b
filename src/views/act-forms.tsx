import type { Child } from 'hono/jsx';
import type { ActionName, CaseActions } from '#domain/cases/action.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import { readable } from './case-facts.ts';
import type { Visit } from './visit.ts';

interface Props {
  visit: Visit;
  one: CaseJson;
  actions: CaseActions;
}

/** Actions that a person may take on a case; each form runs the command of its name. */
export function ActForms({ visit, one, actions }: Props) {
  if (actions.role === null) return null;
  const props = { visit, one, actions };
  const isWorking = one.loop === 'working';
  return (
    <section class="card stack tight" aria-labelledby="act">
      <h2 id="act">Act on this case</h2>
      {actions.hasIssue && <CommentForm {...props} />}
      {isWorking && <FieldForms {...props} />}
      <LinkForm {...props} />
      {isWorking ? <ClosingForms {...props} /> : actions.hasIssue && <ReopenForm {...props} />}
    </section>
  );
}

function Form({ visit, one, action, children }: Omit<Props, 'actions'> & { action: ActionName; children: Child }) {
  return (
    <form class="stack tight" method="post" action={`/w/${visit.workspace}/cases/${one.id}/actions/${action}`}>
      <input type="hidden" name="once" value={`page ${visit.person} ${visit.now}`} />
      {children}
    </form>
  );
}

function Because({ id, label = 'Why', required = false }: { id: string; label?: string; required?: boolean }) {
  return (
    <>
      <label for={id}>{label}</label>
      <input id={id} name="because" required={required} maxlength={300} />
    </>
  );
}

function CommentForm({ actions, ...props }: Props) {
  const people = actions.people.filter(({ hasAccount }) => hasAccount);
  return (
    <details>
      <summary>Comment on the issue</summary>
      <Form {...props} action="comment">
        <label for="comment-text">Comment, for everybody who may read the issue</label>
        <textarea id="comment-text" name="value" rows={4} required maxlength={4000} />
        {people.length > 0 && (
          <>
            <label for="comment-mention">Mention</label>
            <select id="comment-mention" name="mention">
              <option value="">nobody</option>
              {people.map(({ key, name }) => (
                <option value={key}>{name}</option>
              ))}
            </select>
          </>
        )}
        <p class="muted">Do not name the customer. The comment appears under your name.</p>
        <button type="submit">Comment</button>
      </Form>
    </details>
  );
}

interface Choice {
  action: ActionName;
  label: string;
  now: string;
  options: { value: string; text: string }[];
}

function FieldForms({ actions, ...props }: Props) {
  const { one } = props;
  const choices: Choice[] = [
    {
      action: 'assign',
      label: 'Assignee',
      now: one.assignee ?? 'nobody',
      options: [
        { value: 'nobody', text: 'nobody' },
        ...actions.people.map(({ key, name }) => ({ value: key, text: name })),
      ],
    },
    {
      action: 'severity',
      label: 'Severity',
      now: one.severity,
      options: actions.severities.map((value) => ({ value, text: readable(value) })),
    },
    {
      action: 'status',
      label: 'Status',
      now: one.status,
      options: actions.statuses.map((value) => ({ value, text: value })),
    },
  ];
  return (
    <>
      {choices.map(({ action, label, now, options }) => (
        <details>
          <summary>Change the {label.toLowerCase()}</summary>
          <Form {...props} action={action}>
            <label for={`${action}-value`}>{label}</label>
            <select id={`${action}-value`} name="value">
              {options.map(({ value, text }) => (
                <option value={value} selected={value === now}>
                  {text}
                </option>
              ))}
            </select>
            <Because id={`${action}-because`} />
            <button type="submit">Change the {label.toLowerCase()}</button>
          </Form>
        </details>
      ))}
    </>
  );
}

function LinkForm({ actions: _, ...props }: Props) {
  return (
    <details>
      <summary>Link to another case or issue</summary>
      <Form {...props} action="link">
        <label for="link-value">A case such as C-12, or an issue of the same tracker by its key</label>
        <input id="link-value" name="value" required maxlength={40} />
        <Because id="link-because" label="What both have in common" />
        <button type="submit">Link</button>
      </Form>
    </details>
  );
}

function ClosingForms({ actions, ...props }: Props) {
  const { one } = props;
  if (!actions.mayClose) return <p class="muted">Only case managers may close this case.</p>;
  if (one.issue === null) return <p class="muted">You can close the case once its issue exists.</p>;
  return (
    <>
      <details>
        <summary>Close as fixed</summary>
        <Form {...props} action="close">
          <Because id="close-because" label="What was done, for the team" required />
          {one.kind === 'tactical' && (
            <>
              <label for="close-what-changed">
                In one sentence for the customer; if empty, the mail says that the team has finished
              </label>
              <input id="close-what-changed" name="what-changed" value={one.whatChanged ?? ''} maxlength={500} />
            </>
          )}
          <label for="close-cause">Root cause{actions.needsRootCause ? '' : ', if known'}</label>
          <input
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
          <button type="submit">Close as fixed</button>
        </Form>
      </details>
      <details>
        <summary>Decline</summary>
        <Form {...props} action="decline">
          <label for="decline-because">Why it will not be done, in words for the customer</label>
          <textarea id="decline-because" name="because" rows={3} required maxlength={1000} />
          <button type="submit">Decline</button>
        </Form>
      </details>
      <details>
        <summary>Mark as a duplicate</summary>
        <Form {...props} action="duplicate">
          <label for="duplicate-value">The case that this one repeats, such as C-12</label>
          <input id="duplicate-value" name="value" required maxlength={12} />
          <button type="submit">Close as a duplicate</button>
        </Form>
      </details>
    </>
  );
}

function ReopenForm({ actions: _, ...props }: Props) {
  return (
    <details>
      <summary>Open it again</summary>
      <Form {...props} action="reopen">
        <Because id="reopen-because" label="Why, as shown on the issue" required />
        <button type="submit">Open it again</button>
      </Form>
    </details>
  );
}
