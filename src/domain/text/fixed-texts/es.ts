import type { FixedTexts } from './en.ts';

export const es: FixedTexts = {
  why: 'Recibe este correo porque informó a {name} de un problema.',
  optOutLinkText: 'No recibir más correos como este',
  ifButtonFails: 'Si el botón no funciona, abra esta dirección',
  send: 'Enviar',
  nothingSentBeforeButton: 'No se envía nada hasta que pulse el botón.',
  optional: '(si lo desea)',
  withUs: 'Ya tenemos sus respuestas. Todavía puede cambiarlas aquí.',
  answersNotSentYet: 'Sus respuestas aún no se han enviado.',
  choose: 'Elija una respuesta, por favor.',
  error: 'Error',
  thankYou: 'Gracias',
  change: 'Cambiar mis respuestas',
  over: 'Esta encuesta ha terminado',
  surveyOverExplanation:
    'Gracias por su visita. Esta pregunta ya no está abierta: ha pasado el plazo o se ha vuelto a trabajar en el problema. Si algo sigue mal, responda al correo que le trajo hasta aquí: lo leerá una persona.',
  optOutTitle: 'No más correos',
  optOutQuestion: '¿No quiere más correos nuestros?',
  optOutEffect: 'Después de esto no le haremos más preguntas sobre sus casos.',
  optOutButton: 'No enviar más correos',
  stopped: 'No recibirá más correos como estos',
  optedOutEffect: 'Vale desde ahora. No tiene que hacer nada más.',
  done: 'Nuestro equipo ha terminado su trabajo y dice que está resuelto.',
  doneForManyCustomers:
    'Otras personas nos informaron de lo mismo. Nuestro equipo trató todos los avisos juntos y dice que está resuelto.',
  caseNameByAnswer: 'su respuesta del {date}',
  caseNameByManualOpening: 'su aviso del {date}',
  also: 'Este correo trata también de otro punto que usted señaló ({answer}).',
  alsoDeclinedCase:
    'Este correo trata también de otro punto que usted señaló ({answer}). No haremos lo que pedía en él, por este motivo: {explanation}',
  furtherCaseHeading: 'Y el otro punto que usted señaló ({answer})',
  replyReachesPerson: 'Si responde a este correo, su respuesta llega a la persona que se ocupa de esto.',
  answersNeverRankPeople:
    'Sus respuestas sirven para encontrar lo que impide resolver los casos, nunca para calificar a las personas.',
};
