import type { Share } from '#domain/interval.ts';
import { closerSides, customerSides, type VerdictGroup } from '#domain/loop-report.ts';
import type { LoopReportShape } from '#domain/loop-shape.ts';
import { verdicts } from '#domain/verdict.ts';
import { loopWords, readable } from './case-facts.ts';
import { WorkspacePage } from './layout.tsx';
import { Moment, Pill } from './parts.tsx';
import type { Visit } from './visit.ts';

const periods = [7, 30, 90, 365];

const closerWords = {
  yes: 'yes, closed',
  partly: 'only in part',
  unable: 'unable to',
  silent: 'not answered',
} as const;
const customerWords = {
  yes: 'yes, resolved',
  partly: 'only in part',
  no: 'no',
  silent: 'not answered',
} as const;

/** Were loops really closed? Both sides' answers in sum, what stood in the way, and what to look at. */
export function LoopReportPage({ visit, report }: { visit: Visit; report: LoopReportShape }) {
  return (
    <WorkspacePage visit={visit} title="Reports" place="Reports">
      <h1>Were loops really closed?</h1>
      <nav class="row" aria-label="Period">
        {periods.map((days) => (
          <a href={`?days=${days}`} aria-current={days === report.days ? 'true' : undefined}>
            {days} days
          </a>
        ))}
        <span class="muted">
          <Moment at={report.from} visit={visit} short /> to <Moment at={report.to} visit={visit} />
        </span>
      </nav>
      <Headline report={report} />
      <Crossed report={report} />
      <Groups title="By category" name="Category" groups={report.byCategory} />
      <Groups title="By department" name="Team" groups={report.byTeam} />
      <Groups title="By closing reason" name="Closed as" groups={report.byReason} />
      <Blockers report={report} />
      <AskedAgain report={report} />
      <Review visit={visit} report={report} />
    </WorkspacePage>
  );
}

function Headline({ report }: { report: LoopReportShape }) {
  const { total, opened, followedUp, reopened } = report;
  return (
    <section class="card stack" aria-labelledby="sum">
      <h2 id="sum">In sum</h2>
      <dl class="figures">
        <Figure name="Cases opened" value={String(opened)} />
        <Figure name="Customer was contacted or asked" value={percent(followedUp)} says={sure(followedUp)} />
        <Figure
          name="Confirmed by the customer"
          value={percent(total.confirmed)}
          says={sure(total.confirmed)}
        />
        <Figure name="Reopened" value={percent(reopened)} says={sure(reopened)} />
      </dl>
      <ul class="row" aria-label="Verdicts">
        {verdicts.map((verdict) => (
          <li>
            <Pill tone={loopWords(verdict).tone}>
              {total.counts[verdict]} {loopWords(verdict).text}
            </Pill>
          </li>
        ))}
      </ul>
      <p class="muted">
        A verdict counts one customer and one closing. Silence counts as unverified, never as satisfied.
      </p>
    </section>
  );
}

function Figure({ name, value, says }: { name: string; value: string; says?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <strong class="figure">{value}</strong>
        {says && <div class="muted">{says}</div>}
      </dd>
    </div>
  );
}

const percent = ({ share }: Share) => (share === null ? '–' : `${Math.round(share * 100)} %`);

/** How much a share can be relied on: its counts, and the interval that they allow. */
function sure({ count, total, low, high, share }: Share): string {
  if (share === null) return 'nothing to count yet';
  return `${count} of ${total}; 95 % sure of ${Math.round(low * 100)} to ${Math.round(high * 100)} %`;
}

