import type { Durability, Fetch, Sql } from '#domain/base/ports.ts';
import type { Integrations } from '#domain/integrations/integrations.ts';
import type { SurveyApi } from '#domain/integrations/survey-source.ts';
import type { Chance } from './chance.ts';

/** Integrations whose survey tools answer through a changed API. */
export const overSurveyApi = (integrations: Integrations, change: (api: SurveyApi) => SurveyApi): Integrations => ({
  ...integrations,
  source(name) {
    const known = integrations.source(name);
    if (!known) return null;
    return {
      ...known,
      api() {
        const api = known.api();
        return api && change(api);
      },
    };
  },
});

/** The process has died. None of its work continues. */
export class Crash extends Error {}

export interface FaultRates {
  /** Probability per port call. */
  crash: number;
  /** Probability per vendor call, equal for each kind of fault. */
  integrations: number;
  /** Kinds of faults that may happen; all without it. */
  kinds?: ReadonlySet<string>;
}

export interface Tally {
  crashes: number;
  unknowns: number;
  refusals: number;
  calls: number;
  /** Number of faults by kind. */
  kinds: Record<string, number>;
}

/** One life of the process, which may end at any port call. */
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

/** Dies before a statement, inside a transaction, or right after a commit. */
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

/** Dies before or after the writes so far are stored. */
export const mortalDurability = ({ sync }: Durability, life: Life): Durability => ({
  async sync() {
    life.step();
    await sync();
    life.step();
  },
});

/** Faults of one call to a vendor. */
export const callFaults = ['refused', 'lost', 'late', 'error-before', 'error-after', 'garbled', 'limited'] as const;
export type CallFault = (typeof callFaults)[number];

const quietMs = 90_000;

interface FaultyHost {
  chance: Chance;
  rates(): FaultRates;
  tally: Tally;
  /** A rate-limit answer in the host's own format; null for a host without one. */
  limit(url: URL, waitMs: number): Response | null;
  /** Stores all writes so far, as the platform does before a request leaves. */
  commit(): void;
  /** Called when a request is sent. */
  sends(request: Request): void;
  /** Moves the clock during a call. */
  advance(ms: number): void;
  /** The host receives the request later, when the caller no longer waits for an answer. */
  later(ms: number, work: () => Promise<void>): void;
  life(): Life;
  /** Waits until the caller may continue; `orphan` runs the rest of the call if the process dies meanwhile. */
  turn(orphan?: () => void): Promise<void>;
}

/** Faults on a call's way: in the request, in the answer, and in the process between them. */
export function faultyFetch(hosts: (url: URL) => Fetch, world: FaultyHost): Fetch {
  const { chance, tally } = world;
  return async (input, init) => {
    const life = world.life();
    life.step();
    // The signal is dropped: the simulation decides deadlines, and real time has no effect.
    const request = new Request(input, { ...init, signal: null });
    const send = hosts(new URL(request.url));
    const isWrite = request.method !== 'GET';
    const late = () => {
      const copy = request.clone();
      world.later(chance.below(100_000), async () => {
        await send(copy);
      });
    };
    world.commit();
    await world.turn(isWrite ? late : undefined);
    life.step();
    const fault = chance.happens(world.rates().integrations) ? chance.pick(callFaults) : 'none';
    tally.calls += 1;
    world.sends(request);
    world.advance(20 + chance.below(400));
    const answer = await answerWith(fault, send, request, world, isWrite);
    life.step();
    return answer;
  };
}

async function answerWith(
  fault: CallFault | 'none',
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
