import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { mail } from '#adapters/surveys/mail/definition.ts';
import { InvalidInputError } from '#domain/base/errors.ts';
import { alertSource, genuineMail, hostileMails, wordyVerdict } from '#test/attack/hostile-mails.ts';
import { renderMail } from '#test/harness/alert-mails.ts';

const settings = mail.settings.parse(parse(alertSource).alerts);
const read = async (bytes: Uint8Array) => {
  const body = (await mail.prepare?.(bytes, settings)) ?? bytes;
  return mail.parse({ body, headers: {}, receivedAt: 0 }, settings);
};

it.each([undefined, wordyVerdict])('takes a mail that its relay has proved: %s', async (verdict) => {
  expect(await read(genuineMail(verdict))).toMatchObject({ kind: 'response', response: { answers: [{ value: 1 }] } });
});

it.each(hostileMails)('sets aside a mail with %s, within 2 seconds', async (_, bytes) => {
  const began = performance.now();
  await expect(read(bytes)).rejects.toBeInstanceOf(InvalidInputError);
  expect(performance.now() - began).toBeLessThan(2000);
});

it('says of a mail that Outlook wraps, and of an encrypted one, where its text is and what to do', async () => {
  const parts = [{ type: 'application/ms-tnef; name="winmail.dat"', text: '', raw: 'x' }];
  await expect(read(renderMail({ parts }))).rejects.toThrow(
    'Not a readable e-mail: message: keeps its text in winmail.dat, which is not read; let the sender send HTML or plain text',
  );
});

it.each([
  ['without a proof', '', 0],
  ['with one', undefined, 1],
])('reads bodies of a mail %s only where its sender counts', async (_, verdict, bodies) => {
  const body = await mail.prepare?.(genuineMail(verdict), settings);
  expect(JSON.parse(new TextDecoder().decode(body)).bodies).toHaveLength(bodies);
});
