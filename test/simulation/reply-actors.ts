import { deliverMail, readMailbox } from '#src/deliver-mail.ts';
import { isGenuineDelivery, storeDeliveries } from '#src/workspace/intake/receive.ts';
import { inbound, renderReply } from '#test/harness/replies.ts';
import { minute } from '#test/harness/times.ts';
import { leaver } from './actors.ts';
import type { Chance } from './chance.ts';
import type { World } from './world.ts';

/** A mail that a customer, a program of theirs or a stranger sent to the address of a case. */
export interface SentReply {
  text: string;
  mailbox: string;
  kind: 'reply' | 'automatic-reply' | 'other-reply';
  acked: boolean;
}

export const withInbound = (workspaceFile: string): string => `${workspaceFile}\n${inbound}`;

export const withReceipt = (name: string, text: string): string =>
  /^upgrade-not-installed$|^product-wish$/.test(name) ? `${text}\nreceipt: true\n` : text;

/** Customers reply to mails of their cases, and so do their programs and strangers; the mail server sends until it is acknowledged. */
export async function reply(world: World, chance: Chance, answered: Set<string>): Promise<void> {
  // Who writes after their erasure is somebody new to us, and this person never does.
  const isGone = world.sql.all("SELECT 1 FROM audit_log WHERE what = 'person erased'").length > 0;
  for (const mail of world.mail.accepted) {
    if (isGone && mail.to === leaver.email) continue;
    const key = `reply to ${mail.id}`;
    if (!mail.replyTo?.endsWith('@in.acme.example') || answered.has(key) || chance.happens(0.5)) continue;
    answered.add(key);
    const kind = chance.pick(['reply', 'automatic-reply', 'automatic-reply', 'other-reply', null] as const);
    if (kind) await send(world, chance, { to: mail.to, mailbox: mail.replyTo, kind });
  }
}

async function send(
  world: World,
  chance: Chance,
  { to, mailbox, kind }: { to: string; mailbox: string; kind: SentReply['kind'] },
): Promise<void> {
  const text = `canarywords in reply number ${world.replies.length}, the end`;
  const sent = { text, mailbox, kind, acked: false };
  world.replies.push(sent);
  const from =
    kind === 'other-reply' && chance.happens(0.5) ? `stranger-${world.replies.length}@elsewhere.example` : to;
  const mail = renderReply(from, `${text}\n\nOn Tuesday Acme wrote:\n> Did we solve it?`, {
    id: `reply-${world.replies.length}`,
    ...(kind === 'other-reply' && from === to && { verdict: '' }),
    ...(kind === 'automatic-reply' && { headers: ['Auto-Submitted: auto-replied'] }),
  });
  const post = async (_path: string, { body }: RequestInit): Promise<Response> => {
    const bytes = body as Uint8Array<ArrayBuffer>;
    const headers = await world.signatures.alert({ body: bytes, id: text });
    const arrival = { source: 'mail', raw: { body: bytes, headers, receivedAt: world.now } };
    const status = await world.mortal(async () => {
      if (!(await isGenuineDelivery(world.core, arrival))) return 401;
      storeDeliveries(world.core, [arrival]);
      return 202;
    });
    return new Response(null, { status: status ?? 503 });
  };
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const outcome = await deliverMail(readMailbox(mailbox), mail, () => 'unused', post);
    sent.acked ||= outcome === 'stored';
    if (outcome !== 'later' && !chance.happens(0.2)) return;
    await world.runUntil(world.now + minute);
  }
}
