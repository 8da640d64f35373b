import { describe, expect, it } from 'vitest';
import {
  applyWriteToSharedFields,
  type Findings,
  findPersonEdits,
  readSharedFields,
  type SharedFields,
  type Wanted,
  type WrittenIssueFields,
} from '#domain/cases/ownership.ts';
import { acme } from './samples.ts';

const settings = structuredClone(acme().workspace);
Object.assign(settings['case-options'], {
  statuses: { Open: 'open', Pending: 'pending', Closed: 'closed' },
  'status-map': { Waiting: 'Pending' },
});
const labels = ['case', 'severity:high', 'due:2026-12-01', 'category:product-wish', 'tier:gold', 'status:open'];
const before: SharedFields = {
  title: 'Wish · C-1',
  labels,
  severity: 2,
  dueDate: '2026-12-01',
  assignee: 'sam',
  status: 'Todo',
  lacks: [],
};
const wanted: Wanted = {
  handle: 'C-1',
  labels: labels.slice(0, -1),
  severity: 'high',
  dueDate: '2026-12-01',
  assignee: 'sam',
  status: 'Open',
};
const call = (changes: Partial<WrittenIssueFields>): WrittenIssueFields => ({ row: 1, at: 1, ...changes });
const without = (...gone: string[]) => labels.filter((name) => !gone.includes(name));
const nothing: Findings = { titled: false, overstepped: [], outdated: false };

type Row = [
  what: string,
  now: Partial<SharedFields>,
  found: Partial<Findings>,
  more?: { wanted?: Partial<Wanted>; unsure?: Partial<WrittenIssueFields>[]; before?: Partial<SharedFields> },
];

