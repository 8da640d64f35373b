import { type Core, dayMs, minuteMs, store } from '../kit.ts';

/** Time after a release in which the work of the lost time is done again. */
const catchUpMs = 10 * minuteMs;
/** Time after a release in which a customer is not asked again what was asked in the lost time. */
const rememberedMs = 30 * dayMs;

/** When a case is due may differ where the work of the lost time is done again. */
const withoutDueTime = (subject: string): string => subject.replace(/ · (?:due [^·]*|\d+ \w+ late)(?= ·|$)/u, '');

export const markOfMail = (core: Core, address: string, subject: string): string =>
  core.keys.mac('later-mail.1', core.workspace, address.trim().toLowerCase(), withoutDueTime(subject));

/** Outcome of a mail that left between a backup and its restore, or may have; null for every other mail. */
export function findLostOutcome(
  core: Core,
  { address, subject, kind }: Pick<store.Mail, 'address' | 'subject' | 'kind'>,
): Pick<store.Mail, 'state' | 'provider' | 'why'> | null {
  const restore = store.findRestore(core.sql);
  if (!restore || kind === 'sign-in') return null;
  const now = core.clock.now();
  const released = restore.releasedAt ?? now;
  const isCatchingUp = now <= released + catchUpMs;
  if (now > released + rememberedMs || (kind === 'notice' && !isCatchingUp)) return null;
  const provider = store.takeLaterMail(core.sql, markOfMail(core, address, subject));
  if (provider) return { state: 'sent', provider, why: 'it left before the restore' };
  if (!isCatchingUp || restore.listsMails !== false) return null;
  return {
    state: 'unknown',
    provider: null,
    why: 'it may have left before the restore, and the mail host lists no mail',
  };
}
