import type { Stub } from './objects.ts';
import type { Caller } from './workspace/basics/case-operation.ts';
import type { OperationBeyondCore, Operations, Rest } from './workspace/operations.ts';
import type { Workspace } from './workspace/workspace.ts';

type Given<Value> = Value extends { who: string } ? Omit<Value, 'who'> & { who?: string | undefined } : Value;
type AllGiven<Values extends unknown[]> = { [Index in keyof Values]: Given<Values[Index]> };

/** Long work is a generator of steps, of which callers get the end. */
type Answer<Result> = Result extends Generator<void, infer Taken> ? Taken : Result;

type Success<Outcome> = Outcome extends { ok: true; value: infer Value } ? Value : never;

/** The operations of a workspace for one caller, which throw their errors. */
export type WorkspaceCalls = {
  [Name in keyof Operations]: (
    ...values: AllGiven<Rest<Operations[Name]>>
  ) => Promise<Answer<ReturnType<Operations[Name]>>>;
} & {
  [Name in OperationBeyondCore]: Stub<Workspace>[Name] extends (caller: Caller, ...values: infer Values) => infer Result
    ? (...values: Values) => Promise<Success<Awaited<Result>>>
    : never;
};

export type Values<Name extends keyof WorkspaceCalls> = Parameters<WorkspaceCalls[Name]>;
export type Value<Name extends keyof WorkspaceCalls> = Awaited<ReturnType<WorkspaceCalls[Name]>>;
