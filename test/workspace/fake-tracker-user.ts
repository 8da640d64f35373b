import { type Admin, nothing } from '#adapters/emulators/admin.ts';
import type { TrackerUser } from '#adapters/emulators/tracker-user.ts';
import type { FakeTracker } from './fakes.ts';

const priorities = ['Urgent', 'High', 'Medium', 'Low'];
const withoutMarks = { markers: [], links: [] };

const withoutBoxes = (text: string) => text.replaceAll(/^- \[[ x]\] /gm, '');
const isTickOf = (before: string, after: string) => withoutBoxes(before) === withoutBoxes(after);

function indexIn(fake: FakeTracker, key: string): number {
  const index = fake.issues.findIndex(({ snapshot, formerKeys }) => snapshot.key === key || formerKeys.includes(key));
  if (index === -1) throw new Error(`no issue ${key}`);
  return index;
}

/** A person's access to a tracker in memory. */
export function fakeTrackerUser(fake: FakeTracker, people: string[], kind = 'fake'): TrackerUser {
  const indexOf = (key: string) => indexIn(fake, key);
  return {
    kind,
    people,
    list: async () =>
      fake.issues
        .filter(({ reachable }) => reachable)
        .map(({ snapshot, author, body, comments }) => ({
          ...snapshot,
          author,
          body,
          reason: snapshot.closure?.native ?? null,
          priority: snapshot.severity === null ? null : (priorities[snapshot.severity - 1] ?? null),
          comments: comments.map(({ author, text, at }) => ({
            author: author ?? '',
            text,
            at: new Date(at).toISOString(),
          })),
        })),
    close: async (key, as, kind = 'completed') => fake.close(indexOf(key), kind, as),
    reopen: async (key) => fake.reopen(indexOf(key)),
    comment: async (key, as, text) => fake.say(indexOf(key), as, text),
    rewrite: async (key, text) => fake.rewrite(indexOf(key), text),
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
        ...(fields.body !== undefined &&
          !isTickOf(fake.issue(index).body, fields.body) && { ownershipMarks: withoutMarks }),
      });
      if (fields.body !== undefined) fake.issue(index).body = fields.body;
    },
    open: async (as, title, body) => fake.open(as, title, body),
    copy: async (key, as) => fake.copy(indexOf(key), as),
  };
}

/**
 * Actions on issues of a tracker in memory beyond people's rights.
 *
 * @param like the vendor after which moved, locked and converted issues behave
 */
export function fakeAdmin(fake: FakeTracker, like: 'github' | 'jira' | 'linear'): Admin {
  const hide = (key: string, gone: 'missing' | 'deleted' | 'moved') => {
    const index = indexIn(fake, key);
    fake.vanish(index);
    fake.issue(index).gone = gone;
  };
  const become = (condition: 'locked' | 'archived' | 'converted') => (key: string) =>
    fake.change(indexIn(fake, key), { condition });
  return {
    remove: (key) => hide(key, 'deleted'),
    hide: (key) => hide(key, 'missing'),
    move(key) {
      if (like === 'github') return hide(key, 'moved');
      const issue = fake.issue(indexIn(fake, key));
      issue.formerKeys.push(issue.snapshot.key);
      fake.change(indexIn(fake, key), { key: `OPS-${issue.snapshot.id}`, condition: 'moved' });
    },
    lock: like === 'jira' ? nothing : become(like === 'github' ? 'locked' : 'archived'),
    convert: like === 'jira' ? become('converted') : nothing,
    trash: like === 'linear' ? (key) => hide(key, 'deleted') : nothing,
    restore(key) {
      const index = indexIn(fake, key);
      const { formerKeys, snapshot } = fake.issue(index);
      fake.comeBack(index);
      fake.change(index, { key: formerKeys[0] ?? snapshot.key, condition: null });
    },
    hidePlace: (isHidden) => void Object.assign(fake, { isHidden }),
    forbid(what) {
      fake.forbidden.clear();
      if (what) fake.forbidden.add(what);
    },
    isThere: (id) => !fake.isHidden && fake.issues.some(({ snapshot, reachable }) => snapshot.id === id && reachable),
  };
}
