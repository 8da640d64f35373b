import { IntegrationError } from '#domain/base/errors.ts';
import type { IssueDraft, IssueEdit, IssueSnapshot } from '#domain/integrations/issue.ts';
import type { Calls } from './client.ts';
import type { Octokit } from './credentials.ts';
import { fieldsSchema, type Issue } from './schema.ts';

type Severity = IssueDraft['severity'];

/** The organisation's issue fields for due date and priority, where it has them. */
export interface IssueFields {
  date: number | null;
  priority: { id: number; options: string[] } | null;
}

const dateNames = ['due date', 'target date', 'due'];
const ranks = ['urgent', 'high', 'medium', 'low'];
const none: IssueFields = { date: null, priority: null };

/** Reads the organisation's issue fields once. A user's repository has none. */
export function createFields(octokit: Octokit, { read }: Calls, org: string) {
  let known: IssueFields | null = null;

  async function get(): Promise<IssueFields> {
    if (known) return known;
    try {
      const fields = await read('list issue fields', fieldsSchema, () =>
        octokit.request('GET /orgs/{org}/issue-fields', { org }),
      );
      const dates = fields.filter((field) => field.data_type === 'date');
      const byName = dateNames.flatMap((name) => dates.find((field) => field.name.toLowerCase() === name) ?? []);
      const priority = fields.find(
        (field) => field.data_type === 'single_select' && field.name.toLowerCase() === 'priority',
      );
      known = {
        date: byName[0]?.id ?? null,
        priority: priority ? { id: priority.id, options: priority.options?.map((option) => option.name) ?? [] } : null,
      };
    } catch (error) {
      const isPermanent = error instanceof IntegrationError && (error.code === 'auth' || error.code === 'rejected');
      if (!isPermanent) return none;
      known = none;
    }
    return known;
  }

  /** Field values for a create or an update. */
  function valuesOf(fields: IssueFields, change: Pick<IssueEdit, 'dueDate' | 'severity'>) {
    const values: { field_id: number; value: string }[] = [];
    if (fields.date !== null && change.dueDate) values.push({ field_id: fields.date, value: change.dueDate });
    const option = change.severity && fields.priority && optionFor(fields.priority.options, change.severity);
    if (fields.priority && option) values.push({ field_id: fields.priority.id, value: option });
    return values;
  }

  function readFrom(fields: IssueFields, issue: Issue): Pick<IssueSnapshot, 'severity'> & { date: string | null } {
    const given = (id: number | undefined | null) =>
      issue.issue_field_values?.find((value) => value.issue_field_id === id)?.value;
    const option = fields.priority ? String(given(fields.priority.id) ?? '') : '';
    const rank = ranks.indexOf(option.toLowerCase()) + 1;
    const date = fields.date === null ? null : given(fields.date);
    return {
      severity: rank === 1 || rank === 2 || rank === 3 || rank === 4 ? rank : null,
      date: typeof date === 'string' ? date.slice(0, 10) : null,
    };
  }

  return { get, valuesOf, readFrom };
}

function optionFor(options: string[], { name, rank }: Severity): string | undefined {
  const wanted = [name.toLowerCase(), ranks[rank - 1]];
  return options.find((option) => wanted.includes(option.toLowerCase()));
}
