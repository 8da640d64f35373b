import type { Fetch, Sql } from '#domain/base/ports.ts';
import type { Chance } from './chance.ts';

/** The process died. Nothing that belonged to it does anything any more. */
export class Crash extends Error {}

export interface FaultRates {
  /** Per port call. */
  crash: number;
  /** Per outside call, each kind alike. */
  integrations: number;
}

export interface Tally {
  crashes: number;
  unknowns: number;
  refusals: number;
  calls: number;
}

/** One life of the process: every port call may be its last. */
export interface Life {
  dead: boolean;
  step(): void;
}

export function newLife(chance: Chance, rates: () => FaultRates, tally: Tally): Life {
  const life: Life = {
    dead: false,
    step() {
      if (!life.dead && chance.happens(rates().crash)) {
        life.dead = true;
        tally.crashes += 1;
      }
      if (life.dead) throw new Crash();
    },
  };
  return life;
}

/** Dies before a statement, inside a transaction, or right after its commit. */
export function mortalSql(sql: Sql, life: Life): Sql {
  const after = <Result>(result: Result): Result => {
    life.step();
    return result;
  };
  return {
    all: (query, ...values) => {
      life.step();
      return sql.all(query, ...values);
    },
    run: (query, ...values) => {
      life.step();
      sql.run(query, ...values);
    },
    transaction: (work) => after(sql.transaction(work)),
  };
}

type IntegrationFault =
  | 'none'
  | 'refused'
  | 'lost'
  | 'late'
  | 'error-before'
  | 'error-after'
  | 'garbled'
  | 'limited';

const faults: IntegrationFault[] = [
  'refused',
  'lost',
  'late',
  'error-before',
  'error-after',
  'garbled',
  'limited',
];

const quietMs = 90_000;

interface FaultyHost {
  chance: Chance;
  rates(): FaultRates;
  tally: Tally;
  /** The host's own way to ask for quiet; null where it has none of its own. */
  limit(url: URL, waitMs: number): Response | null;
  /** Called when a request leaves. */
  sends(request: Request): void;
  /** Moves the clock while a call is under way. */
  advance(ms: number): void;
  /** The host takes the request in later, when nobody waits for the answer any more. */
  later(ms: number, work: () => Promise<void>): void;
  life(): Life;
  /** Waits until the caller may go on; `orphan` is what is left of the call when the process dies meanwhile. */
  turn(orphan?: () => void): Promise<void>;
}

/** What can happen to a call on its way: to the request, to the answer, to the process in between. */
export function faultyFetch(hosts: (url: URL) => Fetch, world: FaultyHost): Fetch {
  const { chance, tally } = world;
  return async (input, init) => {
    const life = world.life();
    life.step();
    // Without its signal: deadlines are the simulation's, and real time has no say.
    const request = new Request(input, { ...init, signal: null });
    const send = hosts(new URL(request.url));
    const isWrite = request.method !== 'GET';
    const late = () => {
      const copy = request.clone();
      world.later(chance.below(100_000), async () => {
        await send(copy);
      });
    };
    await world.turn(isWrite ? late : undefined);
    life.step();
    const fault = chance.happens(world.rates().integrations) ? chance.pick(faults) : 'none';
    tally.calls += 1;
    world.sends(request);
    world.advance(20 + chance.below(400));
    const answer = await answerWith(fault, send, request, world, isWrite);
    life.step();
    return answer;
  };
}

async function answerWith(
  fault: IntegrationFault,
  send: Fetch,
  request: Request,
  world: FaultyHost,
  isWrite: boolean,
): Promise<Response> {
  const unknown = () => {
    if (isWrite) world.tally.unknowns += 1;
  };
  switch (fault) {
    case 'none':
      return send(request);
    case 'refused':
      world.tally.refusals += 1;
      throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
    case 'limited':
      world.tally.refusals += 1;
      return (
        world.limit(new URL(request.url), quietMs) ??
        Response.json({ message: 'slow down' }, { status: 429, headers: { 'retry-after': '90' } })
      );
    case 'error-before':
      unknown();
      return Response.json({ message: 'oops' }, { status: 502 });
    case 'late': {
      unknown();
      const copy = request.clone();
      world.later(20_000 + world.chance.below(100_000), async () => {
        await send(copy);
      });
      world.advance(15_000);
      throw new DOMException('The operation timed out.', 'TimeoutError');
    }
    case 'lost':
      unknown();
      await send(request);
      world.advance(15_000);
      throw new DOMException('The operation timed out.', 'TimeoutError');
    case 'error-after':
      unknown();
      await send(request);
      return Response.json({ message: 'oops' }, { status: 500 });
    case 'garbled':
      unknown();
      await send(request);
      return new Response('<html>a proxy says hello', {
        status: 200,
        headers: { 'content-type': 'text/html' },
      });
  }
}
