import { questionsFetchKind, responseFetchKind } from '../intake/source-calls.ts';
import { actOnCase } from '../issues/act-on-case.ts';
import { AppError, basics, type Core, store } from '../kit.ts';
import { recordSuccessfulCall } from '../queues/circuit-breaker.ts';
import { hookRegisterKind } from '../queues/hooks.ts';
import type { Kind, Kinds, Settled } from '../queues/outbox-kind.ts';
import { issueCallKinds } from './kinds/issue-call.ts';
import { issueCreateKinds } from './kinds/issue-create.ts';
import { issueEditKind } from './kinds/issue-edit.ts';
import { messageKinds } from './kinds/messages.ts';

/** An action of the case page that nobody withdrew. It is done in the transaction that ends its row, so once, or never. */
const caseActKind: Kind<'case.act'> = {
  unknown: 'repeat',
  call: async () => null,

  settle(core, { payload: { caseId, action } }, { failed }) {
    const refuse = (why: string) =>
      basics.record(core, caseId, 'command not obeyed', `${action.action}: ${why}`, { who: action.who });
    if (failed) return refuse(failed);
    try {
      core.sql.transaction(() => actOnCase(core, caseId, { ...action, isUndoable: false }));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refuse(error.message);
    }
  },
};

const kinds: Kinds = {
  ...issueCreateKinds,
  ...issueCallKinds,
  'issue.edit': issueEditKind,
  'case.act': caseActKind,
  ...messageKinds,
  'hook.register': hookRegisterKind,
  'response.fetch': responseFetchKind,
  'questions.fetch': questionsFetchKind,
};

export const kindOf = <Name extends store.OutboxKind>(row: store.OutboxRow<Name>): Kind<Name> => kinds[row.kind];

/** Records a successful call together with its consequences; null where no call was needed. */
export const finish = (core: Core, row: store.OutboxRow, settled: Settled | null): void =>
  core.sql.transaction(() => {
    store.markEnded(core.sql, row.id, { state: 'done', at: core.clock.now(), error: null });
    kindOf(row).settle(core, row, settled ?? {});
    const wasRefused = store.refusals.has(core.sql, refusalOf(row));
    store.refusals.delete(core.sql, refusalOf(row));
    if (!settled) return;
    // Such an issue needs less than those of cases, so it proves no permission of theirs.
    const isProof = row.state !== 'unknown' && !/^(issue\.(huddle|test)|hook)/.test(row.kind);
    const proved = row.kind === 'issue.create' ? 'create' : 'write';
    recordSuccessfulCall(core, row.queue, isProof ? proved : 'read');
    if (row.attempts > 0) store.endBackoffsOfQueue(core.sql, row.queue, core.clock.now());
    if (wasRefused) store.hastenRefusedKind(core.sql, row.queue, row.kind, core.clock.now());
  });

const refusalOf = (row: store.OutboxRow) => ({ caseId: row.orderingKey.replace(/^case:/, ''), part: row.kind });

/** Ends a row for good without success, in a transaction: nothing of it is intended any more. */
export function endWithoutSuccess(core: Core, row: store.OutboxRow, failed: string, isUnknown = false): void {
  store.markEnded(core.sql, row.id, { state: 'refused', at: core.clock.now(), error: failed });
  store.refusals.delete(core.sql, refusalOf(row));
  kindOf(row).settle(core, row, { failed, isUnknown });
}
