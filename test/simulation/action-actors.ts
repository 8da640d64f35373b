import { AppError } from '#domain/base/errors.ts';
import { type ActionName, undoableActions } from '#domain/cases/action.ts';
import { actOnCase } from '#src/workspace/issues/act-on-case.ts';
import { isIssueRefused } from '#src/workspace/issues/close.ts';
import { listHeldActions, undoAction } from '#src/workspace/issues/pending-changes.ts';
import { getCase } from '#src/workspace/store/cases.ts';
import { strangers } from '#test/harness/emulated-hosts.ts';
import type { Chance } from './chance.ts';
import { ownIssues } from './copies.ts';
import { canary, insideWords, outsideWords } from './words.ts';
import type { World } from './world.ts';

const trackers = ['support', 'product', 'growth'] as const;

const meddling = [
  `/severity urgent because ${canary}`,
  `/root-cause ${canary}`,
  `/due 2031-05-05 because ${canary}`,
  `/close because ${canary}`,
  `/declined because ${canary}\n/unable because ${canary}`,
  `/what-changed ${canary}`,
  `/shipped ${canary}\n!reopen because ${canary}`,
  `/snooze 30d because ${canary}\n/assign sam because ${canary}`,
];

/** A person unknown to the workspace gives commands, and sometimes closes an issue. */
export async function meddle(world: World, chance: Chance): Promise<void> {
  const tracker = chance.pick(trackers);
  const trackerUser = world.trackerUser[tracker];
  const issues = await ownIssues(world, tracker);
  if (issues.length === 0) return;
  const { id, key, state } = chance.pick(issues);
  await trackerUser.comment(key, strangers[tracker], chance.pick(meddling));
  if (state === 'closed' || chance.happens(0.7)) return;
  await trackerUser.close(key, strangers[tracker]);
  world.closings.push({ tracker, id, kind: 'completed' });
}

/** A closer whose closing was undone closes the issue again. */
export async function closeAgain(world: World, chance: Chance): Promise<void> {
  for (const tracker of trackers) {
    const trackerUser = world.trackerUser[tracker];
    const undone = (await ownIssues(world, tracker)).find(
      ({ state, comments }) => state === 'open' && comments.some(({ text }) => text.includes('only case managers may')),
    );
    if (!undone || chance.happens(0.3)) continue;
    await trackerUser.close(undone.key, strangers[tracker]);
    world.closings.push({ tracker, id: undone.id, kind: 'completed' });
  }
}

const wishes: [action: ActionName, value: string, because: string | null][] = [
  ['comment', 'Please look at this.', null],
  ['note', 'They called again.', null],
  ['owner', 'dana', null],
  ['severity', 'high', 'they called again'],
  ['severity', 'low', null],
  ['due', '2026-12-02', 'agreed with them'],
  ['due', '60 hours', 'agreed with them'],
  ['status', 'Pending', 'we wait for an answer'],
  ['status', 'Open', null],
  ['assign', 'priya', 'she knows it'],
  ['assign', 'nobody', null],
  ['root-cause', 'a missing file', null],
  ['link', 'C-1', 'the same cause'],
  ['duplicate', 'C-2', null],
  ['close', '', `it works again, ${insideWords}`],
  ['decline', '', outsideWords],
  ['reopen', '', `it broke again, ${insideWords}`],
  ['shipped', '2.4', null],
];

/** A person acts on a case from its page; the form is sometimes sent twice. */
export async function actFromPage(world: World, chance: Chance): Promise<void> {
  const cases = world.sql.all<{ id: string }>('SELECT id FROM cases ORDER BY number');
  if (cases.length === 0) return;
  const { id } = chance.pick(cases);
  const [action, value, because] = chance.pick(wishes);
  const who = chance.pick(['dana', 'dana', 'sam', 'priya']);
  const whatChanged = action === 'close' && chance.happens(0.5) ? 'The button is back.' : null;
  const form = { rootCause: null, whatChanged, mention: [], once: `form ${world.now}` };
  const wish = { action, value, because, who, ...form };
  for (const _ of chance.happens(0.3) ? [1, 2] : [1]) {
    const done = await world.mortal(() => {
      try {
        world.core.sql.transaction(() => actOnCase(world.core, id, wish));
        return true;
      } catch (error) {
        if (error instanceof AppError) return false;
        throw error;
      }
    });
    if (done && (action === 'close' || action === 'decline')) world.closedFromPage.add(id);
    if (done && action === 'shipped') world.shippedFromPage.add(id);
  }
}

/** A case manager ends a case whose issue the tracker refuses, and sometimes opens it again. */
export async function endWithoutIssue(world: World, chance: Chance): Promise<void> {
  const cases = world.sql.all<{ id: string }>('SELECT id FROM cases WHERE issue_id IS NULL ORDER BY number');
  for (const { id } of cases) {
    const caseRecord = getCase(world.sql, id);
    const isOver = caseRecord.loop !== 'working';
    const isRefused = () => isIssueRefused({ ...world.core, sql: world.sql }, caseRecord);
    if (caseRecord.closing || !(chance.happens(0.2) && (isOver || isRefused()))) continue;
    const action = isOver ? 'reopen' : chance.pick(['close', 'decline'] as const);
    const because = action === 'decline' ? outsideWords : insideWords;
    const form = { value: '', rootCause: null, whatChanged: null, mention: [], once: `ended ${id} ${world.now}` };
    await world.mortal(() => {
      try {
        world.core.sql.transaction(() => actOnCase(world.core, id, { ...form, action, because, who: 'dana' }));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
    });
    if (action !== 'reopen') world.closedFromPage.add(id);
  }
}

/** A person acts on a case from its page, and withdraws some of it within the seconds that Undo has. */
export async function actAndUndo(world: World, chance: Chance): Promise<void> {
  const cases = world.sql.all<{ id: string }>('SELECT id FROM cases ORDER BY number');
  if (cases.length === 0) return;
  const { id } = chance.pick(cases);
  const [action, value] = chance.pick(wishes.filter(([name]) => undoableActions.includes(name)));
  const because = `${action === 'decline' ? outsideWords : insideWords} ${world.now} ${id}`;
  const form = { rootCause: null, whatChanged: null, mention: [], once: `held ${world.now}`, isUndoable: true };
  const act = () => {
    actOnCase(world.core, id, { action, value: action === 'close' ? '' : value, because, who: 'dana', ...form });
    const [held] = listHeldActions(world.core, id);
    if (held && chance.happens(0.5)) undoAction(world.core, id, held.key);
  };
  await world.mortal(() => {
    try {
      world.core.sql.transaction(act);
      if (action === 'close' || action === 'decline') world.closedFromPage.add(id);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  });
}
