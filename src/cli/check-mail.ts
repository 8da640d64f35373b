import { AppError } from '#domain/base/errors.ts';
import type { Settings } from '#domain/templates/settings.ts';
import { createIntegrations, type Variables } from '../wiring.ts';

/**
 * Checks a workspace's mail provider and the sender's domain.
 *
 * @returns one line per finding, and whether any of them stops mail
 */
export async function checkMail(
  settings: Settings,
  variables: Variables,
): Promise<{ lines: string[]; isWrong: boolean }> {
  const name = `mail (${settings.workspace.mail.kind})`;
  try {
    const mailer = await createIntegrations(settings, variables).mailer();
    const findings = await mailer.check();
    if (findings.length === 0) return { lines: [`${name}: all is well`], isWrong: false };
    return {
      lines: findings.map(
        ({ blocking, message, remedy }) => `${name} ${blocking ? 'STOPS' : 'note'}: ${message}; ${remedy}`,
      ),
      isWrong: findings.some(({ blocking }) => blocking),
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { lines: [`${name} STOPS: ${error.message}; set it right and start again`], isWrong: true };
  }
}
