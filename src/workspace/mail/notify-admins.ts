import { audience } from '../basics/people.ts';
import type { Core } from '../core.ts';
import { queueNoticeMail } from './send-mail.ts';

interface News {
  /** Parts of the idempotency key. */
  once: string[];
  subject: string;
  paragraphs: string[];
  path: string;
  label: string;
}

/** Notifies the admins of the workspace, or the case managers where it names none. */
export function notifyAdmins(core: Core, { once, subject, paragraphs, path, label }: News): void {
  const { admins, teams } = core.settings.workspace;
  const names = admins.length > 0 ? admins : Object.values(teams).flatMap(({ managers }) => managers);
  for (const { person, address } of audience(core, names, '')) {
    queueNoticeMail(core, {
      once: [...once, person],
      person,
      address,
      subject,
      content: {
        paragraphs,
        button: { label, url: `${core.publicUrl}/w/${core.workspace}/${path}` },
        footer: [
          admins.length > 0
            ? 'You get this because the workspace file names you under admins.'
            : 'You get this because you manage a team and the workspace file names no admins.',
        ],
      },
    });
  }
}
