/**
 * The crash points of the system's ways from a delivery to a mail, each with the faults of port calls that reach it.
 * What runs before the core, such as a signature's check, has no port call here.
 */
export const crashPoints: Record<string, RegExp> = {
  'verified, not written': /^crash before: write deliveries$/,
  'written, not answered': /^crash after: write deliveries$/,
  'answer to the sender lost': /^lost after: write deliveries$/,
  'alarm fired, before claim': /^crash before: write runs$/,
  claimed: /^crash after: sync$/,
  'case opened, not stored': /^crash before: write .*\bcases\b.*\boutbox\b/,
  'intent written': /^crash after: write .*\bcases\b.*\boutbox\b/,
  'call leaves, host never got it': /^lost before: tracker createIssue$/,
  'host committed, answer lost': /^lost after: tracker createIssue$/,
  'answer in hand, not recorded': /^crash after: tracker createIssue$/,
  'comment answered, not recorded': /^crash after: tracker addComment$/,
  'sub-issue answered, not recorded': /^crash after: tracker addSubIssue$/,
  'recorded, next step not armed': /^crash after: write outbox cases/,
  'in read-back, before the look': /^crash before: tracker findCreatedIssue$/,
  'in read-back, between looks': /^crash after: tracker findCreatedIssue$/,
  'in the read-back of a comment': /^crash after: tracker hasComment$/,
  'between pages of a poll': /^crash after: tracker listChanges$/,
  'closure seen, not stored': /^crash after: tracker readIssue$/,
  'answers fetched, not stored': /^crash after: survey tool fetchResponse$/,
  'page of a back-fill read, not stored': /^crash after: survey tool listResponses$/,
  'page stored, watermark not moved': /^crash before: write walks forms$/,
  'follow-up scheduled': /^crash after: write .*\basks\b.*\bschedule\b/,
  'send intent written': /^crash before: mail send$/,
  'provider accepted, answer lost': /^lost after: mail send$/,
  'provider accepted, not recorded': /^crash after: mail send$/,
  'channel accepted, not recorded': /^crash after: channel send$/,
  'mail recorded': /^crash after: write outbox mails/,
  'reply read, not stored': /^crash before: write .*\bcomments\b.*\bnotices\b/,
  'reply stored, not sent on': /^crash after: write .*\bcomments\b.*\bnotices\b/,
  'opt-out, not stored': /^crash before: write .*\bopt_outs\b/,
  'opt-out stored': /^crash after: write .*\bopt_outs\b/,
  'erasure, not stored': /^crash before: write .*\bmerged_keys\b.*\baudit_log\b/,
  'erasure stored': /^crash after: write .*\bmerged_keys\b.*\baudit_log\b/,
};

/** Names of crash points that no fault of the stories reached. */
export const findMissedCrashPoints = (points: Record<string, RegExp>, hits: ReadonlySet<string>): string[] =>
  Object.entries(points).flatMap(([point, faults]) => ([...hits].some((hit) => faults.test(hit)) ? [] : [point]));

/** Table that a statement writes. */
export const writtenTable = /^\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) (\w+)/;
