import * as z from 'zod';
import { apiObject, orNull } from '../base/api-object.ts';
import type { ScoreKind } from '../settings/workspace-file.ts';
import { dayMs } from '../time/units.ts';

export const riskTexts = {
  'falling-score': 'a score fell',
  'renewal-near': 'the renewal is near',
  'open-dispute': 'a closing is disputed',
  silence: 'silence after a complaint',
};
export type RiskName = keyof typeof riskTexts;
const riskNames = Object.keys(riskTexts) as RiskName[];

export type RiskReason = { reason: RiskName; why: string; at: number };

export const RiskJson = apiObject('CustomerAtRisk', {
  customer: z.string(),
  name: orNull,
  page: z.int().nullable().describe('Number of the customer in addresses of pages'),
  tier: orNull,
  revenue: z.number().nullable(),
  since: z.string(),
  reasons: z.array(z.object({ reason: z.enum(riskNames), why: z.string(), at: z.string() })),
});
export type RiskJson = z.output<typeof RiskJson>;

export const riskWindowMs = 90 * dayMs;
export const renewalNearDays = 60;

/** A fall by less than a fifth of the scale may be chance. */
const leastFall = 0.2;
const shortestScale = 5;

export type Score = { kind: ScoreKind; at: number; question: string; score: number; highest: number };

/** The last score of each question that is lower than the one before by a fifth of its scale. A high effort is no fall. */
export function findFallingScores(scores: Score[], now: number): { kind: ScoreKind; from: number; to: number }[] {
  return [...Map.groupBy(scores, ({ kind, question }) => `${kind} ${question}`).values()].flatMap((own) => {
    const [before, last] = [own.at(-2), own.at(-1)];
    if (!before || !last || last.kind === 'ces' || now - last.at > riskWindowMs) return [];
    const scale = last.kind === 'nps' ? 10 : Math.max(last.highest, shortestScale);
    return before.score - last.score >= leastFall * scale
      ? [{ kind: last.kind, from: before.score, to: last.score }]
      : [];
  });
}

/** A score last before an instant, and the first to the same question after another; null without the first. */
export function pairScores(
  scores: Score[],
  kind: ScoreKind,
  openedAt: number,
  closedAt: number | null,
): { before: number; after: number | null; afterAt: number | null } | null {
  const before = scores.findLast((score) => score.kind === kind && score.at <= openedAt);
  if (!before) return null;
  const after = scores.find(
    ({ kind: own, question, at }) => own === kind && question === before.question && closedAt !== null && at > closedAt,
  );
  return { before: before.score, after: after?.score ?? null, afterAt: after?.at ?? null };
}
