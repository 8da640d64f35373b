import { scalePow } from 'd3-scale';
import { area, line } from 'd3-shape';
import { roughly } from '#domain/time/clock.ts';
import * as ui from './kit.ts';

type Unit = ui.ReportSeries['unit'];

/** How far to trust a figure: its counts and interval, or its ninth decile. */
export function explainFigure({ count, total, value, low, high }: ui.Figure, unit: Unit): string {
  if (value === null) return count === 0 && total === 0 ? 'none' : 'too few for more than counts';
  if (unit === 'time') return `${count} cases; 90 % within ${roughly(high ?? value)}`;
  const counts = total === count ? `${count}` : `${count} of ${total}`;
  return low === null || high === null
    ? counts
    : `${counts}; ${ui.formatValue(low, unit)} to ${ui.formatValue(high, unit)}`;
}

const [width, height, edge] = [640, 220, { left: 70, right: 16, top: 12, bottom: 28 }];

interface PlotProps {
  series: ui.ReportSeries;
  target?: number | null;
  explain?: [title: string, of: (index: number) => string];
}

/** A series as a line with its intervals and its target, and the same numbers as a table. */
export function Plot({ series: { title, unit, points }, target = null, explain }: PlotProps) {
  const id = `trend-${title.toLowerCase().replaceAll(' ', '-')}`;
  const known = points.flatMap((point) => (point.value === null ? [] : [{ ...point, value: point.value }]));
  const ends = [
    ...known.flatMap(({ value, low, high }) => [low ?? value, value, high ?? value]),
    ...(target === null ? [] : [target]),
  ];
  const domain = unit === 'share' ? [0, 1] : [Math.min(0, ...ends), Math.max(0, ...ends)];
  const [first = '', last = ''] = [points[0]?.from, points.at(-1)?.from];
  const x = scalePow([Date.parse(first), Date.parse(last)], [edge.left + 24, width - edge.right - 24]);
  const y = scalePow(domain, [height - edge.bottom, edge.top]).nice(4);
  const at = ({ from }: { from: string }) => x(Date.parse(from));
  const path = line<(typeof known)[number]>(at, ({ value }) => y(value))(known) ?? '';
  const band = area<(typeof known)[number]>(
    at,
    ({ low, value }) => y(low ?? value),
    ({ high, value }) => y(high ?? value),
  )(known);
  const { now } = ui.useVisit();
  const distance = (value = 0) => Math.abs(value - (target ?? 0));
  // The name of the target must not lie on a point.
  const isTargetNearEnd = distance(known.at(-1)?.value) < distance(known[0]?.value);
  const labelled = points.filter((_, index) => index % Math.ceil(points.length / 5) === 0);
  return (
    <ui.Section id={id} title={title}>
      {known.length > 1 && (
        <svg
          class="plot"
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={`${title} over time; the table has the same numbers`}
        >
          {y.ticks(4).map((tick) => (
            <g>
              <line class="grid" x1={edge.left} x2={width - edge.right} y1={y(tick)} y2={y(tick)} />
              <text x={edge.left - 8} y={y(tick)} dy="0.35em" text-anchor="end">
                {ui.formatValue(tick, unit)}
              </text>
            </g>
          ))}
          {labelled.map((point) => (
            <text x={at(point)} y={height - 8} text-anchor="middle">
              {ui.formatDays({ from: point.from, to: point.from }, now)}
            </text>
          ))}
          {target !== null && (
            <g>
              <line class="target" x1={edge.left} x2={width - edge.right} y1={y(target)} y2={y(target)} />
              <text
                {...(isTargetNearEnd ? { x: edge.left + 4 } : { x: width - edge.right, 'text-anchor': 'end' })}
                y={y(target) - 5}
              >
                target {ui.formatValue(target, unit)}
              </text>
            </g>
          )}
          <path class="band" d={band ?? ''} />
          <path class="line" d={path} />
          {known.map((point) => (
            <circle cx={at(point)} cy={y(point.value)} r="3.5" data-value={point.value} />
          ))}
        </svg>
      )}
      <ui.Table
        name={`${title}, a table`}
        columns={['Days', title, explain?.[0] ?? 'Counts and 95 % interval']}
        rows={points
          .filter(({ total }) => total > 0)
          .map((point, index) => [
            ui.formatDays(point, now),
            ui.formatFigure(point, unit),
            <span class="muted">{explain?.[1](index) ?? explainFigure(point, unit)}</span>,
          ])}
        empty="Nothing to count in this period."
      />
    </ui.Section>
  );
}
