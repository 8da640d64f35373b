import type { Seen } from './read.ts';

/** Rules of what strangers may read, and of what hosts had to complain about. */
export const privacyRules = { nobodyPersonalInTrackers, hostsHaveNoComplaints };

function nobodyPersonalInTrackers({ sent, trackerText, log }: Seen): string[] {
  const texts = { 'a tracker': trackerText.toLowerCase(), 'a log': log.join('\n').toLowerCase() };
  const canaries = new Set(
    sent
      .flatMap(({ customer: { key, email, name, words } }) => [key, email, name, words])
      .map((text) => text.toLowerCase()),
  );
  const forms = (canary: string) => [
    canary,
    encodeURIComponent(canary),
    Buffer.from(canary).toString('base64').replace(/=+$/, ''),
    Buffer.from(canary).toString('hex'),
  ];
  return [...canaries].flatMap((canary) =>
    Object.entries(texts).flatMap(([place, text]) =>
      forms(canary).some((form) => text.includes(form.toLowerCase())) ? [`${canary} stands in ${place}`] : [],
    ),
  );
}

/** No call deviated from a host's rules, came too early or was too much. */
function hostsHaveNoComplaints({ complaints }: Seen): string[] {
  return complaints;
}
