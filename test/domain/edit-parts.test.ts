import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeFailure, describePart, fieldOfPart, joinEditParts, splitEdit } from '#domain/cases/edit-parts.ts';
import type { IssueEdit } from '#domain/integrations/issue.ts';

const text = fc.string({ maxLength: 5 });
const label = fc.record({ name: text, color: text, description: text });
const some = <Value>(value: fc.Arbitrary<Value>) => fc.array(value, { minLength: 1, maxLength: 3 });
const edits = fc.record(
  {
    title: text,
    body: text,
    marker: text,
    labelsToAdd: some(label),
    labelsToRemove: some(text),
    severity: fc.record({ name: text, rank: fc.constantFrom(1, 2, 3, 4) }),
    dueDate: fc.option(text),
    assignee: fc.option(text),
    status: fc.record({ names: some(text), acceptsInitialState: fc.boolean(), label: fc.constant(null) }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<IssueEdit>;

describe('an edit', () => {
  it('is the same after it was split into parts of one field each and joined', () => {
    fc.assert(
      fc.property(edits, (edit) => {
        const parts = splitEdit(edit);
        expect(joinEditParts(parts)).toEqual(edit);
        for (const { part, edit: piece } of parts) {
          const fields = Object.keys(piece);
          const own = { body: ['body', 'marker', 'link'], labels: ['labelsToAdd', 'labelsToRemove'] }[
            fieldOfPart(part)
          ];
          for (const field of fields) expect(own ?? [fieldOfPart(part)]).toContain(field);
          if (own === undefined) expect(fields).toHaveLength(1);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('names its parts by field and value, removals of labels first', () => {
    const link = { url: 'https://caselite.example', title: 'C-1' };
    const draft = (name: string) => ({ name, color: 'fff', description: '' });
    const edit = {
      title: 't',
      body: 'b',
      marker: 'm',
      link,
      labelsToAdd: [draft('new'), draft('newer')],
      labelsToRemove: ['old'],
      severity: { name: 'high', rank: 2 as const },
      dueDate: null,
      assignee: null,
      status: { names: ['Doing', 'Open'], acceptsInitialState: true, label: null },
    };
    expect(splitEdit(edit).map(({ part }) => part)).toEqual([
      'title',
      'body',
      'severity:high',
      'dueDate',
      'assignee:',
      'labels:old',
      'labels:new',
      'labels:newer',
      'status:Open',
    ]);
    expect(splitEdit({ ...edit, assignee: 'sam' })[4]?.part).toBe('assignee:sam');
    expect(splitEdit({ status: { ...edit.status, names: [] } })[0]?.part).toBe('status:');
    expect(splitEdit({ body: 'b', link })).toEqual([{ part: 'body', edit: { body: 'b', link } }]);
    expect(splitEdit({ marker: 'm' })).toEqual([{ part: 'body', edit: { marker: 'm' } }]);
    expect(splitEdit({ link })).toEqual([]);
    expect(splitEdit({})).toEqual([]);
    expect(joinEditParts([])).toEqual({});
  });

  it.each([
    ['issue.create', 'the issue'],
    ['issue.sub-state', 'the state of a sub-issue'],
    ['severity:high', 'the severity high'],
    ['dueDate', 'the due date'],
    ['assignee:', 'the assignee'],
    ['labels:status:open', 'the label status:open'],
    ['other', 'other'],
  ])('the part %s reads %s', (part, words) => {
    expect(describePart(part)).toBe(words);
    expect(describeFailure(part)).toBe(`${words.charAt(0).toUpperCase()}${words.slice(1)} did not go through`);
  });
});
