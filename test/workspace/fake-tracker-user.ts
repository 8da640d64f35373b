import type { TrackerUser } from '#adapters/emulators/tracker-user.ts';
import type { FakeTracker } from './fakes.ts';

/** A person's access to a tracker in memory. */
export function fakeTrackerUser(fake: FakeTracker, people: string[]): TrackerUser {
  const indexOf = (key: string) => fake.issues.findIndex(({ snapshot }) => snapshot.key === key);
  return {
    kind: 'fake',
    people,
    list: async () =>
      fake.issues.map(({ snapshot, body, comments }) => ({
        ...snapshot,
        author: 'caselite',
        body,
        reason: snapshot.closure?.native ?? null,
        priority: snapshot.severity === null ? null : String(snapshot.severity),
        comments: comments.map(({ author, text, at }) => ({
          author: author ?? '',
          text,
          at: new Date(at).toISOString(),
        })),
      })),
    close: async (key, as, kind = 'completed') => fake.close(indexOf(key), kind, as),
    reopen: async (key) => fake.reopen(indexOf(key)),
    comment: async (key, as, text) => fake.say(indexOf(key), as, text),
    async edit(key, _as, { title, addLabels = [], removeLabels = [], ...fields }) {
      const index = indexOf(key);
      const kept = fake.issue(index).snapshot.labels.filter((name) => !removeLabels.includes(name));
      const { severity, dueDate, assignee } = fields;
      fake.change(index, {
        labels: [...new Set([...kept, ...addLabels])],
        ...(title !== undefined && { title }),
        ...(severity !== undefined && { severity }),
        ...(dueDate !== undefined && { dueDate }),
        ...(assignee !== undefined && { assignee }),
      });
      if (fields.body !== undefined) fake.issue(index).body = fields.body;
    },
    async copy(key) {
      const { draft } = fake.issue(indexOf(key));
      await fake.createIssue(draft);
      Object.assign(fake.issues.at(-1) ?? {}, { isCopy: true });
    },
  };
}
