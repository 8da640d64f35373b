import { writtenTable } from '#test/simulation/crash-points.ts';

/*
 * Imported before the worker, in the real runtime: names what Caselite is about to do, and stops it there. The names are
 * those of the crash points. A kill has no effect of its own: the line on the error stream asks for SIGKILL, and nothing
 * goes on until it comes. A restart forgets the plan.
 */

/** What to do at which point: `crash before: mail send`, for instance. */
export interface Plan {
  /** Source of a regular expression. */
  at: string;
  /** `kill` the process, `abort` the object, or only what the name says of the call. */
  act: 'kill' | 'abort';
  /** The plan from then on. */
  then?: Plan;
}

interface Context {
  abort(why: string): void;
}

type Method = (this: Storage, ...values: never[]) => unknown;
interface Storage {
  sync(): Promise<void>;
  transactionSync<Result>(work: () => Result): Result;
  setAlarm(at: number): Promise<void>;
  sql: { exec(query: string, ...values: unknown[]): unknown };
}

/** Added to the machine's time; the program that starts the runtime writes it into the bundle. */
declare global {
  var pointsOffsetMs: number | undefined;
}

let plan: Plan | null = null;
let context: Context | null = null;
/** Tables of the transaction under way; an aborted object ends none. */
let tables: Set<string> | null = null;
/** Whether a create without an answer is looked for at present. */
let isCreateLost = false;

export function setPlan(wanted: Plan | null): void {
  plan = wanted;
}

/** Stops at a point of the plan; true where the call of that name has to be lost instead. */
function reach(point: string): boolean {
  if (plan === null || !new RegExp(plan.at).test(point)) return false;
  const { act } = plan;
  plan = plan.then ?? null;
  console.error(`POINT ${act} ${point}`);
  if (point.startsWith('lost ')) return true;
  if (act === 'kill') for (;;);
  context?.abort(`aborted at ${point}`);
  return false;
}

const offset = () => globalThis.pointsOffsetMs ?? 0;

/** Moves the worker's clock by the offset, and its alarms back to the machine's. */
function moveClock(): void {
  const Machine = Date;
  const moved = class extends Machine {
    constructor(...values: number[]) {
      super(...((values.length === 0 ? [Machine.now() + offset()] : values) as [number]));
    }
    static override now(): number {
      return Machine.now() + offset();
    }
  };
  Reflect.set(globalThis, 'Date', moved);
}

/** Names each write by the tables that it touches, in a transaction or alone. */
function watchStorage(storage: Storage): void {
  const own = Object.getPrototypeOf(storage) as Storage & { isWatched?: boolean };
  if (own.isWatched) return;
  own.isWatched = true;
  const rows = Object.getPrototypeOf(storage.sql) as Storage['sql'];
  const { transactionSync, sync, setAlarm } = own;
  const { exec } = rows;
  const after = (from: Storage, name: string) => {
    if (plan && new RegExp(plan.at).test(`crash after: ${name}`))
      void sync.call(from).then(() => reach(`crash after: ${name}`));
  };
  const set = <Key extends string>(target: object, key: Key, method: Method) =>
    Object.assign(target, { [key]: method });
  set(own, 'transactionSync', function (this: Storage, work: () => unknown) {
    if (tables !== null) return transactionSync.call(this, work);
    const touched = new Set<string>();
    tables = touched;
    try {
      const result = transactionSync.call(this, () => {
        const done = work();
        if (touched.size > 0) reach(`crash before: write ${[...touched].join(' ')}`);
        return done;
      });
      if (touched.size > 0) after(this, `write ${[...touched].join(' ')}`);
      return result;
    } finally {
      tables = null;
    }
  } as Method);
  set(own, 'sync', async function (this: Storage) {
    reach('crash before: sync');
    await sync.call(this);
    reach('crash after: sync');
  });
  set(own, 'setAlarm', function (this: Storage, at: number) {
    return setAlarm.call(this, at - offset());
  } as Method);
  Object.assign(rows, {
    exec(this: Storage['sql'], query: string, ...values: unknown[]) {
      const table = writtenTable.exec(query)?.[1];
      if (table === undefined) return exec.call(this, query, ...values);
      if (tables !== null) tables.add(table);
      else reach(`crash before: write ${table}`);
      const result = exec.call(this, query, ...values);
      if (tables === null) after(storage, `write ${table}`);
      return result;
    },
  });
}

const ofLinear: [RegExp, string][] = [
  [/issueCreate/, 'createIssue'],
  [/commentCreate/, 'addComment'],
  [/issueUpdate|attachment/, 'editIssue'],
  [/comments\(/, 'hasComment'],
  [/updatedAt/, 'listChanges'],
];

/** The port's name of a request to a vendor. */
function nameOf(method: string, url: string, body: string): string {
  const { pathname } = new URL(url);
  if (pathname.endsWith('/emails')) return method === 'POST' ? 'mail send' : 'mail listSent';
  const read = (name: string) => `tracker ${isCreateLost ? 'findCreatedIssue' : name}`;
  if (pathname.endsWith('/graphql')) {
    const found = ofLinear.find(([pattern]) => pattern.test(body))?.[1] ?? 'readIssue';
    return ['createIssue', 'addComment', 'editIssue'].includes(found) ? `tracker ${found}` : read(found);
  }
  const isOfParent = body.includes('"parent"');
  if (/\/issues?$/.test(pathname) && method === 'POST')
    return isOfParent ? 'tracker addSubIssue' : 'tracker createIssue';
  if (/\/comments?$/.test(pathname)) return method === 'POST' ? 'tracker addComment' : 'tracker hasComment';
  if (method !== 'GET' && !pathname.includes('/search')) return 'tracker editIssue';
  return read(/\/issues?\/[^/]+$/.test(pathname) ? 'readIssue' : 'listChanges');
}

function watchCalls(): void {
  const send = globalThis.fetch;
  const lost = () => new TypeError('the connection was lost');
  globalThis.fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    const body = request.method === 'GET' ? '' : await request.clone().text();
    const name = nameOf(request.method, request.url, body);
    const note = (isLost: boolean) => {
      if (isLost && name === 'tracker createIssue') isCreateLost = true;
      return isLost;
    };
    reach(`crash before: ${name}`);
    if (note(reach(`lost before: ${name}`))) throw lost();
    const answer = await send(request);
    reach(`crash after: ${name}`);
    if (note(reach(`lost after: ${name}`))) throw lost();
    if (name === 'tracker findCreatedIssue') isCreateLost = false;
    return answer;
  };
}

/** Called with each object that begins. */
export function watch(ctx: Context & { storage: unknown }): void {
  context = ctx;
  tables = null;
  watchStorage(ctx.storage as Storage);
}

/** The answer to a delivery never reaches its sender. */
export const loseAnswer = (path: string): boolean => path.includes('/hooks/') && reach('lost after: write deliveries');

moveClock();
watchCalls();
