import { getCreateIssueMetaIssueTypeId, getCreateIssueMetaIssueTypes } from 'jira.js/cloud';
import { IntegrationError } from '#domain/base/errors.ts';
import { once } from '../../outbound.ts';
import { issueTypePageSchema, type ScreenField, screenFieldPageSchema } from './schema.ts';
import type { JiraSite } from './site.ts';

const itemsPerPage = 200;
const maxPages = 10;

export interface Screen {
  issueTypeId: string;
  /** The project's type for sub-issues, where it has one. */
  subtaskTypeId: string | null;
  fields: ScreenField[];
  /** Whether a create may set this field. */
  allows(field: string): boolean;
  /** Names of the project's priorities, most urgent first; empty where they are not known. */
  priorities: string[];
}

/** Fields of the create screens by issue type: Jira refuses a whole issue for one field that is not on its screen. */
export function createScreenCache({ read, settings }: JiraSite) {
  const projectIdOrKey = settings.project;
  const screens = new Map<string, ReturnType<typeof once<Screen>>>();

  const load = (issueType: string) => async (): Promise<Screen> => {
    const { issueTypeId, subtaskTypeId } = await types(issueType);
    const fields = await readFields(issueTypeId).catch((error: unknown) => {
      // The description of the screen is a help only; an issue is made without it.
      if (error instanceof IntegrationError && ['auth', 'rejected'].includes(error.code) && error.status !== 401)
        return [];
      throw error;
    });
    return {
      issueTypeId,
      subtaskTypeId,
      fields,
      allows: (field) => fields.some(({ fieldId }) => fieldId === field),
      priorities:
        fields.find(({ fieldId }) => fieldId === 'priority')?.allowedValues?.flatMap(({ name }) => name ?? []) ?? [],
    };
  };

  const readFields = (issueTypeId: string) =>
    pages(async (startAt) => {
      const page = await read('jira read screen', screenFieldPageSchema, (client) =>
        getCreateIssueMetaIssueTypeId(client, { projectIdOrKey, issueTypeId, startAt, maxResults: itemsPerPage }),
      );
      return { items: page.fields, total: page.total };
    });

  async function types(issueType: string): Promise<{ issueTypeId: string; subtaskTypeId: string | null }> {
    const all = await pages(async (startAt) => {
      const page = await read('jira read issue types', issueTypePageSchema, (client) =>
        getCreateIssueMetaIssueTypes(client, { projectIdOrKey, startAt, maxResults: itemsPerPage }),
      );
      return { items: page.issueTypes, total: page.total };
    });
    const type = all.find(({ id, name }) => id === issueType || name.toLowerCase() === issueType.toLowerCase());
    if (!type) {
      const names = all.map(({ name }) => name).join(', ');
      throw new IntegrationError('rejected', 'jira read issue types', {
        detail: `project ${projectIdOrKey} has no issue type ${issueType}; it has ${names}`,
      });
    }
    return { issueTypeId: type.id, subtaskTypeId: all.find(({ subtask }) => subtask)?.id ?? null };
  }

  return {
    get(issueType = settings['issue-type']): Promise<Screen> {
      const screen = screens.get(issueType) ?? once(load(issueType));
      screens.set(issueType, screen);
      return screen.get();
    },
    forget: () => screens.clear(),
  };
}

export type ScreenCache = ReturnType<typeof createScreenCache>;

async function pages<Item>(ask: (startAt: number) => Promise<{ items: Item[]; total: number }>): Promise<Item[]> {
  const all: Item[] = [];
  for (let page = 0; page < maxPages; page += 1) {
    const { items, total } = await ask(all.length);
    all.push(...items);
    if (!items.length || all.length >= total) break;
  }
  return all;
}
