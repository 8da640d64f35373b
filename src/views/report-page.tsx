import { possibleCloserAnswers, possibleCustomerAnswers, verdicts } from '#domain/cases/verdict.ts';
import { textByCloserAnswer, textByCustomerAnswer } from './closings.tsx';
import { Effect } from './effect-pages.tsx';
import * as ui from './kit.ts';
import { explainFigure, Plot } from './plot.tsx';

interface ReportPageProps {
  visit: ui.Visit;
  report: ui.ReportJson;
  loops: ui.LoopReportJson;
  query: Record<string, string>;
  facets: readonly string[];
  quarters: string[];
}

/** What came of the feedback of a period, beside the period before. */
export function ReportPage({ visit, report, loops, query, facets, quarters }: ReportPageProps) {
  const url = (change: Record<string, string | null>) =>
    `/w/${visit.workspace}/reports?${ui.toQuery({ ...query, ...change })}`;
  const { from: _, to: __, quarter: ___, days: ____, ...kept } = query;
  const narrowed = Object.entries(query).filter(([name]) => facets.includes(name) || name.startsWith('customer.'));
  const attributes = Object.entries(visit.attributes).filter(
    ([name, { isPersonal, values }]) => values && !isPersonal && !facets.includes(name),
  );
  const breakdowns = [...facets, 'respondents', ...attributes.map(([name]) => `customer.${name}`)];
  const nameOfBreakdown = (by: string) =>
    attributes.find(([name]) => by === `customer.${name}`)?.[1].title ?? ui.readable(by);
  return (
    <ui.WorkspacePage visit={visit} title="Report" tab="Report" heading="What came of the feedback">
      <ui.Choices
        label="Period"
        style="row"
        links={[
          ...[7, 30, 90, 365].map((days): [string, string, boolean] => [
            `${days} days`,
            url({ quarter: null, from: null, to: null, days: `${days}` }),
            !query.quarter && `${days}` === (query.days ?? (query.from ? '' : '90')),
          ]),
          ...quarters.map((quarter): [string, string, boolean] => [
            quarter.split('-').toReversed().join(' '),
            url({ quarter, from: null, to: null, days: null }),
            query.quarter === quarter,
          ]),
        ]}
      />
      <ui.Search action="reports" hidden={kept} fields={ui.days('From', 'To', report)} />
      {narrowed.length > 0 && (
        <p>
          Only{' '}
          {narrowed
            .map(([name, value]) => `${ui.readable(name.replace('customer.', ''))} ${nameOfGroup(visit, name, value)}`)
            .join(', ')}
          . <a href={url(Object.fromEntries(narrowed.map(([name]) => [name, null])))}>Show everything</a>
        </p>
      )}
      <Figures report={report} />
      <ui.Choices
        label="Break down by"
        intro="By"
        style="row"
        links={breakdowns.map((by) => [nameOfBreakdown(by), url({ by }), by === report.by])}
      />
      <Groups report={report} title={nameOfBreakdown(report.by)} url={url} narrowed={narrowed} />
      {report.trends.map((series) => (
        <Plot series={series} />
      ))}
      <ui.Paging links={[['CSV', url({ format: 'csv' })]]} />
      {report.sources.length > 0 && (
        <ui.TableSection
          id="sources"
          title="Theirs against ours"
          hint="Finished responses that the survey tool counts or lists, and those of them that were here; what was missing in a list is fetched."
          columns={['Source', 'By', 'From', 'To', 'Theirs', 'Ours', 'Difference']}
          rows={report.sources.map(({ source, how, from, to, theirs, ours }) => [
            <ui.Link to={`sources/${source}`}>{ui.readable(source)}</ui.Link>,
            how === 'counted' ? 'reported counts' : 'the last list of its API',
            ...[from, to, theirs],
            <ui.Link to={`responses?${ui.toQuery({ source, from, to })}`}>{ours}</ui.Link>,
            ours === theirs ? 'none' : ours - theirs,
          ])}
        />
      )}
      {report.effect && <Effect effect={report.effect} days={report} />}
      <h2>Were loops really closed?</h2>
      <LoopSections report={loops} days={{ from: report.from, to: report.to }} />
    </ui.WorkspacePage>
  );
}

const nameOfGroup = (visit: ui.Visit, by: string, name: string) =>
  by === 'template' ? ui.nameOfTemplate(visit, name) : ui.readable(name);

/** The figures of a period beside those of the period before. */
export function Figures({ report }: Pick<ReportPageProps, 'report'>) {
  const { now } = ui.useVisit();
  return (
    <ui.TableSection
      id="figures"
      title="Figures"
      hint={`${ui.formatDays(report, now)}, beside ${ui.formatDays(report.before, now)}. Case figures count the cases opened in the period. Totals under 20 show counts only.`}
      columns={['Figure', 'This period', 'The period before']}
      rows={report.figures.map(listFigureCells)}
    />
  );
}

const listFigureCells = ({ title, how, unit, now, before, list }: ui.ReportRow): ui.Child[] => {
  const figure = ui.formatFigure(now, unit);
  return [
    [title, <div class="muted">{how}</div>],
    [
      <strong>{list ? <ui.Link to={list}>{figure}</ui.Link> : figure}</strong>,
      <div class="muted">{explainFigure(now, unit)}</div>,
    ],
    [ui.formatFigure(before, unit), <div class="muted">{explainFigure(before, unit)}</div>],
  ];
};

type GroupsProps = Pick<ReportPageProps, 'report'> & {
  title: string;
  url: (change: Record<string, string>) => string;
  narrowed: [name: string, value: string][];
};

