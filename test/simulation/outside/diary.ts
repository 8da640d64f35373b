import type { TrackerUser } from '#adapters/emulators/tracker-user.ts';

/** What somebody outside did, and the answer, as they would remember it themselves. */
type Entry = { at: number } & (
  | { what: 'delivered'; source: string; token: string; ids: string[] | null }
  | { what: 'answered'; mail: string; ask: string; answer: string; isTaken: boolean }
  | { what: 'bounced'; mail: string }
  | { what: 'erased'; address: string }
  | { what: 'dropped'; template: string }
  | { what: 'tracked'; tracker: string; act: string; key: string; as: string; detail: string }
);

export type Diary = Entry[];

type PerTracker<Value> = Record<'support' | 'product' | 'growth', Value>;

/** Writes down what people do in trackers. */
export function watchPeople(users: PerTracker<TrackerUser>, diary: Diary, now: () => number): PerTracker<TrackerUser> {
  const watch = (tracker: string, user: TrackerUser): TrackerUser => {
    const note = (act: string, key: string, as: string, detail = '') =>
      diary.push({ at: now(), what: 'tracked', tracker, act, key, as, detail });
    return {
      ...user,
      async close(key, as, kind = 'completed', original) {
        await user.close(key, as, kind, original);
        note('close', key, as, kind);
      },
      async reopen(key, as) {
        await user.reopen(key, as);
        note('reopen', key, as);
      },
      async comment(key, as, text) {
        await user.comment(key, as, text);
        note('comment', key, as, text);
      },
      async edit(key, as, change) {
        await user.edit(key, as, change);
        note('edit', key, as, Object.keys(change).join(' '));
      },
    };
  };
  return {
    support: watch('support', users.support),
    product: watch('product', users.product),
    growth: watch('growth', users.growth),
  };
}
