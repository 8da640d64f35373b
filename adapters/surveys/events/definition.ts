import * as z from 'zod';
import * as kit from '../../kit.ts';

/** Programs between tools write ids as numbers, numbers as text, and nothing as an empty text. */
const asText = (given: unknown) => (typeof given === 'number' ? String(given) : given);
const asNumber = (given: unknown) => (typeof given === 'string' ? (kit.toExactNumber(given) ?? given) : given);
const filled = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((given) => (typeof given === 'string' && given.trim() === '' ? null : given), schema.nullish());
const text = (most: number, wanted?: string, least = 0) =>
  z.preprocess(asText, z.string(wanted).trim().max(most, `is longer than ${most} characters`).min(least, wanted));
const optional = (most: number) => text(most).nullish();

const missingIdMessage = 'is missing; give each event an id of its own as text, so that it counts once';
const missingEventMessage = 'is missing; name what happened, such as upgrade.downloaded';

const Event = z.looseObject({
  id: text(200, missingIdMessage, 1),
  event: text(100, missingEventMessage, 1),
  at: filled(
    z.preprocess((given) => kit.instant(given) ?? undefined, z.number('is not a time such as 2026-11-24T09:30:00Z')),
  ),
  customer: z
    .looseObject({
      key: optional(200),
      email: filled(kit.MailAddress),
      name: optional(200),
      tier: optional(100),
      language: optional(20),
      attributes: z.record(z.string(), z.unknown()).nullish(),
    })
    .nullish(),
  subject: optional(200),
  value: filled(z.preprocess(asNumber, z.number('is not a number such as 12.5'))),
});

/** Events such as a download or a release, signed by Standard Webhooks 1.0, for invitations and gates. */
export const events = kit.surveySource({
  kind: 'events',
  title: 'Events (a download, a release)',
  settings: kit.sourceSettings('events', { secret: kit.SecretName }),
  ...kit.signedByStandard,
  parse(delivery) {
    const { value: read, findings } = kit.parseWithPlainFindings(Event, kit.readJsonDelivery(delivery));
    if (findings) {
      const problems = findings.map(({ path, message }) => ({
        field: path.join('.') || 'the event',
        message: message.replace('group of settings', 'group of fields'),
      }));
      const words = problems.map(({ field, message }) => `${field}: ${message}`).join('; ');
      throw new kit.InvalidInputError(words, problems);
    }
    const { id, event, at, customer, subject, value } = read;
    const email = customer?.email ?? null;
    const key = customer?.key || email?.toLowerCase();
    return {
      kind: 'event',
      event: {
        id,
        event,
        at: at ?? delivery.receivedAt,
        subject: subject || null,
        value: value ?? null,
        customer: key
          ? {
              key,
              email,
              name: customer?.name || null,
              tier: customer?.tier?.toLowerCase() || null,
              language: customer?.language || null,
              attributes: customer?.attributes ?? {},
            }
          : null,
      },
    };
  },
});
