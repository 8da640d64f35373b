import { actOnCase } from '../../issues/act-on-case.ts';
import { AppError, basics } from '../../kit.ts';
import type { Kind } from '../../queues/outbox-kind.ts';

/** An action of the case page that nobody withdrew. It is done in the transaction that ends its row, so once. */
export const caseActKind: Kind<'case.act'> = {
  unknown: 'repeat',
  call: async () => null,

  settle(core, { payload: { caseId, action } }) {
    try {
      core.sql.transaction(() => actOnCase(core, caseId, { ...action, isUndoable: false }));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      basics.record(core, caseId, 'command not obeyed', `${action.action}: ${error.message}`, { who: action.who });
    }
  },
};
