import { derivedUuid, issueMarker } from '#domain/base/marker.ts';
import { issueBody, issueTitle } from '#domain/cases/issue-text.ts';
import { caseLabels } from '#domain/cases/label.ts';
import type { IssueDraft } from '#domain/integrations/tracker.ts';
import { dueDate, instantText } from '#domain/templates/due.ts';
import { colourOf, settingsFor } from '#domain/templates/options.ts';
import { escapeMarkdown } from '#domain/text/escape-markdown.ts';
import type { Core } from '../core.ts';
import { type Case, handleOf } from '../store/case-record.ts';
import { customersOfCase, firstResponseOf, responsesOfCase } from '../store/case-responses.ts';
import { contributionsOf } from '../store/contributors.ts';
import { planOf } from '../store/plan.ts';
import { findResponse } from '../store/responses.ts';
import { findStrategic } from '../store/strategic.ts';
import { accountOf, personName, roleName } from './people.ts';
import { renderWording } from './render-wording.ts';

/** The whole issue for a case, frozen with the intent to make it. */
export function draftIssue(core: Core, found: Case): IssueDraft {
  const handle = handleOf(found);
  const date = dueDate(found.dueAt, core.settings.workspace['time-zone']);
  return {
    marker: issueMarker(core.keys, core.workspace, handle),
    uuid: derivedUuid(core.keys, 'issue-uuid.1', core.workspace, found.id),
    ...issueText(core, found),
    labels: labelsOf(core, found),
    severity: { name: found.severity, rank: found.severityRank },
    dueDate: date,
    assignee: accountOf(core, found.assignee, found.tracker),
    link: caseLink(core, found),
  };
}

const mostQuoted = 3;
const mostContributions = 5;

/** Free text of the newest responses behind a case. Who wrote it is never told. */
function wordsOf(core: Core, found: Case): { question: string; text: string }[] {
  return responsesOfCase(core.sql, found.id)
    .slice(-mostQuoted)
    .reverse()
    .flatMap((id) => findResponse(core.sql, id)?.content.answers ?? [])
    .filter(({ freeText, type }) => freeText && type === 'text')
    .map(({ question, text }) => ({ question: question.title || 'Comment', text }));
}

/**
 * Title and body as they should read now.
 *
 * @param isPrivate whether the tracker was just seen not to be public; without that no respondent is quoted
 */
export function issueText(core: Core, found: Case, isPrivate = false): { title: string; body: string } {
  const { workspace, templates } = core.settings;
  const customers = customersOfCase(core.sql, found.id);
  const facts = {
    handle: handleOf(found),
    template: templates.get(found.template)?.name ?? found.template,
    kind: found.kind,
    action: found.action,
    title: titleOf(core, found, customers.length),
    category: found.category,
    severity: found.severity,
    tier: found.tier,
    why: found.openedWhy.map((line) => escapeMarkdown(line, 300)),
    dueWhy: found.dueWhy,
    dueText: instantText(found.dueAt, workspace['time-zone']),
    theme: themeOf(core, found),
    customers: customers.length,
    revenue: customers.reduce((sum, { revenue }) => sum + (revenue ?? 0), 0) || null,
    words: isPrivate && workspace.words === 'private' ? wordsOf(core, found) : [],
    plan: planOf(core.sql, found.id).map(({ role, task, who, doneAt, form, issue }) => ({
      role,
      task,
      who: roleName(core, who),
      done: doneAt !== null,
      form,
      issueKey: form === 'sub-issue' && issue ? issue.key : null,
    })),
    contributions:
      isPrivate && workspace.words === 'private'
        ? contributionsOf(core.sql, found.id)
            .slice(-mostContributions)
            .map(({ text }) => text)
        : [],
    assignee: personName(core, found.assignee),
    loopOwner: personName(core, found.loopOwner),
    managers: (workspace.teams[found.team]?.managers ?? []).map(
      (person) => personName(core, person) ?? person,
    ),
    url: casePage(core, found.id),
    responseUrl: responsePage(core, found),
  };
  return { title: issueTitle(facts), body: issueBody(facts) };
}

/** The template's own wording, filled in with nothing of a respondent; null where it has none. */
function titleOf(core: Core, found: Case, customers: number): string | null {
  const template = core.settings.templates.get(found.template);
  if (!template?.title) return null;
  return renderWording(template.title, {
    handle: handleOf(found),
    template: template.name,
    category: found.category,
    severity: found.severity,
    tier: found.tier ?? '',
    customers,
    theme: themeOf(core, found) ?? '',
    workspace: core.settings.workspace.name,
  });
}

const themeOf = (core: Core, found: Case) => findStrategic(core.sql, found.id)?.theme ?? null;

export function labelsOf(core: Core, found: Case) {
  const settings = settingsFor(core.settings.workspace, found.team);
  return caseLabels({
    category: found.category,
    severity: found.severity,
    severityRank: found.severityRank,
    dueDate: dueDate(found.dueAt, core.settings.workspace['time-zone']),
    tier: found.tier,
    colours: {
      severity: colourOf(settings, found.severity),
      category: colourOf(settings, found.category),
    },
  });
}

export const caseLink = (core: Core, found: Case): IssueDraft['link'] => ({
  url: casePage(core, found.id),
  title: `Case ${handleOf(found)}`,
});

/** The page of the first response behind a case; null for one that nobody wrote of. */
export function responsePage(core: Core, found: Case): string | null {
  const first = firstResponseOf(core.sql, found.id);
  return first && `${core.publicUrl}/w/${core.workspace}/responses/${first}`;
}

export function casePage(core: Core, caseId: string): string {
  return `${core.publicUrl}/w/${core.workspace}/cases/${caseId}`;
}
