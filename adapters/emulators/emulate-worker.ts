/* One service of `emulate` in a thread with a clock that can be set, so that a replayed change keeps its first time. */
import { subscribe } from 'node:diagnostics_channel';
import type { AddressInfo, Server } from 'node:net';
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

let port = 0;
// `emulate` keeps to itself which port it took.
subscribe('tracing:net.server.listen:asyncEnd', (message) => {
  ({ port } = (message as { server: Server }).server.address() as AddressInfo);
});
await createEmulator(workerData as EmulatorOptions);

parentPort?.on('message', (at: number | null) => {
  pinned = at;
  parentPort?.postMessage('set');
});
parentPort?.postMessage(port);
