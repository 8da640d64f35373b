import type { Share } from '#domain/base/share.ts';
import { verdicts } from '#domain/cases/verdict.ts';
import type { LoopReportJson } from '#domain/json/loop-json.ts';
import { type GroupVerdictCounts, possibleCloserAnswers, possibleCustomerAnswers } from '#domain/loop/loop-report.ts';
import { describeLoopState, readable } from './case-display.ts';
import { Section, Table } from './parts.tsx';

const closerAnswerTexts = {
  yes: 'yes, closed',
  partly: 'only in part',
  unable: 'unable',
  silent: 'not answered',
} as const;
const customerAnswerTexts = { yes: 'yes, resolved', partly: 'only in part', no: 'no', silent: 'not answered' } as const;

export const percent = ({ share }: Share) => (share === null ? '–' : `${Math.round(share * 100)} %`);

/** Counts and interval of a share, which show how far to trust it. */
export const sure = (share: Share): string =>
  share.share === null ? 'nothing to count yet' : `${share.count} of ${share.total}; 95 % interval ${interval(share)}`;

const interval = ({ low, high }: Share) =>
  low === null || high === null ? '' : `${Math.round(low * 100)}–${Math.round(high * 100)} %`;

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
        rows={possibleCloserAnswers.map((closer) => (
          <tr>
            <th scope="row">{closerAnswerTexts[closer]}</th>
            {possibleCustomerAnswers.map((customer) => (
              <td class={findAnswerPairCount(closer, customer) === 0 ? 'muted' : undefined}>
                {findAnswerPairCount(closer, customer)}
              </td>
            ))}
          </tr>
        ))}
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
        rows={groups.map((group) => (
          <tr>
            <th scope="row">
              <bdi>{readable(group.name)}</bdi>
            </th>
            <td>{group.total}</td>
            {verdicts.map((verdict) => (
              <td class={group.counts[verdict] === 0 ? 'muted' : undefined}>{group.counts[verdict]}</td>
            ))}
            <td>
              {percent(group.confirmed)}
              <div class="muted">{interval(group.confirmed)}</div>
            </td>
          </tr>
        ))}
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
        rows={blockers.map((blocker) => (
          <tr>
            <th scope="row">
              <bdi>{readable(blocker.blocker)}</bdi>
            </th>
            <td>{blocker.count}</td>
            <td>{blocker.knownGaps}</td>
            <td>{blocker.customers}</td>
            <td>{new Intl.NumberFormat('en').format(Math.round(blocker.revenue))}</td>
            <td class="where">
              {list(blocker.categories)}
              <div class="muted">{list(blocker.teams)}</div>
            </td>
          </tr>
        ))}
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
        rows={resurveys.map(({ rule, hadCase, asked, resolved }) => (
          <tr>
            <th scope="row">
              {readable(rule)}
              <div class="muted">{hadCase ? 'a case was opened' : 'no case was opened'}</div>
            </th>
            <td>{asked}</td>
            <td>{resolved.total}</td>
            <td>
              {percent(resolved)}
              <div class="muted">{sure(resolved)}</div>
            </td>
          </tr>
        ))}
      />
    </Section>
  );
}
