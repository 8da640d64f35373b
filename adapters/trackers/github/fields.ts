import * as kit from '../../kit.ts';
import type { Calls, Octokit } from './client.ts';
import { type Issue, issueFieldsSchema } from './schema.ts';

type Severity = kit.IssueDraft['severity'];

export type OrganisationFields = { date: number | null; priority: { id: number; options: string[] } | null };

const dueDateFieldNames = ['due date', 'target date', 'due'];
const ranks = ['urgent', 'high', 'medium', 'low'];
const none: OrganisationFields = { date: null, priority: null };

/** Reads the organisation's issue fields, and keeps them until a check or a refusal. A user's repository has none. */
export function createOrgFieldsReader(octokit: Octokit, { read }: Calls, org: string) {
  const known = kit.once(async (): Promise<OrganisationFields> => {
    const asked = read('list issue fields', issueFieldsSchema, () =>
      octokit.request('GET /orgs/{org}/issue-fields', { org }),
    );
    const isPermanent = (error: unknown) =>
      error instanceof kit.IntegrationError && (error.code === 'auth' || error.code === 'rejected');
    const fields = await kit.recover(asked, isPermanent, []);
    const find = (type: string, name: string) =>
      fields.find((field) => field.data_type === type && field.name.toLowerCase() === name);
    const date = dueDateFieldNames.map((name) => find('date', name)).find(Boolean);
    const priority = find('single_select', 'priority');
    return {
      date: date?.id ?? null,
      priority: priority ? { id: priority.id, options: priority.options?.map(({ name }) => name) ?? [] } : null,
    };
  });

  function valuesOf(fields: OrganisationFields, change: Pick<kit.IssueEdit, 'dueDate' | 'severity'>) {
    const values: { field_id: number; value: string }[] = [];
    if (fields.date !== null && change.dueDate) values.push({ field_id: fields.date, value: change.dueDate });
    const option = change.severity && fields.priority && findPriorityOption(fields.priority.options, change.severity);
    if (fields.priority && option) values.push({ field_id: fields.priority.id, value: option });
    return values;
  }

  function readFrom(fields: OrganisationFields, { issue_field_values: values }: Issue) {
    const given = (id: number | undefined | null) => values?.find((value) => value.issue_field_id === id);
    const priority = given(fields.priority?.id);
    // The value of a choice may be the number of its option.
    const option = String(priority?.single_select_option?.name ?? priority?.value ?? '');
    const date = given(fields.date)?.value;
    return {
      severity: kit.toRank(ranks.indexOf(option.toLowerCase()) + 1),
      date: typeof date === 'string' ? date.slice(0, 10) : null,
    };
  }

  return { get: () => known.get().catch(() => none), forget: known.forget, valuesOf, readFrom };
}

function findPriorityOption(options: string[], { name, rank }: Severity): string | undefined {
  const wanted = [name.toLowerCase(), ranks[rank - 1]];
  return options.find((option) => wanted.includes(option.toLowerCase()));
}
