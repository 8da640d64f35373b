import type { TrackerHook } from '#domain/integrations/tracker-definition.ts';
import { fromHex, hmacMatches } from './signature.ts';

type Hook = Parameters<TrackerHook['verify']>[0];

const longestId = 200;

/**
 * Verifies HMAC-SHA256 over the raw body in lower-case hex, as all three trackers sign.
 *
 * @returns the delivery's id, which a repetition keeps; null when it is not genuine
 */
export async function verifyHook(
  { body, headers }: Hook,
  secrets: string[],
  names: { signature: string; prefix: string; id: string },
): Promise<string | null> {
  const given = headers[names.signature] ?? '';
  const id = headers[names.id] ?? '';
  if (!given.startsWith(names.prefix) || id === '' || id.length > longestId) return null;
  const signature = fromHex(given.slice(names.prefix.length));
  return (await hmacMatches('SHA-256', secrets, body, signature)) ? id : null;
}
