import type { FixedTexts } from './en.ts';

export const it: FixedTexts = {
  why: 'Riceve questa e-mail perché ha segnalato un problema a {name}.',
  optOutLinkText: 'Non ricevere più e-mail come questa',
  ifButtonFails: 'Se il pulsante non funziona, apra questo indirizzo',
  send: 'Invia',
  nothingSentBeforeButton: 'Non viene inviato nulla prima che lei prema il pulsante.',
  optional: '(se desidera)',
  withUs: 'Abbiamo le sue risposte. Può ancora modificarle qui.',
  answersNotSentYet: 'Le sue risposte non sono ancora state inviate.',
  choose: 'Scelga una risposta, per favore.',
  error: 'Errore',
  thankYou: 'Grazie',
  change: 'Modifica le mie risposte',
  over: 'Questo sondaggio è terminato',
  surveyOverExplanation:
    'Grazie della visita. Questa domanda non è più aperta: il tempo è scaduto o si è ripreso a lavorare al problema. Se qualcosa ancora non va, risponda all’e-mail che l’ha portata qui: la legge una persona.',
  optOutTitle: 'Niente più e-mail',
  optOutQuestion: 'Non vuole più e-mail da noi?',
  optOutEffect: 'Dopo di ciò non le faremo più domande sui suoi casi.',
  optOutButton: 'Ferma le e-mail',
  stopped: 'Non riceverà più queste e-mail',
  optedOutEffect: 'Vale da subito. Non deve fare altro.',
  done: 'Il nostro team ha finito il lavoro e dice che è risolto.',
  doneForManyCustomers:
    'Anche altri ci hanno segnalato la stessa cosa. Il nostro team ha trattato tutte le segnalazioni insieme e dice che è risolto.',
  caseNameByAnswer: 'la sua risposta in data {date}',
  caseNameByManualOpening: 'la sua segnalazione in data {date}',
  also: 'Questa e-mail riguarda anche un altro punto che ci ha segnalato ({answer}).',
  alsoDeclinedCase:
    'Questa e-mail riguarda anche un altro punto che ci ha segnalato ({answer}). Non faremo ciò che chiedeva, per questo motivo: {explanation}',
  furtherCaseHeading: 'E l’altro punto che ci ha segnalato ({answer})',
  replyReachesPerson: 'Se risponde a questa e-mail, la risposta arriva alla persona che se ne occupa.',
  answersNeverRankPeople: 'Le sue risposte servono a trovare ciò che ostacola la soluzione, mai a valutare le persone.',
};
