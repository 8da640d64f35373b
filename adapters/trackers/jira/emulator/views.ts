import { toIsoText } from '#domain/time/units.ts';
import type { Status } from './set-up.ts';
import { issueTypeId, type JiraComment, type JiraHistory, type JiraIssue, type Site, statusOf } from './state.ts';

/** Jira writes its zone without a colon. */
const iso = (at: number): string => toIsoText(at).replace('Z', '+0000');

/** Answers in the format of Jira's API description. */
export function views(site: Site) {
  const { seed, baseUrl } = site;
  const { setUp } = site.state;
  const api = `${baseUrl}/rest/api/3`;

  function user(account: string) {
    const bot = account === seed.bot.account;
    const person = seed.people.find((someone) => someone.account === account);
    return {
      self: `${api}/user?accountId=${encodeURIComponent(account)}`,
      accountId: account,
      accountType: bot ? 'app' : 'atlassian',
      displayName: bot ? 'Caselite' : (person?.name ?? account),
      active: true,
      timeZone: 'Etc/UTC',
    };
  }

  function status({ id, name, category }: Status) {
    return {
      self: `${api}/status/${id}`,
      id,
      name,
      description: '',
      iconUrl: `${baseUrl}/images/status.png`,
      statusCategory: { self: `${api}/statuscategory/${category.id}`, ...category },
    };
  }

  function resolution(name: string) {
    return { self: `${api}/resolution/${encodeURIComponent(name)}`, id: name, name, description: '' };
  }

  function priority(name: string) {
    const id = String(setUp.priorities.indexOf(name) + 1);
    return { self: `${api}/priority/${id}`, id, name, iconUrl: `${baseUrl}/images/priority.png` };
  }

  function issueType(name: string) {
    const id = issueTypeId(seed, name);
    return {
      self: `${api}/issuetype/${id}`,
      id,
      name,
      description: '',
      subtask: name === 'Sub-task',
      hierarchyLevel: name === 'Sub-task' ? -1 : 0,
    };
  }

  function project() {
    const { project: key } = seed;
    return { self: `${api}/project/${key}`, id: '10000', key, name: key, projectTypeKey: 'software' };
  }

  function comment(issue: JiraIssue, { id, author, body, createdAt, properties }: JiraComment, expand = '') {
    return {
      self: `${api}/issue/${issue.id}/comment/${id}`,
      id,
      author: user(author),
      updateAuthor: user(author),
      body,
      created: iso(createdAt),
      updated: iso(createdAt),
      jsdPublic: true,
      ...(expand.split(',').includes('properties') ? { properties } : {}),
    };
  }

  function linked(id: string) {
    return {
      id,
      key: site.state.issues.find((entry) => entry.id === id)?.key ?? '',
      self: `${api}/issue/${id}`,
    };
  }

  function allFields(issue: JiraIssue): Record<string, unknown> {
    return {
      summary: issue.summary,
      description: issue.description,
      labels: issue.labels,
      duedate: issue.duedate,
      project: { self: `${api}/project/${issue.project}`, key: issue.project, name: issue.project },
      issuetype: issueType(issue.issueType),
      priority: priority(issue.priority),
      assignee: issue.assignee && user(issue.assignee),
      creator: user(issue.creator),
      reporter: user(issue.creator),
      status: status(statusOf(site.state, issue)),
      resolution: issue.resolution && resolution(issue.resolution),
      resolutiondate: issue.resolvedAt && iso(issue.resolvedAt),
      created: iso(issue.createdAt),
      updated: iso(issue.updatedAt),
      ...issue.custom,
      ...(issue.parent && { parent: linked(issue.parent) }),
      issuelinks: issue.links.map(({ type, other, outward }, index) => ({
        id: `${issue.id}${index}`,
        type: { id: type, name: type, inward: type, outward: type },
        [outward ? 'outwardIssue' : 'inwardIssue']: linked(other),
      })),
      comment: {
        comments: issue.comments.map((each) => comment(issue, each)),
        maxResults: issue.comments.length,
        startAt: 0,
        total: issue.comments.length,
      },
    };
  }

  /** @param fields names, or `*all`; `stale` replaces the values of the search index */
  function issue(of: JiraIssue, fields: string[], properties: string[], stale: Record<string, unknown> = {}) {
    const every = { ...allFields(of), ...stale };
    const shown = fields.includes('*all')
      ? every
      : Object.fromEntries(Object.entries(every).filter(([name]) => fields.includes(name)));
    const wanted = Object.entries(of.properties).filter(([key]) => properties.includes(key));
    return {
      expand: 'names,schema,transitions',
      id: of.id,
      self: `${api}/issue/${of.id}`,
      key: of.key,
      fields: shown,
      ...(properties.length ? { properties: Object.fromEntries(wanted) } : {}),
    };
  }

  function change({ id, author, createdAt, items }: JiraHistory, created: (at: number) => string | number) {
    return {
      id,
      author: user(author),
      created: created(createdAt),
      items: items.map((item) => ({ ...item, fieldId: item.field, fieldtype: 'jira' })),
    };
  }

  return {
    api,
    user,
    status,
    resolution,
    priority,
    issueType,
    project,
    comment,
    issue,
    change,
    iso,
  };
}

export type Views = ReturnType<typeof views>;
