import type { FixedTexts } from './en.ts';

export const pt: FixedTexts = {
  why: 'Recebe este e-mail porque comunicou um problema a {name}.',
  optOutLinkText: 'Não receber mais e-mails como este',
  ifButtonFails: 'Se o botão não funcionar, abra este endereço',
  send: 'Enviar',
  nothingSentBeforeButton: 'Nada é enviado antes de carregar no botão.',
  optional: '(se quiser)',
  withUs: 'Já temos as suas respostas. Ainda pode alterá-las aqui.',
  answersNotSentYet: 'As suas respostas ainda não foram enviadas.',
  choose: 'Escolha uma resposta, por favor.',
  error: 'Erro',
  thankYou: 'Obrigado',
  change: 'Alterar as minhas respostas',
  over: 'Este inquérito terminou',
  surveyOverExplanation:
    'Obrigado pela visita. Esta pergunta já não está aberta: o prazo passou ou o trabalho no problema recomeçou. Se algo ainda não está bem, responda ao e-mail que o trouxe até aqui: será lido por uma pessoa.',
  optOutTitle: 'Sem mais e-mails',
  optOutQuestion: 'Não quer mais e-mails nossos?',
  optOutEffect: 'Depois disto não lhe faremos mais perguntas sobre os seus casos.',
  optOutButton: 'Parar os e-mails',
  stopped: 'Não receberá mais e-mails como estes',
  optedOutEffect: 'É válido a partir de agora. Não precisa de fazer mais nada.',
  done: 'A nossa equipa terminou o trabalho e diz que está resolvido.',
  doneForManyCustomers:
    'Outras pessoas comunicaram-nos o mesmo. A nossa equipa tratou tudo em conjunto e diz que está resolvido.',
  caseNameByAnswer: 'a sua resposta de {date}',
  caseNameByManualOpening: 'a sua comunicação de {date}',
  also: 'Este e-mail é também sobre outro ponto que nos indicou ({answer}).',
  alsoDeclinedCase:
    'Este e-mail é também sobre outro ponto que nos indicou ({answer}). Não faremos o que aí pedia, por esta razão: {explanation}',
  furtherCaseHeading: 'E o outro ponto que nos indicou ({answer})',
  replyReachesPerson: 'A sua resposta a este e-mail chega à pessoa que trata do assunto.',
  answersNeverRankPeople:
    'As suas respostas servem para descobrir o que impede a resolução dos casos, nunca para avaliar pessoas.',
};
