import { readCsv } from '#domain/base/csv.ts';
import { AppError, InvalidInputError } from '#domain/base/errors.ts';
import { actionDefinitions, bulkActions, undoableActions } from '#domain/cases/action.ts';
import { cut } from '#domain/text/safe-text.ts';
import { refuseField } from '../workspace/basics/case-operation.ts';
import type { CheckDecision, ClosingDecision } from '../workspace/loop/after-closing.ts';
import { caseForm, type FormHandler } from './page.tsx';
import { readForm } from './read-body.ts';
import { unwrap } from './workspace-access.ts';

/* The forms by which people change a case. */

/** Does what the command of the same name does. */
export const actOnCase = caseForm((workspace, id, field, c) => {
  const action = actionDefinitions.find(({ name }) => name === c.req.param('action'))?.name;
  if (!action) throw new AppError('not-found', 'There is no such action.');
  const person = field('mention');
  return workspace.act(id, {
    action,
    value: field('value'),
    because: field('because') || null,
    rootCause: field('root-cause') || null,
    whatChanged: field('what-changed') || null,
    mention: person ? [person] : [],
    once: field('once') || null,
    isUndoable: undoableActions.includes(action),
  });
});

export const openFromResponse = caseForm((workspace, id, field) =>
  workspace.openFromResponse(id, { template: field('template'), reason: field('reason') }),
);

/** Does one action on each ticked case, as their own pages would; the action's field has its value. */
export const actOnCases: FormHandler = async (c, visit, workspace, field) => {
  const action = bulkActions.find((name) => name === field('action'));
  if (!action) throw new AppError('invalid-input', 'action: must be assign, status or close');
  const given = { mention: [], rootCause: null, whatChanged: null, because: null, once: null, isUndoable: true };
  const left: [handle: string, why: string][] = [];
  let done = 0;
  for (const [name, handle] of await readForm(c)) {
    if (!name.startsWith('case.')) continue;
    const result = await workspace.act(name.slice('case.'.length), { ...given, action, value: field(action) });
    if (result.ok) done += 1;
    else left.push([String(handle), result.message]);
  }
  if (done === 0) throw new AppError('conflict', left.map((pair) => pair.join(': ')).join(' ') || 'Tick a case first.');
  const back = new URL(c.req.url).searchParams;
  back.set('done', `${done}`);
  if (left.length > 0) back.set('left', left.map(([handle]) => handle).join(', '));
  return c.redirect(`/w/${visit.workspace}/cases?${back}`, 303);
};

/** Keeps the narrowing of a list under a name for the whole workspace, or drops the name. */
export const saveView: FormHandler = async (c, visit, workspace, field) => {
  const query = field('action') === 'drop' ? null : field('query');
  unwrap(await workspace.saveView({ name: field('name'), query }));
  return c.redirect(`/w/${visit.workspace}/cases?${query ?? ''}`, 303);
};

export const undoAction = caseForm((workspace, id, field) => workspace.undo(id, { key: field('key') }));

export const decideClosing = caseForm((workspace, id, field) =>
  workspace.decideClosing(id, readClosingDecision(field)),
);

export const decideAddress = caseForm((workspace, id, field) =>
  workspace.decideAddress(id, { address: Number(field('address')), accept: field('accept') === 'yes' }),
);

export const nameCustomer = caseForm((workspace, id, field) =>
  workspace.nameCustomer(id, { key: field('key'), email: field('email') || null, name: field('name') || null }),
);

const waitEvents = ['shipped', 'ask anyway', 'ask now'] as const;

export const endFollowUpWait = caseForm((workspace, id, field) =>
  workspace.endWaiting(id, { event: waitEvents.find((event) => event === field('event')) ?? 'ask anyway' }),
);

export const tickPlanStep = caseForm((workspace, id, field) =>
  workspace.tickPlan(id, { position: Number(field('position')), done: field('done') === 'yes' }),
);

export const acknowledgeCase = caseForm((workspace, id) => workspace.acknowledge(id, { how: 'on the case page' }));

export const markContacted = caseForm((workspace, id, field) =>
  workspace.markContacted(id, {
    how: cut(field('how'), 200) || 'no details',
    note: field('note'),
    once: field('once') || null,
  }),
);

export const inviteContributor = caseForm((workspace, id, field) =>
  workspace.invite(id, { name: field('name'), email: field('email') }),
);

export const revokeContributor = caseForm((workspace, id, field) =>
  workspace.revokeInvitation(id, { id: field('invitation') }),
);

export const sendMessageToCustomer = caseForm((workspace, id, field) =>
  workspace.writeToCustomer(id, {
    to: field('to') || null,
    everybody: field('everybody') === 'yes',
    subject: field('subject'),
    text: field('text'),
  }),
);

export const linkCase = caseForm((workspace, id, field) => {
  const [to, reason, theme] = [field('to'), field('reason'), field('theme') || null];
  const kind = (['related', 'parted'] as const).find((name) => name === field('kind')) ?? 'elevated-to';
  return workspace.link(id, { kind, to, theme, reason });
});

export const setWhatChanged = caseForm((workspace, id, field) => workspace.setWhatChanged(id, { text: field('text') }));

export const decide = caseForm((workspace, id, field) => workspace.decide(id, { text: field('text') }));

export const nameDecisionOwner = caseForm((workspace, id, field) =>
  workspace.nameDecisionOwner(id, { person: field('person') }),
);

export const recordMeasurement = caseForm((workspace, id, field) => {
  const source = field('source') === 'theme-rate' ? 'theme-rate' : 'manual';
  const value = (name: string) => (source === 'manual' ? parseNumber(name, field(name)) : null);
  const [before, after] = [value('before'), value('after')];
  const target = parseNumber('target', field('target'));
  return workspace.measure(id, { name: field('name'), unit: field('unit'), source, before, after, target });
});

/** Values as lines of a form, or as a file. */
export const takeMeasureValues = caseForm(async (workspace, id, field, c) => {
  const file = (await readForm(c)).get('file');
  const text = file instanceof File && file.size > 0 ? await file.text() : field('values');
  const lines = /^\W*day/i.test(text) ? text : `day,value\n${text}`;
  return workspace.takeMeasureValues(id, { rows: readCsv(new TextEncoder().encode(lines)) });
});

function parseNumber(name: string, text: string): number | null {
  if (text === '') return null;
  const value = Number(text.replace(',', '.'));
  if (!Number.isFinite(value)) throw new InvalidInputError(`${name}: is not a number: ${text}`);
  return value;
}

function readClosingDecision(field: (name: string) => string): ClosingDecision | CheckDecision {
  const decision = field('decision');
  if (decision === 'ask' || decision === 'leave' || decision === 'count') return { decision };
  if (decision === 'declined') return { decision, because: field('because') };
  if (decision === 'repeats') return { decision, handle: field('handle') };
  return refuseField('decision', 'is none of ask, count, declined, repeats and leave');
}
