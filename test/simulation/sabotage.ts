import type { Tracker } from '#domain/tracker.ts';
import type { Outside } from '#src/workspace/core.ts';
import { type Sabotage, settings } from './world.ts';

const overTracker =
  (change: (tracker: Tracker) => Partial<Tracker>) =>
  (outside: Outside): Outside => ({
    ...outside,
    async tracker(name) {
      const tracker = await outside.tracker(name);
      return { ...tracker, ...change(tracker) };
    },
  });

/** Known mistakes, planted on purpose: each must be noticed, or the checks are too weak. */
export const sabotages: Record<string, { what: string; plant: Sabotage }> = {
  'retry-blind': {
    what: 'an unknown create is made again without looking whether it worked',
    plant(outside) {
      settings.workspace.polling.settle = 0;
      return overTracker(() => ({
        findIssue: async () => null,
        findComment: async () => false,
        // A blind retry has no id of its own to hold on to either.
      }))(outside);
    },
  },
  'new-mail-key': {
    what: 'each try of a mail has another idempotency key',
    plant(outside) {
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
    plant(outside) {
      settings.workspace.polling.settle = 0;
      return outside;
    },
  },
  'words-in-comments': {
    what: 'comments carry the words of the customer',
    plant: overTracker((tracker) => ({
      addComment: (id, draft) =>
        tracker.addComment(id, { ...draft, body: `${draft.body} canarywords0 canarywords1` }),
    })),
  },
  'back-fill-blind': {
    what: 'the survey tool is never asked what it holds',
    plant: (outside) => ({
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
    plant: overTracker((tracker) => ({
      listChanges: async (cursor, now) => ({ ...(await tracker.listChanges(cursor, now)), changed: [] }),
    })),
  },
};
