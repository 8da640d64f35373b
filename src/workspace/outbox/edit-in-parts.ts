import { IntegrationError } from '#domain/base/errors.ts';
import { type EditPart, fieldOfPart, joinEditParts } from '#domain/cases/edit-parts.ts';
import type { IssueSnapshot } from '#domain/integrations/issue.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';

interface EditOutcome {
  /** The issue after the last accepted part; null when none was. */
  issue: IssueSnapshot | null;
  accepted: EditPart[];
  refused: { part: string; reason: string }[];
}

/**
 * Edits an issue. A refused edit goes again without the fields that the refusal names, or part by part where it names
 * none, so that one field off a screen stops no other.
 *
 * @throws IntegrationError for failures that are no refusal of a part
 */
export async function editInParts(tracker: Tracker, id: string, parts: EditPart[]): Promise<EditOutcome> {
  const outcome: EditOutcome = { issue: null, accepted: [], refused: [] };
  const waiting = [parts];
  for (let group = waiting.shift(); group; group = waiting.shift()) {
    if (group.length === 0) continue;
    try {
      outcome.issue = await tracker.editIssue(id, joinEditParts(group));
      outcome.accepted.push(...group);
    } catch (error) {
      if (!(error instanceof IntegrationError) || !isRefusalOfPart(error)) throw error;
      const smaller = splitRefusedGroup(group, error);
      if (smaller) waiting.push(...smaller);
      else outcome.refused.push(...group.map(({ part }) => ({ part, reason: error.message })));
    }
  }
  return outcome;
}

/** A missing issue refuses everything. */
function isRefusalOfPart({ code, status }: IntegrationError): boolean {
  if (code === 'auth') return status === 403;
  return code === 'rejected' && ![301, 404, 410].includes(status);
}

/** Smaller groups to try instead; null where the refusal is about each part of the group. */
function splitRefusedGroup(group: EditPart[], { code, fields }: IntegrationError): EditPart[][] | null {
  if (group.length === 1) return null;
  const named = new Set(fields.map(({ field, part }) => part ?? field));
  const isNamed = ({ part }: EditPart) => named.has(fieldOfPart(part));
  const blamed = group.filter(isNamed);
  const others = group.filter((part) => !isNamed(part));
  if (blamed.length > 0 && others.length > 0) return [others, blamed];
  if (blamed.length > 0) return group.map((part) => [part]);
  // Without a permission for the issue, no part would go through.
  if (code === 'auth') return null;
  const fieldsOfGroup = [...new Set(group.map(({ part }) => fieldOfPart(part)))];
  if (fieldsOfGroup.length === 1) return group.map((part) => [part]);
  return fieldsOfGroup.map((field) => group.filter(({ part }) => fieldOfPart(part) === field));
}
