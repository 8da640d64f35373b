import { type Admin, nothing, type Permission } from '#adapters/emulators/admin.ts';
import type { JiraState } from './jira.ts';
import { touch } from './state.ts';

const names: Record<Permission, string> = {
  create: 'CREATE_ISSUES',
  edit: 'EDIT_ISSUES',
  close: 'TRANSITION_ISSUES',
  comment: 'ADD_COMMENTS',
};

export function jiraAdmin(state: JiraState, now: () => number): Admin {
  const find = (wanted: string) => {
    const issue = state.issues.find(({ key, formerKeys }) => key === wanted || formerKeys.includes(wanted));
    if (!issue) throw new Error(`no issue ${wanted}`);
    return issue;
  };
  const touched = (issue: ReturnType<typeof find>) => touch({ now, state } as Parameters<typeof touch>[0], issue);
  const home = () => Object.keys(state.nextNumber)[0] ?? '';
  return {
    remove(key) {
      state.issues = state.issues.filter((issue) => issue !== find(key));
    },
    hide: (key) => void Object.assign(find(key), { isHidden: true }),
    move(key) {
      const issue = find(key);
      issue.formerKeys.push(issue.key);
      Object.assign(issue, { key: `OPS-${issue.id}`, project: 'OPS' });
      touched(issue);
    },
    lock: nothing,
    convert(key) {
      Object.assign(find(key), { issueType: 'Sub-task' });
      touched(find(key));
    },
    trash: nothing,
    restore(key) {
      const issue = find(key);
      issue.isHidden = false;
      if (issue.issueType === 'Sub-task') issue.issueType = 'Task';
      const former = issue.formerKeys.find((formerKey) => formerKey.startsWith(`${home()}-`));
      if (former && issue.project !== home()) Object.assign(issue, { key: former, project: home() });
      touched(issue);
    },
    hidePlace(isHidden) {
      state.lacks = [
        ...state.lacks.filter((name) => name !== 'BROWSE_PROJECTS'),
        ...(isHidden ? ['BROWSE_PROJECTS'] : []),
      ];
    },
    forbid(what) {
      const others = state.lacks.filter((name) => !Object.values(names).includes(name));
      state.lacks = what ? [...others, names[what]] : others;
    },
    isThere: (id) =>
      !state.lacks.includes('BROWSE_PROJECTS') && state.issues.some((entry) => entry.id === id && !entry.isHidden),
  };
}
