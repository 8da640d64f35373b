import { basics, type Core } from '../kit.ts';
import { queueNoticeMail } from './send-mail.ts';

interface News {
  /** Team whose case managers are notified in place of the admins. */
  team?: string | null;
  /** Parts of the idempotency key. */
  once: string[];
  subject: string;
  paragraphs: string[];
  path: string;
  label: string;
}

/** Notifies the case managers of a team, else the admins of the workspace, else the case managers of all teams. */
export function notifyAdmins(core: Core, { once, team, subject, paragraphs, path, label }: News): void {
  const { admins, teams } = core.settings.workspace;
  const ofTeam = team ? (teams[team]?.managers ?? []) : [];
  const all = Object.values(teams).flatMap(({ managers }) => managers);
  const [names, because] =
    ofTeam.length > 0
      ? [ofTeam, `you manage the team ${team}`]
      : admins.length > 0
        ? [admins, 'the workspace file names you under admins']
        : [all, 'you manage a team and the workspace file names no admins'];
  for (const { person, address } of basics.audience(core, names, ''))
    queueNoticeMail(core, {
      once: [...once, person],
      person,
      address,
      subject,
      content: {
        paragraphs,
        button: { label, url: `${core.publicUrl}/w/${core.workspace}/${path}` },
        footer: [`You get this because ${because}.`],
      },
    });
}
