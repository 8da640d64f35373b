import { readMailAddress } from '#domain/base/mail-address.ts';
import { basics, type Case, type Core, demandFound, deriveId, handleOf, signToken, store, timing } from '../kit.ts';
import { findNoticeTime, notify } from '../mail/notify.ts';
import { queueMail } from '../mail/send-mail.ts';
import { comment, queueIssueEdit } from '../tracker-requests/sync-issue.ts';

const contributorLinkValidMs = 30 * timing.dayMs;
const mostCommentsPerContributor = 50;
const longestComment = 2000;

/** Invites the team's partners and customers to a new case, each by a link of their own. */
export function inviteContributorsOfTeam(core: Core, caseRecord: Case): void {
  for (const { name, email } of basics.findTeam(core, caseRecord.team)?.contributors ?? [])
    send(core, caseRecord, name, email, 'the workspace file');
}

/** Invites a contributor for 30 days, inside a transaction; inviting the address again mails and extends. */
export function invite(core: Core, caseId: string, { name, email, who }: Record<'name' | 'email' | 'who', string>) {
  const caseRecord = basics.demandManagedCase(core, caseId, who);
  if (name.trim() === '' || name.length > 80) basics.refuseField('name', 'is empty or longer than 80 characters');
  const { address, problem } = readMailAddress(email);
  send(core, caseRecord, name.trim(), address ?? basics.refuseField('email', problem), who);
}

/** Revokes a contributor's link. Earlier contributions stay. */
export function revokeContributorInvitation(core: Core, caseId: string, { id, who }: { id: string; who: string }) {
  basics.demandManagedCase(core, caseId, who);
  demandFound(store.contributorInvitations.find(core.sql, { id, caseId }), 'There is no such invitation.');
  store.contributorInvitations.update(core.sql, { id, endedAt: null }, { endedAt: core.clock.now() });
  basics.record(core, caseId, 'contributor removed', 'the link does not work any more', { who, evidence: id });
}

function send(core: Core, caseRecord: Case, name: string, email: string, who: string): void {
  const at = core.clock.now();
  const id = deriveId(core.keys, 'i', core.workspace, caseRecord.id, email.toLowerCase());
  // A form sent twice invites once.
  const known = store.contributorInvitations.find(core.sql, { id });
  if (known && known.endedAt === null && at - known.at < timing.minuteMs) return;
  const expiresAt = at + contributorLinkValidMs;
  const row = { id, caseId: caseRecord.id, name, email, invitedBy: who, at, expiresAt, endedAt: null };
  store.contributorInvitations.put(core.sql, row);
  const facts = { who: who === 'the workspace file' ? 'Caselite' : who, evidence: id };
  basics.record(core, caseRecord.id, 'contributor invited', 'by a link in a mail that is valid for 30 days', facts);
  const { workspace } = core.settings;
  const url = `${core.publicUrl}/c/${signToken(core.keys, 'contribute', core.workspace, id)}`;
  const inviter = basics.findPersonName(core, caseRecord.loopOwner) ?? workspace.name;
  queueMail(core, {
    once: ['invitation', id, String(at)],
    kind: 'contributor',
    caseId: caseRecord.id,
    person: id,
    address: email,
    replyTo: workspace.people[caseRecord.loopOwner ?? '']?.email ?? null,
    at: findNoticeTime(core, { person: id, event: 'opened', caseId: null }, at),
    subject: `${workspace.name}: your help with case ${handleOf(caseRecord)}`,
    content: {
      paragraphs: [
        `Hello ${name},`,
        `${inviter} asks for your help with a case of ${workspace.name}: ${caseRecord.category}.`,
        'The link shows what it is about, and lets you comment. It is personal: please do not share it.',
      ],
      button: { label: 'See the case', url },
      footer: [`The link is valid until ${basics.formatTime(core, expiresAt)} (${workspace['time-zone']}).`],
    },
  });
}

/** What a contributor may see: why the case is open and its state. Nothing of a respondent, and no other comments. */
export function buildContributorPage(core: Core, contributorInvitationId: string) {
  const { invitation, caseRecord } = findHolder(core, contributorInvitationId);
  const { workspace, templates } = core.settings;
  return {
    workspaceName: workspace.name,
    name: invitation.name,
    handle: handleOf(caseRecord),
    title: templates.get(caseRecord.template)?.name ?? caseRecord.template,
    category: caseRecord.category,
    severity: caseRecord.severity,
    status: caseRecord.status,
    why: caseRecord.openedWhy,
    due: basics.formatTime(core, caseRecord.dueAt),
    owner: basics.findPersonName(core, caseRecord.loopOwner),
    isOpen: caseRecord.loop === 'working',
    until: `${basics.formatTime(core, invitation.expiresAt)} (${workspace['time-zone']})`,
    comments: store
      .listContributions(core.sql, caseRecord.id, invitation.id)
      .map(({ text, at }) => ({ text, at: basics.formatTime(core, at) })),
  };
}

/** Stores a contribution and notifies the loop owner. It is never read as a command. */
export function contribute(core: Core, contributorInvitationId: string, text: string) {
  const { invitation, caseRecord } = findHolder(core, contributorInvitationId);
  const trimmed = basics.wording('text', text, 'write a comment', longestComment);
  const before = store.listContributions(core.sql, caseRecord.id, invitation.id);
  if (before.length >= mostCommentsPerContributor)
    basics.refuseField('text', 'is one too many: write to the person who invited you instead');
  if (before.at(-1)?.text === trimmed) return buildContributorPage(core, contributorInvitationId);
  store.addContribution(core.sql, invitation, trimmed, core.clock.now());
  const facts = { who: 'a contributor', evidence: invitation.id };
  basics.record(core, caseRecord.id, 'contributor commented', 'by the link in a mail', facts);
  const { length } = store.listContributions(core.sql, caseRecord.id, null);
  const headline = `${handleOf(caseRecord)}: a contributor commented${length > 1 ? ` (comment ${length})` : ''}`;
  notify(core, caseRecord, 'replied', headline, { once: `${invitation.id} ${before.length + 1}` });
  if (caseRecord.issue && core.settings.workspace.words === 'private') queueIssueEdit(core, caseRecord.id, 'text');
  else if (caseRecord.issue) {
    const once = `contribution:${invitation.id}:${before.length + 1}`;
    const page = basics.buildCasePageUrl(core, caseRecord.id);
    comment(core, caseRecord, once, `A contributor commented. Read it on the [case page](${page}).`);
  }
  return buildContributorPage(core, contributorInvitationId);
}

/** Expired, revoked and unknown links get the same answer. */
function findHolder(core: Core, id: string) {
  const found = store.contributorInvitations.find(core.sql, { id, endedAt: null });
  const isOver = found !== null && found.expiresAt <= core.clock.now();
  const invitation = demandFound(isOver ? null : found, 'This link does not work any more.');
  return { invitation, caseRecord: store.getCase(core.sql, invitation.caseId) };
}
