/** Texts of mails and survey pages that do not depend on the survey; `{name}` is the workspace's name. */
export interface FixedTexts {
  why: string;
  noMoreMail: string;
  buttonFails: string;
  send: string;
  nothingSent: string;
  optional: string;
  withUs: string;
  notSent: string;
  choose: string;
  error: string;
  thankYou: string;
  change: string;
  over: string;
  overWhy: string;
  stopTitle: string;
  stopQuestion: string;
  stopEffect: string;
  stopButton: string;
  stopped: string;
  stoppedEffect: string;
  done: string;
  doneTogether: string;
  /** Names a case to its customer by the answer that opened it; `{date}` is the date of that answer. */
  answerOf: string;
  /** Names a case that was opened by hand; `{date}` is the date of the opening. */
  reportOf: string;
  /** A further case in the same mail; `{answer}` is its `answerOf` or `reportOf`. */
  also: string;
  alsoDeclined: string;
  andAbout: string;
  replyReaches: string;
  neverRanked: string;
}
