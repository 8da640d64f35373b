import { createIssueMarker } from '#domain/base/key.ts';
import type { History } from './history.ts';
import { hasHandle } from './titles.ts';

/** Response plans as sub-issues, with at most two steps, because more would only need more time. */
export function withParts(_: string, text: string): string {
  const [head, plan] = text.split(/^plan:\n {2}steps:\n/m);
  if (plan === undefined) return text;
  const lines = plan.split('\n');
  const steps = lines.filter((line) => line.startsWith('    - ')).slice(0, 2);
  const rest = lines.filter((line) => !line.startsWith('    - '));
  return `${head}plan:\n  as: sub-issues\n  steps:\n${steps.join('\n')}\n${rest.join('\n')}`;
}

export const planInvariants = { planStepsMatchTheirIssues, ticksByWhoMadeThem };

/** A step that was ticked in an issue was ticked by the person of that account, once for each webhook. */
function ticksByWhoMadeThem({ sql, ticks, settings }: History): string[] {
  const rows = sql.all<{ who: string; why: string; evidence: string }>(
    "SELECT who, why, evidence FROM timeline WHERE what LIKE 'plan step %' AND evidence LIKE 'webhook %'",
  );
  const seen = new Set<string>();
  return rows.flatMap(({ who, why, evidence }) => {
    const account = settings.workspace.people[who]?.accounts.github;
    const isOwn = account !== undefined && ticks.get(evidence.slice('webhook '.length)) === account;
    const isAgain = seen.size === seen.add(evidence + why).size;
    return [
      ...(isOwn ? [] : [`a step was ticked in the name of ${who}, who did not`]),
      ...(isAgain ? [`one webhook ticked twice: ${evidence}`] : []),
    ];
  });
}

interface Step {
  number: number;
  template: string;
  position: number;
  tracker: string;
  form: string;
  why: string | null;
  key: string | null;
  state: string | null;
  doneAt: number | null;
}

/** Each step has one sub-issue, and both agree on whether the step is done. */
function planStepsMatchTheirIssues(history: History): string[] {
  const steps = history.sql.all<Step>(
    `SELECT c.number, c.template, p.position, c.tracker, p.form, p.form_why AS why, p.issue_key AS key, p.issue_state AS state,
        p.done_at AS doneAt
      FROM plan_steps p JOIN cases c ON c.id = p.case_id WHERE c.issue_key IS NOT NULL ORDER BY c.number, p.position`,
  );
  const states = history.trackerText;
  const names: string[] = [];
  for (const [tracker, trackerHistory] of Object.entries(history.trackers)) {
    const issues = trackerHistory.issues;
    for (const step of steps.filter((entry) => entry.tracker === tracker)) {
      const handle = `C-${step.number}-${step.position}`;
      const titled = issues.filter(({ key, title }) => hasHandle(title, handle) || key === step.key);
      if (titled.length > 1) names.push(`step ${handle} has ${titled.length} issues`);
      if (step.form === 'check-box') {
        const isPlanned = history.settings.templates.get(step.template)?.plan?.as === 'check-boxes';
        if (!step.why && !isPlanned) names.push(`step ${handle} is a check box without a reason`);
        continue;
      }
      const [issue] = titled;
      if (!issue) {
        names.push(`step ${handle} has no issue`);
        continue;
      }
      if (!states.includes(createIssueMarker(history.keys, 'acme', handle)))
        names.push(`the issue of step ${handle} has lost its marker`);
      if (issue.key !== step.key || issue.state !== step.state)
        names.push(`step ${handle} says ${step.key} is ${step.state}, but ${issue.key} is ${issue.state}`);
      if ((step.doneAt !== null) !== (issue.state === 'closed'))
        names.push(`step ${handle} is ${step.doneAt === null ? 'open' : 'done'}, but its issue ${issue.state}`);
    }
  }
  return names;
}
