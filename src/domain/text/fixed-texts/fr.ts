import type { FixedTexts } from './en.ts';

export const fr: FixedTexts = {
  why: 'Vous recevez ce message parce que vous avez signalé un problème à {name}.',
  optOutLinkText: 'Ne plus recevoir ces messages',
  ifButtonFails: 'Si le bouton ne fonctionne pas, ouvrez cette adresse',
  send: 'Envoyer',
  nothingSentBeforeButton: 'Rien n’est envoyé avant que vous appuyiez sur le bouton.',
  optional: '(si vous le souhaitez)',
  withUs: 'Nous avons reçu vos réponses. Vous pouvez encore les modifier ici.',
  answersNotSentYet: 'Vos réponses n’ont pas encore été envoyées.',
  choose: 'Veuillez choisir une réponse.',
  error: 'Erreur',
  thankYou: 'Merci',
  change: 'Modifier mes réponses',
  over: 'Cette enquête est terminée',
  surveyOverExplanation:
    'Merci de votre visite. Cette question n’est plus ouverte : le délai est passé, ou le travail sur le problème a repris. Si quelque chose ne va toujours pas, répondez au message qui vous a amené ici : une personne le lira.',
  optOutTitle: 'Plus de messages',
  optOutQuestion: 'Ne plus recevoir de messages de notre part ?',
  optOutEffect: 'Nous ne vous poserons plus de questions sur vos demandes.',
  optOutButton: 'Arrêter les messages',
  stopped: 'Vous ne recevrez plus ces messages',
  optedOutEffect: 'C’est valable dès maintenant. Vous n’avez rien d’autre à faire.',
  done: 'Notre équipe a terminé son travail et dit que c’est résolu.',
  doneForManyCustomers:
    'D’autres nous ont signalé la même chose. Notre équipe a traité tous ces signalements ensemble et dit que c’est résolu.',
  caseNameByAnswer: 'votre réponse du {date}',
  caseNameByManualOpening: 'votre signalement du {date}',
  also: 'Ce message concerne aussi un autre point que vous avez signalé ({answer}).',
  alsoDeclinedCase:
    'Ce message concerne aussi un autre point que vous avez signalé ({answer}). Nous ne ferons pas ce que vous y demandiez, pour la raison suivante : {explanation}',
  furtherCaseHeading: 'Et l’autre point que vous avez signalé ({answer})',
  replyReachesPerson: 'Votre réponse à ce message parvient à la personne qui s’en occupe.',
  answersNeverRankPeople:
    'Vos réponses servent à trouver ce qui empêche de résoudre un problème, jamais à noter des personnes.',
};