function Groups({ report, title, url, narrowed }: GroupsProps) {
  const visit = ui.useVisit();
  const titles = new Map(report.figures.map((row) => [row.id, row.title]));
  const { from, to } = report;
  const casesOf = (respondents: string) =>
    `/w/${visit.workspace}/cases?${ui.toQuery({ ...Object.fromEntries(narrowed), show: 'all', respondents, from, to })}`;
  return (
    <ui.TableSection
      id="groups"
      title={`By ${title.toLowerCase()}`}
      columns={[title, 'Cases', ...(report.groups[0]?.figures ?? []).map(({ id }) => titles.get(id) ?? id)]}
      rows={report.groups.map(({ name, cases, figures }) => [
        name === null ? (
          'not known'
        ) : (
          <a href={report.by === 'respondents' ? casesOf(name) : url({ [report.by]: name })}>
            <bdi>{nameOfGroup(visit, report.by, name)}</bdi>
          </a>
        ),
        cases,
        ...figures.map(({ unit, now }) => ui.formatFigure(now, unit)),
      ])}
      empty="No case was opened in this period."
    />
  );
}

type LoopProps = { report: ui.LoopReportJson; days: ui.Days };

/** Both sides' answers, blockers, re-surveys, and closings to review. */
const LoopSections = ({ report, days }: LoopProps) => (
  <>
    <p class="muted">
      Verdicts from <ui.Moment at={report.from} /> to <ui.Moment at={report.to} />: each counts one customer and one
      closing. Silence counts as unverified, never as satisfied.
    </p>
    <ul class="row" aria-label="Verdicts">
      {verdicts.map((verdict) => (
        <li>
          <ui.Pill tone={ui.describeLoopState(verdict).tone}>
            <ui.Link to={casesSaid(days, { verdict })}>
              {report.total.counts[verdict]} {ui.describeLoopState(verdict).text}
            </ui.Link>
          </ui.Pill>
        </li>
      ))}
    </ul>
    {listTables({ report, days }).map((table) => (
      <ui.TableSection {...table} />
    ))}
    <Review report={report} />
  </>
);

const casesSaid = (days: ui.Days, said: ui.SaidFilter) => `cases?${ui.toQuery({ show: 'all', ...said, ...days })}`;

function listTables({ report: { crossed, blockers, resurveys }, days }: LoopProps) {
  const countPairs = (closer: string, customer: string) =>
    crossed.find((entry) => entry.closer === closer && entry.customer === customer)?.count ?? 0;
  const list = (all: { name: string; count: number }[]) =>
    all.map(({ name, count }) => `${ui.readable(name)} ${count}`).join(', ');
  const tables = [
    {
      id: 'crossed',
      title: 'Both sides compared',
      hint: 'Rows: the closer’s answer. Columns: the customer’s answer.',
      columns: [
        'Closer',
        ...possibleCustomerAnswers.map((customer) => textByCustomerAnswer.get(customer) ?? 'Not answered'),
      ],
      rows: possibleCloserAnswers.map((closer) => [
        textByCloserAnswer.get(closer) ?? 'Not answered',
        ...possibleCustomerAnswers.map((customer) =>
          countPairs(closer, customer) ? (
            <ui.Link to={casesSaid(days, { 'closer-says': closer, 'customer-says': customer })}>
              {countPairs(closer, customer)}
            </ui.Link>
          ) : (
            <span class="muted">0</span>
          ),
        ),
      ]),
      empty: '',
    },
    {
      id: 'blockers',
      title: 'Blockers and reasons',
      hint: 'What closers name as in the way, and known gaps where the customer says no too. Customers give their own reasons in the follow-up. Nobody is ranked by this.',
      columns: ['Blocker or reason', 'closers', 'of customers', 'known gaps', 'customers', 'revenue', 'where'],
      rows: blockers.map(({ blocker, count, reasons, knownGaps, customers, revenue, categories, teams }) => [
        <ui.Link to={casesSaid(days, { reason: blocker })}>
          <bdi>{ui.readable(blocker)}</bdi>
        </ui.Link>,
        ...[count, reasons, knownGaps, customers, ui.formatAmount(revenue)],
        [list(categories), <div class="muted">{list(teams)}</div>],
      ]),
      empty: 'Nobody named a blocker or a reason in this period.',
    },
    {
      id: 'again',
      title: 'Re-surveys',
      columns: ['Rule', 'asked', 'answered', 'resolved', 'interval'],
      rows: resurveys.map(({ rule, hadCase, asked, resolved: { count, total } }) => [
        [
          <ui.Link to={`responses?${ui.toQuery({ again: rule, opened: hadCase ? 'yes' : 'no', ...days })}`}>
            {ui.readable(rule)}
          </ui.Link>,
          <div class="muted">{hadCase ? 'a case was opened' : 'no case was opened'}</div>,
        ],
        ...[asked, total, ui.formatFigure(ui.shareFigure(count, total), 'share')],
        <span class="muted">{explainFigure(ui.shareFigure(count, total), 'share')}</span>,
      ]),
    },
  ];
  return tables.filter(({ rows, empty }) => rows.length > 0 || empty);
}

const Review = ({ report: { review } }: { report: ui.LoopReportJson }) => (
  <ui.Section id="review" title="Closings to review">
    <p class="muted">
      A sample of closings that may have come too early, those with most warnings first. A warning is a reason to
      review, never a score of a person.
    </p>
    <ui.Parts
      empty="No closing of this period has a warning."
      parts={review.map((entry) => (
        <li class="stack tight">
          <div class="row">
            <ui.Link to={`cases/${entry.id}`}>
              <strong>{entry.handle}</strong>
            </ui.Link>
            <span>{entry.category}</span>
            <span class="muted">
              closing {entry.generation}, <ui.Moment at={entry.at} />
            </span>
          </div>
          <ui.Lines lines={entry.warnings.map(({ text }) => text)} muted />
        </li>
      ))}
    />
  </ui.Section>
);
