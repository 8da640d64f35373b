import type { CaseJson } from '#domain/json/case-json.ts';
import * as ui from './kit.ts';

export interface NextMove {
  /** Null where nobody has to do anything. */
  who: string | null;
  what: string;
  until: string | null;
}

export function findNextMove(one: CaseJson, visit: Pick<ui.Visit, 'people'>): NextMove {
  const move = (who: string | null, what: string, until: string | null = null): NextMove => ({ who, what, until });
  const name = (person: string | null) => person && ui.nameOf(visit, person);
  if (one.needsPerson !== null) return move('A case manager', `decides: ${one.needsPerson}`);
  if (one.loop === 'working') return findWorkingMove();
  const asked = one.followUps.find(({ kind, generation }) => kind === 'customer' && generation === one.generation);
  const customers = one.kind === 'strategic' ? 'the customers' : 'the customer';
  if (one.loop === 'asked') return move(`T${customers.slice(1)}`, 'answers whether it is solved');
  if (one.loop === 'resolved' && one.action === 'case') {
    if (one.waitsFor !== null) return move(null, `Asking ${customers} waits for ${one.waitsFor}.`);
    if (asked?.state === 'due') return move('Caselite', `asks ${customers} whether it is solved`, asked.dueAt);
  }
  const notAsked = asked?.state === 'skipped' ? ` Nobody was asked: ${asked.why}.` : '';
  return move(null, ui.describeLoopState(one.loop, one.action).means + notAsked);

  function findWorkingMove(): NextMove {
    if (one.pausedAt !== null) return move('The customer', 'answers first; the clock is paused');
    if (one.assignee === null) return move('A case manager', 'names somebody who works on it', one.dueAt);
    const isContactDue = one.firstContactAt === null && one.firstContactDueAt !== null && one.kind === 'tactical';
    if (isContactDue)
      return move(name(one.loopOwner) ?? name(one.assignee), 'contacts the customer', one.firstContactDueAt);
    return move(name(one.assignee), one.kind === 'strategic' ? 'works on the cause' : 'solves the problem', one.dueAt);
  }
}
