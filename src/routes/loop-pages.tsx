import { InvalidInputError } from '#domain/base/errors.ts';
import { FollowUpListPage, followUpStates } from '../views/follow-up-list.tsx';
import type { ClosingDecision } from '../workspace/loop/after-closing.ts';
import { caseForm, type PageHandler } from './page.tsx';
import { unwrap } from './workspace-access.ts';

const followUpsPerPage = 50;

export const showFollowUps: PageHandler = async (c, visit, workspace) => {
  const state = followUpStates.find((followUpState) => followUpState === c.req.query('state')) ?? null;
  const cursor = c.req.query('before') || null;
  const { items, next } = unwrap(await workspace.followUpList({ state, cursor, limit: followUpsPerPage }));
  return c.html(<FollowUpListPage visit={visit} rows={items} state={state} next={next} newest={cursor === null} />);
};

export const decideClosing = caseForm((workspace, id, field, who) =>
  workspace.decideClosing(id, readClosingDecision(field), who),
);

export const endFollowUpWait = caseForm((workspace, id, field, who) =>
  workspace.endWaiting(id, field('event') === 'shipped' ? 'shipped' : 'ask anyway', who),
);

function readClosingDecision(field: (name: string) => string): ClosingDecision {
  const decision = field('decision');
  if (decision === 'ask' || decision === 'leave') return { decision };
  if (decision === 'declined') return { decision, because: field('because') };
  if (decision === 'repeats') return { decision, handle: field('handle') };
  const message = 'is none of ask, declined, repeats and leave';
  throw new InvalidInputError(`decision: ${message}`, [{ field: 'decision', message }]);
}
