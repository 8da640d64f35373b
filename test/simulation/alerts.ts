import { renderMail } from '#test/harness/alert-mails.ts';
import type { SentResponse } from './actors.ts';

/** A source that reads responses from e-mail alerts. */
export const alertSource = `  alerts:
    kind: mail
    senders: [alerts@survey.example]
    relay: mx.acme.example
    lines: ["Response: {id}", "Completed: {completed}", "Ease: {ease} of 10", "Wish: {wish}", "Key: {key}", "E-mail: {email}", "Name: {name}", "Tier: {tier}", Sent by a survey tool]
    optional: [wish]
    response:
      id: id
      submitted-at: mail.date
      answers: [{ at: completed }, { at: ease, type: number }, { at: wish }]
    questions: { completed: completed, ease: ease, wish: wish }
    respondent: { key: hidden.key, email: hidden.email, name: hidden.name, tier: hidden.tier }
`;

/** Encodes a simulated response as an alert, whose relay proved its sender. */
export function encodeAlert({ token, customer, completed, ease, wish }: SentResponse, at: number): Uint8Array {
  const lines = [
    `Response: ${token}`,
    `Completed: ${completed ? 'Yes' : 'No'}`,
    `Ease: ${ease} of 10`,
    ...(wish === null ? [] : [`Wish: ${wish}`]),
    ...(['key', 'email', 'name', 'tier'] as const).map(
      (field) => `${field === 'email' ? 'E-mail' : `${field[0]?.toUpperCase()}${field.slice(1)}`}: ${customer[field]}`,
    ),
    'Sent by a survey tool',
  ];
  const date = new Date(at).toUTCString().replace('GMT', '+0000');
  return renderMail({
    id: token,
    date,
    parts: [{ type: 'text/plain', text: lines.join('\n'), encoding: ease % 2 === 0 ? 'base64' : '8bit' }],
  });
}
