import type { Case } from '#domain/cases/case-record.ts';
import { computeThemeRate, type Sample, type ThemeRate, themeRateBaselineMs } from '#domain/loop/theme-rate.ts';
import { findThemeHiddenField, listGatheringCaseKeys } from '#domain/responses/gather.ts';
import { type CaseTemplate, evaluateIgnoringState } from '#domain/templates/template.ts';
import type { Core } from '../core.ts';
import { buildEvaluationContext } from '../intake/evaluation-context.ts';
import { listElevatedCases } from '../store/case-links.ts';
import { findFirstResponseAt } from '../store/case-responses.ts';
import { getCase } from '../store/cases.ts';
import { type EvaluableResponse, listResponsesSince } from '../store/responses.ts';
import { findStrategicCase } from '../store/strategic.ts';

const mostResponsesCounted = 20_000;
/** Responses per read, within an object's memory. */
const responsesPerRead = 1000;

/**
 * Rate of responses about the theme of a case among its sources, evaluated by today's templates, so that older
 * responses count as well. A case without responses of its own is measured by the templates of its linked cases.
 */
export function rateOf(core: Core, caseRecord: Case): ThemeRate & { isCut: boolean } {
  const theme = findStrategicCase(core.sql, caseRecord.id)?.theme ?? null;
  const measured = selectTemplatesToMeasure(core, caseRecord);
  const sources = [...new Set(measured.flatMap(([, { when }]) => when.source))];
  const openedAt = Math.min(caseRecord.openedAt, findFirstResponseAt(core.sql, caseRecord.id) ?? caseRecord.openedAt);
  const matchesMeasuredTemplate = (response: EvaluableResponse) =>
    measured.some(([name, template]) => {
      const { content, customerKey } = response;
      const evaluationContext = buildEvaluationContext(core, template, customerKey, content);
      return (
        evaluateIgnoringState(template, content, evaluationContext).matched &&
        isAboutTheme(name, template, response, theme)
      );
    });
  const needsHiddenFields = measured.some(([, template]) => findThemeHiddenField(template.gather) !== null);
  const samples: Sample[] = [];
  let before = Number.MAX_SAFE_INTEGER;
  while (samples.length < mostResponsesCounted) {
    const page = {
      since: openedAt - themeRateBaselineMs,
      before,
      limit: responsesPerRead,
      withHidden: needsHiddenFields,
    };
    const read = listResponsesSince(core.sql, sources, page);
    for (const response of read) {
      const { submittedAt, partial } = response.content;
      if (!partial) samples.push({ at: submittedAt, matched: matchesMeasuredTemplate(response) });
    }
    const last = read.at(-1);
    if (!last || read.length < responsesPerRead) break;
    before = last.seq;
  }
  const closedAt = caseRecord.loop === 'working' ? null : caseRecord.resolvedAt;
  return { ...computeThemeRate(samples, openedAt, closedAt), isCut: samples.length >= mostResponsesCounted };
}

function selectTemplatesToMeasure(core: Core, caseRecord: Case): [string, CaseTemplate][] {
  const { templates } = core.settings;
  const own = templates.get(caseRecord.template);
  if (own?.gather.by === 'category') {
    return [...templates].filter(
      ([, entry]) => entry.kind === 'strategic' && entry.gather.by === 'category' && entry.category === own.category,
    );
  }
  if (own && own.when.source.length > 0) return [[caseRecord.template, own]];
  const names = new Set(
    listElevatedCases(core.sql, caseRecord.id).map(({ caseId }) => getCase(core.sql, caseId).template),
  );
  return [...templates].filter(([name]) => names.has(name));
}

function isAboutTheme(
  name: string,
  template: CaseTemplate,
  { content, hidden }: EvaluableResponse,
  theme: string | null,
): boolean {
  if (template.kind === 'tactical' || template.gather.theme === undefined) return true;
  return listGatheringCaseKeys(name, template, content, hidden).some((gathered) => gathered.theme === theme);
}
