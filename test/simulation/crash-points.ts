/**
 * The crash points of a call's way that a process in memory can reach, by the failed calls that reach them. A
 * delivery's and a message's intent are committed before anything leaves, so each point lies next to a port call.
 */
export const crashPoints: Record<string, RegExp> = {
  'verified, not written': /^crash before: storage transaction$/,
  'written, not answered': /^crash after: storage transaction$/,
  'alarm fired, before claim': /^crash before: storage write$/,
  'call claimed': /^crash after: storage write$/,
  'intent written': /^crash before: tracker createIssue$/,
  'call leaves, host never got it': /^unknown without effect: tracker createIssue$/,
  'host committed, answer lost': /^unknown with effect: tracker createIssue$/,
  'answer in hand, not recorded': /^crash after: tracker createIssue$/,
  'comment answered, not recorded': /^crash after: tracker addComment$/,
  'between pages of a poll': /^crash after: tracker listChanges$/,
  'closure seen, not stored': /^crash after: tracker readIssue$/,
  'send intent written': /^crash before: mail send$/,
  'provider accepted, answer lost': /^unknown with effect: mail send$/,
  'provider accepted, not recorded': /^crash after: mail send$/,
};
