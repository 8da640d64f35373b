import type { Child } from 'hono/jsx';
import { differ, formatShare, type Share } from '#domain/base/share.ts';
import type {
  AffectedCustomerJson,
  CaseJson,
  EffectMeasurementJson,
  StrategicCaseJson,
} from '#domain/json/case-json.ts';
import { formatAmount } from '#domain/time/time-text.ts';
import { toIsoText } from '#domain/time/units.ts';
import { readable } from './case-display.ts';
import { Fact, LoopPill, Moment, Section, Signed, Table, Words } from './parts.tsx';
import { StrategicForms } from './strategic-forms.tsx';
import { nameOf, type Visit } from './visit.ts';

type StrategicProps = { visit: Visit; one: CaseJson; strategic: StrategicCaseJson };

const mostCustomersShown = 100;

export const Strategic = ({ visit, one, strategic, mayManage }: StrategicProps & { mayManage: boolean }) => (
  <>
    <PeopleClosingLoop visit={visit} one={one} strategic={strategic} />
    <Section id="agreed" title="Decision">
      <Written visit={visit} written={strategic.decision} empty="No decision yet." />
      <h3>Text for customers</h3>
      <Written
        visit={visit}
        written={strategic.whatChanged}
        empty="No text yet. Customers are notified and asked once it is written."
      />
      <FollowUpMailCounts strategic={strategic} />
      <h3>Measure</h3>
      <EffectMeasurementView visit={visit} measure={strategic.measure} />
      {mayManage && <StrategicForms visit={visit} strategic={strategic} />}
    </Section>
    <Rate visit={visit} rate={strategic.rate} />
    <Members visit={visit} one={one} strategic={strategic} />
  </>
);

function PeopleClosingLoop({ visit, one, strategic }: StrategicProps) {
  const person = (key: string | null) => (key ? <bdi>{nameOf(visit, key)}</bdi> : <strong>nobody yet</strong>);
  const roles = [...new Map(one.plan.map(({ role, whoName }) => [role, whoName]))];
  return (
    <Section id="who-closes" title="Who closes this loop?">
      <dl class="stack">
        <Fact name="Decision owner">{person(strategic.decisionOwner)}</Fact>
        <Fact name="Assignee">{person(one.assignee)}</Fact>
        <Fact name="Loop owner">{person(one.loopOwner)}</Fact>
        {roles.map(([role, name]) => (
          <Fact name={readable(role)}>{name ? <bdi>{name}</bdi> : <strong>nobody yet</strong>}</Fact>
        ))}
        <Fact name="May close it">
          {strategic.managers.length === 0
            ? 'the admins'
            : strategic.managers.map((manager) => nameOf(visit, manager)).join(', ')}
        </Fact>
      </dl>
    </Section>
  );
}

function Written(props: { visit: Visit; written: StrategicCaseJson['decision']; empty: string }) {
  const { visit, written, empty } = props;
  if (!written) return <p class="muted">{empty}</p>;
  return (
    <div>
      <Words text={written.text} />
      <Signed visit={visit} {...written} />
    </div>
  );
}

function FollowUpMailCounts({ strategic: { mailState, waitsForWords, customers } }: { strategic: StrategicCaseJson }) {
  if (waitsForWords)
    return (
      <p class="notice warn">
        <strong>
          {customers === 1 ? 'One customer waits' : `${customers} customers wait`} to be notified and asked.
        </strong>{' '}
        Write what changed to start.
      </p>
    );
  const words = new Map([
    ['answered', 'answered'],
    ['sent', 'asked, no answer yet'],
    ['due', 'waiting'],
    ['expired', 'did not answer'],
    ['skipped', 'skipped'],
  ]);
  const counted = [...words].filter(([state]) => (mailState[state] ?? 0) > 0);
  if (counted.length === 0) return null;
  return (
    <ul class="stack tight">
      {counted.map(([state, text]) => (
        <li>
          <strong>{mailState[state]}</strong> {text}
        </li>
      ))}
    </ul>
  );
}

