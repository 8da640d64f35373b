/** Texts of mails and survey pages that do not depend on the survey; `{name}` is the workspace's name. */
export const en = {
  why: 'You get this mail because you told {name} about a problem.',
  optOutLinkText: 'No more mail like this',
  ifButtonFails: 'If the button does not work, open this address',
  send: 'Send',
  nothingSentBeforeButton: 'Nothing is sent before you press the button.',
  optional: '(if you like)',
  withUs: 'Your answers are with us. You may still change them here.',
  answersNotSentYet: 'Your answers were not sent yet.',
  choose: 'Please choose an answer.',
  error: 'Error',
  thankYou: 'Thank you',
  change: 'Change my answers',
  over: 'This survey is over',
  surveyOverExplanation:
    'Thank you for coming by. This question is not open any more, either because its time is over or because work on the problem has started again. If something is still wrong, please reply to the mail that brought you here: it reaches a person.',
  optOutTitle: 'No more mail',
  optOutQuestion: 'No more mail from us?',
  optOutEffect: 'After this you get no more questions from us about cases of yours.',
  optOutButton: 'Stop the mail',
  stopped: 'You get no more of these mails',
  optedOutEffect: 'That holds from now on. You need not do anything else.',
  done: 'Our team has finished its work on it and says that it is solved.',
  doneForManyCustomers:
    'Others told us of the same. Our team handled their reports and yours together, and says that it is solved.',
  /** Names a case to its customer by the answer that opened it; `{date}` is the date of that answer. */
  caseNameByAnswer: 'your answer of {date}',
  /** Names a case that was opened by hand; `{date}` is the date of the opening. */
  caseNameByManualOpening: 'your report of {date}',
  also: 'This is also about another point that you raised ({answer}).',
  alsoDeclinedCase:
    'This is also about another point that you raised ({answer}). We will not do what you asked for there, for this reason: {explanation}',
  recall: 'On {date} you answered:',
  replyReachesPerson: 'A reply reaches the person who looks after this.',
  answersNeverRankPeople:
    'Your answers are used to find what stands in the way of closing loops, never to rank people.',
  /** A receipt, and the customer's own page. `{answer}` names the case to its customer. */
  receiptSubject: 'We have your feedback',
  receiptText: 'Thank you for your feedback ({answer}). It has reached our team.',
  feedbackLink: 'See where your feedback stands',
  feedbackTitle: 'Your feedback',
  received: 'Received',
  inWork: 'Being worked on',
  finished: 'Done',
  notDone: 'Not done',
  receivedText: 'Our team has your feedback and will look into it.',
  inWorkText: 'Our team is working on it.',
  endedText: 'Our team has ended its work on this without a solution.',
  declinedText: 'We will not do what you asked for, for this reason: {explanation}',
};

export type FixedTexts = typeof en;
