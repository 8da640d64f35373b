/** Internal words of the team, which no customer may read, and words that a declined customer must read. */
export const insideWords = 'insidewords of the team';
export const outsideWords = 'outsidewords for the customer';

/** Words that no person of the workspace writes. */
export const canary = 'canarystrangerwords';
