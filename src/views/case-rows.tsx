import type { Child } from 'hono/jsx';
import type { CaseRowJson } from '#domain/json/case-row-json.ts';
import { formatAge, formatAmount, formatDueTime } from '#domain/time/time-text.ts';
import { chooseSeverityTone, describeLoopState, formatIssueName, readable } from './case-display.ts';
import { ExternalLink, Pill } from './parts.tsx';
import { nameOf, type Visit } from './visit.ts';

interface CaseRowsProps {
  visit: Visit;
  rows: CaseRowJson[];
  caption?: Child;
  /** Form that the rows can be ticked for; none where they cannot. */
  form?: string | undefined;
  /** Parameters of the list, by which the page of a case finds its neighbours. */
  list?: string;
  /** Whether only readers of the page hear the names of its columns. */
  plain?: boolean;
}

/** Cases in one line each: whose, what they wrote, how late, and whose move it is. */
export const CaseRows = ({ visit, rows, caption, form, list = '', plain = false }: CaseRowsProps) => (
  <table class="rows">
    {caption && <caption class="muted">{caption}</caption>}
    <thead class={plain ? 'unseen' : undefined}>
      <tr>
        {['Case', 'Their words', 'Category', 'Due', 'Next'].map((name) => (
          <th scope="col">{name}</th>
        ))}
      </tr>
    </thead>
    <tbody>
      {rows.map((row) => (
        <Row visit={visit} row={row} form={form} list={list} />
      ))}
    </tbody>
  </table>
);

function Row({ visit, row, form, list }: { visit: Visit; row: CaseRowJson; form: string | undefined; list: string }) {
  const { id, handle, severity, customer, needsPerson, issue } = row;
  return (
    <tr class={row.overdue ? 'is-overdue' : undefined}>
      <th scope="row">
        {form && (
          <input type="checkbox" form={form} name={`case.${id}`} value={handle} aria-label={`Choose ${handle}`} />
        )}
        <span class={`dot ${chooseSeverityTone(severity)}`} title={readable(severity)}>
          <span class="unseen">{readable(severity)}: </span>
        </span>
        <a href={`/w/${visit.workspace}/cases/${id}${list && `?${new URLSearchParams({ list })}`}`}>
          {handle} <bdi>{nameCustomer(row)}</bdi>
        </a>{' '}
        {row.kind === 'tactical' && customer.tier && (
          <span class="muted">
            {readable(customer.tier)}
            {customer.revenue !== null && ` · ${formatAmount(customer.revenue)}`}
          </span>
        )}
      </th>
      <td class="quote" title={row.words ?? undefined}>
        {needsPerson ? (
          <>
            <Pill tone="warn">decide</Pill> {needsPerson}
          </>
        ) : (
          row.words && <q dir="auto">{row.words}</q>
        )}
      </td>
      <td>{row.category}</td>
      <td class="due">
        <DueOrState visit={visit} row={row} />
      </td>
      <td>
        {issue?.trouble ? (
          <span title={issue.trouble.remedy}>
            <Pill tone="warn">{formatIssueName(issue)}</Pill> {issue.trouble.says}
          </span>
        ) : (
          <NextMove visit={visit} row={row} />
        )}{' '}
        {issue && <ExternalLink url={issue.url}>{issue.key}</ExternalLink>}
      </td>
    </tr>
  );
}

function nameCustomer({ kind, customer, customers }: CaseRowJson): string {
  if (kind === 'strategic')
    return customers === 1 ? '1 customer' : `${customers}${customers >= 100 ? '+' : ''} customers`;
  return customer.name ?? (customer.isAnonymous ? 'unnamed respondent' : (customer.key ?? 'no customer'));
}

function DueOrState({ visit, row }: { visit: Visit; row: CaseRowJson }) {
  const { loop, action, dueAt, resolvedAt } = row;
  if (row.overdue) return <Pill tone="bad">{formatDueTime(dueAt, visit.now)}</Pill>;
  if (loop === 'working') return <>{formatDueTime(dueAt, visit.now)}</>;
  const { tone, text } = describeLoopState(loop, action);
  return (
    <span title={resolvedAt ? `closed ${formatAge(resolvedAt, visit.now)}` : undefined}>
      <Pill tone={tone}>{text}</Pill>
    </span>
  );
}

function NextMove({ visit, row }: { visit: Visit; row: CaseRowJson }) {
  const { loop, assignee, loopOwner, needsPerson, disputed, action } = row;
  const by = (person: string | null, does: string, nobody: string) =>
    person ? (
      <>
        <bdi>{nameOf(visit, person)}</bdi> {does}
      </>
    ) : (
      <strong>{nobody}</strong>
    );
  if (needsPerson || loop === 'disputed') return by(loopOwner, 'decides', 'a case manager decides');
  if (loop === 'working') return by(assignee, disputed ? 'again' : '', 'nobody yet');
  if (loop === 'asked') return <>the customer answers</>;
  if (loop === 'resolved' && action === 'case') return <>the customer is asked next</>;
  return null;
}
