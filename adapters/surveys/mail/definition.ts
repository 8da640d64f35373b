import * as z from 'zod';
import * as kit from '../../kit.ts';
import { type AlertValues, readAlertLines, readPicture } from './alert-lines.ts';
import { Message, readMessage } from './message.ts';
import { proposeEntry } from './propose.ts';
import { readReply } from './reply.ts';
import { findSenderProblem } from './sender.ts';

const taken = ['mail', 'links', 'attached'];

const settings = kit.sourceSettings('mail', {
  secret: kit.SecretName.default('MAIL_SECRET').describe(
    'Name of the secret with which mails are posted; the ways in of a deployment know only MAIL_SECRET',
  ),
  proof: kit.Proof.prefault({ kind: 'bearer' }),
  senders: z
    .array(z.string().regex(/^[^\s@]*@[^\s@]+$/, 'must be an address, or a domain such as @survey.example'))
    .min(1)
    .describe('Addresses from which alerts come, or their domains; a mail from another is set aside'),
  relay: z
    .string()
    .regex(/^[^\s;]+$/, 'must be the name that begins Authentication-Results, such as mx.acme.example')
    .describe(
      'Name of the mail server whose Authentication-Results prove a sender, as it begins that header; mx.cloudflare.net for Cloudflare',
    ),
  lines: z
    .array(z.string().trim().min(1))
    .min(1)
    .max(200)
    .refine((lines) => readPicture(lines) !== null, 'must have words beside or above each {value}')
    .refine(
      (lines) => lines.every((line) => !taken.some((name) => line.includes(`{${name}}`))),
      `cannot name a value ${taken.join(', ')}`,
    )
    .default([])
    .describe('Lines of an alert in order, with {name} where a value stands; left out where all of it is attached'),
  optional: z.array(z.string()).default([]).describe('Values whose lines an alert may leave out'),
  response: kit.ResponseMapping,
});
type MailSettings = z.output<typeof settings>;

const proven = kit.createProofHandlers(() => 'message/rfc822');
const Prepared = z.union([Message, z.object({ problem: z.string() })]);

/** Alerts that a survey tool sends by e-mail, whole as they came (RFC 5322). */
export const mail = kit.surveySource({
  kind: 'mail',
  title: 'E-mail alerts',
  settings,
  ...proven,
  prepare: (body, given) => readMessage(body, (sent) => !findSenderProblem(sent, given.senders, given.relay)),
  parse({ body, receivedAt }, given) {
    const message = Prepared.parse(kit.readJson(body));
    if ('problem' in message) throw kit.unusable('readable e-mail', 'message', message.problem);
    return readAlert(message, given, receivedAt);
  },
  readReply,
  async readExamples(files) {
    const { entry, sample } = await proposeEntry(files);
    const given = settings.safeParse(entry).data;
    if (!given)
      throw new kit.InvalidInputError(
        'No values stand under the same labels: save two alerts of one survey with all headers, in which every answer differs.',
      );
    return { entry, parsed: readAlert(sample, given, 0) };
  },
});

/** @throws InvalidInputError for a mail that is set aside */
function readAlert(message: Message, given: MailSettings, receivedAt: number): kit.ParsedDelivery {
  const problem = findSenderProblem(message, given.senders, given.relay);
  if (problem) throw new kit.InvalidInputError(problem, [{ field: 'sender', message: problem }]);
  const values = readFirstBody(message, given);
  checkValues(values, given);
  const json = {
    ...Object.fromEntries([...values].map(([name, { lines }]) => [name, lines.join('\n')])),
    mail: message.facts,
    links: Object.fromEntries([...values].map(([name, { link }]) => [name, link])),
    attached: message.attached,
  };
  return kit.readMappedResponse(json, given.response, receivedAt);
}

function readFirstBody({ bodies }: Message, { lines, optional }: MailSettings): AlertValues {
  const problems: unknown[] = [];
  for (const body of bodies.length > 0 ? bodies : [[]]) {
    try {
      return readAlertLines(body, lines, optional);
    } catch (error) {
      problems.push(error);
    }
  }
  throw problems[0];
}

const correctLines = 'correct lines of the source';

/** A score must be a number, and only words may have several lines: what else stands there is another question. */
function checkValues(values: AlertValues, { response }: MailSettings): void {
  const answers = [response.answers].flat().filter((place) => typeof place !== 'string');
  for (const [name, { lines }] of values) {
    const mapped = answers.filter(({ at }) => at === name);
    const isWords = mapped.some(({ type = 'text' }) => type === 'text');
    if (lines.length > 1 && !isWords)
      throw kit.unusable('mail as the lines say', name, `has more than one line; ${correctLines}`);
    const isScore = mapped.some(({ type }) => type === 'number') && lines.length > 0;
    if (isScore && kit.toExactNumber(lines[0] ?? '') === null)
      throw kit.unusable('mail as the lines say', name, `is no number; ${correctLines}`);
  }
}
