import { Temporal } from 'temporal-polyfill';
import { formatDuration } from './duration.ts';
import type { CaseTemplate } from './template.ts';
import type { WorkspaceSettings } from './workspace-file.ts';

/** How urgent a case is and until when it must be closed, with the computation as people read it. */
export interface Due {
  severity: string;
  severityRank: 1 | 2 | 3 | 4;
  /** Instant, UTC milliseconds. */
  dueAt: number;
  /** Instant by which somebody should have been in touch, where the tier sets one. */
  firstContactDueAt: number | null;
  why: string[];
}

/** Pure: the same settings, tier and opening instant give the same due time. */
export function computeDue(
  settings: WorkspaceSettings,
  template: CaseTemplate,
  tierName: string | null,
  openedAt: number,
): Due {
  const { tiers } = settings;
  const { severities } = settings['case-options'];
  const known = tierName !== null && Object.hasOwn(tiers, tierName) ? tiers[tierName] : undefined;
  const lowest = Object.entries(tiers).at(-1);
  const tier = known ?? lowest?.[1];
  const tierText = known
    ? `tier ${tierName}`
    : lowest
      ? `no known tier, so as ${lowest[0]}`
      : 'no tiers are set';
  const byTier = template.severity === 'by tier';
  const severity = byTier ? (tier?.severity ?? severities.at(-1) ?? 'normal') : template.severity;
  const goal =
    template['closure-goal'] === 'by tier'
      ? (tier?.['closure-goal'] ?? 72 * 3_600_000)
      : template['closure-goal'];
  const firstContact = tier?.['first-contact'];
  const goalText = template['closure-goal'] === 'by tier' ? tierText : 'the template';
  return {
    severity,
    severityRank: rankOf(severities, severity),
    dueAt: openedAt + goal,
    firstContactDueAt: firstContact === undefined ? null : openedAt + firstContact,
    why: [
      `severity ${severity}: by ${byTier ? tierText : 'the template'}`,
      `closure goal ${formatDuration(goal)}: by ${goalText}, counted around the clock from ${instantText(openedAt, settings['time-zone'])}`,
    ],
  };
}

/** 1 is the most severe of the workspace's list. */
export function rankOf(severities: string[], severity: string): 1 | 2 | 3 | 4 {
  const index = severities.indexOf(severity);
  return (index < 0 ? 3 : Math.min(index + 1, 4)) as 1 | 2 | 3 | 4;
}

/** The date that the tracker gets: the due instant's day in the workspace's time zone, `YYYY-MM-DD`. */
export function dueDate(dueAt: number, timeZone: string): string {
  return zoned(dueAt, timeZone).toPlainDate().toString();
}

/** `2026-11-24 09:30 (Europe/Berlin)` */
export function instantText(at: number, timeZone: string): string {
  const time = zoned(at, timeZone);
  return `${time.toPlainDate()} ${time.toPlainTime().toString({ smallestUnit: 'minute' })} (${timeZone})`;
}

function zoned(at: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(timeZone);
}
