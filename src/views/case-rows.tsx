import * as ui from './kit.ts';

interface CaseRowsProps {
  rows: ui.CaseRow[];
  caption?: ui.Child;
  /** Form that the rows can be ticked for; none where they cannot. */
  form?: string | undefined;
  list?: string;
  /** Whether all are ticked already. */
  ticked?: boolean;
  plain?: boolean;
}

/** Cases in one line each: whose, what they wrote, how late, and whose move it is. */
export const CaseRows = ({ rows, form, list = '', ticked = false, ...table }: CaseRowsProps) => (
  <ui.RowTable columns={['Case', 'Their words', 'Category', 'Due', 'Next']} {...table}>
    {rows.map((row) => (
      <Row {...{ row, form, list, ticked }} />
    ))}
  </ui.RowTable>
);

type RowProps = { row: ui.CaseRow; form: string | undefined; list: string; ticked: boolean };

function Row({ row, form, list, ticked }: RowProps) {
  const { id, handle, severity, customer, needsPerson, issue } = row;
  const box = { form, name: `case.${id}`, value: handle, 'aria-label': `Choose ${handle}` };
  return (
    <tr class={row.overdue ? 'is-overdue' : undefined}>
      <th scope="row">
        {form && <input type="checkbox" {...box} checked={ticked || ui.wasTicked(ui.useVisit(), box.name)} />}
        <span class={`dot ${ui.chooseSeverityTone(severity)}`} title={ui.readable(severity)}>
          <span class="unseen">{ui.readable(severity)}: </span>
        </span>
        <ui.Link to={`cases/${id}${list && `?${ui.toQuery({ list })}`}`}>
          {handle} <bdi>{nameCustomer(row)}</bdi>
        </ui.Link>{' '}
        {row.kind === 'tactical' && customer.tier && (
          <span class="muted">
            {ui.readable(customer.tier)}
            {customer.revenue !== null && ` · ${ui.formatAmount(customer.revenue)}`}
          </span>
        )}
      </th>
      <td class="quote" dir="auto" title={row.words ?? undefined}>
        {needsPerson && [<ui.Pill tone="warn">decide</ui.Pill>, ' ', needsPerson]}
        {!needsPerson && row.words && <q>{row.words}</q>}
      </td>
      <td>{row.category}</td>
      <td class="due">
        <DueOrState row={row} />
      </td>
      <td>
        {issue?.trouble ? (
          <span title={issue.trouble.remedy}>
            <ui.Pill tone="warn">{ui.formatIssueName(issue)}</ui.Pill> {issue.trouble.says}
          </span>
        ) : (
          describeNextMove(row)
        )}{' '}
        {issue && <ui.ExternalLink url={issue.url}>{ui.formatIssueKey(issue.key)}</ui.ExternalLink>}
      </td>
    </tr>
  );
}

function nameCustomer({ kind, customer, customers }: ui.CaseRow): string {
  if (kind === 'strategic')
    return customers === 1 ? '1 customer' : `${customers}${customers >= 100 ? '+' : ''} customers`;
  return customer.name ?? (customer.isAnonymous ? 'unnamed respondent' : (customer.key ?? 'no customer'));
}

function DueOrState({ row }: { row: ui.CaseRow }) {
  const { loop, resolvedAt, overdue } = row;
  if (overdue || loop === 'working') return <ui.TimeUntilDue {...row} />;
  return (
    <span title={resolvedAt ? `closed ${ui.formatAge(resolvedAt, ui.useVisit().now)}` : undefined}>
      <ui.LoopPill {...row} />
    </span>
  );
}

function describeNextMove({ loop, assignee, loopOwner, needsPerson, disputed, action }: ui.CaseRow): ui.Child {
  const by = (person: string | null, does: string, nobody: string) =>
    person ? [<ui.Person who={person} />, ' ', does] : <strong>{nobody}</strong>;
  if (needsPerson || loop === 'disputed') return by(loopOwner, 'decides', 'a case manager decides');
  if (loop === 'working') return by(assignee, disputed ? 'again' : '', 'nobody yet');
  if (loop === 'asked') return 'the customer answers';
  return loop === 'resolved' && action === 'case' ? 'the customer is asked next' : null;
}

type RailProps = { facts: ui.Value<'home'>['rail']; search?: string | undefined; children: ui.Child };

/** A page of cases with the search and the usual lists at its side. */
export function Rail({ facts, search, children }: RailProps) {
  const visit = ui.useVisit();
  const home = `/w/${visit.workspace}`;
  const links: [text: ui.Child, path: string][] = [
    ['My cases', `/cases?show=open&person=${visit.person}`],
    ...facts.teams.map((team): [ui.Child, string] => [
      <bdi>Team {team.replaceAll('-', ' ')}</bdi>,
      `/cases?show=open&team=${team}`,
    ]),
    [`Unassigned${facts.unassigned > 0 ? ` ${facts.unassigned}` : ''}`, `/cases?show=working&assignee=${ui.nobody}`],
    ['Strategic', '/strategic'],
    ...facts.views.map(({ name, query }): [ui.Child, string] => [<bdi>{name}</bdi>, `/cases?${query}`]),
  ];
  if (facts.triage > 0) links.push([`Triage ${facts.triage}`, '/triage']);
  if (facts.setAside > 0) links.push([`Deliveries set aside ${facts.setAside}`, '/deliveries?outcome=set-aside']);
  return (
    <div class="stack railed">
      <div class="rail stack tight">
        <search>
          <ui.SearchLine action="cases" value={search} label="Search cases" placeholder="C-12, name, words" />
        </search>
        <ui.Choices label="Usual lists" style="row" links={links.map(([text, path]) => [text, home + path, false])} />
      </div>
      <div class="stack">{children}</div>
    </div>
  );
}
