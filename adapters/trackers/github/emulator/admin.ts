import { type Admin, nothing, type Permission } from '#adapters/emulators/admin.ts';
import type { GitHubState } from './github.ts';

const requests: Record<Permission, string[]> = {
  create: ['POST /issues'],
  edit: ['PATCH /issues', 'POST /issues/labels'],
  close: ['PATCH /issues'],
  comment: ['POST /issues/comments'],
};

export function githubAdmin(state: GitHubState, now: () => number): Admin {
  const find = (key: string) => {
    const issue = state.issues.find(({ number }) => String(number) === key);
    if (!issue) throw new Error(`no issue ${key}`);
    return issue;
  };
  const change = (key: string, values: Partial<ReturnType<typeof find>>) => void Object.assign(find(key), values);
  return {
    remove: (key) => change(key, { gone: 410 }),
    hide: (key) => change(key, { gone: 404 }),
    move: (key) => change(key, { gone: 301 }),
    lock: (key) => change(key, { locked: true, updated: now() }),
    convert(key) {
      const [actor = 'somebody'] = state.people;
      const { number } = find(key);
      change(key, {
        state: 'closed',
        reason: null,
        locked: true,
        closed: now(),
        closedBy: actor,
        updated: now(),
      });
      for (const event of ['converted_to_discussion', 'closed']) {
        state.lastId += 1;
        state.events.push({ id: state.lastId, issue: number, event, actor, at: now() });
      }
    },
    trash: nothing,
    restore(key) {
      const issue = find(key);
      if (issue.gone === 410) return;
      Object.assign(issue, { gone: null, updated: now() });
      // A converted issue is not unlocked, but reopened.
      const isConverted = state.events.some(
        (entry) => entry.issue === issue.number && entry.event === 'converted_to_discussion',
      );
      if (isConverted && issue.state === 'closed') {
        state.lastId += 1;
        const [actor = 'somebody'] = state.people;
        state.events.push({ id: state.lastId, issue: issue.number, event: 'reopened', actor, at: now() });
        Object.assign(issue, { state: 'open', reason: 'reopened', closed: null, closedBy: null });
      }
      issue.locked = false;
    },
    hidePlace: (isHidden) => void Object.assign(state, { isHidden }),
    forbid: (what) => void Object.assign(state, { forbidden: what ? requests[what] : [] }),
    isThere: (id) => !state.isHidden && state.issues.some(({ number, gone }) => String(number) === id && gone === null),
  };
}
