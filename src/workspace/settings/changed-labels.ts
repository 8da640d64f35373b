import { slug, toLabelName } from '#domain/cases/label.ts';
import { findStatusClass, findStatusOfClass } from '#domain/cases/status.ts';
import type { Settings } from '#domain/templates/settings.ts';

/** Labels that the limits of trackers change, and labels that two names share, one readable line each. */
export function describeChangedLabels({ workspace, templates }: Pick<Settings, 'workspace' | 'templates'>): string[] {
  const { categories, severities, statuses } = workspace['case-options'];
  const teams = Object.values(workspace.teams).flatMap((team) => team['case-options'] ?? []);
  const isLabelled = (status: string) =>
    findStatusClass(workspace, status) === 'pending' ||
    (findStatusClass(workspace, status) === 'open' && status !== findStatusOfClass(workspace, 'open'));
  const names = {
    category: [
      ...categories,
      ...[...templates.values()].map(({ category }) => category),
      ...teams.flatMap((team) => team.categories ?? []),
    ],
    severity: [...severities, ...teams.flatMap((team) => team.severities ?? [])],
    status: Object.keys(statuses).filter(isLabelled),
    tier: Object.keys(workspace.tiers),
  };
  return Object.entries(names).flatMap(([kind, texts]) => {
    const byLabel = Map.groupBy(new Set(texts), (text) => toLabelName(kind, text));
    return [...byLabel].flatMap(([label, [first = '', ...others]]) => {
      if (others.length > 0)
        return [`${kind} ${[first, ...others].map(quote).join(' and ')} share the label ${label}; rename one of them`];
      return label === `${kind}:${slug(first)}` ? [] : [`${kind} ${quote(first)} becomes the label ${label}`];
    });
  });
}

const quote = (text: string): string => `“${text}”`;
