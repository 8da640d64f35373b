import type { Elevation } from '#domain/json/strategic-json.ts';
import { Field, Form, Select } from './forms.tsx';
import { CaseLink, LoopPill, Section } from './parts.tsx';
import type { Visit } from './visit.ts';

/** Strategic cases that a case is linked to, with a form for linking it. */
export function ElevationView(props: { visit: Visit; id: string; elevation: Elevation }) {
  const { visit, id, elevation } = props;
  const { linkedTo, targets } = elevation;
  const offers = targets.length > 0 && visit.access !== 'member';
  if (linkedTo.length === 0 && !offers) return null;
  return (
    <Section id="elevate" title="Part of a larger problem?">
      {linkedTo.map((linkedCase) => (
        <p>
          Linked to <CaseLink visit={visit} to={linkedCase} /> <LoopPill loop={linkedCase.loop} />
        </p>
      ))}
      {offers && (
        <details>
          <summary>Elevate this case</summary>
          <Form action={`/w/${visit.workspace}/cases/${id}/elevate`} button="Elevate this case">
            <Select
              id="elevate-to"
              name="to"
              label="Strategic case"
              options={targets.map(({ to, text }) => [to, text])}
            />
            {targets.some(({ takesTheme }) => takesTheme) && (
              <Field
                label="Product or theme of a new case, if it gathers by one"
                id="elevate-theme"
                name="theme"
                maxlength={60}
              />
            )}
            <Field label="Why" id="elevate-reason" name="reason" required maxlength={300} />
          </Form>
          <p class="muted">
            Work for this customer stays in this case. The customer is also notified when the larger problem is solved.
          </p>
        </details>
      )}
    </Section>
  );
}
