import { chooseFixedTexts, filled, findClosestLanguage } from '#domain/text/fixed-texts.ts';
import { basics, type Case, type Core, dayMs, store } from '../kit.ts';
import { deriveMailId, queueMail } from '../mail/send-mail.ts';

/** Tells the customer of a new case that their feedback arrived, where its template says so, at most once a day. */
export function sendReceipt(core: Core, caseRecord: Case): void {
  const { id: caseId, template, customerKey } = caseRecord;
  const receipt = core.settings.templates.get(template)?.receipt ?? false;
  if (receipt === false || customerKey === null) return;
  const { address, why } = basics.findAddressForCaseMail(core, caseId, customerKey);
  const refusal = address === null ? why : findRefusal(core, customerKey, address);
  if (address === null || refusal !== null) {
    basics.record(core, caseId, 'receipt skipped', refusal ?? '');
    return;
  }
  const customer = store.findCustomer(core.sql, customerKey);
  const language = customer?.language ?? 'en';
  const texts = chooseFixedTexts(language);
  const { name } = core.settings.workspace;
  const answer = basics.nameCaseForCustomer(core, caseRecord, customerKey, language);
  const wording = receipt === true ? undefined : receipt[findClosestLanguage(language, Object.keys(receipt)) ?? ''];
  const person = basics.toShownName(customer?.name, language);
  const greeting = person === '' ? [] : [filled(texts.greeting, { name: person })];
  const usual = [...greeting, filled(texts.receiptText, { answer }), texts.receivedText].join('\n\n');
  const values = {
    workspace: { name },
    customer: { name: person },
    case: { answer },
  };
  queueMail(core, {
    kind: 'receipt',
    once: [caseId],
    caseId,
    person: customerKey,
    address,
    replyTo: basics.findReplyAddress(core, caseRecord),
    subject: `${name}: ${texts.receiptSubject}`,
    content: {
      language,
      paragraphs: (wording === undefined ? usual : basics.renderWordingOrDefault(usual, wording, values)).split(
        /\n{2,}/,
      ),
      button: {
        label: texts.feedbackLink,
        url: basics.buildFeedbackUrl(core, deriveMailId(core, 'receipt', [caseId])),
      },
      footer: [filled(texts.why, { name }), texts.replyReachesPerson],
    },
  });
  basics.record(core, caseId, 'receipt sent', 'by mail; it asks nothing and counts as no contact');
}

function findRefusal(core: Core, customerKey: string, address: string): string | null {
  const { keys, hasOptedOut } = basics.findPersonOfCustomerKey(core, customerKey, address);
  if (hasOptedOut) return 'the customer asked for no more mail';
  if (basics.isUndeliverable(core, address)) return 'mail to this address could not be delivered';
  const last = store.findLastReceiptTime(core.sql, keys, address);
  return last !== null && last > core.clock.now() - dayMs ? 'the customer got one within the last 24 hours' : null;
}
