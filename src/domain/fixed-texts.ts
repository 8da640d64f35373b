/** What mails and survey pages say whatever the survey; `{name}` is the workspace's name. */
export interface FixedTexts {
  why: string;
  noMoreMail: string;
  buttonFails: string;
  send: string;
  nothingSent: string;
  optional: string;
  withUs: string;
  notSent: string;
  choose: string;
  error: string;
  thankYou: string;
  change: string;
  over: string;
  overWhy: string;
  stopTitle: string;
  stopQuestion: string;
  stopEffect: string;
  stopButton: string;
  stopped: string;
  stoppedEffect: string;
}

const en: FixedTexts = {
  why: 'You get this mail because you told {name} about a problem.',
  noMoreMail: 'No more mail like this',
  buttonFails: 'If the button does not work, open this address',
  send: 'Send',
  nothingSent: 'Nothing is sent before you press the button.',
  optional: '(if you like)',
  withUs: 'Your answers are with us. You may still change them here.',
  notSent: 'Your answers were not sent yet.',
  choose: 'Please choose an answer.',
  error: 'Error',
  thankYou: 'Thank you',
  change: 'Change my answers',
  over: 'This survey is over',
  overWhy:
    'Thank you for coming by. This question is not open any more, either because its time is over or because work on the problem has started again. If something is still wrong, please reply to the mail that brought you here: it reaches a person.',
  stopTitle: 'No more mail',
  stopQuestion: 'No more mail from us?',
  stopEffect: 'After this you get no more questions from us about cases of yours.',
  stopButton: 'Stop the mail',
  stopped: 'You get no more of these mails',
  stoppedEffect: 'That holds from now on. You need not do anything else.',
};

const de: FixedTexts = {
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
};

const fr: FixedTexts = {
  why: 'Vous recevez ce message parce que vous avez signalé un problème à {name}.',
  noMoreMail: 'Ne plus recevoir ces messages',
  buttonFails: 'Si le bouton ne fonctionne pas, ouvrez cette adresse',
  send: 'Envoyer',
  nothingSent: 'Rien n’est envoyé avant que vous appuyiez sur le bouton.',
  optional: '(si vous le souhaitez)',
  withUs: 'Nous avons reçu vos réponses. Vous pouvez encore les modifier ici.',
  notSent: 'Vos réponses n’ont pas encore été envoyées.',
  choose: 'Veuillez choisir une réponse.',
  error: 'Erreur',
  thankYou: 'Merci',
  change: 'Modifier mes réponses',
  over: 'Cette enquête est terminée',
  overWhy:
    'Merci de votre visite. Cette question n’est plus ouverte : le délai est passé, ou le travail sur le problème a repris. Si quelque chose ne va toujours pas, répondez au message qui vous a amené ici : une personne le lira.',
  stopTitle: 'Plus de messages',
  stopQuestion: 'Ne plus recevoir de messages de notre part ?',
  stopEffect: 'Nous ne vous poserons plus de questions sur vos demandes.',
  stopButton: 'Arrêter les messages',
  stopped: 'Vous ne recevrez plus ces messages',
  stoppedEffect: 'C’est valable dès maintenant. Vous n’avez rien d’autre à faire.',
};

const es: FixedTexts = {
  why: 'Recibe este correo porque informó a {name} de un problema.',
  noMoreMail: 'No recibir más correos como este',
  buttonFails: 'Si el botón no funciona, abra esta dirección',
  send: 'Enviar',
  nothingSent: 'No se envía nada hasta que pulse el botón.',
  optional: '(si lo desea)',
  withUs: 'Ya tenemos sus respuestas. Todavía puede cambiarlas aquí.',
  notSent: 'Sus respuestas aún no se han enviado.',
  choose: 'Elija una respuesta, por favor.',
  error: 'Error',
  thankYou: 'Gracias',
  change: 'Cambiar mis respuestas',
  over: 'Esta encuesta ha terminado',
  overWhy:
    'Gracias por su visita. Esta pregunta ya no está abierta: ha pasado el plazo o se ha vuelto a trabajar en el problema. Si algo sigue mal, responda al correo que le trajo hasta aquí: lo leerá una persona.',
  stopTitle: 'No más correos',
  stopQuestion: '¿No quiere más correos nuestros?',
  stopEffect: 'Después de esto no le haremos más preguntas sobre sus casos.',
  stopButton: 'No enviar más correos',
  stopped: 'No recibirá más correos como estos',
  stoppedEffect: 'Vale desde ahora. No tiene que hacer nada más.',
};

const pt: FixedTexts = {
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
};