const rows: Row[] = [
  ['nothing', {}, {}],
  // Severity
  ['another severity', { severity: 3 }, { severity: 'normal' }],
  ['the severity that is wanted', { severity: 2 }, {}, { before: { severity: 1 } }],
  ['no severity', { severity: null }, {}],
  ['a severity that no name has', { severity: 4 }, {}, { wanted: {}, unsure: [{ severity: 4 }] }],
  ['a severity while another is unsure', { severity: 4 }, { severity: 'low' }, { unsure: [{ severity: 3 }] }],
  ['a label of a severity', { labels: [...labels, 'severity:urgent'] }, { severity: 'urgent' }],
  [
    'the label of a severity instead',
    { labels: [...without('severity:high'), 'severity:urgent'] },
    { severity: 'urgent' },
  ],
  ['a label of the wanted severity', { labels }, {}, { before: { labels: without('severity:high') } }],
  ['a label of no severity', { labels: [...labels, 'severity:odd'] }, {}],
  ['a label and a field', { labels: [...labels, 'severity:low'], severity: 1 }, { severity: 'low' }],
  [
    'a label of a severity that we put on',
    { labels: [...labels, 'severity:low'] },
    { outdated: true },
    { unsure: [{ labelsToAdd: ['severity:low'] }] },
  ],
  [
    'the label of a severity removed',
    { labels: without('severity:high') },
    { overstepped: ['the label severity:high was removed'] },
  ],
  // Due date
  ['another date', { dueDate: '2026-12-24' }, { dueDate: '2026-12-24' }],
  ['no date', { dueDate: null }, { overstepped: ['the due date was removed'] }],
  ['no date where none was', { dueDate: null }, {}, { before: { dueDate: null } }],
  ['the wanted date', { dueDate: '2026-12-01' }, {}, { before: { dueDate: '2026-11-01' } }],
  ['a date that is none', { dueDate: '2026-02-30' }, {}],
  ['a date that its label told', { dueDate: '2026-12-05' }, {}, { before: { labels: [...labels, 'due:2026-12-05'] } }],
  ['a date of an unsure call', { dueDate: '2026-12-24' }, {}, { unsure: [{ dueDate: '2026-12-24' }] }],
  ['a date whose label is unsure', { dueDate: '2026-12-24' }, {}, { unsure: [{ labelsToAdd: ['due:2026-12-24'] }] }],
  [
    'a date beside an unsure one',
    { dueDate: '2026-12-24' },
    { dueDate: '2026-12-24' },
    { unsure: [{ dueDate: '2026-12-25', labelsToAdd: ['x'] }] },
  ],
  ['a label of a date', { labels: [...labels, 'due:2026-12-24'] }, { dueDate: '2026-12-24' }],
  [
    'the label of a date instead',
    { labels: [...without('due:2026-12-01'), 'due:2026-12-24'], dueDate: null },
    { dueDate: '2026-12-24' },
  ],
  ['labels that are no dates', { labels: [...labels, 'due:2026-02-30', 'xdue:2026-12-24', 'due:2026-12-24x'] }, {}],
  ['a label of the wanted date', { labels }, {}, { before: { labels: without('due:2026-12-01') } }],
  [
    'the label of a date removed',
    { labels: without('due:2026-12-01') },
    { overstepped: ['the label due:2026-12-01 was removed'] },
  ],
  // Assignee
  ['another assignee', { assignee: 'dana' }, { assignee: 'dana' }],
  ['no assignee', { assignee: null }, { assignee: null }],
  ['the same in capitals', { assignee: 'SAM' }, {}],
  ['the wanted assignee', { assignee: 'Sam' }, {}, { before: { assignee: 'dana' } }],
  ['an assignee where nobody is wanted', { assignee: 'dana' }, { assignee: 'dana' }, { wanted: { assignee: null } }],
  ['nobody where nobody is wanted', { assignee: null }, {}, { wanted: { assignee: null } }],
  ['an assignee of an unsure call', { assignee: 'dana' }, { outdated: true }, { unsure: [{ assignee: 'Dana' }] }],
  ['nobody by an unsure call', { assignee: null }, { outdated: true }, { unsure: [{ assignee: null }] }],
  ['an assignee beside an unsure title', { assignee: null }, { assignee: null }, { unsure: [{ title: 'x' }] }],
  [
    'an assignee whom the tracker cannot show',
    { assignee: 'dana' },
    { assignee: 'dana' },
    { wanted: { assignee: undefined } },
  ],
  ['the same whom the tracker cannot show', {}, {}, { wanted: { assignee: undefined } }],
  // Status
  ['another state', { status: 'waiting' }, { status: 'Pending' }],
  ['a state that means nothing', { status: 'Odd' }, {}],
  [
    'a state back to none',
    { status: 'Odd' },
    { status: 'Open' },
    { before: { status: 'Waiting' }, wanted: { status: 'Pending' } },
  ],
  ['the wanted state', { status: 'Waiting' }, {}, { wanted: { status: 'Pending' } }],
  ['a state of an unsure call', { status: 'Waiting' }, { outdated: true }, { unsure: [{ status: 'Pending' }] }],
  ['a state beside another unsure one', { status: 'Waiting' }, { status: 'Pending' }, { unsure: [{ status: 'Open' }] }],
  ['a label of a status', { labels: [...without('status:open'), 'status:pending'] }, { status: 'Pending' }],
  [
    'no label of a status',
    { labels: without('status:open') },
    { status: 'Open' },
    { before: { labels: [...without('status:open'), 'status:pending'] }, wanted: { status: 'Pending' } },
  ],
  ['the wanted label of a status removed', { labels: without('status:open') }, {}, { wanted: { labels } }],
  // Labels
  ['a label of ours removed', { labels: without('case') }, { overstepped: ['the label case was removed'] }],
  [
    'two removed',
    { labels: without('case', 'tier:gold') },
    { overstepped: ['the label case was removed', 'the label tier:gold was removed'] },
  ],
  ['one removed that is not wanted', { labels: without('case') }, {}, { wanted: { labels: [] } }],
  ['a label of a person', { labels: [...labels, 'mine', 'my:overdue', 'xtier:y'] }, {}],
  ['a category', { labels: [...labels, 'category:x'] }, { overstepped: ['the label category:x was put on'] }],
  ['a tier', { labels: [...labels, 'tier:x'] }, { overstepped: ['the label tier:x was put on'] }],
  ['overdue', { labels: [...labels, 'overdue'] }, { overstepped: ['the label overdue was put on'] }],
  ['a wanted one', { labels: [...labels, 'overdue'] }, {}, { wanted: { labels: [...labels, 'overdue'] } }],
  ['an echo', { labels: [...labels, 'overdue'] }, { outdated: true }, { unsure: [{ labelsToAdd: ['overdue'] }] }],
  // Title
  ['a title with the handle', { title: 'Other C-1' }, { titled: true }],
  ['a title without it', { title: 'Other' }, { overstepped: ['C-1 was removed from the title'] }],
  ['a title with another handle', { title: 'C-12 XC-1 C-1-2' }, { overstepped: ['C-1 was removed from the title'] }],
  ['a title of an unsure call', { title: 'Ours C-1' }, {}, { unsure: [{ title: 'Ours C-1' }] }],
  ['a title beside an unsure one', { title: 'Mine C-1' }, { titled: true }, { unsure: [{ title: 'Ours C-1' }] }],
  ['a title that is a person’s', { title: 'Other' }, {}, { wanted: { handle: null } }],
  // Marks
  ['the marker removed', { lacks: ['the marker'] }, { overstepped: ['the marker was removed from the text'] }],
  ['what lacked before', { lacks: ['the marker'] }, {}, { before: { lacks: ['the marker'] } }],
  ['marks of a row without them', { lacks: ['the marker'] }, {}, { before: { lacks: undefined } as never }],
  ['no marks', { lacks: undefined } as never, {}],
  // Calls under way
  ['an overstep while a call is unsure', { title: 'Other' }, { outdated: true }, { unsure: [{ severity: 1 }] }],
  [
    'labels that are not wanted while a call is unsure',
    {},
    { outdated: true },
    { unsure: [{}], wanted: { labels: labels.slice(0, 2) } },
  ],
  ['all as wanted while a call is unsure', {}, {}, { unsure: [{}] }],
  [
    'labels of a severity that a person changes meanwhile',
    { severity: 4 },
    { severity: 'low' },
    { unsure: [{}], wanted: { labels: [] } },
  ],
  [
    'labels of a date that a person changes meanwhile',
    { dueDate: '2026-12-24' },
    { dueDate: '2026-12-24' },
    { unsure: [{}], wanted: { labels: [] } },
  ],
];

