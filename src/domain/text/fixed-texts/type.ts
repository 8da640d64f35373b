/** What mails and survey pages say whatever the survey; `{name}` is the workspace's name. */
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
  /** What was done, where nobody said it in words of their own. */
  done: string;
  /** The same for a case that was handled together with another. */
  doneTogether: string;
  /** Names a case to its customer by the answer that opened it; `{date}` is the day of that answer. */
  answerOf: string;
  /** The same for a case that was opened by hand; `{date}` is the day of the opening. */
  reportOf: string;
  /** A further case of the same mail; `{answer}` is its `answerOf` or `reportOf`. */
  also: string;
  alsoDeclined: string;
  andAbout: string;
  replyReaches: string;
  /** For closers. */
  neverRanked: string;
}
