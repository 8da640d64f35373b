import { gatheredUnder, hiddenFieldOf } from '#domain/gather.ts';
import { lookBackMs, type Sample, type ThemeRate, themeRate } from '#domain/share.ts';
import { type CaseTemplate, judgeWhen } from '#domain/template.ts';
import type { Core } from '../core.ts';
import { backgroundOf } from '../intake/background.ts';
import { linksOf } from '../store/case-links.ts';
import { firstResponseAt } from '../store/case-responses.ts';
import { type Case, getCase } from '../store/cases.ts';
import { responsesSince, type StoredResponse } from '../store/responses.ts';
import { findStrategic } from '../store/strategic.ts';

/** How many responses one rate is counted over at most: the newest. */
const mostCounted = 20_000;

/**
 * How often responses of the case's sources are about its theme, judged anew by the templates as they are now, so
 * that responses of before the template count as well. A case that is only elevated to is measured by the
 * templates of the cases behind it.
 */
export function rateOf(core: Core, found: Case): ThemeRate {
  const theme = findStrategic(core.sql, found.id)?.theme ?? null;
  const measured = measuredBy(core, found);
  const sources = [...new Set(measured.flatMap(([, { when }]) => when.source))];
  const openedAt = Math.min(found.openedAt, firstResponseAt(core.sql, found.id) ?? found.openedAt);
  const samples = responsesSince(core.sql, sources, openedAt - lookBackMs, mostCounted)
    .filter(({ content }) => !content.partial)
    .map((response): Sample => {
      const matched = measured.some(
        ([name, template]) =>
          judgeWhen(
            template,
            response.content,
            backgroundOf(core, template, response.customerKey, response.content),
          ).matched && isAbout(name, template, response, theme),
      );
      return { at: response.content.submittedAt, matched };
    });
  return themeRate(samples, openedAt, found.loop === 'working' ? null : found.resolvedAt);
}

function measuredBy(core: Core, found: Case): [string, CaseTemplate][] {
  const { templates } = core.settings;
  const own = templates.get(found.template);
  if (own?.['gather-by'] === 'category') {
    return [...templates].filter(
      ([, one]) =>
        one.kind === 'strategic' && one['gather-by'] === 'category' && one.category === own.category,
    );
  }
  if (own && own.when.source.length > 0) return [[found.template, own]];
  const names = new Set(
    linksOf(core.sql, found.id, 'elevated').map(({ linkedId }) => getCase(core.sql, linkedId).template),
  );
  return [...templates].filter(([name]) => names.has(name));
}

function isAbout(
  name: string,
  template: CaseTemplate,
  { content, incoming }: StoredResponse,
  theme: string | null,
): boolean {
  if (template.kind === 'tactical' || typeof template['gather-by'] === 'string') return true;
  const hidden = hiddenFieldOf(template['gather-by']) ? incoming?.hidden : undefined;
  return gatheredUnder(name, template, content, hidden ?? new Map()).some((one) => one.theme === theme);
}
