import { IntegrationError } from '#domain/base/errors.ts';
import type { IssueDraft, IssueEdit, IssueSnapshot } from '#domain/integrations/issue.ts';
import * as kit from '../../kit.ts';
import type { Calls, Octokit } from './client.ts';
import { type Issue, issueFieldsSchema } from './schema.ts';

type Severity = IssueDraft['severity'];

export type OrganisationFields = { date: number | null; priority: { id: number; options: string[] } | null };

const dueDateFieldNames = ['due date', 'target date', 'due'];
const ranks = ['urgent', 'high', 'medium', 'low'];
const none: OrganisationFields = { date: null, priority: null };

/** Reads the organisation's issue fields, and keeps them until a check or a refusal. A user's repository has none. */
export function createOrgFieldsReader(octokit: Octokit, { read }: Calls, org: string) {
  let known: OrganisationFields | null = null;

  async function get(): Promise<OrganisationFields> {
    if (known) return known;
    try {
      const fields = await read('list issue fields', issueFieldsSchema, () =>
        octokit.request('GET /orgs/{org}/issue-fields', { org }),
      );
      const find = (type: string, name: string) =>
        fields.find((field) => field.data_type === type && field.name.toLowerCase() === name);
      const date = dueDateFieldNames.map((name) => find('date', name)).find(Boolean);
      const priority = find('single_select', 'priority');
      known = {
        date: date?.id ?? null,
        priority: priority ? { id: priority.id, options: priority.options?.map(({ name }) => name) ?? [] } : null,
      };
    } catch (error) {
      const isPermanent = error instanceof IntegrationError && (error.code === 'auth' || error.code === 'rejected');
      if (!isPermanent) return none;
      known = none;
    }
    return known;
  }

  function toFieldValues(fields: OrganisationFields, change: Pick<IssueEdit, 'dueDate' | 'severity'>) {
    const values: { field_id: number; value: string }[] = [];
    if (fields.date !== null && change.dueDate) values.push({ field_id: fields.date, value: change.dueDate });
    const option = change.severity && fields.priority && findPriorityOption(fields.priority.options, change.severity);
    if (fields.priority && option) values.push({ field_id: fields.priority.id, value: option });
    return values;
  }

  function readFieldValues(
    fields: OrganisationFields,
    issue: Issue,
  ): Pick<IssueSnapshot, 'severity'> & { date: string | null } {
    const given = (id: number | undefined | null) =>
      issue.issue_field_values?.find((value) => value.issue_field_id === id);
    const priority = given(fields.priority?.id);
    // The value of a choice may be the number of its option.
    const option = String(priority?.single_select_option?.name ?? priority?.value ?? '');
    const date = given(fields.date)?.value;
    return {
      severity: kit.toRank(ranks.indexOf(option.toLowerCase()) + 1),
      date: typeof date === 'string' ? date.slice(0, 10) : null,
    };
  }

  const forget = () => {
    known = null;
  };

  return { get, forget, valuesOf: toFieldValues, readFrom: readFieldValues };
}

function findPriorityOption(options: string[], { name, rank }: Severity): string | undefined {
  const wanted = [name.toLowerCase(), ranks[rank - 1]];
  return options.find((option) => wanted.includes(option.toLowerCase()));
}
