import type { MiddlewareHandler } from 'hono';
import { minuteMs } from '#domain/time/units.ts';
import { variable } from '../deployment.ts';
import { renderErrorPage } from '../views/message-page.tsx';
import type { HonoContext, HonoEnvironment } from './workspace-access.ts';

/* Limits of requests by client address and door, in the memory of one worker, so that counting costs nothing. */

type Rate = { burst: number; perMinute: number };

const mostClients = 10_000;

/** Token buckets by key, of which the least recently used are forgotten. */
export class RequestCounter {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Counts a request. @returns the wait until the next one in milliseconds; 0 within the rate */
  take(key: string, now: number): number {
    const { burst, perMinute } = this.#rate;
    const known = this.#buckets.get(key);
    const refilled = known ? known.left + (Math.max(0, now - known.at) * perMinute) / minuteMs : burst;
    const before = Math.min(burst, refilled);
    // A wait is rounded, and so is what has come back after it.
    const isWithin = before > 1 - 1e-6;
    this.#buckets.delete(key);
    this.#buckets.set(key, { left: isWithin ? Math.max(0, before - 1) : before, at: now });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > mostClients && oldest !== undefined) this.#buckets.delete(oldest);
    return isWithin ? 0 : Math.ceil(((1 - before) * minuteMs) / perMinute);
  }
}

/** Statuses that count as refused, by door. Requests that are let in are never limited. */
const refusedStatuses = {
  hook: [400, 401, 408, 413, 415, 422],
  link: [404],
  page: [401],
  form: [401, 403],
  api: [401],
  operator: [401],
  open: [],
};
type LimitedDoor = keyof typeof refusedStatuses;

const refused: Rate = { burst: 100, perMinute: 60 };
const counters = new Map<string, RequestCounter>();

/** Limits the refused requests of a client at a door: beyond the rate they hear 429 and when to come back. */
export function limitRefusals(door: LimitedDoor, now: () => number = Date.now): MiddlewareHandler<HonoEnvironment> {
  const counter = counters.get(door) ?? new RequestCounter(refused);
  counters.set(door, counter);
  return async (c, next) => {
    await next();
    if (!(refusedStatuses[door] as number[]).includes(c.res.status)) return;
    const client = findClientAddress(c);
    if (client === null) return;
    const wait = counter.take(client, now());
    if (wait === 0) return;
    const answer = await answerTooMany(c, door === 'hook' || door === 'api', wait);
    c.res = undefined;
    c.res = answer;
  };
}

/** Limits all requests of a client to an address that does work for anybody, such as sending a link by mail. */
export function limitRequests(
  counter = new RequestCounter({ burst: 20, perMinute: 20 }),
  now: () => number = Date.now,
): MiddlewareHandler<HonoEnvironment> {
  return async (c, next) => {
    const client = findClientAddress(c);
    const wait = client === null ? 0 : counter.take(client, now());
    return wait > 0 ? answerTooMany(c, false, wait) : next();
  };
}

function answerTooMany(c: HonoContext, isProgram: boolean, wait: number): Response | Promise<Response> {
  const seconds = String(Math.ceil(wait / 1000));
  const detail = `Too many requests; try again in ${seconds} seconds.`;
  const headers = { 'retry-after': seconds };
  if (!isProgram) return c.html(renderErrorPage('Too many requests', detail), 429, headers);
  const problem = { type: 'about:blank', title: 'too-many-requests', status: 429, detail };
  return c.json(problem, 429, { ...headers, 'content-type': 'application/problem+json' });
}

/** Client's address by the trusted header, else the peer's, without a port; null where unknown. IPv6 counts by its network. */
function findClientAddress(c: HonoContext): string | null {
  const header = variable(c.env, 'CLIENT_ADDRESS_HEADER');
  const { cf } = c.req.raw as Request & { cf?: { clientIp?: string } };
  const given = (header ? c.req.header(header)?.split(',').at(-1) : cf?.clientIp) ?? '';
  const withoutPort = given.trim().replace(/(?<=\.\d+|\]):\d+$/, '');
  const address = withoutPort.replace(/^\[?::ffff:(?=\d+\.)|^\[|\]$/gi, '');
  return address === '' ? null : address.includes(':') ? findNetwork(address) : address;
}

/** The first four groups of an IPv6 address, with the zeros that `::` leaves out. */
function findNetwork(address: string): string {
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = new Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  return [...head, ...zeros, ...tail].slice(0, 4).join(':');
}
