import type { FixedTexts } from './en.ts';

export const nl: FixedTexts = {
  why: 'U krijgt deze mail omdat u {name} een probleem hebt gemeld.',
  optOutLinkText: 'Geen mail zoals deze meer',
  ifButtonFails: 'Werkt de knop niet, open dan dit adres',
  send: 'Versturen',
  nothingSentBeforeButton: 'Er wordt niets verstuurd voordat u op de knop drukt.',
  optional: '(als u wilt)',
  withUs: 'Uw antwoorden zijn bij ons. U kunt ze hier nog wijzigen.',
  answersNotSentYet: 'Uw antwoorden zijn nog niet verstuurd.',
  choose: 'Kies een antwoord.',
  error: 'Fout',
  thankYou: 'Bedankt',
  change: 'Mijn antwoorden wijzigen',
  over: 'Deze enquête is afgelopen',
  surveyOverExplanation:
    'Bedankt voor uw bezoek. Deze vraag staat niet meer open: de tijd is voorbij, of er wordt weer aan het probleem gewerkt. Is er nog iets mis, beantwoord dan de mail die u hier bracht: een mens leest die.',
  optOutTitle: 'Geen mail meer',
  optOutQuestion: 'Geen mail meer van ons?',
  optOutEffect: 'Hierna stellen wij u geen vragen meer over uw meldingen.',
  optOutButton: 'Stop de mail',
  stopped: 'U krijgt geen mail zoals deze meer',
  optedOutEffect: 'Dat geldt vanaf nu. U hoeft verder niets te doen.',
  done: 'Ons team is klaar met het werk en zegt dat het is opgelost.',
  doneForManyCustomers:
    'Ook anderen hebben ons dit gemeld. Ons team heeft alle meldingen samen behandeld en zegt dat het is opgelost.',
  caseNameByAnswer: 'uw antwoord van {date}',
  caseNameByManualOpening: 'uw melding van {date}',
  also: 'Deze mail gaat ook over een ander punt dat u noemde ({answer}).',
  alsoDeclinedCase:
    'Deze mail gaat ook over een ander punt dat u noemde ({answer}). Wat u daarin vroeg, doen we niet, om deze reden: {explanation}',
  furtherCaseHeading: 'En het andere punt dat u noemde ({answer})',
  replyReachesPerson: 'Een antwoord op deze mail komt aan bij degene die zich hierom bekommert.',
  answersNeverRankPeople:
    'Uw antwoorden laten zien wat een oplossing in de weg staat. Ze worden nooit gebruikt om mensen te beoordelen.',
};
