import type { CaseShape } from '#domain/shapes.ts';

export type Entry = CaseShape['timeline'][number];

/** One side of a closing: who was asked, and what they answered. */
export interface Side {
  asked: number;
  /** How many gave which answer; of each person the last one counts. */
  answers: { answer: string; count: number }[];
  /** The newest answer. */
  last: Entry | null;
  /** Why nobody of this side was asked, where that was decided. */
  notAsked: string | null;
}

/** What was claimed by closing the issue once, and what both sides said to it. */
export interface Closing {
  generation: number;
  closed: Entry | null;
  customer: Side;
  closer: Side;
  verdicts: CaseShape['verdicts'];
  /** What ended this closing, where it did not hold. */
  reopened: Entry | null;
}

type SideName = 'customer' | 'closer';

interface Draft {
  closed: Entry | null;
  reopened: Entry | null;
  asked: Record<SideName, Set<string>>;
  answered: Record<SideName, Map<string, Entry>>;
  skipped: string | null;
}

/** The closings of a case out of its timeline and verdicts, newest first. */
export function closingsOf({ timeline, verdicts }: Pick<CaseShape, 'timeline' | 'verdicts'>): Closing[] {
  const drafts = draftsOf(timeline);
  for (const { generation } of verdicts) draftAt(drafts, generation);
  return [...drafts]
    .filter(
      ([generation, draft]) => hasClosing(draft) || verdicts.some((one) => one.generation === generation),
    )
    .sort(([one], [other]) => other - one)
    .map(([generation, draft]) => ({
      generation,
      closed: draft.closed,
      customer: sideOf(draft, 'customer'),
      closer: sideOf(draft, 'closer'),
      verdicts: verdicts.filter((one) => one.generation === generation),
      reopened: draft.reopened,
    }));
}

function draftsOf(timeline: Entry[]): Map<number, Draft> {
  const drafts = new Map<number, Draft>();
  const generationOf = new Map<string, number>();
  let current = 1;
  for (const entry of timeline) {
    const draft = draftAt(drafts, current);
    const followUp = entry.evidence ?? '';
    const [, asked] = /^(customer|closer) asked$/.exec(entry.what) ?? [];
    const [, answered] = /^(customer|closer) answered: /.exec(entry.what) ?? [];
    if (entry.what.startsWith('closed as ')) draft.closed = entry;
    else if (entry.what === 'follow-up skipped') draft.skipped = entry.why;
    else if (entry.what === 'reopened') {
      draft.reopened = entry;
      current += 1;
    } else if (isSide(asked)) {
      draft.asked[asked].add(followUp);
      generationOf.set(followUp, current);
    } else if (isSide(answered)) {
      // A closer may still answer by a comment after the case was reopened: that speaks of the closing before.
      const late = answered === 'closer' && draft.closed === null && current > 1;
      const generation = generationOf.get(followUp) ?? (late ? current - 1 : current);
      draftAt(drafts, generation).answered[answered].set(followUp, entry);
    }
  }
  return drafts;
}

const isSide = (name: string | undefined): name is SideName => name === 'customer' || name === 'closer';

const hasClosing = ({ closed, asked, answered }: Draft): boolean =>
  closed !== null ||
  asked.customer.size + asked.closer.size + answered.customer.size + answered.closer.size > 0;

function draftAt(drafts: Map<number, Draft>, generation: number): Draft {
  const known = drafts.get(generation);
  if (known) return known;
  const made: Draft = {
    closed: null,
    reopened: null,
    asked: { customer: new Set(), closer: new Set() },
    answered: { customer: new Map(), closer: new Map() },
    skipped: null,
  };
  drafts.set(generation, made);
  return made;
}

function sideOf(draft: Draft, name: SideName): Side {
  const entries = [...draft.answered[name].values()];
  const counts = new Map<string, number>();
  for (const { what } of entries) {
    const answer = what.slice(`${name} answered: `.length);
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  const asked = new Set([...draft.asked[name], ...draft.answered[name].keys()]).size;
  return {
    asked,
    answers: [...counts].map(([answer, count]) => ({ answer, count })),
    last: entries.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at)).at(-1) ?? null,
    notAsked: name === 'customer' && asked === 0 ? draft.skipped : null,
  };
}
