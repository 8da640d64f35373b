import type { FixedTexts } from './en.ts';

export const de: FixedTexts = {
  why: 'Sie erhalten diese E-Mail, weil Sie {name} ein Problem gemeldet haben.',
  optOutLinkText: 'Keine solchen E-Mails mehr',
  ifButtonFails: 'Wenn der Knopf nicht funktioniert, öffnen Sie diese Adresse',
  send: 'Absenden',
  nothingSentBeforeButton: 'Es wird nichts gesendet, bevor Sie auf den Knopf drücken.',
  optional: '(wenn Sie möchten)',
  withUs: 'Ihre Antworten sind bei uns. Sie können sie hier noch ändern.',
  answersNotSentYet: 'Ihre Antworten wurden noch nicht gesendet.',
  choose: 'Bitte wählen Sie eine Antwort.',
  error: 'Fehler',
  thankYou: 'Vielen Dank',
  change: 'Meine Antworten ändern',
  over: 'Diese Umfrage ist beendet',
  surveyOverExplanation:
    'Danke für Ihren Besuch. Diese Frage ist nicht mehr offen: Ihre Zeit ist abgelaufen, oder die Arbeit an dem Problem hat wieder begonnen. Wenn noch etwas nicht stimmt, antworten Sie bitte auf die E-Mail, die Sie hierher gebracht hat: Ein Mensch liest sie.',
  optOutTitle: 'Keine E-Mails mehr',
  optOutQuestion: 'Keine E-Mails mehr von uns?',
  optOutEffect: 'Danach stellen wir Ihnen keine Fragen mehr zu Ihren Anliegen.',
  optOutButton: 'Keine E-Mails mehr',
  stopped: 'Sie erhalten keine solchen E-Mails mehr',
  optedOutEffect: 'Das gilt ab jetzt. Sie müssen nichts weiter tun.',
  done: 'Unser Team hat die Arbeit daran beendet und sagt, dass es gelöst ist.',
  doneForManyCustomers:
    'Auch andere haben uns davon berichtet. Unser Team hat alle Meldungen zusammen bearbeitet und sagt, dass es gelöst ist.',
  caseNameByAnswer: 'Ihre Antwort vom {date}',
  caseNameByManualOpening: 'Ihre Meldung vom {date}',
  also: 'Es geht auch um einen weiteren Punkt, den Sie genannt haben ({answer}).',
  alsoDeclinedCase:
    'Es geht auch um einen weiteren Punkt, den Sie genannt haben ({answer}). Was Sie dort wünschten, werden wir nicht tun. Der Grund: {explanation}',
  furtherCaseHeading: 'Und der weitere Punkt, den Sie genannt haben ({answer})',
  replyReachesPerson: 'Ihre Antwort auf diese E-Mail erreicht den Menschen, der sich darum kümmert.',
  answersNeverRankPeople:
    'Ihre Antworten zeigen, was einer Lösung im Weg steht. Sie dienen nie dazu, Menschen zu bewerten.',
};
