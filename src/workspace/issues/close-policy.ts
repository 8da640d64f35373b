import type { ClosePolicySettings } from '#domain/settings/case-options.ts';
import { basics, type Case, type casework, type ClosingReason, type Core, dayMs, store } from '../kit.ts';
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
  seen: casework.ObservedClosing,
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
  const reversed = caseRecord.editHistory?.closingsReversedByPolicy ?? [];
  const now = core.clock.now();
  const recent = reversed.filter((entry) => entry.who === who && entry.at > now - dayMs);
  const wasReversedBefore = reversed.some(({ closing }) => closing.closure?.at === seen.closure?.at);
  if (wasReversedBefore || recent.length >= mostClosingReversalsPerDay)
    return `${flag}; it was reopened for that ${recent.length === 1 ? 'once' : `${recent.length} times`} already`;
  const wasClosedByManager = store
    .listTimelineEntries(core.sql, caseRecord.id)
    .some((entry) => entry.what.startsWith('closed as ') && basics.mayClose(core, caseRecord, entry.who));
  if (wasClosedByManager) return `${flag}; a case manager had closed it before`;
  const { closure, key, status, updatedAt } = seen;
  const entry = { who, at: now, closing: { closure, key, status, updatedAt } };
  store.updateIssueEditLimits(core.sql, caseRecord.id, { closingsReversedByPolicy: [...reversed, entry] });
  basics.record(core, caseRecord.id, 'closing undone', flag, { evidence: key });
  const why = `${flag}. ${howTo(policy, listTeamManagerNames(core, caseRecord))}`;
  reopen(core, store.getCase(core.sql, caseRecord.id), why, `policy:${closure?.at ?? updatedAt}`);
  return 'undone';
}

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
