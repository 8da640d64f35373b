import type { Bindings } from './deployment.ts';
import { findObject, type Objects, type Stub } from './objects.ts';
import type { Directory } from './workspace/directory.ts';
import type { Workspace } from './workspace/workspace.ts';

export type Env = Bindings & { WORKSPACES: Objects<Workspace>; DIRECTORY: Objects<Directory> };

export const directoryOf = (env: Env): Stub<Directory> => findObject(env, env.DIRECTORY, 'directory');

export const workspaceOf = (env: Pick<Env, 'WORKSPACES'> & Bindings, name: string): Stub<Workspace> =>
  findObject(env, env.WORKSPACES, name);
