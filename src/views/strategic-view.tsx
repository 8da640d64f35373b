import { differ, formatShare, type Share } from '#domain/base/share.ts';
import { WhatChangedForm } from './case-side.tsx';
import { followUpStateDisplays, followUpStates } from './follow-up-list.tsx';
import * as ui from './kit.ts';
import { Plot } from './plot.tsx';

type StrategicProps = { one: ui.CaseJson; strategic: ui.StrategicCaseJson };

const customersPerPage = 50;

const memberOrders: Record<string, [text: string, rank: (member: ui.AffectedCustomerJson) => number]> = {
  revenue: ['most revenue', ({ revenue }) => -(revenue ?? 0)],
  newest: ['newest answer', ({ respondedAt }) => -Date.parse(respondedAt ?? '1970-01-01')],
  waiting: ['no verdict yet', ({ verdict }) => Number(verdict !== null)],
};
export const memberSorts = Object.keys(memberOrders);

export type MemberQuery = { sort: string; find: string; from: number };

type StrategicViewProps = StrategicProps & { members: MemberQuery; mayManage: boolean };

export const Strategic = ({ one, strategic, members, mayManage }: StrategicViewProps) => (
  <>
    <ui.Section id="agreed" title="Decision">
      <p>
        {strategic.decisionOwner ? <ui.Person who={strategic.decisionOwner} /> : <strong>Nobody yet</strong>} decides.
      </p>
      <Written written={strategic.decision} empty="No decision yet." />
      <h3>Text for customers</h3>
      <Written
        written={strategic.whatChanged}
        empty="No text yet. Customers are notified and asked once it is written."
      />
      <FollowUpMailCounts strategic={strategic} />
      <h3>Measure</h3>
      <EffectMeasurementView measure={strategic.measure} />
      {mayManage && <StrategicForms strategic={strategic} />}
    </ui.Section>
    {strategic.measure && strategic.measure.values.length > 0 && <MeasureSeries measure={strategic.measure} />}
    <Rate rate={strategic.rate} />
    <Members one={one} strategic={strategic} query={members} />
  </>
);

const Written = ({ written, empty }: { written: ui.StrategicCaseJson['decision']; empty: string }) =>
  written ? (
    <div>
      <ui.Words text={written.text} />
      <ui.Signed {...written} />
    </div>
  ) : (
    <p class="muted">{empty}</p>
  );

type Mails = Pick<ui.StrategicCaseJson, 'mailState' | 'waitsForWords' | 'customers'>;

function FollowUpMailCounts({ strategic: { mailState, waitsForWords, customers } }: { strategic: Mails }) {
  const waiting = customers === 1 ? 'One customer waits' : `${customers} customers wait`;
  if (waitsForWords)
    return (
      <p class="notice warn">
        <strong>{waiting} to be notified and asked.</strong> Write what changed to start.
      </p>
    );
  const counted = followUpStates.filter((state) => (mailState[state] ?? 0) > 0);
  const say = (state: (typeof counted)[number]) => ` ${followUpStateDisplays[state].text.toLowerCase()}`;
  const lines = counted.map((state) => [<strong>{mailState[state]}</strong>, say(state)]);
  return lines.length === 0 ? null : <ui.Lines lines={lines} />;
}

function EffectMeasurementView({ measure }: { measure: ui.EffectMeasurementJson | null }) {
  if (!measure) return <p class="muted">No measure yet.</p>;
  const value = (entry: number | null) =>
    entry === null ? 'not known yet' : `${ui.formatNumber(entry)} ${measure.unit}`.trim();
  return (
    <div>
      <p>
        <bdi>{measure.name}</bdi>: before <strong>{value(measure.before)}</strong>, after{' '}
        <strong>{value(measure.after)}</strong>
        {measure.target !== null && [', target ', <strong>{value(measure.target)}</strong>]}
      </p>
      <ui.Signed
        who={measure.who}
        at={measure.at}
        prefix={measure.source === 'theme-rate' ? 'Counted from responses; set by' : 'Entered by'}
      />
    </div>
  );
}

function MeasureSeries({ measure: { name, unit, values, target } }: { measure: ui.EffectMeasurementJson }) {
  const of = { count: 1, total: 1, low: null, high: null };
  const points = values.map(({ day, value }) => ({ from: day, to: day, value, ...of }));
  const visit = ui.useVisit();
  const title = unit ? `${name} (${unit})` : name;
  return (
    <Plot
      series={{ title, unit: 'score', points }}
      target={target}
      explain={['Entered by', (index) => ui.nameOf(visit, values[index]?.who ?? '')]}
    />
  );
}