function EffectMeasurementView({ visit, measure }: { visit: Visit; measure: EffectMeasurementJson | null }) {
  if (!measure) return <p class="muted">No measure yet.</p>;
  const value = (entry: number | null) =>
    entry === null ? 'not known yet' : `${new Intl.NumberFormat('en').format(entry)} ${measure.unit}`.trim();
  return (
    <div>
      <p>
        <bdi>{measure.name}</bdi>: before <strong>{value(measure.before)}</strong>, after{' '}
        <strong>{value(measure.after)}</strong>
      </p>
      <Signed
        visit={visit}
        who={measure.who}
        at={measure.at}
        prefix={measure.source === 'theme-rate' ? 'Counted from responses; set by' : 'Entered by'}
      />
    </div>
  );
}

function Rate({ visit, rate }: { visit: Visit; rate: StrategicCaseJson['rate'] }) {
  const periods: [string, Share][] = [
    ['In the 90 days before', rate.before],
    ['While open', rate.during],
  ];
  if (rate.since) periods.push(['Since it was closed', rate.since]);
  return (
    <Section id="rate" title="Frequency">
      <p class="muted">
        Share of the responses of its surveys that are about this.
        {rate.isCut && ' Only the newest responses are counted.'}
      </p>
      <dl class="stack">
        {periods.map(([name, share]) => (
          <Fact name={name}>{formatShare(share)}</Fact>
        ))}
      </dl>
      {rate.since && <p>{describeRateChange(rate.until, rate.since)}</p>}
      {rate.weeks.length > 0 && (
        <details>
          <summary>Week by week</summary>
          <Table
            name="Week by week"
            style="figures-table"
            columns={['Week from', 'Share', 'About this', 'Responses']}
            rows={rate.weeks.map(({ from, matched, total }) => [
              <Moment at={toIsoText(from)} visit={visit} />,
              <meter min={0} max={1} value={matched / total} aria-label="Share about this">
                {Math.round((matched / total) * 100)} %
              </meter>,
              matched,
              total,
            ])}
          />
        </details>
      )}
    </Section>
  );
}

function describeRateChange(until: Share, since: Share): string {
  const apart = differ(until, since);
  if (apart === null) return 'Too few responses to compare with before.';
  if (!apart) return 'No clear difference: chance alone could explain it.';
  return (since.share ?? 0) < (until.share ?? 0)
    ? 'Clearly less often than before.'
    : 'Clearly more often than before.';
}

function Members({ visit, one, strategic: { members, revenueAtRisk } }: StrategicProps) {
  const shown = members.slice(0, mostCustomersShown);
  return (
    <Section id="members" title="Affected customers" count={members.length}>
      <p>
        Revenue at risk: <strong>{formatAmount(revenueAtRisk)}</strong> <span class="muted">a year, each once</span>
      </p>
      <Table
        name="Affected customers"
        style="figures-table"
        columns={['Customer', 'Tier', 'Revenue', 'Last answer', 'Mail', 'Verdict']}
        rows={shown.map((member) => listCells(visit, one, member))}
      />
      {members.length > shown.length && (
        <p class="muted">And {members.length - shown.length} more; the API lists them all.</p>
      )}
    </Section>
  );
}

function listCells(visit: Visit, one: CaseJson, member: AffectedCustomerJson): Child[] {
  const { customer, tier, revenue, respondedAt, cases, verdict, mailState, why } = member;
  return [
    <>
      <bdi>{one.responses.includes(customer) ? 'unnamed respondent' : customer}</bdi>
      {cases.map(({ id, handle }) => (
        <div>
          <a href={`/w/${visit.workspace}/cases/${id}`}>{handle}</a>
        </div>
      ))}
    </>,
    tier && readable(tier),
    revenue !== null && formatAmount(revenue),
    respondedAt && <Moment at={respondedAt} visit={visit} />,
    [mailState && readable(mailState), mailState === 'skipped' && <div class="muted">{why}</div>],
    verdict && <LoopPill loop={verdict} />,
  ];
}
