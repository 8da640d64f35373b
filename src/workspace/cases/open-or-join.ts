import { findThemeHiddenField, type Gathered, listGatheringCaseKeys } from '#domain/responses/gather.ts';
import type { SurveyResponse } from '#domain/responses/response.ts';
import { findNextHigherSeverity } from '#domain/templates/options.ts';
import { basics, type Case, type CaseTemplate, type Core, handleOf, store } from '../kit.ts';
import { notify } from '../mail/notify.ts';
import { reopen } from '../tracker-requests/reopen.ts';
import { queueIssueEdit } from '../tracker-requests/sync-issue.ts';
import { recount, sizeOf } from './affected-customers.ts';
import { raiseSeverity } from './change-fields.ts';
import { elevateByRules } from './elevate.ts';
import { explainHeldMatch, holdMatchOfRunaway } from './hold-match.ts';
import { deriveMatchKeys, findCaseToJoin, open } from './open-case.ts';
import { sendReceipt } from './receipt.ts';

type Matched = { id: string; customerKey: string; content: SurveyResponse };

/** Opens a case for a response, joins it, or holds it. @returns a readable line, and whether it belongs to a case */
export function openOrJoinCases(
  core: Core,
  name: string,
  template: CaseTemplate,
  response: Matched,
  why: string[],
): { opened: boolean; line: string } {
  const known = store.findCaseByResponseAndTemplate(core.sql, response.id, name);
  if (known) return { opened: true, line: `belongs to ${handleOf(known)} already` };
  const { id, customerKey, content } = response;
  const hidden =
    findThemeHiddenField(template.gather) === null ? null : store.findResponse(core.sql, id)?.incoming?.hidden;
  const subjects: Gathered[] =
    template.kind === 'strategic'
      ? listGatheringCaseKeys(name, template, content, hidden ?? new Map())
      : [{ scope: name, key: customerKey, theme: null }];
  const problems = subjects.map((subject) => ({ ...subject, matchKeys: deriveMatchKeys(core, template, subject) }));
  const findStandingCase = (matchKeys: string[]) =>
    matchKeys.map((key) => findCaseToJoin(core, key)).find((joined) => joined !== null);
  const opensNone = problems.every(({ matchKeys }) => findStandingCase(matchKeys));
  const held = explainHeldMatch(core, name, id) ?? (opensNone ? null : holdMatchOfRunaway(core, name, template, id));
  if (held !== null) return { opened: false, line: held };
  const lines = problems.map(({ matchKeys, theme }) => {
    const standing = findStandingCase(matchKeys);
    if (standing) {
      join(core, standing, response);
      return `joined ${handleOf(standing)}`;
    }
    const [key = ''] = matchKeys;
    const subject = { key, name, customerKey, customer: content.customer, responseId: id, theme };
    const opened = open(core, template, subject, why);
    elevateByRules(core, opened.id, 'category');
    sendReceipt(core, opened);
    return `opened ${handleOf(opened)}`;
  });
  return { opened: true, line: lines.join(', ') };
}

function join(core: Core, caseRecord: Case, response: Matched): void {
  const now = core.clock.now();
  if (
    !store.caseResponses.add(core.sql, {
      caseId: caseRecord.id,
      responseId: response.id,
      customerKey: response.customerKey,
      at: now,
    })
  )
    return;
  basics.noteAddressOfResponse(core, caseRecord.id, response.customerKey, response.id);
  const { customers } = sizeOf(core, caseRecord.id);
  const count = customers === 1 ? 'the same customer' : `now ${customers} customers`;
  basics.record(core, caseRecord.id, 'joined by a response', `the same problem again; ${count}`, {
    evidence: response.id,
  });
  if (caseRecord.kind === 'tactical')
    notify(core, caseRecord, 'joined', `${handleOf(caseRecord)}: the same problem was reported again`, {
      once: response.id,
    });
  raiseSeverityOnRepeat(core, caseRecord, response.id);
  recount(core, caseRecord.id, response.id);
  if (caseRecord.loop !== 'working') {
    reopen(core, caseRecord, 'the same problem was reported again within 30 days', `again:${response.id}`);
  } else if (caseRecord.kind === 'strategic' || core.settings.workspace.words === 'private') {
    queueIssueEdit(core, caseRecord.id, 'text');
  }
}

function raiseSeverityOnRepeat(core: Core, caseRecord: Case, responseId: string): void {
  const template = core.settings.templates.get(caseRecord.template);
  if (template?.['on-repeat'] !== 'raise severity' || typeof template.severity !== 'string') return;
  const { severities } = basics.findSettingsOfCase(core, caseRecord)['case-options'];
  const severity = findNextHigherSeverity(severities, caseRecord.severity);
  if (severity === caseRecord.severity) return;
  raiseSeverity(core, caseRecord, severity, { why: 'the same problem again', evidence: responseId });
}
