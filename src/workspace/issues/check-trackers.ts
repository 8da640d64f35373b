import { draftCaseLabels } from '#domain/cases/label.ts';
import { AppError, type Core, IntegrationError, type port, templating, type WorkspaceSettings } from '../kit.ts';
import { allowTrialCallNow } from '../queues/circuit-breaker.ts';
import { registerHooksAgain } from '../queues/hooks.ts';
import { queueOfSource } from '../queues/outbox-kind.ts';
import { retryRefusedEverywhere } from '../tracker-requests/refusals.ts';
import { setPollTimersToNow } from './poll.ts';

/** Findings about the set-up of each tracker, also of one without its secret or address. */
export const checkTrackers = async (
  { workspace, templates }: Pick<templating.Settings, 'workspace' | 'templates'>,
  integrations: Pick<port.Integrations, 'tracker'>,
  now: number,
): Promise<port.TrackerSetUpReport[]> =>
  Promise.all(
    Object.entries(workspace.trackers).map(async ([tracker, { kind }]) => {
      const accounts = Object.values(workspace.people).flatMap(({ accounts: own }) => own[kind] ?? []);
      try {
        const api = await integrations.tracker(tracker);
        const labels = draftPossibleLabels(workspace);
        const own = [...templates.values()].filter((template) => template.tracker === tracker);
        const options = own.flatMap(({ issue }) => (issue ? [issue] : []));
        return { tracker, kind, findings: await api.check({ accounts, labels, now, options }) };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return { tracker, kind, findings: [unusable(error)] };
      }
    }),
  );

/** Adds what trackers say of the settings of their issues, one line each. An unreachable tracker says nothing. */
export async function addIssueSettingsWarnings({ settings, integrations, clock }: Core, warnings: string[]) {
  const { workspace, templates } = settings;
  const issuesOnly = { ...workspace, people: {}, 'case-options': { ...workspace['case-options'], categories: [] } };
  const reports = await checkTrackers({ workspace: issuesOnly, templates }, integrations, clock.now()).catch(() => []);
  for (const report of reports) {
    const findings = report.findings.filter(({ about }) => about === 'fields' || about === 'workflow');
    if (findings.length > 0) warnings.push(...formatTrackerReports([{ ...report, findings }]));
  }
}

/** Gives paused trackers a trial call at once, and tries again what was refused, because a cause may be removed. */
export function retryAfterCheck(core: Core): Core {
  registerHooksAgain(core);
  const { trackers, sources } = core.settings.workspace;
  for (const queue of [...Object.keys(trackers), ...Object.keys(sources).map(queueOfSource), 'mail'])
    allowTrialCallNow(core, queue);
  setPollTimersToNow(core, core.settings);
  retryRefusedEverywhere(core);
  return core;
}

/** One line per finding; trackers without findings get a line too. */
export const formatTrackerReports = (reports: port.TrackerSetUpReport[]): string[] =>
  reports.flatMap(({ tracker, kind, findings }) => {
    if (findings.length === 0) return [`${tracker} (${kind}): all is well`];
    const toLine = ({ about, blocking, message, remedy }: port.SetUpFinding) =>
      `${tracker} (${kind}) ${blocking ? 'STOPS' : 'note'}, ${about}: ${message}; ${remedy}`;
    return findings.map(toLine);
  });

/** Whether anything needs a remedy. Labels replace native fields that a tracker lacks, and a workflow may have steps. */
export const needsRemedy = ({ findings }: port.TrackerSetUpReport): boolean =>
  findings.some(({ about, blocking }) => blocking || (about !== 'fields' && about !== 'workflow'));

function draftPossibleLabels(workspace: WorkspaceSettings): port.LabelDraft[] {
  const { categories, severities } = workspace['case-options'];
  const labels = categories.flatMap((category) =>
    severities.flatMap((severity) => {
      const severityRank = templating.findSeverityRank(workspace, severity);
      return draftCaseLabels({ category, severity, severityRank, dueDate: null, tier: null });
    }),
  );
  const byName = new Map(labels.map((label) => [label.name, label]));
  return [...byName.values()];
}

function unusable(error: AppError): port.SetUpFinding {
  const isMistake = error instanceof IntegrationError && error.code === 'rejected';
  return {
    about: isMistake ? 'fields' : 'credentials',
    blocking: true,
    message: error.message,
    remedy: isMistake
      ? 'correct it in the workspace file or the template'
      : 'enter it under Settings, Connections, or set it in the deployment and start again',
  };
}
