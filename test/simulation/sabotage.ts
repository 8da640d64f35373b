import type { Tracker } from '#domain/tracker.ts';
import type { Outside, Settings } from '#src/workspace/core.ts';
import type { Sabotage } from './world.ts';

const overTracker =
  (change: (tracker: Tracker) => Partial<Tracker>) =>
  (outside: Outside): Outside => ({
    ...outside,
    async tracker(name) {
      const tracker = await outside.tracker(name);
      return { ...tracker, ...change(tracker) };
    },
  });

const settleAtOnce = ({ workspace }: Settings): void => {
  workspace.polling.settle = 0;
};

/** Known mistakes, planted on purpose: each must be noticed, or the checks are too weak. */
export const sabotages: Record<string, Sabotage & { what: string }> = {
  'retry-blind': {
    what: 'an unknown create is made again without looking whether it worked',
    settings: settleAtOnce,
    outside: overTracker(() => ({ findIssue: async () => null, findComment: async () => false })),
  },
  'new-mail-key': {
    what: 'each try of a mail has another idempotency key',
    outside(outside) {
      let tries = 0;
      return {
        ...outside,
        async mailer() {
          const mailer = await outside.mailer();
          return {
            send(message) {
              tries += 1;
              return mailer.send({ ...message, key: `${message.key}-${tries}` });
            },
          };
        },
      };
    },
  },
  'impatient-look': {
    what: 'absence is believed at once, although a create may still arrive',
    settings: settleAtOnce,
  },
  'words-in-comments': {
    what: 'comments carry the words of the customer',
    outside: overTracker((tracker) => ({
      addComment: (id, draft) =>
        tracker.addComment(id, { ...draft, body: `${draft.body} canarywords0 canarywords1` }),
    })),
  },
  'back-fill-blind': {
    what: 'the survey tool is never asked what it holds',
    outside: (outside) => ({
      ...outside,
      source(name) {
        const known = outside.source(name);
        if (!known) return null;
        return {
          ...known,
          api() {
            const api = known.api();
            return api && { ...api, listResponses: async () => ({ responses: [], next: null }) };
          },
        };
      },
    }),
  },
  'closings-unseen': {
    what: 'polls tell of no change',
    outside: overTracker((tracker) => ({
      listChanges: async (cursor, now) => ({ ...(await tracker.listChanges(cursor, now)), changed: [] }),
    })),
  },
};