const nl: FixedTexts = {
  why: 'U krijgt deze mail omdat u {name} een probleem hebt gemeld.',
  noMoreMail: 'Geen mail zoals deze meer',
  buttonFails: 'Werkt de knop niet, open dan dit adres',
  send: 'Versturen',
  nothingSent: 'Er wordt niets verstuurd voordat u op de knop drukt.',
  optional: '(als u wilt)',
  withUs: 'Uw antwoorden zijn bij ons. U kunt ze hier nog wijzigen.',
  notSent: 'Uw antwoorden zijn nog niet verstuurd.',
  choose: 'Kies een antwoord.',
  error: 'Fout',
  thankYou: 'Bedankt',
  change: 'Mijn antwoorden wijzigen',
  over: 'Deze enquête is afgelopen',
  overWhy:
    'Bedankt voor uw bezoek. Deze vraag staat niet meer open: de tijd is voorbij, of er wordt weer aan het probleem gewerkt. Is er nog iets mis, beantwoord dan de mail die u hier bracht: een mens leest die.',
  stopTitle: 'Geen mail meer',
  stopQuestion: 'Geen mail meer van ons?',
  stopEffect: 'Hierna stellen wij u geen vragen meer over uw meldingen.',
  stopButton: 'Stop de mail',
  stopped: 'U krijgt geen mail zoals deze meer',
  stoppedEffect: 'Dat geldt vanaf nu. U hoeft verder niets te doen.',
};

const it: FixedTexts = {
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
};

const ja: FixedTexts = {
  why: '{name} に問題をお知らせいただいたため、このメールをお送りしています。',
  noMoreMail: '今後このようなメールを受け取らない',
  buttonFails: 'ボタンが使えない場合は、次のアドレスを開いてください',
  send: '送信',
  nothingSent: 'ボタンを押すまで何も送信されません。',
  optional: '(任意)',
  withUs: '回答を受け取りました。ここで変更することもできます。',
  notSent: '回答はまだ送信されていません。',
  choose: '回答を選んでください。',
  error: 'エラー',
  thankYou: 'ありがとうございました',
  change: '回答を変更する',
  over: 'このアンケートは終了しました',
  overWhy:
    'お越しいただきありがとうございます。期限が過ぎたか、問題への対応が再開されたため、この質問は受け付けていません。まだ問題がある場合は、お送りしたメールにご返信ください。担当者が拝見します。',
  stopTitle: 'メールの停止',
  stopQuestion: '今後メールを受け取りませんか。',
  stopEffect: 'この操作の後は、お客様の件について質問をお送りしません。',
  stopButton: 'メールを止める',
  stopped: '今後このようなメールは届きません',
  stoppedEffect: 'ただちに有効です。ほかに必要な操作はありません。',
};

const ar: FixedTexts = {
  why: 'تصلك هذه الرسالة لأنك أبلغت {name} بمشكلة.',
  noMoreMail: 'لا أريد مزيدًا من هذه الرسائل',
  buttonFails: 'إذا لم يعمل الزر فافتح هذا العنوان',
  send: 'إرسال',
  nothingSent: 'لن يُرسل شيء قبل أن تضغط الزر.',
  optional: '(إن شئت)',
  withUs: 'إجاباتك وصلتنا. ما زال بإمكانك تغييرها هنا.',
  notSent: 'لم تُرسل إجاباتك بعد.',
  choose: 'يرجى اختيار إجابة.',
  error: 'خطأ',
  thankYou: 'شكرًا لك',
  change: 'تغيير إجاباتي',
  over: 'انتهى هذا الاستطلاع',
  overWhy:
    'شكرًا لزيارتك. لم يعد هذا السؤال مفتوحًا: إما لأن وقته انتهى، أو لأن العمل على المشكلة بدأ من جديد. إذا كان هناك خطأ باقٍ فيرجى الرد على الرسالة التي أتت بك إلى هنا، فسيقرؤها شخص.',
  stopTitle: 'لا مزيد من الرسائل',
  stopQuestion: 'ألا تريد مزيدًا من رسائلنا؟',
  stopEffect: 'بعد ذلك لن نرسل إليك أسئلة عن بلاغاتك.',
  stopButton: 'إيقاف الرسائل',
  stopped: 'لن تصلك هذه الرسائل بعد الآن',
  stoppedEffect: 'يسري ذلك من الآن. لا يلزمك فعل شيء آخر.',
};

const catalogue: ReadonlyMap<string, FixedTexts> = new Map(
  Object.entries({ en, de, fr, es, pt, nl, it, ja, ar }),
);

/** The languages that fixed texts exist in. */
export const fixedLanguages = [...catalogue.keys()];

/** The texts of a language, else those of its parent (`pt-BR`: `pt`), else the English ones. */
export function fixedTexts(language: string): FixedTexts {
  return catalogue.get(closestLanguage(language, fixedLanguages) ?? 'en') ?? en;
}

/** The closest of some languages to what somebody speaks, `de_AT` or `DE` alike; null when there is none. */
export function closestLanguage(spoken: string | null, offered: readonly string[]): string | null {
  let wanted = (spoken ?? '').trim().toLowerCase().replaceAll('_', '-');
  while (wanted !== '') {
    const found = offered.find((one) => one.toLowerCase() === wanted);
    if (found !== undefined) return found;
    wanted = wanted.slice(0, Math.max(0, wanted.lastIndexOf('-')));
  }
  return null;
}

const rightToLeft = new Set(['ar', 'arc', 'ckb', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi']);

/** Which way a language is written. */
export const directionOf = (language: string): 'ltr' | 'rtl' =>
  rightToLeft.has(language.toLowerCase().split('-')[0] ?? '') ? 'rtl' : 'ltr';
