import { derivedUuid, issueMarker } from '#domain/base/marker.ts';
import { type Case, handleOf } from '#domain/cases/case-record.ts';
import { issueBody, issueTitle } from '#domain/cases/issue-text.ts';
import { caseLabels } from '#domain/cases/label.ts';
import type { IssueDraft } from '#domain/integrations/issue.ts';
import { type AttributeValue, attributesOf } from '#domain/settings/attributes.ts';
import { dueDate, instantText } from '#domain/templates/due.ts';
import { colourOf, settingsFor } from '#domain/templates/options.ts';
import { escapeMarkdown } from '#domain/text/escape-markdown.ts';
import type { Core } from '../core.ts';
import { customersOfCase, firstResponseOf, responsesOfCase } from '../store/case-responses.ts';
import { contributionsOf } from '../store/contributors.ts';
import { findCustomer } from '../store/customers.ts';
import { planOf } from '../store/plan.ts';
import { findResponse } from '../store/responses.ts';
import { findStrategic } from '../store/strategic.ts';
import { accountOf, personName, roleName } from './people.ts';
import { renderOr } from './render-wording.ts';

/** The whole issue for a case, frozen with the intent to create it. */
export function draftIssue(core: Core, caseRecord: Case): IssueDraft {
  const handle = handleOf(caseRecord);
  const date = dueDate(caseRecord.dueAt, core.settings.workspace['time-zone']);
  return {
    marker: issueMarker(core.keys, core.workspace, handle),
    uuid: derivedUuid(core.keys, 'issue-uuid.1', core.workspace, caseRecord.id),
    ...issueText(core, caseRecord),
    labels: labelsOf(core, caseRecord),
    severity: { name: caseRecord.severity, rank: caseRecord.severityRank },
    dueDate: date,
    assignee: accountOf(core, caseRecord.assignee, caseRecord.tracker),
    link: caseLink(core, caseRecord),
  };
}

const mostQuoted = 3;
const mostContributions = 5;

function wordsOf(core: Core, caseRecord: Case): { question: string; text: string }[] {
  return responsesOfCase(core.sql, caseRecord.id)
    .slice(-mostQuoted)
    .reverse()
    .flatMap((id) => findResponse(core.sql, id)?.content.answers ?? [])
    .filter(({ freeText, type }) => freeText && type === 'text')
    .map(({ question, text }) => ({ question: question.title || 'Comment', text }));
}

/**
 * Current title and body of the issue.
 *
 * @param isPrivate whether the tracker was just verified as not public; otherwise no respondent is quoted
 */
export function issueText(core: Core, caseRecord: Case, isPrivate = false): { title: string; body: string } {
  const { workspace, templates } = core.settings;
  const customers = customersOfCase(core.sql, caseRecord.id);
  const facts = {
    handle: handleOf(caseRecord),
    template: templates.get(caseRecord.template)?.name ?? caseRecord.template,
    kind: caseRecord.kind,
    action: caseRecord.action,
    title: titleOf(core, caseRecord, customers.length),
    category: caseRecord.category,
    severity: caseRecord.severity,
    tier: caseRecord.tier,
    attributes: listedAttributes(core, caseRecord),
    why: caseRecord.openedWhy.map((line) => escapeMarkdown(line, 300)),
    dueWhy: caseRecord.dueWhy,
    dueText: instantText(caseRecord.dueAt, workspace['time-zone']),
    theme: themeOf(core, caseRecord),
    customers: customers.length,
    revenue: customers.reduce((sum, { revenue }) => sum + (revenue ?? 0), 0) || null,
    words: isPrivate && workspace.words === 'private' ? wordsOf(core, caseRecord) : [],
    plan: planOf(core.sql, caseRecord.id).map(({ role, task, who, doneAt, form, issue }) => ({
      role,
      task,
      who: roleName(core, who),
      done: doneAt !== null,
      form,
      issueKey: form === 'sub-issue' && issue ? issue.key : null,
    })),
    contributions:
      isPrivate && workspace.words === 'private'
        ? contributionsOf(core.sql, caseRecord.id)
            .slice(-mostContributions)
            .map(({ text }) => text)
        : [],
    assignee: personName(core, caseRecord.assignee),
    loopOwner: personName(core, caseRecord.loopOwner),
    managers: (workspace.teams[caseRecord.team]?.managers ?? []).map((person) => personName(core, person) ?? person),
    url: casePage(core, caseRecord.id),
    responseUrl: responsePage(core, caseRecord),
  };
  return { title: issueTitle(facts), body: issueBody(facts) };
}

/** Attributes of the customer whose values are listed in the workspace file; no others may enter a tracker. */
function listedAttributes(core: Core, { customerKey }: Case): { name: string; title: string; value: AttributeValue }[] {
  const { attributes = {} } = (customerKey === null ? null : findCustomer(core.sql, customerKey)) ?? {};
  const known = new Map(Object.entries(attributes));
  return [...attributesOf(core.settings.workspace)].flatMap(([name, { title, values }]) => {
    const value = known.get(name);
    return values?.includes(String(value)) && value !== undefined ? [{ name, title, value }] : [];
  });
}

/** The template's own wording, filled in with nothing of a respondent; null where it has none or cannot be filled in. */
function titleOf(core: Core, caseRecord: Case, customers: number): string | null {
  const template = core.settings.templates.get(caseRecord.template);
  if (!template?.title) return null;
  const title = renderOr('', template.title, {
    handle: handleOf(caseRecord),
    template: template.name,
    category: caseRecord.category,
    severity: caseRecord.severity,
    tier: caseRecord.tier ?? '',
    customer: Object.fromEntries(listedAttributes(core, caseRecord).map(({ name, value }) => [name, value])),
    customers,
    theme: themeOf(core, caseRecord) ?? '',
    workspace: core.settings.workspace.name,
  });
  return title || null;
}

const themeOf = (core: Core, caseRecord: Case) => findStrategic(core.sql, caseRecord.id)?.theme ?? null;

export function labelsOf(core: Core, caseRecord: Case) {
  const settings = settingsFor(core.settings.workspace, caseRecord.team);
  return caseLabels({
    category: caseRecord.category,
    severity: caseRecord.severity,
    severityRank: caseRecord.severityRank,
    dueDate: dueDate(caseRecord.dueAt, core.settings.workspace['time-zone']),
    tier: caseRecord.tier,
    colours: {
      severity: colourOf(settings, caseRecord.severity),
      category: colourOf(settings, caseRecord.category),
    },
  });
}

export const caseLink = (core: Core, caseRecord: Case): IssueDraft['link'] => ({
  url: casePage(core, caseRecord.id),
  title: `Case ${handleOf(caseRecord)}`,
});

/** Page of the first response of a case; null for a case without one. */
export function responsePage(core: Core, caseRecord: Case): string | null {
  const first = firstResponseOf(core.sql, caseRecord.id);
  return first && `${core.publicUrl}/w/${core.workspace}/responses/${first}`;
}

export function casePage(core: Core, caseId: string): string {
  return `${core.publicUrl}/w/${core.workspace}/cases/${caseId}`;
}
