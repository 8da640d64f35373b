import type { Hono } from 'hono';
import type { SeenIssue, TrackerUser } from '#adapters/emulators/tracker-user.ts';
import { toIsoText } from '#domain/time/units.ts';
import { plain, typed } from './adf.ts';
import type { Env } from './issue-routes.ts';
import type { AdfNode, Site } from './state.ts';

/** The fields of an issue that a tracker user reads; our own emulator wrote them. */
interface Shown {
  id: string;
  key: string;
  fields: {
    summary: string;
    creator: { accountId: string };
    description: AdfNode | null;
    status: { statusCategory: { key: string } };
    resolution: { name: string } | null;
    labels: string[];
    assignee: { accountId: string } | null;
    duedate: string | null;
    priority: { name: string };
    comment: { comments: { author: { accountId: string }; body: AdfNode; created: string }[] };
  };
}

const resolutions = { completed: 'Done', 'not-planned': "Won't Do", duplicate: 'Duplicate' };

/** People who act through the public API. */
export function jiraUser(site: Site, app: Hono<Env>): TrackerUser {
  const people = site.seed.people.map(({ account }) => account);

  async function ask<Answer>(as: string, method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await app.request(`/rest/api/3${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${as}:as-person`).toString('base64')}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`Jira answered ${response.status}: ${await response.text()}`);
    return (response.status === 204 ? undefined : await response.json()) as Answer;
  }

  async function transition(key: string, as: string, target: string, fields?: Record<string, unknown>) {
    type Choices = { transitions: { id: string; name: string }[] };
    const { transitions } = await ask<Choices>(as, 'GET', `/issue/${key}/transitions`);
    const id = transitions.find(({ name }) => name === target)?.id;
    if (!id) throw new Error(`${key} cannot go to ${target}`);
    await ask(as, 'POST', `/issue/${key}/transitions`, { transition: { id }, ...(fields ? { fields } : {}) });
  }

  function seen({ id, key, fields }: Shown): SeenIssue {
    return {
      id,
      key,
      url: `${site.baseUrl}/browse/${key}`,
      title: fields.summary,
      author: fields.creator.accountId,
      body: plain(fields.description),
      state: fields.status.statusCategory.key === 'done' ? 'closed' : 'open',
      reason: fields.resolution?.name ?? null,
      labels: fields.labels,
      assignee: fields.assignee?.accountId ?? null,
      dueDate: fields.duedate,
      priority: fields.priority.name,
      comments: fields.comment.comments.map(({ author, body, created }) => ({
        author: author.accountId,
        text: plain(body),
        at: toIsoText(Date.parse(created)),
      })),
    };
  }

  return {
    kind: 'jira',
    people,

    async list() {
      const all: SeenIssue[] = [];
      for (let start = 1; ; start += 100) {
        const issueIdsOrKeys = Array.from({ length: 100 }, (_, index) => `${site.seed.project}-${start + index}`);
        const as = people[0] ?? '';
        const { issues } = await ask<{ issues: Shown[] }>(as, 'POST', '/issue/bulkfetch', { issueIdsOrKeys });
        if (!issues.length) return all;
        all.push(...issues.map(seen));
      }
    },

    async close(key, as, kind = 'completed', original) {
      if (original) {
        const issuelinks = [{ add: { type: { name: 'Duplicate' }, outwardIssue: { key: original } } }];
        await ask(as, 'PUT', `/issue/${key}`, { update: { issuelinks } });
      }
      const screen = site.state.resolutionOnScreen;
      await transition(key, as, 'Done', screen ? { resolution: { name: resolutions[kind] } } : undefined);
    },

    reopen: (key, as) => transition(key, as, 'To Do'),

    async edit(key, as, { title, addLabels = [], removeLabels = [], severity, dueDate, assignee, body }) {
      const fields = {
        ...(title === undefined ? {} : { summary: title }),
        ...(body === undefined ? {} : { description: typed(body) }),
        ...(severity === undefined ? {} : { priority: { name: site.state.setUp.priorities[severity - 1] } }),
        ...(dueDate === undefined ? {} : { duedate: dueDate }),
        ...(assignee === undefined ? {} : { assignee: assignee === null ? null : { id: assignee } }),
      };
      const labels = [...addLabels.map((name) => ({ add: name })), ...removeLabels.map((name) => ({ remove: name }))];
      await ask(as, 'PUT', `/issue/${key}`, { fields, ...(labels.length > 0 ? { update: { labels } } : {}) });
    },

    async open(as, summary, body) {
      const fields = {
        project: { key: site.seed.project },
        issuetype: { name: 'Task' },
        summary,
        description: typed(body),
      };
      return (await ask<{ key: string }>(as, 'POST', '/issue', { fields })).key;
    },

    async copy(key, as) {
      type Whole = { fields: Record<string, unknown>; properties: Record<string, unknown> };
      const { fields, properties } = await ask<Whole>(as, 'GET', `/issue/${key}?properties=caselite.case`);
      const { summary, description, labels } = fields;
      await ask(as, 'POST', '/issue', {
        fields: {
          project: { key: site.seed.project },
          issuetype: { name: 'Task' },
          summary,
          description,
          labels,
        },
        properties: Object.entries(properties).map(([name, value]) => ({ key: name, value })),
      });
    },

    async comment(key, as, text) {
      await ask(as, 'POST', `/issue/${key}/comment`, { body: typed(text) });
    },
  };
}
