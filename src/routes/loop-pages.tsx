import { Hono } from 'hono';
import { InvalidInputError } from '#domain/base/errors.ts';
import { maskName } from '#domain/json/mask.ts';
import { FollowUpListPage, followUpStates } from '../views/follow-up-list.tsx';
import { seesCustomers } from '../views/visit.ts';
import type { ClosingDecision } from '../workspace/loop/after-closing.ts';
import { type AppContext, unwrap } from './context.ts';
import { backToCase, posted } from './forms.tsx';
import { signedIn } from './pages.tsx';

const rowsPerPage = 50;

/** What is asked of whom, and what a case manager decides about a closing that earned nothing by itself. */
export const loopPages = new Hono<AppContext>()
  .get(
    '/w/:workspace/follow-ups',
    signedIn(async (c, visit, workspace) => {
      const state = followUpStates.find((followUpState) => followUpState === c.req.query('state')) ?? null;
      const cursor = c.req.query('before') || null;
      const { items, next } = unwrap(await workspace.followUpList({ state, cursor, limit: rowsPerPage }));
      const rows = items.map((row) =>
        row.customer === null || seesCustomers(visit, row)
          ? row
          : { ...row, customer: maskName(row.customer) },
      );
      return c.html(
        <FollowUpListPage visit={visit} rows={rows} state={state} next={next} newest={cursor === null} />,
      );
    }),
  )
  .post(
    '/w/:workspace/cases/:id/closing',
    posted(async (c, visit, workspace, field) => {
      const input = decisionOf(field);
      const id = c.req.param('id') ?? '';
      return backToCase(c, visit, unwrap(await workspace.decideClosing(id, input, visit.person)));
    }),
  )
  .post(
    '/w/:workspace/cases/:id/waiting',
    posted(async (c, visit, workspace, field) => {
      const event = field('event') === 'shipped' ? 'shipped' : 'ask anyway';
      const id = c.req.param('id') ?? '';
      return backToCase(c, visit, unwrap(await workspace.endWaiting(id, event, visit.person)));
    }),
  );

function decisionOf(field: (name: string) => string): ClosingDecision {
  const decision = field('decision');
  if (decision === 'ask' || decision === 'leave') return { decision };
  if (decision === 'declined') return { decision, because: field('because') };
  if (decision === 'repeats') return { decision, handle: field('handle') };
  const message = 'is none of ask, declined, repeats and leave';
  throw new InvalidInputError(`decision: ${message}`, [{ field: 'decision', message }]);
}
