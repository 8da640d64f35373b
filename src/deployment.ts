import * as z from 'zod';
import { AppError } from '#domain/base/errors.ts';

/** What the runtime binds, by name: variables and secrets are text. */
export type Bindings = Record<string, unknown>;

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
export function deploymentOf(bindings: Bindings): { key: string; publicUrl: string } {
  const read = Deployment.safeParse(bindings);
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    throw new AppError('config', `Settings of the deployment: ${problems.join('; ')}`);
  }
  return { key: read.data.CASELITE_KEY, publicUrl: read.data.PUBLIC_URL.replace(/\/$/, '') };
}

/** A variable or secret by name; anything that is not text is none. */
export function variable(bindings: Bindings, name: string): string | undefined {
  const value = bindings[name];
  return typeof value === 'string' ? value : undefined;
}
