/** Acme's workspace file with the delays of a department in earnest; the shipped ones let a newcomer watch the loop. */
export const inEarnest = (text: string): string =>
  text.replace('delay: 10 seconds', 'delay: 1 day').replace('exempt: [opened, overdue', 'exempt: [overdue');

/** The same text with openings exempt from quiet hours, as shipped: so no doubt is raised. */
export const exemptOpenings = (text: string): string => text.replace('exempt: [overdue', 'exempt: [opened, overdue');
