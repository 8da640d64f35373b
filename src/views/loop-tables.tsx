import type { Share } from '#domain/base/share.ts';
import { verdicts } from '#domain/cases/verdict.ts';
import type { LoopReportJson } from '#domain/json/loop-json.ts';
import { type GroupVerdictCounts, possibleCloserAnswers, possibleCustomerAnswers } from '#domain/loop/loop-report.ts';
import { fewestForShare } from '#domain/reports/report.ts';
import { formatAmount } from '#domain/time/time-text.ts';
import { describeLoopState, readable } from './case-display.ts';
import { Section, Table } from './parts.tsx';

const closerAnswerTexts = {
  yes: 'yes, closed',
  partly: 'only in part',
  unable: 'unable',
  silent: 'not answered',
} as const;
const customerAnswerTexts = { yes: 'yes, resolved', partly: 'only in part', no: 'no', silent: 'not answered' } as const;

const isTooSmall = ({ total }: Share) => total < fewestForShare;

const percent = (share: Share) =>
  share.share === null
    ? '–'
    : isTooSmall(share)
      ? `${share.count} of ${share.total}`
      : `${Math.round(share.share * 100)} %`;

/** Counts and interval of a share, which show how far to trust it. */
const sure = (share: Share): string =>
  share.share === null
    ? 'nothing to count yet'
    : [`${share.count} of ${share.total}`, interval(share)].filter(Boolean).join('; ');

const interval = (share: Share) =>
  share.low === null || share.high === null || isTooSmall(share)
    ? ''
    : `${Math.round(share.low * 100)}–${Math.round(share.high * 100)} %`;

const countCell = (count: number) => (count === 0 ? <span class="muted">0</span> : count);

export function Crossed({ report }: { report: LoopReportJson }) {
  const findAnswerPairCount = (closer: string, customer: string) =>
    report.crossed.find((entry) => entry.closer === closer && entry.customer === customer)?.count ?? 0;
  return (
    <Section id="crossed" title="Both sides compared">
      <p class="muted">Rows: the closer’s answer. Columns: the customer’s answer.</p>
      <Table
        name="Answers of both sides, a table"
        style="figures-table"
        columns={['Closer', ...possibleCustomerAnswers.map((customer) => customerAnswerTexts[customer])]}
        rows={possibleCloserAnswers.map((closer) => [
          closerAnswerTexts[closer],
          ...possibleCustomerAnswers.map((customer) => countCell(findAnswerPairCount(closer, customer))),
        ])}
      />
    </Section>
  );
}

/** Verdicts by category, team or closing reason. */
export function Groups({ title, name, groups }: { title: string; name: string; groups: GroupVerdictCounts[] }) {
  const id = name.toLowerCase().replaceAll(' ', '-');
  return (
    <Section id={id} title={title}>
      <Table
        name={`${title}, a table`}
        style="figures-table"
        columns={[name, 'closings', ...verdicts.map((verdict) => describeLoopState(verdict).text), 'confirmed']}
        rows={groups.map((group) => [
          <bdi>{readable(group.name)}</bdi>,
          group.total,
          ...verdicts.map((verdict) => countCell(group.counts[verdict])),
          [percent(group.confirmed), <div class="muted">{interval(group.confirmed)}</div>],
        ])}
        empty="No verdicts in this period."
      />
    </Section>
  );
}

export function Blockers({ report: { blockers } }: { report: LoopReportJson }) {
  const list = (all: { name: string; count: number }[]) =>
    all.map(({ name, count }) => `${readable(name)} ${count}`).join(', ');
  return (
    <Section id="blockers" title="Blockers">
      <p class="muted">
        Blockers that closers named, and whether the customers agreed that the problem is not solved. Nobody is ranked
        by this.
      </p>
      <Table
        name="Blockers, a table"
        style="figures-table"
        columns={['Blocker', 'named', 'known gaps', 'customers', 'revenue', { title: 'where', class: 'where' }]}
        rows={blockers.map((blocker) => [
          <bdi>{readable(blocker.blocker)}</bdi>,
          blocker.count,
          blocker.knownGaps,
          blocker.customers,
          formatAmount(blocker.revenue),
          [list(blocker.categories), <div class="muted">{list(blocker.teams)}</div>],
        ])}
        empty="No closer named a blocker in this period."
      />
    </Section>
  );
}

export function ResurveyTable({ report: { resurveys } }: { report: LoopReportJson }) {
  if (resurveys.length === 0) return null;
  return (
    <Section id="again" title="Re-surveys">
      <Table
        name="Re-surveys, a table"
        style="figures-table"
        columns={['Rule', 'asked', 'answered', 'resolved']}
        rows={resurveys.map(({ rule, hadCase, asked, resolved }) => [
          [readable(rule), <div class="muted">{hadCase ? 'a case was opened' : 'no case was opened'}</div>],
          asked,
          resolved.total,
          [percent(resolved), <div class="muted">{sure(resolved)}</div>],
        ])}
      />
    </Section>
  );
}
