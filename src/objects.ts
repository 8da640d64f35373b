import type { Clock } from '#domain/base/ports.ts';
import { type Bindings, variable } from './deployment.ts';

/** The clock of the platform, in UTC milliseconds. */
export const platformClock: Clock = { now: () => Date.now() };

export interface Objects<Methods> {
  idFromName(name: string): unknown;
  get(id: unknown): Stub<Methods>;
  jurisdiction(name: string): Objects<Methods>;
}

export type Stub<Methods> = {
  [Name in keyof Methods]: Methods[Name] extends (...values: infer Values) => infer Result
    ? (...values: Values) => Promise<Awaited<Result>>
    : never;
};

/** An object by its name in the deployment's `JURISDICTION`; the same name in another one is another object. */
export function findObject<Methods>(env: Bindings, objects: Objects<Methods>, name: string): Stub<Methods> {
  const jurisdiction = variable(env, 'JURISDICTION');
  const chosen = jurisdiction ? objects.jurisdiction(jurisdiction) : objects;
  return chosen.get(chosen.idFromName(name));
}
