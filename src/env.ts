import * as z from 'zod';
import { AppError } from '#domain/errors.ts';
import type { Directory } from './workspace/directory.ts';
import type { Workspace } from './workspace/workspace.ts';

/** A namespace of objects as the routes see it: a stub's methods answer promises. */
export interface Objects<Methods> {
  idFromName(name: string): unknown;
  get(id: unknown): Stub<Methods>;
}

export type Stub<Methods> = {
  [Name in keyof Methods]: Methods[Name] extends (...values: infer Values) => infer Result
    ? (...values: Values) => Promise<Awaited<Result>>
    : never;
};

/** What the runtime binds: the two kinds of objects, and variables and secrets as text. */
export interface Env {
  WORKSPACES: Objects<Workspace>;
  DIRECTORY: Objects<Directory>;
  [name: string]: unknown;
}

const Deployment = z.object({
  CASELITE_KEY: z
    .string('is missing')
    .min(32, 'must have at least 32 characters; make one with: openssl rand -hex 32'),
  PUBLIC_URL: z.url(
    'must be the address at which people reach Caselite, such as https://caselite.acme.example',
  ),
});

/**
 * The deployment's own settings.
 *
 * @throws AppError naming every setting that is missing or wrong
 */
export function deploymentOf(env: Env): { key: string; publicUrl: string } {
  const read = Deployment.safeParse(env);
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    throw new AppError('config', `Settings of the deployment: ${problems.join('; ')}`);
  }
  return { key: read.data.CASELITE_KEY, publicUrl: read.data.PUBLIC_URL.replace(/\/$/, '') };
}

/** A variable or secret by name; anything that is not text is none. */
export function variable(env: Env, name: string): string | undefined {
  const value = env[name];
  return typeof value === 'string' ? value : undefined;
}
