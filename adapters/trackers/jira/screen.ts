import { getCreateIssueMetaIssueTypeId, getCreateIssueMetaIssueTypes } from 'jira.js/cloud';
import { once } from '#adapters/once.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import { fieldPage, issueTypePage } from './schema.ts';
import type { JiraSite } from './site.ts';

const perPage = 200;
const mostPages = 10;

export interface Screen {
  issueType: string;
  /** The project's type for sub-issues, where it has one. */
  subtaskType: string | null;
  /** Whether a create may set this field to this value. */
  allows(field: string, value: unknown): boolean;
}

/** Fields of the project's create screen: Jira refuses a whole issue for one field that is not on it. */
export function createScreen({ read, settings }: JiraSite) {
  const projectIdOrKey = settings.project;

  return once(async (): Promise<Screen> => {
    const { issueTypeId, subtaskType } = await types();
    const fields = await pages(async (startAt) => {
      const page = await read('jira read screen', fieldPage, (client) =>
        getCreateIssueMetaIssueTypeId(client, {
          projectIdOrKey,
          issueTypeId,
          startAt,
          maxResults: perPage,
        }),
      );
      return { items: page.fields, total: page.total };
    });
    const values = new Map(fields.map(({ fieldId, allowedValues }) => [fieldId, allowedValues]));
    return {
      issueType: issueTypeId,
      subtaskType,
      allows(field, value) {
        const names = values.get(field)?.flatMap(({ name }) => name ?? []) ?? [];
        return values.has(field) && (!names.length || names.includes(nameOf(value)));
      },
    };
  });

  async function types(): Promise<{ issueTypeId: string; subtaskType: string | null }> {
    const all = await pages(async (startAt) => {
      const page = await read('jira read issue types', issueTypePage, (client) =>
        getCreateIssueMetaIssueTypes(client, { projectIdOrKey, startAt, maxResults: perPage }),
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
    return { issueTypeId: type.id, subtaskType: all.find(({ subtask }) => subtask)?.id ?? null };
  }
}

function nameOf(value: unknown): string {
  return typeof value === 'object' && value !== null && 'name' in value ? String(value.name) : '';
}

async function pages<Item>(ask: (startAt: number) => Promise<{ items: Item[]; total: number }>): Promise<Item[]> {
  const all: Item[] = [];
  for (let page = 0; page < mostPages; page += 1) {
    const { items, total } = await ask(all.length);
    all.push(...items);
    if (!items.length || all.length >= total) break;
  }
  return all;
}
