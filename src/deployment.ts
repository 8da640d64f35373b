import * as z from 'zod';
import { AppError, InvalidInputError } from '#domain/base/errors.ts';
import { findAddressOfSender, readMailAddress } from '#domain/base/mail-address.ts';
import type { Settings } from '#domain/templates/template.ts';
import type { DeploymentKeys } from './keyring.ts';

export type Bindings = Record<string, unknown>;

const Key = z.string('is missing').min(32, 'must have at least 32 characters; make one with: openssl rand -hex 32');

const Deployment = z.object({
  CASELITE_KEY: Key,
  CASELITE_KEY_PREVIOUS: z.union([z.literal(''), Key]).optional(),
  PUBLIC_URL: z.url('must be the address at which people reach Caselite, such as https://caselite.acme.example'),
});

/** Settings of the deployment. @throws AppError with every missing or wrong setting */
export function readDeployment(bindings: Bindings): DeploymentKeys & { publicUrl: string } {
  const read = Deployment.safeParse(bindings);
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    throw new AppError('config', `Settings of the deployment: ${problems.join('; ')}`);
  }
  const { CASELITE_KEY: key, CASELITE_KEY_PREVIOUS: previousKey, PUBLIC_URL } = read.data;
  return { key, previousKey: previousKey || undefined, publicUrl: PUBLIC_URL.replace(/\/$/, '') };
}

export function variable(bindings: Bindings, name: string): string | undefined {
  const value = bindings[name];
  return typeof value === 'string' ? value : undefined;
}

/** Settings with the sender of the deployment, where the workspace names no mail of its own. */
export function addDeploymentSender(settings: Settings, variables: (name: string) => string | undefined): Settings {
  const { mail } = settings.workspace;
  if (mail.from !== '') return settings;
  const from = variables('MAIL_FROM')?.trim() ?? '';
  const { problem } = readMailAddress(findAddressOfSender(from));
  if (problem === null) return { ...settings, workspace: { ...settings.workspace, mail: { ...mail, from } } };
  const why = from === '' ? 'the deployment has no MAIL_FROM' : `MAIL_FROM of the deployment ${problem}`;
  const message = `is missing, and ${why}; write mail: { kind: …, from: … }, or set MAIL_FROM="Acme <feedback@acme.example>"`;
  throw new InvalidInputError(`mail ${message}`, [{ field: 'mail', message }]);
}
