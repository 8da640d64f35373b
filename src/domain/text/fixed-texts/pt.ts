import type { FixedTexts } from './en.ts';

export const pt: FixedTexts = {
  why: 'Recebe este e-mail porque comunicou um problema a {name}.',
  noMoreMail: 'Não receber mais e-mails como este',
  buttonFails: 'Se o botão não funcionar, abra este endereço',
  send: 'Enviar',
  nothingSent: 'Nada é enviado antes de carregar no botão.',
  optional: '(se quiser)',
  withUs: 'Já temos as suas respostas. Ainda pode alterá-las aqui.',
  notSent: 'As suas respostas ainda não foram enviadas.',
  choose: 'Escolha uma resposta, por favor.',
  error: 'Erro',
  thankYou: 'Obrigado',
  change: 'Alterar as minhas respostas',
  over: 'Este inquérito terminou',
  overWhy:
    'Obrigado pela visita. Esta pergunta já não está aberta: o prazo passou ou o trabalho no problema recomeçou. Se algo ainda não está bem, responda ao e-mail que o trouxe até aqui: será lido por uma pessoa.',
  stopTitle: 'Sem mais e-mails',
  stopQuestion: 'Não quer mais e-mails nossos?',
  stopEffect: 'Depois disto não lhe faremos mais perguntas sobre os seus casos.',
  stopButton: 'Parar os e-mails',
  stopped: 'Não receberá mais e-mails como estes',
  stoppedEffect: 'É válido a partir de agora. Não precisa de fazer mais nada.',
  done: 'A nossa equipa terminou o trabalho e diz que está resolvido.',
  doneTogether:
    'Outras pessoas comunicaram-nos o mesmo. A nossa equipa tratou tudo em conjunto e diz que está resolvido.',
  answerOf: 'a sua resposta de {date}',
  reportOf: 'a sua comunicação de {date}',
  also: 'Este e-mail é também sobre outro ponto que nos indicou ({answer}).',
  alsoDeclined:
    'Este e-mail é também sobre outro ponto que nos indicou ({answer}). Não faremos o que aí pedia, por esta razão: {explanation}',
  andAbout: 'E o outro ponto que nos indicou ({answer})',
  replyReaches: 'A sua resposta a este e-mail chega à pessoa que trata do assunto.',
  neverRanked:
    'As suas respostas servem para descobrir o que impede a resolução dos casos, nunca para avaliar pessoas.',
};
