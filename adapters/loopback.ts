import { secondMs } from '#domain/time/units.ts';

/** Whether an address is this machine. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return /(^|\.)localhost$/.test(hostname) || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Programs that check mail follow its links and press its buttons within this time. */
const answerSettleMs = 15 * secondMs;

/** Nothing checks the mails of an emulated host, and people answer them at once. A relay on this machine is none. */
export const findAnswerSettleMs = (mailUrl: string): number =>
  /^http:/.test(mailUrl) && isLoopback(mailUrl) ? 0 : answerSettleMs;
