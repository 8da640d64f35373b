import { verdicts } from '#domain/cases/verdict.ts';
import type { LoopReportJson } from '#domain/json/loop-json.ts';
import { describeLoopState } from './case-display.ts';
import { WorkspacePage } from './layout.tsx';
import { Blockers, Crossed, Groups, percent, ResurveyTable, sure } from './loop-tables.tsx';
import { Choices, Lines, Moment, Parts, Pill, Section } from './parts.tsx';
import type { Visit } from './visit.ts';

const periods = [7, 30, 90, 365];

/** The loop report: both sides' answers, blockers, and closings to review. */
export const LoopReportPage = ({ visit, report }: { visit: Visit; report: LoopReportJson }) => (
  <WorkspacePage visit={visit} title="Loop report" tab="Loop report" heading="Were loops really closed?">
    <Choices
      label="Period"
      style="row"
      links={periods.map((days) => [`${days} days`, `?days=${days}`, days === report.days])}
    />
    <p class="muted">
      <Moment at={report.from} visit={visit} /> to <Moment at={report.to} visit={visit} />
    </p>
    <Headline report={report} />
    <Crossed report={report} />
    <Groups title="By category" name="Category" groups={report.byCategory} />
    <Groups title="By department" name="Team" groups={report.byTeam} />
    <Groups title="By closing reason" name="Closed as" groups={report.byReason} />
    {report.byAttribute.map(({ title, groups }) => (
      <Groups title={`By customer: ${title}`} name={title} groups={groups} />
    ))}
    <Blockers report={report} />
    <ResurveyTable report={report} />
    <Review visit={visit} report={report} />
  </WorkspacePage>
);

function Headline({ report }: { report: LoopReportJson }) {
  const { total, opened, followedUp, reopened } = report;
  return (
    <Section id="sum" title="Totals">
      <dl class="figures">
        <Figure name="Cases opened" value={String(opened)} />
        <Figure name="Customer was contacted or asked" value={percent(followedUp)} says={sure(followedUp)} />
        <Figure name="Confirmed by the customer" value={percent(total.confirmed)} says={sure(total.confirmed)} />
        <Figure name="Reopened" value={percent(reopened)} says={sure(reopened)} />
      </dl>
      <ul class="row" aria-label="Verdicts">
        {verdicts.map((verdict) => (
          <li>
            <Pill tone={describeLoopState(verdict).tone}>
              {total.counts[verdict]} {describeLoopState(verdict).text}
            </Pill>
          </li>
        ))}
      </ul>
      <p class="muted">
        A verdict counts one customer and one closing. Silence counts as unverified, never as satisfied.
      </p>
    </Section>
  );
}

const Figure = ({ name, value, says }: { name: string; value: string; says?: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>
      <strong class="figure">{value}</strong>
      {says && <div class="muted">{says}</div>}
    </dd>
  </div>
);

const Review = ({ visit, report: { review } }: { visit: Visit; report: LoopReportJson }) => (
  <Section id="review" title="Closings to review">
    <p class="muted">
      A sample of closings that may have come too early, those with most warnings first. A warning is a reason to
      review, never a score of a person.
    </p>
    <Parts
      empty="No closing of this period has a warning."
      parts={review.map((entry) => (
        <li class="stack tight">
          <div class="row">
            <a href={`/w/${visit.workspace}/cases/${entry.id}`}>
              <strong>{entry.handle}</strong>
            </a>
            <span>{entry.category}</span>
            <span class="muted">
              closing {entry.generation}, <Moment at={entry.at} visit={visit} />
            </span>
          </div>
          <Lines lines={entry.warnings.map(({ text }) => text)} muted />
        </li>
      ))}
    />
  </Section>
);
