import * as z from 'zod';
import { Slug } from '../base/names.ts';
import { buildPersonSchema } from './people.ts';
import { checkWorkspaceFile } from './workspace-checks.ts';
import { commonFields, Team } from './workspace-file.ts';

/** Teams of a workspace that names none: everybody but viewers manages, and the first person takes what nobody else can. */
const createTeamOfAll = (people: string[]) => ({ everybody: Team.parse({ managers: people, fallback: people[0] }) });

/** One workspace's settings as one file; the kinds come from the registry, so that a vendor changes nothing here. */
export function createWorkspaceFileSchema<
  Source extends z.ZodType,
  TrackerSettings extends z.ZodType,
  Mail extends z.ZodType,
  Channel extends z.ZodType,
>(kinds: { source: Source; tracker: TrackerSettings; mail: Mail; channel: Channel; accounts: string[] }) {
  return z
    .strictObject({
      ...commonFields,
      sources: z.record(Slug, kinds.source),
      trackers: z.record(Slug, kinds.tracker),
      people: z.record(Slug, buildPersonSchema(kinds.accounts)),
      mail: kinds.mail,
      channels: z.record(Slug, kinds.channel).default({}),
    })
    .transform((file) =>
      Object.keys(file.teams).length > 0
        ? file
        : { ...file, teams: createTeamOfAll(Object.keys(file.people).filter((name) => !file.viewers.includes(name))) },
    )
    .superRefine((file, context) => {
      checkWorkspaceFile(file, (path, message) => context.addIssue({ code: 'custom', path, message }));
    });
}
