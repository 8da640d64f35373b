import { emptyIssueEditHistory, type ObservedClosing } from '#domain/cases/issue-mirror.ts';
import type { ClosePolicySettings } from '#domain/settings/case-options.ts';
import { basics, type Case, type ClosingReason, type Core, dayMs, store } from '../kit.ts';
import { reopen } from '../tracker-requests/reopen.ts';

const mostClosingReversalsPerDay = 2;

/** Close policy of the workspace, with the template's overrides. */
export function findClosePolicy(core: Core, caseRecord: Case): ClosePolicySettings {
  const settings = basics.findSettingsOfCase(core, caseRecord);
  const own = core.settings.templates.get(caseRecord.template)?.['close-policy'] ?? {};
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return { ...settings['close-policy'], ...given };
}

export function mayCloseByPolicy(core: Core, caseRecord: Case, person: string): boolean {
  const { mode, by } = findClosePolicy(core, caseRecord);
  return mode === 'off' || by === 'anybody' || basics.mayClose(core, caseRecord, person);
}

type Closing = { closer: string | null; who: string; reason: ClosingReason; note: string | null };

/** Checks a closing against the policy. @returns the reason of a violation; `undone` when it is being reopened */
export function enforceClosePolicy(
  core: Core,
  caseRecord: Case,
  seen: ObservedClosing,
  { closer, who, reason, note }: Closing,
): 'undone' | (string & {}) | null {
  const policy = findClosePolicy(core, caseRecord);
  // Closings by an age limit or a deletion wait for a decision anyway.
  if (policy.mode === 'off' || reason === 'stale' || reason === 'gone') return null;
  const name = basics.findPersonName(core, closer) ?? who;
  const policyViolations = [
    ...(policy.by === 'managers' && !basics.mayClose(core, caseRecord, closer)
      ? [`${name} closed it, and only case managers may`]
      : []),
    ...(policy.require.includes('closing-reason') && note === null && reason !== 'duplicate'
      ? ['it was closed without a closing reason']
      : []),
    ...(policy.require.includes('root-cause') && caseRecord.rootCause === null && reason === 'fixed'
      ? ['it was closed without a root cause']
      : []),
  ];
  if (policyViolations.length === 0) return null;
  const flag = policyViolations.join('; ');
  if (policy.mode === 'flag') return flag;
  const conflicts = caseRecord.editHistory ?? emptyIssueEditHistory;
  const now = core.clock.now();
  const recent = conflicts.closingsReversedByPolicy.filter((entry) => entry.who === who && entry.at > now - dayMs);
  const wasClosingReversedBefore = conflicts.closingsReversedByPolicy.some(
    (entry) => entry.closing.closure?.at === seen.closure?.at,
  );
  if (wasClosingReversedBefore || recent.length >= mostClosingReversalsPerDay)
    return `${flag}; it was reopened for that ${recent.length === 1 ? 'once' : `${recent.length} times`} already`;
  if (wasClosedByManager(core, caseRecord)) return `${flag}; a case manager had closed it before`;
  store.updateIssueEditLimits(core.sql, caseRecord.id, {
    closingsReversedByPolicy: [
      ...conflicts.closingsReversedByPolicy,
      { who, at: now, closing: selectClosingFields(seen) },
    ],
  });
  const may = listTeamManagerNames(core, caseRecord);
  basics.record(core, caseRecord.id, 'closing undone', flag, { who: 'Caselite', evidence: seen.key });
  reopen(
    core,
    store.getCase(core.sql, caseRecord.id),
    `${flag}. ${howTo(policy, may)}`,
    `policy:${seen.closure?.at ?? seen.updatedAt}`,
  );
  return 'undone';
}

const selectClosingFields = ({ closure, key, status, updatedAt }: ObservedClosing): ObservedClosing => ({
  closure,
  key,
  status,
  updatedAt,
});

function howTo(policy: ClosePolicySettings, managers: string[]): string {
  const may = managers.length > 0 ? managers.join(', ') : 'the case managers';
  return [
    ...(policy.by === 'managers' ? [`${may} may close it`] : []),
    ...(policy.require.includes('closing-reason') ? ['a comment "/close because …" gives the reason'] : []),
    ...(policy.require.includes('root-cause') ? ['a comment "/root-cause …" gives the root cause'] : []),
  ].join('; ');
}

/** People who may close a case; null where everybody may. */
export function listPeopleWhoMayClose(core: Core, caseRecord: Case): string[] | null {
  const { mode, by } = findClosePolicy(core, caseRecord);
  if (mode === 'off' || by === 'anybody') return null;
  return Object.keys(core.settings.workspace.people).filter((person) => basics.mayClose(core, caseRecord, person));
}

export const listTeamManagerNames = (core: Core, { team }: Case): string[] =>
  (basics.findTeam(core, team)?.managers ?? []).map((person) => basics.findPersonName(core, person) ?? person);

const wasClosedByManager = (core: Core, caseRecord: Case): boolean =>
  store
    .listTimelineEntries(core.sql, caseRecord.id)
    .some(({ what, who }) => what.startsWith('closed as ') && basics.mayClose(core, caseRecord, who));
