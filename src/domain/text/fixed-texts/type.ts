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
  /** Another case that one mail is about; `{category}` is that case's. */
  also: string;
  alsoDeclined: string;
  andAbout: string;
  replyReaches: string;
  /** For closers. */
  neverRanked: string;
}
