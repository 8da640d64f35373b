/* The Apps Script that a user pastes into a Google Form; it signs bytes, because Apps Script signs text as ASCII. */

/** Text of the script for a source at an address such as https://caselite.example/hooks/acme/upgrade-survey. */
export function createGoogleFormsScript(address: string): string {
  const url = new URL(address);
  return `/*
 * Sends each response of this form to Caselite.
 *
 * 1. In the form: menu "Apps Script", paste this, save.
 * 2. Project settings, script properties: add CASELITE_SECRET with the source's secret (whsec_...).
 * 3. Run "install" once and allow what it asks for.
 */
const ADDRESS = ${JSON.stringify(url.href)};

function install() {
  // Installed twice, every response would be sent twice.
  ScriptApp.getProjectTriggers()
    .filter((trigger) => ['onResponse', 'catchUp'].includes(trigger.getHandlerFunction()))
    .forEach((trigger) => ScriptApp.deleteTrigger(trigger));
  ScriptApp.newTrigger('onResponse').forForm(FormApp.getActiveForm()).onFormSubmit().create();
  ScriptApp.newTrigger('catchUp').timeBased().everyHours(1).create();
  if (!takenUntil()) take(Date.now());
}

function takenUntil() {
  return Number(PropertiesService.getScriptProperties().getProperty('CASELITE_TAKEN_UNTIL'));
}

function take(until) {
  PropertiesService.getScriptProperties().setProperty('CASELITE_TAKEN_UNTIL', String(until));
}

function onResponse(event) {
  send(event.source || FormApp.getActiveForm(), event.response);
}

/** Every hour: what came since everything was taken the last time, and a little before, is sent once more. */
function catchUp() {
  const startedAt = Date.now();
  const form = FormApp.getActiveForm();
  const responses = form.getResponses(new Date((takenUntil() || startedAt) - 10 * 60 * 1000));
  responses.sort((one, other) => one.getTimestamp() - other.getTimestamp()).forEach((response) => {
    send(form, response);
    // A run may be ended after 6 minutes; the next goes on from here.
    take(Math.max(takenUntil(), response.getTimestamp().getTime()));
  });
  take(startedAt);
}

/** Sends every response of the last days once more; what Caselite has already stays as it is. */
function sendAgain() {
  take(Date.now() - 7 * 24 * 60 * 60 * 1000);
  catchUp();
}

function send(form, response) {
  const submittedAt = response.getTimestamp().toISOString();
  const body = JSON.stringify({
    formId: form.getId(),
    formTitle: form.getTitle(),
    responseId: response.getId(),
    submittedAt: submittedAt,
    email: response.getRespondentEmail() || null,
    items: response.getItemResponses().map(describe),
  });
  const id = Utilities.base64EncodeWebSafe(
    Utilities.computeDigest(Utilities.DigestAlgorithm.SHA_256, response.getId() + submittedAt));
  for (let attempt = 0; attempt < 4; attempt += 1) {
    if (attempt > 0) Utilities.sleep(attempt * 20000);
    try {
      const answer = UrlFetchApp.fetch(ADDRESS, {
        method: 'post',
        contentType: 'application/json',
        payload: Utilities.newBlob(body).getBytes(),
        headers: sign(id, body),
        muteHttpExceptions: true,
      });
      if (answer.getResponseCode() < 300) return;
    } catch (error) {
      console.warn('Caselite was not reached: attempt ' + (attempt + 1));
    }
  }
  throw new Error('Caselite did not take a response; it is sent again within the hour.');
}

function sign(id, body) {
  const secret = PropertiesService.getScriptProperties().getProperty('CASELITE_SECRET');
  if (!secret) throw new Error('The script property CASELITE_SECRET is missing.');
  const timestamp = String(Math.floor(Date.now() / 1000));
  const message = Utilities.newBlob(id + '.' + timestamp + '.' + body).getBytes();
  const key = Utilities.base64Decode(secret.replace(/^whsec_/, ''));
  const signature = Utilities.base64Encode(Utilities.computeHmacSha256Signature(message, key));
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': 'v1,' + signature };
}

function describe(answer) {
  const item = answer.getItem();
  const type = item.getType();
  const reported = { id: String(item.getId()), title: item.getTitle(), type: String(type), value: answer.getResponse() };
  if (type === FormApp.ItemType.GRID) reported.rows = item.asGridItem().getRows();
  if (type === FormApp.ItemType.CHECKBOX_GRID) reported.rows = item.asCheckboxGridItem().getRows();
  if (type === FormApp.ItemType.MULTIPLE_CHOICE) reported.choices = texts(item.asMultipleChoiceItem());
  if (type === FormApp.ItemType.LIST) reported.choices = texts(item.asListItem());
  if (type === FormApp.ItemType.CHECKBOX) reported.choices = texts(item.asCheckboxItem());
  return reported;
}

function texts(item) {
  return item.getChoices().map((choice) => choice.getValue());
}
`;
}

if (process.argv[1] === import.meta.filename) {
  const [address] = process.argv.slice(2);
  if (!address || !/^https:\/\/[^/]+\/hooks\/[^/]+\/[^/]+$/.test(address)) {
    console.error('Use: npm run google-forms -- https://HOST/hooks/WORKSPACE/SOURCE');
    process.exit(2);
  }
  console.log(createGoogleFormsScript(address));
}