function Rate({ rate }: { rate: ui.StrategicCaseJson['rate'] }) {
  const periods: [string, Share][] = [
    ['In the 90 days before', rate.before],
    ['While open', rate.during],
  ];
  if (rate.since) periods.push(['Since it was closed', rate.since]);
  return (
    <ui.Section id="rate" title="Frequency">
      <p class="muted">
        Share of the responses of its surveys that are about this.
        {rate.isCut && ' Only the newest responses are counted.'}
      </p>
      <ui.Facts facts={periods.map(([name, share]) => [name, formatShare(share)])} />
      {rate.since && <p>{describeRateChange(rate.until, rate.since)}</p>}
    </ui.Section>
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

function Members({ one, strategic, query }: StrategicProps & { query: MemberQuery }) {
  const { members, revenueAtRisk } = strategic;
  const { sort, find, from } = query;
  const [, rank] = memberOrders[sort] ?? ['', () => 0];
  const matching = members
    .filter(({ customer, name }) => `${customer} ${name ?? ''}`.toLowerCase().includes(find.toLowerCase()))
    .toSorted((a, b) => rank(a) - rank(b));
  const page = `cases/${one.id}`;
  const { workspace } = ui.useVisit();
  const url = (more: Partial<Record<keyof MemberQuery, string>>) =>
    `/w/${workspace}/${page}?${ui.toQuery({ sort, find, ...more })}#members`;
  const pageUrl = (start: number) => start >= 0 && start < matching.length && url({ from: `${start}` });
  return (
    <ui.Section id="members" title="Affected customers" count={members.length}>
      <p>
        Revenue at risk: <strong>{ui.formatAmount(revenueAtRisk)}</strong> <span class="muted">a year, each once</span>
      </p>
      <ui.SearchLine
        action={`${page}#members`}
        name="find"
        value={find}
        hidden={{ sort }}
        label="Search customers"
        placeholder="Name or id"
      />
      <ui.Choices
        label="Order of customers"
        style="row"
        intro="First"
        links={Object.entries(memberOrders).map(([name, [text]]) => [text, url({ sort: name }), name === sort])}
      />
      <ui.Table
        name="Affected customers"
        columns={['Customer', 'Tier', 'Revenue', 'Last answer', 'Mail', 'Verdict']}
        rows={matching.slice(from, from + customersPerPage).map((member) => listCells(one, member))}
      />
      <ui.Paging
        links={[
          ['Previous customers', pageUrl(from - customersPerPage)],
          ['More customers', pageUrl(from + customersPerPage)],
        ]}
      />
    </ui.Section>
  );
}

function listCells(one: ui.CaseJson, member: ui.AffectedCustomerJson): ui.Child[] {
  const { name, page, tier, revenue, respondedAt, cases, verdict, mailState, why } = member;
  const customer = ui.chooseCustomerDisplayName(member.customer, one.responses);
  return [
    [
      <ui.CustomerLink {...{ customer, name, page }} />,
      ...cases.map(({ id, handle }) => [<br />, <ui.Link to={`cases/${id}`}>{handle}</ui.Link>]),
    ],
    tier && ui.readable(tier),
    revenue !== null && ui.formatAmount(revenue),
    respondedAt && <ui.Moment at={respondedAt} />,
    [mailState && ui.readable(mailState), mailState === 'skipped' && <div class="muted">{why}</div>],
    verdict && <ui.LoopPill loop={verdict} />,
  ];
}

const sources: [string, string][] = [
  ['manual', 'entered by hand'],
  ['theme-rate', 'counted: share of responses about this'],
];

function StrategicForms({ strategic }: { strategic: ui.StrategicCaseJson }) {
  const { id, decision, whatChanged, measure, decisionOwner, waitsForWords } = strategic;
  const { people } = ui.useVisit();
  const byHand = measure?.source === 'manual' ? measure : null;
  const number = (name: string, label: string, value: string | number | null | undefined) =>
    ui.optionalLine(name, label, 40, { value: String(value ?? '') });
  return (
    <div class="stack tight">
      <WhatChangedForm
        action={`cases/${id}/what-changed`}
        label="In a few sentences, as every affected customer will read it in a mail. Do not name anybody."
        text={whatChanged?.text ?? null}
        open={waitsForWords}
      />
      <ui.FoldedForm
        name={decision ? 'Revise the decision' : 'Record the decision'}
        action={`cases/${id}/decision`}
        fields={[
          ui.area('text', 'The decision. Earlier versions stay in the timeline.', 4, 4000, {
            value: decision?.text ?? null,
          }),
        ]}
        button="Save the decision"
      />
      <ui.FoldedForm
        name="Name the decision owner"
        action={`cases/${id}/decision-owner`}
        fields={[ui.choice('person', 'Decision owner', Object.entries(people), decisionOwner)]}
        button="Save the decision owner"
      />
      <ui.FoldedForm
        name={measure ? 'Change the measure' : 'Name a measure'}
        action={`cases/${id}/measure`}
        fields={[
          ui.line('name', 'What is measured, such as “support calls”', 120, { value: measure?.name ?? null }),
          ui.choice('source', 'Where its values come from', sources, measure?.source ?? 'manual'),
          number('unit', 'Unit, such as “a week” (by hand only)', byHand?.unit),
          number('before', 'Before (by hand only)', byHand?.before),
          number('after', 'After (by hand only)', byHand?.after),
          number('target', 'Target', measure?.target),
        ]}
        button="Save the measure"
      />
      {byHand && (
        <ui.FoldedForm
          name="Add values of the measure"
          action={`cases/${id}/measure/values`}
          encoding="multipart/form-data"
          fields={[
            ui.area('values', 'A day and its value in each line, such as 2026-11-24, 12', 3, 20_000, {
              isOptional: true,
            }),
            ui.csvFile('Or a CSV file with the columns day and value', { isOptional: true }),
          ]}
          button="Add the values"
        />
      )}
    </div>
  );
}
