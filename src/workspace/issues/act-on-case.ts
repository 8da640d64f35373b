import type { RequestedAction } from '#domain/cases/action.ts';
import { type Command, type CommandName, readCommands } from '#domain/cases/command.ts';
import { findStatusClass } from '#domain/cases/status.ts';
import { toShownText } from '#domain/text/safe-text.ts';
import { AppError, basics, type Case, type Core, createRandomId, cut, handleOf, type port, store } from '../kit.ts';
import { storeDeclineExplanation } from '../loop/after-closing.ts';
import { listAsksInDelay } from '../loop/gates.ts';
import { retryRefused } from '../tracker-requests/refusals.ts';
import { comment } from '../tracker-requests/sync-issue.ts';
import { findClosePolicy, mayCloseByPolicy } from './close-policy.ts';
import { type OperatedAction, operate } from './commands.ts';
import { holdAction } from './pending-changes.ts';

const identifyingText =
  'identifies the customer, or quotes them, which must stay out of the tracker; write “the customer”';

/** Performs an action as a command would, inside a transaction; effects on the issue leave through the outbox. */
export function actOnCase(core: Core, caseId: string, input: RequestedAction): void {
  const { who } = input;
  const caseRecord = basics.demandCase(core, caseId);
  if (!basics.findPerson(core, who))
    basics.refuseField('who', 'is not under people of the workspace file; name the acting person');
  if (basics.roleOf(core, caseRecord, who) === null)
    throw new AppError('forbidden', 'Only people of the case’s team may do that.');
  if (input.isUndoable) holdAction(core, caseId, input, () => perform(core, caseRecord, input));
  else perform(core, caseRecord, input);
}

function perform(core: Core, caseRecord: Case, input: RequestedAction): void {
  const { action, who, value } = input;
  const { id: caseId } = caseRecord;
  const once = input.once ?? createRandomId(core.random, 'a');
  if (action === 'comment') writeComment(core, caseRecord, { text: value, mention: input.mention, who, once });
  else if (action === 'note') {
    const text = basics.wording('note', value, 'write a note', longestComment);
    const id = `${once}:${core.keys.mac('said.1', text).slice(0, 16)}`;
    store.comments.add(core.sql, { caseId, id, kind: 'note', author: who, text, at: core.clock.now() });
  } else if (action === 'retry') retryRefused(core, { caseId });
  else runOperations(core, caseRecord, { ...input, action, once });
}

function runOperations(core: Core, caseRecord: Case, input: RequestedAction & { action: OperatedAction }): void {
  const { action, who, value, because, rootCause, whatChanged, once } = input;
  if (action === 'reopen' && basics.identifiesCustomer(core, caseRecord, because ?? ''))
    basics.refuseField('because', identifyingText);
  const run = (name: OperatedAction, text: string, reason: string | null) => {
    const current = store.getCase(core.sql, caseRecord.id);
    operate(core, name, { caseRecord: current, who, value: text, because: reason, evidence: `action ${once}` });
  };
  if (rootCause) run('root-cause', rootCause, null);
  if (whatChanged) run('what-changed', whatChanged, null);
  run(action, value, because);
}

/** What a person can do to a case, and what they choose from. */
export function findActionsForPerson(core: Core, caseId: string, person: string) {
  const caseRecord = basics.demandCase(core, caseId);
  const settings = basics.findSettingsOfCase(core, caseRecord);
  const { statuses, severities, categories, 'root-causes': rootCauses } = settings['case-options'];
  return {
    /** Null for people without a part in the case. */
    role: basics.roleOf(core, caseRecord, person),
    mayClose: mayCloseByPolicy(core, caseRecord, person),
    statuses: Object.keys(statuses).filter((value) => findStatusClass(settings, value) !== 'closed'),
    severities,
    categories,
    people: Object.keys(settings.people)
      .filter((key) => basics.hasAccess(core, key, 'member'))
      .map((key) => ({
        key,
        name: basics.findPersonName(core, key) ?? key,
        hasAccount: basics.findAccount(core, key, caseRecord.tracker) !== null,
      })),
    rootCauses,
    needsRootCause: findClosePolicy(core, caseRecord).require.includes('root-cause'),
    hasIssue: caseRecord.issue !== null,
    /** Whether mail about the case can reach its customer; true for a case with many. */
    hasAddress:
      caseRecord.kind === 'strategic' ||
      (caseRecord.customerKey !== null &&
        basics.findAddressForCaseMail(core, caseId, caseRecord.customerKey).address !== null),
    canAskNow: listAsksInDelay(core, caseRecord).length > 0,
  };
}

const longestComment = 4000;

type CommentToWrite = Pick<RequestedAction, 'mention' | 'who'> & { text: string; once: string };

