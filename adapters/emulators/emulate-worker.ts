/* One service of `emulate` in a thread with a clock that can be set, so that a replayed change keeps its first time. */
import { parentPort, workerData } from 'node:worker_threads';
import { createEmulator, type EmulatorOptions } from 'emulate';

const SystemDate = Date;
let pinned: number | null = null;

class PinnableDate extends SystemDate {
  constructor(...parts: [] | [number | string | Date]) {
    if (parts.length === 0) super(PinnableDate.now());
    else super(...parts);
  }

  static override now(): number {
    return pinned ?? SystemDate.now();
  }
}

globalThis.Date = PinnableDate as DateConstructor;

await createEmulator(workerData as EmulatorOptions);

parentPort?.on('message', (at: number | null) => {
  pinned = at;
  parentPort?.postMessage('set');
});
parentPort?.postMessage('ready');
