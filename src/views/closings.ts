import type { CaseJson } from '#domain/json/case-json.ts';
import type { FollowUpJson } from '#domain/json/loop-json.ts';

export type Entry = CaseJson['timeline'][number];

export interface Side {
  asked: number;
  answers: { answer: string; count: number }[];
  last: { at: string; who: string; blocker: string | null; note: string | null } | null;
  whyNotAsked: string | null;
}

/** One closing, with what both sides answered. */
export interface Closing {
  generation: number;
  closed: Entry | null;
  customer: Side;
  closer: Side;
  verdicts: CaseJson['verdicts'];
  reopened: Entry | null;
}

export function collectClosings({
  timeline,
  verdicts,
  followUps,
}: Pick<CaseJson, 'timeline' | 'verdicts' | 'followUps'>): Closing[] {
  const closings = timeline.filter(({ what }) => what.startsWith('closed as '));
  const generations = new Set([...closings, ...verdicts, ...followUps].map(({ generation }) => generation));
  return [...generations]
    .sort((a, b) => b - a)
    .map((generation) => {
      const ofThis = <Item extends { generation: number }>(items: Item[]) =>
        items.filter((item) => item.generation === generation);
      return {
        generation,
        closed: ofThis(closings).at(-1) ?? null,
        customer: sideOf(ofThis(followUps), 'customer'),
        closer: sideOf(ofThis(followUps), 'closer'),
        verdicts: ofThis(verdicts),
        reopened: ofThis(timeline).find(({ what }) => what === 'reopened') ?? null,
      };
    });
}

function sideOf(followUps: FollowUpJson[], side: FollowUpJson['kind']): Side {
  const own = followUps.filter(({ kind }) => kind === side);
  const asked = own.filter(({ state }) => state === 'sent' || state === 'answered' || state === 'expired');
  const answered = asked.filter(({ answers }) => answers !== null);
  const counts = new Map<string, number>();
  for (const { answers } of answered) {
    const answer = (side === 'customer' ? answers?.resolved : answers?.closed) ?? '';
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  const last = answered.toSorted((a, b) => Date.parse(a.answeredAt ?? '') - Date.parse(b.answeredAt ?? '')).at(-1);
  return {
    asked: asked.length,
    answers: [...counts].map(([answer, count]) => ({ answer, count })),
    last: last
      ? {
          at: last.answeredAt ?? '',
          who: last.person ?? 'customer',
          blocker: last.answers?.blocker ?? null,
          note: last.answers?.comment ?? last.answers?.note ?? null,
        }
      : null,
    whyNotAsked: asked.length === 0 ? (own.find(({ state }) => state === 'skipped')?.why ?? null) : null,
  };
}
