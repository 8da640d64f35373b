import { getCreateIssueMetaIssueTypeId, getCreateIssueMetaIssueTypes } from 'jira.js/cloud';
import { once } from '#adapters/once.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import { issueTypePageSchema, screenFieldPageSchema } from './schema.ts';
import type { JiraSite } from './site.ts';

const itemsPerPage = 200;
const maxPages = 10;

export interface Screen {
  issueTypeId: string;
  /** The project's type for sub-issues, where it has one. */
  subtaskTypeId: string | null;
  /** Whether a create may set this field to this value. */
  allows(field: string, value: unknown): boolean;
}

/** Fields of the project's create screen: Jira refuses a whole issue for one field that is not on it. */
export function createScreenCache({ read, settings }: JiraSite) {
  const projectIdOrKey = settings.project;

  return once(async (): Promise<Screen> => {
    const { issueTypeId, subtaskTypeId } = await types();
    const fields = await pages(async (startAt) => {
      const page = await read('jira read screen', screenFieldPageSchema, (client) =>
        getCreateIssueMetaIssueTypeId(client, {
          projectIdOrKey,
          issueTypeId,
          startAt,
          maxResults: itemsPerPage,
        }),
      );
      return { items: page.fields, total: page.total };
    });
    const values = new Map(fields.map(({ fieldId, allowedValues }) => [fieldId, allowedValues]));
    return {
      issueTypeId: issueTypeId,
      subtaskTypeId: subtaskTypeId,
      allows(field, value) {
        const names = values.get(field)?.flatMap(({ name }) => name ?? []) ?? [];
        return values.has(field) && (!names.length || names.includes(nameOf(value)));
      },
    };
  });

  async function types(): Promise<{ issueTypeId: string; subtaskTypeId: string | null }> {
    const all = await pages(async (startAt) => {
      const page = await read('jira read issue types', issueTypePageSchema, (client) =>
        getCreateIssueMetaIssueTypes(client, { projectIdOrKey, startAt, maxResults: itemsPerPage }),
      );
      return { items: page.issueTypes, total: page.total };
    });
    const wanted = settings['issue-type'].toLowerCase();
    const type = all.find(({ name }) => name.toLowerCase() === wanted);
    if (!type) {
      throw new IntegrationError('rejected', 'jira read issue types', {
        detail: `project ${projectIdOrKey} has no issue type ${settings['issue-type']}`,
      });
    }
    return { issueTypeId: type.id, subtaskTypeId: all.find(({ subtask }) => subtask)?.id ?? null };
  }
}

function nameOf(value: unknown): string {
  return typeof value === 'object' && value !== null && 'name' in value ? String(value.name) : '';
}

async function pages<Item>(ask: (startAt: number) => Promise<{ items: Item[]; total: number }>): Promise<Item[]> {
  const all: Item[] = [];
  for (let page = 0; page < maxPages; page += 1) {
    const { items, total } = await ask(all.length);
    all.push(...items);
    if (!items.length || all.length >= total) break;
  }
  return all;
}
