import * as z from 'zod';
import { IntegrationError } from '#domain/base/errors.ts';
import type { HuddleNotice, Notice, NotifierDefinition } from '#domain/integrations/mailer.ts';
import { SecretName } from '#domain/settings/workspace-file.ts';
import { post } from './outcomes.ts';
import { hasStatus } from './tracker-parts.ts';

/** A notice as a room of many people may read it: what a public tracker may hold, and links that need a sign-in. */
export type ChatMessage = { title: string; lines: string[]; links: { text: string; url: string }[] };

/** The headline of a case stays out: it may hold amounts and reasons in colleagues' words. */
function toChatMessage(notice: Notice | HuddleNotice): ChatMessage {
  if ('lines' in notice) {
    const { headline, lines, url } = notice;
    return { title: headline, lines, links: [{ text: 'Open it in Caselite', url }] };
  }
  const { event, case: one, cases, responseUrl, people } = notice;
  const words = event.replaceAll('-', ' ');
  const title = `${words.charAt(0).toUpperCase()}${words.slice(1)}: ${cases ? `${cases} cases` : one.handle}`;
  const facts = [one.category, one.severity, ...(one.tier ? [one.tier] : [])].join(' · ');
  return {
    title,
    lines: [...(cases ? [] : [facts]), ...(people.length > 0 ? [`For ${people.join(', ')}`] : [])],
    links: [
      { text: cases ? 'Open the list of cases' : `Open case ${one.handle}`, url: one.url },
      ...(responseUrl === null ? [] : [{ text: 'Read the response', url: responseUrl }]),
    ],
  };
}

type ChatSettings = { kind: string; url: string };

/** A channel in a chat. Its address is a secret of the vendor's hosts alone, so that a page may set it. */
export function defineChat(chat: {
  kind: string;
  title: string;
  hosts: RegExp;
  render(message: ChatMessage): object;
}): NotifierDefinition<ChatSettings> {
  const { kind, title, hosts, render } = chat;
  const operation = `send to ${kind}`;
  const url = SecretName.describe(`Name of the secret with the address of the incoming webhook that ${title} gave you`);
  return {
    kind,
    title,
    settings: z.strictObject({ kind: z.literal(kind), url }),
    secrets: (settings) => [settings.url],
    addresses: () => [],

    async create(settings, { createFetch, secret }) {
      const address = URL.parse(secret(settings.url));
      if (address?.protocol !== 'https:' || !hosts.test(address.hostname))
        throw new IntegrationError('auth', operation, {
          detail: `the secret ${settings.url} holds no address of ${title}`,
        });
      const fetch = createFetch(address.href);
      const headers = { 'content-type': 'application/json' };
      return {
        async send(notice) {
          const body = JSON.stringify(render(toChatMessage(notice)));
          const sent = post(operation, () => fetch(address.href, { method: 'POST', headers, body }));
          await sent.catch((error: unknown) => {
            // The address is the credential: one that is gone pauses the channel, and the admins hear of it.
            throw hasStatus(error, 404, 410)
              ? new IntegrationError('auth', operation, { status: error.status })
              : error;
          });
        },
      };
    },
  };
}