describe('edits by people', () => {
  it.each(rows)('%s', (_, now, found, more = {}) => {
    const was = { ...before, ...more.before };
    const unsure = (more.unsure ?? []).map(call);
    const findings = findPersonEdits(was, { ...before, ...now }, { ...wanted, ...more.wanted }, unsure, settings);
    expect(findings).toEqual({ ...nothing, ...found });
  });
});

describe('the fields of an issue', () => {
  it('are read with what they lack', () => {
    const own = { marker: 'm', link: '/cases/c_1' };
    const snapshot = (markers: string[], links: string[]) =>
      ({ ...before, status: { name: 'Todo' }, ownershipMarks: { markers, links } }) as never;
    const lacks = (markers: string[], links: string[]) => readSharedFields(snapshot(markers, links), own).lacks;
    expect(readSharedFields(snapshot(['x', 'm'], ['y', 'https://a/cases/c_1']), own)).toEqual(before);
    expect(lacks([], ['https://a/cases/c_1'])).toEqual(['the marker']);
    expect(lacks(['m'], ['https://a/cases/c_12'])).toEqual(['the link to the case']);
    expect(lacks([], [])).toEqual(['the marker', 'the link to the case']);
  });

  it('are changed by what a call wrote, and by nothing else', () => {
    expect(applyWriteToSharedFields(before, call({}))).toEqual(before);
    const lacking = { ...before, lacks: ['the marker'] };
    expect(applyWriteToSharedFields(lacking, call({}))).toEqual(lacking);
    expect(
      applyWriteToSharedFields(
        lacking,
        call({ title: 't', text: true, severity: null, dueDate: null, assignee: null }),
      ),
    ).toEqual({ ...before, title: 't', severity: null, dueDate: null, assignee: null });
    const written = call({ labelsToAdd: ['new', 'case'], labelsToRemove: ['tier:gold', 'none'] });
    expect(applyWriteToSharedFields(before, written).labels).toEqual([...without('case', 'tier:gold'), 'new', 'case']);
  });
});
