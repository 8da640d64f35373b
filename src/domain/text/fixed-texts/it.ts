import type { FixedTexts } from './en.ts';

export const it: FixedTexts = {
  why: 'Riceve questa e-mail perché ha segnalato un problema a {name}.',
  noMoreMail: 'Non ricevere più e-mail come questa',
  buttonFails: 'Se il pulsante non funziona, apra questo indirizzo',
  send: 'Invia',
  nothingSent: 'Non viene inviato nulla prima che lei prema il pulsante.',
  optional: '(se desidera)',
  withUs: 'Abbiamo le sue risposte. Può ancora modificarle qui.',
  notSent: 'Le sue risposte non sono ancora state inviate.',
  choose: 'Scelga una risposta, per favore.',
  error: 'Errore',
  thankYou: 'Grazie',
  change: 'Modifica le mie risposte',
  over: 'Questo sondaggio è terminato',
  overWhy:
    'Grazie della visita. Questa domanda non è più aperta: il tempo è scaduto o si è ripreso a lavorare al problema. Se qualcosa ancora non va, risponda all’e-mail che l’ha portata qui: la legge una persona.',
  stopTitle: 'Niente più e-mail',
  stopQuestion: 'Non vuole più e-mail da noi?',
  stopEffect: 'Dopo di ciò non le faremo più domande sui suoi casi.',
  stopButton: 'Ferma le e-mail',
  stopped: 'Non riceverà più queste e-mail',
  stoppedEffect: 'Vale da subito. Non deve fare altro.',
  done: 'Il nostro team ha finito il lavoro e dice che è risolto.',
  doneTogether:
    'Anche altri ci hanno segnalato la stessa cosa. Il nostro team ha trattato tutte le segnalazioni insieme e dice che è risolto.',
  answerOf: 'la sua risposta in data {date}',
  reportOf: 'la sua segnalazione in data {date}',
  also: 'Questa e-mail riguarda anche un altro punto che ci ha segnalato ({answer}).',
  alsoDeclined:
    'Questa e-mail riguarda anche un altro punto che ci ha segnalato ({answer}). Non faremo ciò che chiedeva, per questo motivo: {explanation}',
  andAbout: 'E l’altro punto che ci ha segnalato ({answer})',
  replyReaches: 'Se risponde a questa e-mail, la risposta arriva alla persona che se ne occupa.',
  neverRanked: 'Le sue risposte servono a trovare ciò che ostacola la soluzione, mai a valutare le persone.',
};
