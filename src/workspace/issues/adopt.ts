import { readAdoption } from '#domain/cases/command.ts';
import { mapTrackerStateToStatus } from '#domain/cases/status.ts';
import type { CaseTemplate } from '#domain/templates/template.ts';
import { changeGoal } from '../cases/case-clock.ts';
import { changeAssignee } from '../cases/change-fields.ts';
import { elevateByRules } from '../cases/elevate.ts';
import { open } from '../cases/open-case.ts';
import { basics, type Case, type Core, dateAt, dayMs, deriveCaseMatchKey, handleOf, type port, store } from '../kit.ts';
import { comment } from '../tracker-requests/sync-issue.ts';
import { runCommentCommands } from './act-on-case.ts';
import { mirrorIssue } from './mirror.ts';
import { missedChangeWindowMs } from './read-issues.ts';

/** How old a command may be: an issue is read soon after each of its changes. */
const commandsCountForMs = 30 * dayMs;
const ownMarker = /^[12]\.[CHT]-/;

export type Place = { name: string; port: port.Tracker };
type Asked = { who: string; named: string | undefined; by: port.IssueComment | null };

/** Makes a case of a changed issue of no case, once, where a person wrote `/case` or set the label. @returns whether it did */
export async function adoptIssue(core: Core, place: Place, changed: { id: string; updatedAt: number }) {
  const { name } = place;
  const { adopt } = core.settings.workspace.trackers[name] ?? {};
  if (!adopt) return false;
  const seen = store.foreignIssues.find(core.sql, { tracker: name, issueId: changed.id });
  if (seen?.updatedAt === changed.updatedAt && seen.readAt - seen.updatedAt > missedChangeWindowMs) return false;
  const key = deriveCaseMatchKey(core.keys, `issue of ${name}`, changed.id);
  if (store.findLatestCaseByMatchKey(core.sql, key)) return false;
  const readAt = core.clock.now();
  const issue = await place.port.readIssue(changed.id);
  const isFree =
    issue?.state === 'open' &&
    issue.condition === null &&
    !issue.ownershipMarks.markers.some((marker) => ownMarker.test(marker));
  const comments =
    isFree && issue.commentCount > 0 ? await place.port.listComments(issue.id, readAt - commandsCountForMs) : [];
  const asked = isFree ? findAsked(core, name, issue, comments) : null;
  return core.sql.transaction(() => {
    const template = asked && chooseTemplate(core, asked.named, adopt.template);
    if (issue && asked && template) {
      openForIssue(core, { tracker: name, key, template }, { issue, comments, asked });
      return true;
    }
    const { id: issueId, updatedAt } = changed;
    store.putForeignIssue(core.sql, { tracker: name, issueId, updatedAt, readAt }, dayMs);
    return false;
  });
}

/** The first command of somebody who works on cases; else the label, which everybody sets who may label. */
function findAsked(core: Core, tracker: string, issue: port.IssueSnapshot, comments: port.IssueComment[]) {
  for (const by of comments) {
    const who = basics.findPersonByAccount(core, by.author, tracker);
    const named = readAdoption(by.text);
    if (named !== null && who !== null && basics.hasAccess(core, who, 'member')) return { who, named, by };
  }
  const label = core.settings.workspace.trackers[tracker]?.adopt?.label?.toLowerCase();
  const isLabelled = label !== undefined && issue.labels.some((name) => name.toLowerCase() === label);
  return isLabelled ? { who: 'somebody in the tracker', named: undefined, by: null } : null;
}

/** A template for single customers, as a person named it, else that of the settings; null where neither opens cases. */
function chooseTemplate(core: Core, ...names: (string | undefined)[]): { name: string; template: CaseTemplate } | null {
  for (const name of names) {
    const template = core.settings.templates.get(name ?? '');
    if (name && template?.kind === 'tactical' && template.state !== 'off' && template.action !== 'notice')
      return { name, template };
  }
  return null;
}

type Opening = { tracker: string; key: string; template: { name: string; template: CaseTemplate } };
type Found = { issue: port.IssueSnapshot; comments: port.IssueComment[]; asked: Asked };

function openForIssue(core: Core, { tracker, key, template }: Opening, { issue, comments, asked }: Found): void {
  const { who, named, by } = asked;
  const subject = { key, name: template.name, customerKey: null, responseId: null, theme: null, hasIssue: true };
  const nobody = { tier: null, revenue: null };
  const how = by ? 'by the command /case' : 'by a label';
  const { id } = open(core, { ...template.template, tracker }, { ...subject, customer: nobody }, [
    `made of the issue ${issue.key} ${how}`,
  ]);
  basics.record(core, id, 'issue adopted', how, { who, evidence: by?.id ?? issue.key });
  store.updateIssueEditLimits(core.sql, id, { isAdopted: true });
  takeOverFields(core, store.getCase(core.sql, id), issue, who);
  mirrorIssue(core, id, issue);
  elevateByRules(core, id, 'category');
  const opened = store.getCase(core.sql, id);
  const text = [
    `This issue is case [${handleOf(opened)}](${basics.buildCasePageUrl(core, id)}) now: ${opened.category}, severity ${opened.severity}, due ${basics.formatTime(core, opened.dueAt)}.`,
    'No customer is asked until a case manager names one on the page of the case. Title and text of the issue stay as they are.',
    ...(named && named !== template.name ? [`No template ${named} opens cases here.`] : []),
  ];
  comment(core, opened, 'adopted', text.join('\n\n'));
  const since = core.clock.now() - commandsCountForMs;
  store.keepTrackerComments(core.sql, { caseId: id, issueId: issue.id, since, now: core.clock.now() }, comments);
  const isOld = ({ at, id: commentId }: port.IssueComment) =>
    by === null || at < by.at || (at === by.at && commentId < by.id);
  for (const old of comments.filter(isOld)) store.seenComments.add(core.sql, { caseId: id, commentId: old.id });
  store.updateCase(core.sql, id, { commentsSeenUntil: Math.max(0, ...comments.filter(isOld).map(({ at }) => at)) });
  const current = comments.filter((each) => !isOld(each));
  runCommentCommands(core, id, current);
}

/** What people set on the issue before stays: its assignee, state and coming due date. */
function takeOverFields(core: Core, { id, tracker, team }: Case, issue: port.IssueSnapshot, who: string): void {
  const person = basics.findPersonByAccount(core, issue.assignee, tracker);
  const settings = basics.findSettingsOfCase(core, { team });
  const status = mapTrackerStateToStatus(settings, issue.status.name);
  if (status) store.updateCase(core.sql, id, { status });
  if (person !== null) changeAssignee(core, id, person, { who, why: 'as in the issue' });
  if (issue.dueDate !== null && issue.dueDate > dateAt(core.clock.now(), core.settings.workspace['time-zone']))
    changeGoal(core, id, { goal: issue.dueDate, reason: 'the issue had this date', who });
}
