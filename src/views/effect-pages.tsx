import type { EffectJson, OutcomeJson } from '#domain/reports/effect.ts';
import { type RiskJson, riskTexts } from '#domain/reports/risk.ts';
import * as ui from './kit.ts';
import { explainFigure } from './plot.tsx';

type ListProps<Item> = { visit: ui.Visit; list: ui.Listed<Item> };

export const RiskPage = ({ visit, list }: ListProps<RiskJson>) => (
  <ui.WorkspacePage visit={visit} title="At risk" tab="At risk" heading="Customers at risk">
    <p class="muted">
      A score fell by a fifth of its scale or more in the last 90 days, a closing is disputed, nothing was heard after a
      complaint was closed, or the renewal is within 60 days while one of these or a case stands open. People hear of a
      customer once a month at most.
    </p>
    <ui.Table
      name="Customers at risk"
      columns={['Customer', 'Why', 'Since', 'Tier', 'Revenue']}
      empty="No customer is known to be at risk."
      rows={list.items.map((row): ui.Child[] => [
        <ui.CustomerLink {...row} />,
        <ui.Lines
          lines={row.reasons.map(({ reason, why }) => [
            <ui.Pill tone={reason === 'open-dispute' ? 'bad' : 'warn'}>{riskTexts[reason]}</ui.Pill>,
            why === riskTexts[reason] ? '' : ` ${why}`,
          ])}
        />,
        <ui.Moment at={row.since} />,
        row.tier && ui.readable(row.tier),
        row.revenue !== null && ui.formatAmount(row.revenue),
      ])}
    />
    <ui.Pages list={list} />
  </ui.WorkspacePage>
);

const nameOfVerdict = (verdict: string | null) => (verdict === null ? 'no verdict' : ui.readable(verdict));

/** Whether customers stayed, renewed, grew or left, with how their cases stood. */
export const OutcomePage = ({ visit, list, narrowed }: ListProps<OutcomeJson> & { narrowed: string }) => (
  <ui.WorkspacePage visit={visit} title="Outcomes" tab="Report" heading="What became of customers">
    {narrowed && <p class="muted">Only {narrowed}.</p>}
    <ui.Table
      name="Outcomes"
      columns={['Customer', 'Day', 'Outcome', 'Value', 'Newest verdict', 'Complaint']}
      empty="No outcome is known. Case managers upload them under Settings, Imports."
      rows={list.items.map((row): ui.Child[] => [
        <ui.CustomerLink {...row} />,
        ui.formatDays({ from: row.day, to: row.day }, visit.now),
        <ui.Pill tone={row.outcome === 'left' ? 'bad' : 'good'}>{row.outcome}</ui.Pill>,
        row.value !== null && ui.formatAmount(row.value),
        nameOfVerdict(row.verdict),
        row.handling,
      ])}
    />
    <ui.Pages list={list} />
  </ui.WorkspacePage>
);

/** Kept against lost by verdict and by handling, and scores around cases. */
export function Effect({ effect, days: { from, to } }: { effect: EffectJson; days: ui.Days }) {
  if (effect.groups.length === 0 && effect.scores.length === 0) return null;
  const titles = { verdict: 'By the newest verdict', handling: 'By what came of the complaint' };
  return (
    <ui.Section id="effect" title="Effect">
      <p>{effect.note}</p>
      {(['verdict', 'handling'] as const).map((by) => (
        <>
          <h3>{titles[by]}</h3>
          <ui.Table
            name={`Kept and lost ${titles[by].toLowerCase()}`}
            columns={['Customers', 'Kept', 'Counts and 95 % interval', 'Value kept', 'Value lost']}
            empty="No outcome is known of this period."
            rows={effect.groups
              .filter((group) => group.by === by)
              .map(({ name, kept, keptValue, lostValue, list }) => [
                <ui.Link to={list}>{by === 'verdict' ? nameOfVerdict(name) : name}</ui.Link>,
                ui.formatFigure(kept, 'share'),
                <span class="muted">{explainFigure(kept, 'share')}</span>,
                ui.formatAmount(keptValue),
                ui.formatAmount(lostValue),
              ])}
          />
        </>
      ))}
      <h3>Scores before and after a case</h3>
      <ui.Table
        name="Scores before and after a case"
        columns={['Score', 'Before', 'After', 'Change', 'Counts and 95 % interval']}
        empty="No customer gave a score both before a case and after its closing."
        rows={effect.scores.map(({ kind, before, after, change }) => [
          <ui.Link to={`cases?${ui.toQuery({ show: 'all', scored: kind, from, to })}`}>{kind.toUpperCase()}</ui.Link>,
          ui.formatFigure(before, 'score'),
          ui.formatFigure(after, 'score'),
          ui.formatFigure(change, 'score'),
          <span class="muted">{explainFigure(change, 'score')}</span>,
        ])}
      />
    </ui.Section>
  );
}
