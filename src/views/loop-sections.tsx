import { possibleCloserAnswers, possibleCustomerAnswers, verdicts } from '#domain/cases/verdict.ts';
import { textByCloserAnswer, textByCustomerAnswer } from './closings.tsx';
import * as ui from './kit.ts';
import { explainFigure } from './plot.tsx';

type LoopProps = { report: ui.LoopReportJson; days: ui.Days };

/** Both sides' answers, blockers, re-surveys, and closings to review. */
export const LoopSections = ({ report, days }: LoopProps) => (
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