function Crossed({ report }: { report: LoopReportShape }) {
  const countOf = (closer: string, customer: string) =>
    report.crossed.find((one) => one.closer === closer && one.customer === customer)?.count ?? 0;
  return (
    <section class="card stack" aria-labelledby="crossed">
      <h2 id="crossed">Both sides, laid beside each other</h2>
      <p class="muted">Rows: could the closer really close it? Columns: is it resolved for the customer?</p>
      <section class="scroll" aria-label="Answers of both sides, a table" tabindex={0}>
        <table class="figures-table">
          <thead>
            <tr>
              <th scope="col">Closer</th>
              {customerSides.map((customer) => (
                <th scope="col">{customerWords[customer]}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {closerSides.map((closer) => (
              <tr>
                <th scope="row">{closerWords[closer]}</th>
                {customerSides.map((customer) => (
                  <td class={countOf(closer, customer) === 0 ? 'muted' : undefined}>
                    {countOf(closer, customer)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

function Groups({ title, name, groups }: { title: string; name: string; groups: VerdictGroup[] }) {
  const id = name.toLowerCase().replaceAll(' ', '-');
  return (
    <section class="card stack" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {groups.length === 0 ? (
        <p class="muted">No verdicts in this period.</p>
      ) : (
        <section class="scroll" aria-label={`${title}, a table`} tabindex={0}>
          <table class="figures-table">
            <thead>
              <tr>
                <th scope="col">{name}</th>
                <th scope="col">closings</th>
                {verdicts.map((verdict) => (
                  <th scope="col">{loopWords(verdict).text}</th>
                ))}
                <th scope="col">confirmed</th>
              </tr>
            </thead>
            <tbody>
              {groups.map((group) => (
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
                    <div class="muted">
                      {Math.round(group.confirmed.low * 100)} to {Math.round(group.confirmed.high * 100)} %
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

function Blockers({ report: { blockers } }: { report: LoopReportShape }) {
  const list = (all: { name: string; count: number }[]) =>
    all.map(({ name, count }) => `${readable(name)} ${count}`).join(', ');
  return (
    <section class="card stack" aria-labelledby="blockers">
      <h2 id="blockers">What stood in the way</h2>
      <p class="muted">
        What closers named, beside whether the customers agreed that it is not solved. It finds blockers;
        nobody is ranked by it.
      </p>
      {blockers.length === 0 ? (
        <p class="muted">No closer named a blocker in this period.</p>
      ) : (
        <section class="scroll" aria-label="Blockers, a table" tabindex={0}>
          <table class="figures-table">
            <thead>
              <tr>
                <th scope="col">Blocker</th>
                <th scope="col">named</th>
                <th scope="col">known gaps</th>
                <th scope="col">customers</th>
                <th scope="col">revenue</th>
                <th scope="col">where</th>
              </tr>
            </thead>
            <tbody>
              {blockers.map((one) => (
                <tr>
                  <th scope="row">
                    <bdi>{readable(one.blocker)}</bdi>
                  </th>
                  <td>{one.count}</td>
                  <td>{one.knownGaps}</td>
                  <td>{one.customers}</td>
                  <td>{new Intl.NumberFormat('en').format(Math.round(one.revenue))}</td>
                  <td class="where">
                    {list(one.categories)}
                    <div class="muted">{list(one.teams)}</div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

function AskedAgain({ report: { resurveys } }: { report: LoopReportShape }) {
  if (resurveys.length === 0) return null;
  return (
    <section class="card stack" aria-labelledby="again">
      <h2 id="again">Asked again some time later</h2>
      <section class="scroll" aria-label="Asked again, a table" tabindex={0}>
        <table class="figures-table">
          <thead>
            <tr>
              <th scope="col">Rule</th>
              <th scope="col">asked</th>
              <th scope="col">answered</th>
              <th scope="col">resolved</th>
            </tr>
          </thead>
          <tbody>
            {resurveys.map(({ rule, hadCase, asked, resolved }) => (
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
          </tbody>
        </table>
      </section>
    </section>
  );
}

function Review({ visit, report: { review } }: { visit: Visit; report: LoopReportShape }) {
  return (
    <section class="card stack" aria-labelledby="review">
      <h2 id="review">Closings to look at</h2>
      <p class="muted">
        A sample of closings that may have come too early, those with most signs first. A sign is a reason to
        look, never a score of a person.
      </p>
      {review.length === 0 ? (
        <p class="muted">No closing of this period shows a sign.</p>
      ) : (
        <ul class="stack parts">
          {review.map((one) => (
            <li class="stack tight">
              <div class="row">
                <a href={`/w/${visit.workspace}/cases/${one.id}`}>
                  <strong>{one.handle}</strong>
                </a>
                <span>{one.category}</span>
                <span class="muted">
                  closing {one.generation}, <Moment at={one.at} visit={visit} />
                </span>
              </div>
              <ul class="why muted">
                {one.signs.map(({ text }) => (
                  <li>{text}</li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
