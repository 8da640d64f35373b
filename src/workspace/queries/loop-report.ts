import { InvalidInputError } from '#domain/base/errors.ts';
import { computeShare } from '#domain/base/share.ts';
import { handleOf } from '#domain/cases/case-record.ts';
import type { LoopReportJson } from '#domain/json/loop-json.ts';
import { sumVerdictsAndBlockers } from '#domain/loop/loop-report.ts';
import { collectAttributes } from '#domain/settings/attributes.ts';
import { dayMs, toIsoText } from '#domain/time/units.ts';
import type { Core } from '../core.ts';
import { countResurveyAnswers } from '../store/asks.ts';
import {
  countCasesOpenedBetween,
  listBlockersNamedBetween,
  listClosingsBetween,
  listVerdictsBetween,
} from '../store/closings.ts';
import { findClosureWarningsOfClosing } from './closure-warnings.ts';

const mostClosingsExamined = 500;
const reviewed = 10;

/**
 * Report on verdicts and closings of a period: pairs of answers, blockers, and a sample of closings to review.
 *
 * @throws InvalidInputError for a number of days outside 1 to 731
 */
export function buildLoopReport(core: Core, days: number): LoopReportJson {
  if (!Number.isInteger(days) || days < 1 || days > 731)
    throw new InvalidInputError('days: must be a whole number between 1 and 731');
  const to = core.clock.now() + 1;
  const from = to - days * dayMs;
  const sums = sumVerdictsAndBlockers(
    listVerdictsBetween(core.sql, from, to),
    listBlockersNamedBetween(core.sql, from, to),
    collectAttributes(core.settings.workspace),
  );
  const opened = countCasesOpenedBetween(core.sql, from, to);
  return {
    days,
    from: toIsoText(from),
    to: toIsoText(to),
    ...sums,
    opened: opened.cases,
    followedUp: computeShare(opened.followedUp, opened.cases),
    reopened: computeShare(opened.reopened, opened.cases),
    resurveys: countResurveyAnswers(core.sql, from, to).map(({ rule, hadCase, asked, answered, resolved }) => ({
      rule,
      hadCase: hadCase === 1,
      asked,
      resolved: computeShare(resolved, answered),
    })),
    review: sample(core, from, to),
  };
}

/** Closings with warnings. The sample is drawn by key, so that nobody chooses. */
function sample(core: Core, from: number, to: number): LoopReportJson['review'] {
  return listClosingsBetween(core.sql, from, to, mostClosingsExamined)
    .map((closing) => ({ closing, warnings: findClosureWarningsOfClosing(core, closing) }))
    .filter(({ warnings }) => warnings.length > 0)
    .map(({ closing, warnings }) => ({
      order: core.keys.mac('review.1', closing.caseId, String(closing.generation)),
      id: closing.caseId,
      handle: handleOf(closing),
      category: closing.category,
      generation: closing.generation,
      at: toIsoText(closing.at),
      warnings,
    }))
    .sort((a, b) => b.warnings.length - a.warnings.length || a.order.localeCompare(b.order))
    .slice(0, reviewed)
    .map(({ order: _, ...shown }) => shown);
}
