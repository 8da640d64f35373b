import type { Core } from '../core.ts';
import { setTimer } from '../store/schedule.ts';
import { setReread } from '../store/sources.ts';

/** Starts rereading all stored responses of a source, newest first, after its settings or titles changed. */
export function startReread(core: Pick<Core, 'sql' | 'clock'>, source: string): void {
  setReread(core.sql, source, Number.MAX_SAFE_INTEGER);
  setTimer(core.sql, 'reread', source, core.clock.now());
}