/** Writes a comment in a person's name; words that identify the customer stay out of the tracker. */
function writeComment(core: Core, caseRecord: Case, { text, mention, who, once }: CommentToWrite): void {
  if (!caseRecord.issue) throw new AppError('conflict', 'Its issue is not created yet; try again in a minute.');
  const trimmed = basics.wording('comment', toShownText(text), 'write a comment', longestComment);
  if (basics.identifiesCustomer(core, caseRecord, trimmed)) basics.refuseField('comment', identifyingText);
  const accounts = mention.map((person) => {
    const account = basics.findAccount(core, person, caseRecord.tracker);
    if (account === null)
      basics.refuseField('mention', `has no account in this tracker: ${person}; add it under people`);
    return account;
  });
  // Quoted, so that no line is read as a command or as Caselite's own.
  const quoted = `> ${trimmed.replaceAll('\n', '\n> ')}`;
  const from = `${basics.findPersonName(core, who)} writes on [${handleOf(caseRecord)}](${basics.buildCasePageUrl(core, caseRecord.id)}):`;
  const key = `said:${once}:${core.keys.mac('said.1', trimmed).slice(0, 16)}`;
  if (!comment(core, caseRecord, key, `${from}\n\n${quoted}`, accounts)) return;
  const at = core.clock.now();
  store.comments.add(core.sql, { caseId: caseRecord.id, id: key, kind: 'page', author: who, text: trimmed, at });
  const names = mention.map((person) => basics.findPersonName(core, person)).join(', ');
  basics.record(core, caseRecord.id, 'commented', `from the case page${names && `, to ${names}`}`, { who });
}

const longestReason = 1000;

/** Stores the reasons of `/declined` and `/unable` before the closing; other words are never stored. */
export function storeExplanationsFromComments(core: Core, caseId: string, comments: port.IssueComment[]): void {
  const caseRecord = store.getCase(core.sql, caseId);
  for (const { id, author, text } of comments) {
    const person = basics.findPersonByAccount(core, author, caseRecord.tracker);
    if (
      !person ||
      basics.roleOf(core, caseRecord, person) === null ||
      store.seenComments.has(core.sql, { caseId, commentId: id })
    )
      continue;
    const commands = readCommands(text);
    const reason = (given: CommandName) =>
      cut(commands.findLast(({ name }) => name === given)?.because ?? '', longestReason) || undefined;
    const [unable, declined] = [reason('unable'), reason('declined')];
    if (unable && caseRecord.loop === 'working') store.updateCase(core.sql, caseId, { closingNote: unable });
    if (declined) storeDeclineExplanation(core, caseId, declined, person);
  }
}

/** Runs commands of new comments by mapped people with a part in the case; each comment gets one answer. */
export function runCommentCommands(core: Core, caseId: string, comments: port.IssueComment[]): void {
  for (const { id, author, text, at } of comments) {
    const caseRecord = store.getCase(core.sql, caseId);
    if (!store.seenComments.add(core.sql, { caseId, commentId: id })) continue;
    store.updateCase(core.sql, caseId, { commentsSeenUntil: Math.max(caseRecord.commentsSeenUntil, at) });
    const person = basics.findPersonByAccount(core, author, caseRecord.tracker);
    if (person && caseRecord.firstContactAt === null && caseRecord.kind === 'tactical')
      basics.record(core, caseId, 'commented', 'in the tracker', { who: person, evidence: id });
    const commands = readCommands(text);
    if (commands.length === 0) continue;
    if (!person || basics.roleOf(core, caseRecord, person) === null) {
      ignore(core, caseId, id, author);
      continue;
    }
    const answers = commands.map((command) => runCommand(core, caseId, person, command, id));
    comment(core, store.getCase(core.sql, caseId), `command:${id}`, answers.join('\n\n'));
  }
}

function runCommand(core: Core, caseId: string, who: string, { name, value, because }: Command, id: string): string {
  try {
    const input = { caseRecord: store.getCase(core.sql, caseId), who, value, because, evidence: `comment ${id}` };
    const answer = core.sql.transaction(() => operate(core, name, input));
    basics.record(core, caseId, 'command obeyed', name, { who, evidence: id });
    return answer;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    basics.record(core, caseId, 'command not obeyed', `${name}: ${error.message}`, { who, evidence: id });
    return `\`/${name}\` was not done: ${error.message}`;
  }
}

/** Says so once to each account. */
function ignore(core: Core, caseId: string, id: string, author: string | null): void {
  basics.record(core, caseId, 'command not obeyed', 'its author is not on the team', { evidence: id });
  const text =
    'Only people of the case’s team can use commands, with the accounts in the workspace file. Nothing was done.';
  comment(core, store.getCase(core.sql, caseId), `not-obeyed:${author ?? 'nobody'}`, text);
}
