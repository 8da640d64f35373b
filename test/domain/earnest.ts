/** Acme's workspace file with the delays of a department in earnest; the shipped ones let a newcomer watch the loop. */
export const inEarnest = (text: string): string =>
  text.replace('delay: 10 seconds', 'delay: 1 day').replace('exempt: [opened, overdue', 'exempt: [overdue');
