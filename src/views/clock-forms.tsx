import type { CaseJson } from '#domain/json/case-json.ts';
import { Field, FoldedForm, Form } from './forms.tsx';
import { Moment, Section } from './parts.tsx';
import type { Visit } from './visit.ts';

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
