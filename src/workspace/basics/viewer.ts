import type { TokenPurpose } from '#domain/base/token.ts';
import type { Core } from '../core.ts';
import { determineAccess } from './roles.ts';

/** The party that asks something of a workspace. */
export type Viewer =
  | { kind: 'person'; person: string }
  /** A program with the workspace's API token. */
  | { kind: 'program' }
  /** The holder of a signed link of a mail: a customer, a closer, a colleague or a contributor. */
  | { kind: 'link'; purpose: LinkPurpose; subject: string };

export type LinkPurpose = Exclude<TokenPurpose, 'own-survey' | 'sign-in' | 'session'>;

interface OnCase {
  assignee: string | null;
  loopOwner: string | null;
}

/** Whether a viewer sees who customers are: programs and managers do, and on their own cases all people. */
export function maySeeCustomers({ settings }: Core, viewer: Viewer, ...own: OnCase[]): boolean {
  if (viewer.kind !== 'person') return viewer.kind === 'program';
  const { person } = viewer;
  return (
    determineAccess(settings.workspace, person) !== 'member' ||
    own.some(({ assignee, loopOwner }) => assignee === person || loopOwner === person)
  );
}
