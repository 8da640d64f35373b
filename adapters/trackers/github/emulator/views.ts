import { type GitHubHook, type GitHubIssue, type GitHubState, iso } from './state.ts';

/** A stable number for a text, used as an id. */
function numberFor(text: string): number {
  let sum = 7;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return sum;
}

const nodeId = (kind: string, id: number | string) => `${kind}_${id}`;

/** GitHub's views, in the format of its own description. */
export function githubViews(state: GitHubState, baseUrl: string) {
  const api = () => `${baseUrl}/repos/${state.repository}`;
  const [owner = '', name = ''] = state.repository.split('/');

  function user(login: string) {
    const url = `${baseUrl}/users/${encodeURIComponent(login)}`;
    const id = numberFor(login);
    return {
      login,
      id,
      node_id: nodeId('U', id),
      avatar_url: `${baseUrl}/avatars/${id}`,
      gravatar_id: '',
      url,
      html_url: `${baseUrl}/${encodeURIComponent(login)}`,
      followers_url: `${url}/followers`,
      following_url: `${url}/following{/other_user}`,
      gists_url: `${url}/gists{/gist_id}`,
      starred_url: `${url}/starred{/owner}{/repo}`,
      subscriptions_url: `${url}/subscriptions`,
      organizations_url: `${url}/orgs`,
      repos_url: `${url}/repos`,
      events_url: `${url}/events{/privacy}`,
      received_events_url: `${url}/received_events`,
      type: login.endsWith('[bot]') ? 'Bot' : 'User',
      site_admin: false,
    };
  }

  function ownUser(login: string) {
    const none = {
      bio: null,
      blog: '',
      company: null,
      email: null,
      hireable: null,
      location: null,
      name: null,
    };
    const counts = { followers: 0, following: 0, public_gists: 0, public_repos: 0 };
    const times = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' };
    return { ...user(login), ...none, ...counts, ...times };
  }

  function milestone(number: number) {
    const url = `${api()}/milestones/${number}`;
    const html_url = `${baseUrl}/${state.repository}/milestone/${number}`;
    const places = { url, html_url, labels_url: `${url}/labels` };
    const times = {
      created_at: '2026-01-01T00:00:00Z',
      updated_at: '2026-01-01T00:00:00Z',
      closed_at: null,
      due_on: null,
    };
    const facts = { state: 'open', title: `Milestone ${number}`, description: null, open_issues: 1, closed_issues: 0 };
    return {
      ...places,
      ...times,
      ...facts,
      id: number,
      node_id: nodeId('MI', number),
      number,
      creator: user(state.bot.login),
    };
  }

  function hook({ id, active, events, config }: GitHubHook) {
    const at = '2026-01-01T00:00:00Z';
    return {
      type: 'Repository',
      id,
      name: 'web',
      active,
      events,
      config: { ...config, secret: config.secret && '********' },
      updated_at: at,
      created_at: at,
      url: `${api()}/hooks/${id}`,
      test_url: `${api()}/hooks/${id}/test`,
      ping_url: `${api()}/hooks/${id}/pings`,
      last_response: { code: null, status: 'unused', message: null },
    };
  }

  function label(labelName: string) {
    const result = state.labels.find((entry) => entry.name === labelName);
    const id = numberFor(labelName);
    return {
      id,
      node_id: nodeId('LA', id),
      url: `${api()}/labels/${encodeURIComponent(labelName)}`,
      name: labelName,
      description: result?.description ?? null,
      color: result?.color ?? 'ededed',
      default: false,
    };
  }

  function field(entry: GitHubState['fields'][number]) {
    const { id, name: title, type, options } = entry;
    return {
      id,
      node_id: nodeId('IF', id),
      name: title,
      description: null,
      data_type: type,
      ...(options.length > 0 && {
        options: options.map((option, index) => ({
          id: id * 100 + index,
          name: option,
          description: null,
          color: 'gray',
          priority: index + 1,
          created_at: '2026-01-01T00:00:00Z',
          updated_at: '2026-01-01T00:00:00Z',
        })),
      }),
      visibility: 'all',
      created_at: '2026-01-01T00:00:00Z',
      updated_at: '2026-01-01T00:00:00Z',
    };
  }

  function fieldValue([id, value]: [string, string]) {
    const result = state.fields.find((entry) => String(entry.id) === id);
    const index = result?.options.indexOf(value) ?? -1;
    return {
      issue_field_id: Number(id),
      issue_field_name: result?.name ?? '',
      node_id: nodeId('IFV', id),
      data_type: result?.type ?? 'text',
      value: index >= 0 ? Number(id) * 100 + index : value,
      ...(index >= 0 && {
        single_select_option: { id: Number(id) * 100 + index, name: value, color: 'gray' },
      }),
    };
  }

  function comment({ id, issue, author, body, at }: GitHubState['comments'][number]) {
    return {
      id,
      node_id: nodeId('IC', id),
      url: `${api()}/issues/comments/${id}`,
      html_url: `${baseUrl}/${state.repository}/issues/${issue}#issuecomment-${id}`,
      issue_url: `${api()}/issues/${issue}`,
      user: user(author),
      author_association: state.association ?? 'MEMBER',
      body,
      created_at: iso(at),
      updated_at: iso(at),
    };
  }

  function event({ id, event: what, actor, at }: GitHubState['events'][number]) {
    return {
      id,
      node_id: nodeId('E', id),
      url: `${api()}/issues/events/${id}`,
      actor: user(actor),
      event: what,
      commit_id: null,
      commit_url: null,
      created_at: iso(at),
      performed_via_github_app: null,
    };
  }

  function issue(of: GitHubIssue) {
    const url = `${api()}/issues/${of.number}`;
    const id = issueId(of.number);
    const children = state.issues.filter((entry) => entry.parent === of.number);
    const done = children.filter((entry) => entry.state === 'closed').length;
    return {
      id,
      node_id: nodeId('I', id),
      number: of.number,
      url,
      html_url: `${baseUrl}/${state.repository}/${of.isPullRequest ? 'pull' : 'issues'}/${of.number}`,
      repository_url: api(),
      labels_url: `${url}/labels{/name}`,
      comments_url: `${url}/comments`,
      events_url: `${url}/events`,
      title: of.title,
      body: of.body,
      user: user(of.author),
      author_association: state.association ?? 'MEMBER',
      state: of.state,
      state_reason: of.reason,
      locked: of.locked,
      active_lock_reason: null,
      labels: of.labels.map(label),
      assignee: of.assignees[0] ? user(of.assignees[0]) : null,
      assignees: of.assignees.map(user),
      milestone: null,
      comments: state.comments.filter((entry) => entry.issue === of.number).length,
      created_at: iso(of.created),
      updated_at: iso(of.updated),
      closed_at: of.closed === null ? null : iso(of.closed),
      closed_by: of.closedBy === null ? null : user(of.closedBy),
      issue_field_values: Object.entries(of.fields).map(fieldValue),
      sub_issues_summary: {
        total: children.length,
        completed: done,
        percent_completed: children.length === 0 ? 0 : Math.round((100 * done) / children.length),
      },
      ...(of.parent !== null && { parent_issue_url: `${api()}/issues/${of.parent}` }),
      ...(of.isPullRequest && {
        pull_request: { url: `${api()}/pulls/${of.number}`, html_url: null, diff_url: null, patch_url: null },
      }),
    };
  }

  function repository() {
    const links = Object.fromEntries(
      'archive assignees blobs branches collaborators comments commits compare contents contributors deployments downloads events forks git_commits git_refs git_tags hooks issue_comment issue_events issues keys labels languages merges milestones notifications pulls releases stargazers statuses subscribers subscription tags teams trees'
        .split(' ')
        .map((part) => [`${part}_url`, `${api()}/${part}`]),
    );
    const counts = Object.fromEntries(
      'forks forks_count open_issues open_issues_count size stargazers_count watchers watchers_count network_count subscribers_count'
        .split(' ')
        .map((part) => [part, 0]),
    );
    const id = numberFor(state.repository);
    return {
      ...links,
      ...counts,
      id,
      node_id: nodeId('R', id),
      name,
      full_name: state.repository,
      owner: { ...user(owner), type: state.ownerType },
      private: state.visibility !== 'public',
      visibility: state.visibility,
      html_url: `${baseUrl}/${state.repository}`,
      url: api(),
      clone_url: `${baseUrl}/${state.repository}.git`,
      git_url: `git://github.test/${state.repository}.git`,
      ssh_url: `git@github.test:${state.repository}.git`,
      svn_url: `${baseUrl}/${state.repository}`,
      mirror_url: null,
      homepage: null,
      description: null,
      language: null,
      license: null,
      fork: false,
      default_branch: 'main',
      has_issues: state.hasIssues,
      has_projects: false,
      has_wiki: false,
      has_pages: false,
      has_discussions: false,
      archived: state.archived,
      disabled: false,
      permissions: { admin: false, maintain: false, push: state.canPush, triage: state.canPush, pull: true },
      created_at: '2026-01-01T00:00:00Z',
      updated_at: '2026-01-01T00:00:00Z',
      pushed_at: '2026-01-01T00:00:00Z',
    };
  }

  return { user, ownUser, label, hook, milestone, field, fieldValue, comment, event, issue, repository };
}

/** GitHub's number across repositories, which identifies a sub-issue or a duplicate. */
export const issueId = (number: number): number => 1_000_000 + number;
