import { verdicts } from '#domain/cases/verdict.ts';
import type { LoopReportJson } from '#domain/json/loop-json.ts';
import { describeLoopState } from './case-display.ts';
import { Blockers, Crossed, Groups, ResurveyTable } from './loop-tables.tsx';
import { Lines, Moment, Parts, Pill, Section } from './parts.tsx';
import type { Visit } from './visit.ts';

/** Both sides' answers, blockers, and closings to review. */
export const LoopSections = ({ visit, report }: { visit: Visit; report: LoopReportJson }) => (
  <>
    <p class="muted">
      Verdicts from <Moment at={report.from} visit={visit} /> to <Moment at={report.to} visit={visit} />: each counts
      one customer and one closing. Silence counts as unverified, never as satisfied.
    </p>
    <ul class="row" aria-label="Verdicts">
      {verdicts.map((verdict) => (
        <li>
          <Pill tone={describeLoopState(verdict).tone}>
            {report.total.counts[verdict]} {describeLoopState(verdict).text}
          </Pill>
        </li>
      ))}
    </ul>
    <p>
      Cases opened: {report.opened}. Customer contacted or asked: {report.followedUp.count} of {report.followedUp.total}
      .
    </p>
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
  </>
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
