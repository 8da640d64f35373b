import type { FixedTexts } from './en.ts';

export const de: FixedTexts = {
  why: 'Sie erhalten diese E-Mail, weil Sie {name} ein Problem gemeldet haben.',
  noMoreMail: 'Keine solchen E-Mails mehr',
  buttonFails: 'Wenn der Knopf nicht funktioniert, öffnen Sie diese Adresse',
  send: 'Absenden',
  nothingSent: 'Es wird nichts gesendet, bevor Sie auf den Knopf drücken.',
  optional: '(wenn Sie möchten)',
  withUs: 'Ihre Antworten sind bei uns. Sie können sie hier noch ändern.',
  notSent: 'Ihre Antworten wurden noch nicht gesendet.',
  choose: 'Bitte wählen Sie eine Antwort.',
  error: 'Fehler',
  thankYou: 'Vielen Dank',
  change: 'Meine Antworten ändern',
  over: 'Diese Umfrage ist beendet',
  overWhy:
    'Danke für Ihren Besuch. Diese Frage ist nicht mehr offen: Ihre Zeit ist abgelaufen, oder die Arbeit an dem Problem hat wieder begonnen. Wenn noch etwas nicht stimmt, antworten Sie bitte auf die E-Mail, die Sie hierher gebracht hat: Ein Mensch liest sie.',
  stopTitle: 'Keine E-Mails mehr',
  stopQuestion: 'Keine E-Mails mehr von uns?',
  stopEffect: 'Danach stellen wir Ihnen keine Fragen mehr zu Ihren Anliegen.',
  stopButton: 'Keine E-Mails mehr',
  stopped: 'Sie erhalten keine solchen E-Mails mehr',
  stoppedEffect: 'Das gilt ab jetzt. Sie müssen nichts weiter tun.',
  done: 'Unser Team hat die Arbeit daran beendet und sagt, dass es gelöst ist.',
  doneTogether:
    'Auch andere haben uns davon berichtet. Unser Team hat alle Meldungen zusammen bearbeitet und sagt, dass es gelöst ist.',
  answerOf: 'Ihre Antwort vom {date}',
  reportOf: 'Ihre Meldung vom {date}',
  also: 'Es geht auch um einen weiteren Punkt, den Sie genannt haben ({answer}).',
  alsoDeclined:
    'Es geht auch um einen weiteren Punkt, den Sie genannt haben ({answer}). Was Sie dort wünschten, werden wir nicht tun. Der Grund: {explanation}',
  andAbout: 'Und der weitere Punkt, den Sie genannt haben ({answer})',
  replyReaches: 'Ihre Antwort auf diese E-Mail erreicht den Menschen, der sich darum kümmert.',
  neverRanked: 'Ihre Antworten zeigen, was einer Lösung im Weg steht. Sie dienen nie dazu, Menschen zu bewerten.',
};
