import type { Visit } from '#src/views/visit.ts';
import { call } from '#src/workspace/call.ts';
import type { Core } from '#src/workspace/core.ts';
import type { Operations } from '#src/workspace/operations.ts';

/** Dana, a case manager, on a page of the workspace. */
export function createVisit(core: Core): Visit {
  const about = call(core, { kind: 'person', person: 'dana' }, 'about', [null]) as ReturnType<Operations['about']>;
  return { ...about, workspace: 'acme', person: 'dana', access: 'manager', now: core.clock.now(), query: {} };
}
