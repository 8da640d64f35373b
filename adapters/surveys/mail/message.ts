import PostalMime, { type Attachment, addressParser, type Email } from 'postal-mime';
import * as z from 'zod';
import * as kit from '../../kit.ts';
import { readHtmlLines, readTextLines } from './body-lines.ts';

/* A message as JSON, apart from all settings: postal-mime reads only asynchronously, and a delivery is settled at once. */

/** Nested messages are read here, because each level of the library's own reading has its whole limits again. */
const limits = { maxNestingDepth: 20, maxHeadersSize: 64 * 1024, maxRfc822NestingDepth: 0 };
const [mostLines, mostParts, mostForwards] = [50_000, 300, 2];

export const Message = z.object({
  headers: z.array(z.tuple([z.string(), z.string()])),
  from: z.array(z.string()),
  facts: z.object({ id: z.string(), from: z.string(), subject: z.string(), date: z.string() }),
  bodies: z.array(z.array(z.string())),
  attached: z.unknown(),
});
export type Message = z.output<typeof Message>;
export type Sent = Pick<Message, 'headers' | 'from'>;

/**
 * Reads a message; what it cannot be read for stands in the JSON, because only `parse` refuses.
 * @param isTaken whether its sender is one whose texts are read
 */
export async function readMessage(body: Uint8Array, isTaken: (sent: Sent) => boolean): Promise<Uint8Array> {
  const read = await readBounded(body, mostForwards, isTaken).catch((error: unknown) => ({
    problem: error instanceof Error ? error.message : 'is no message',
  }));
  return new TextEncoder().encode(JSON.stringify(read));
}

/** @throws Error for a message beyond the limits */
export async function parseBounded(body: Uint8Array): Promise<Email> {
  checkLines(body);
  return PostalMime.parse(body, limits);
}

export const readSent = ({ headers }: Email): Sent => ({
  headers: headers.map(({ key, value }) => [key, value]),
  // Every address of every From header: a message with several has no proved sender.
  from: headers.flatMap(({ key, value }) =>
    key === 'from' ? addressParser(value, { flatten: true }).map(({ address = '' }) => address) : [],
  ),
});

async function readBounded(body: Uint8Array, forwards: number, isTaken?: (sent: Sent) => boolean): Promise<Message> {
  const email = await parseBounded(body);
  const { subject = '', messageId: id = '', date = '' } = email;
  const sent = readSent(email);
  const facts = { id, from: email.from?.address ?? '', subject, date };
  if (isTaken?.(sent) === false) return { ...sent, facts, bodies: [], attached: null };
  const inner = email.attachments.filter(({ mimeType }) => mimeType === 'message/rfc822').slice(0, 3);
  const nested = forwards > 0 ? await Promise.all(inner.map((part) => readBounded(toBytes(part), forwards - 1))) : [];
  demandOpenText(email);
  const own = [email.html ? await readHtmlLines(email.html) : [], readTextLines(email.text ?? '')];
  return {
    ...sent,
    facts,
    bodies: [
      ...own.flatMap((lines) => (lines.length > 0 ? [[...readTextLines(`Subject: ${subject}`), ...lines]] : [])),
      ...nested.flatMap(({ bodies }) => bodies),
    ],
    attached: email.attachments.map(readAttachment).find((json) => json !== null) ?? nested[0]?.attached ?? null,
  };
}

/** @throws InvalidInputError for a mail whose whole text is in a part that only the sender's program or key opens */
export function demandOpenText({ attachments, html, text }: Email): void {
  const closed = attachments.find(({ mimeType }) => /ms-tnef|pkcs7-mime|pgp-encrypted/.test(mimeType));
  if (closed && !html && !text?.trim())
    throw new kit.InvalidInputError(
      `keeps its text in ${closed.filename || closed.mimeType}, which is not read; let the sender send HTML or plain text`,
    );
}

/** Counts lines, and those that may begin a part, which cost the parser far more than their bytes. */
function checkLines(body: Uint8Array): void {
  let [lines, parts] = [0, 0];
  for (let at = body.indexOf(0x0a); at >= 0; at = body.indexOf(0x0a, at + 1)) {
    lines += 1;
    if (body[at + 1] === 0x2d && body[at + 2] === 0x2d) parts += 1;
  }
  if (lines > mostLines || parts > mostParts)
    throw new kit.InvalidInputError(`has more than ${mostLines} lines or ${mostParts} parts`);
}

export const toBytes = ({ content }: Attachment): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);

function readAttachment(part: Attachment): unknown {
  const name = part.filename ?? '';
  try {
    if (part.mimeType === 'application/json' || /\.json$/i.test(name)) return kit.readJson(toBytes(part));
    if (part.mimeType !== 'text/csv' && !/\.csv$/i.test(name)) return null;
    const { columns, rows } = kit.readCsv(toBytes(part));
    const [only] = rows;
    if (!only || rows.length > 1) return null;
    return Object.fromEntries(columns.map((column, index) => [column.replaceAll('.', ''), only.cells[index] ?? '']));
  } catch (error) {
    if (!(error instanceof kit.AppError)) throw error;
    return null;
  }
}
