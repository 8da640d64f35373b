import type { Child } from 'hono/jsx';
import { CaseLink, SeverityPill } from './parts.tsx';
import type { Visit } from './visit.ts';

/** A table of cases, which becomes cards on a phone: every cell then carries its column's name. */
export const CaseTable = ({ caption, columns, children }: { caption?: Child; columns: string[]; children: Child }) => (
  <table class="cases">
    {caption && <caption class="muted">{caption}</caption>}
    <thead>
      <tr>
        {['Case', 'Severity', ...columns].map((name) => (
          <th scope="col">{name}</th>
        ))}
      </tr>
    </thead>
    <tbody>{children}</tbody>
  </table>
);

/** The common cells of a case in every list: name, state and severity. */
export const CaseRow = ({
  visit,
  one,
  overdue,
  about,
  trouble,
  children,
}: {
  visit: Visit;
  one: { id: string; handle: string; template: string; needsPerson: string | null; severity: string };
  overdue: boolean;
  about: Child;
  trouble?: Child;
  children: Child;
}) => (
  <tr class={overdue ? 'card is-overdue' : 'card'}>
    <th scope="row">
      <CaseLink visit={visit} to={{ ...one, theme: null }} />
      <div class="muted">{about}</div>
      {one.needsPerson && (
        <p class="notice warn">
          <strong>Needs a decision:</strong> {one.needsPerson}
        </p>
      )}
      {trouble}
    </th>
    <td data-label="Severity">
      <SeverityPill severity={one.severity} />
    </td>
    {children}
  </tr>
);
