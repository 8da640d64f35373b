import type { Bindings } from './deployment.ts';
import type { Directory } from './workspace/directory.ts';
import type { Workspace } from './workspace/workspace.ts';

/** A namespace of objects for the routes: methods of a stub return promises. */
interface Objects<Methods> {
  idFromName(name: string): unknown;
  get(id: unknown): Stub<Methods>;
}

export type Stub<Methods> = {
  [Name in keyof Methods]: Methods[Name] extends (...values: infer Values) => infer Result
    ? (...values: Values) => Promise<Awaited<Result>>
    : never;
};

/** The two kinds of objects, beside variables and secrets. */
export interface Env extends Bindings {
  WORKSPACES: Objects<Workspace>;
  DIRECTORY: Objects<Directory>;
}
