import { settingsFor, severityRank } from '#domain/options.ts';
import type { Core } from '../core.ts';
import { type Case, updateCase } from '../store/cases.ts';
import { addToOutbox } from '../store/outbox.ts';
import { labelsOf } from './draft-issue.ts';
import { record } from './timeline.ts';

/** Gives a case a higher severity: in the case, its labels and its issue's text, with the reason in its history. */
export function raiseSeverity(
  core: Core,
  found: Case,
  severity: string,
  { why, evidence }: { why: string; evidence: string },
): void {
  const settings = settingsFor(core.settings.workspace, found.team);
  const before = labelsOf(core, found).map(({ name }) => name);
  const raised = { ...found, severity, severityRank: severityRank(settings, severity) };
  const labels = labelsOf(core, raised);
  updateCase(core.sql, found.id, { severity, severityRank: raised.severityRank });
  record(core, found.id, 'severity raised', `from ${found.severity} to ${severity}: ${why}`, { evidence });
  addToOutbox(core.sql, {
    key: `severity:${found.id}:${evidence}`,
    lane: found.tracker,
    subject: `case:${found.id}`,
    kind: 'issue.edit',
    payload: {
      caseId: found.id,
      text: true,
      addLabels: labels,
      removeLabels: before.filter((name) => !labels.some((label) => label.name === name)),
    },
    at: core.clock.now(),
  });
}
