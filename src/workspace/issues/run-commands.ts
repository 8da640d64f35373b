import { AppError } from '#domain/base/errors.ts';
import { type Command, type CommandName, readCommands } from '#domain/cases/command.ts';
import { emptyIssueEditHistory } from '#domain/cases/issue-mirror.ts';
import type { IssueComment } from '#domain/integrations/issue.ts';
import { cut } from '#domain/text/safe-text.ts';
import { record } from '../basics/case-operation.ts';
import { findPersonByAccount } from '../basics/people.ts';
import { roleOf } from '../basics/roles.ts';
import type { Core } from '../core.ts';
import { storeDeclineExplanation } from '../loop/after-closing.ts';
import { getCase, updateCase, updateIssueEditLimits } from '../store/cases.ts';
import { isCommentSeen, markCommentSeen } from '../store/timeline.ts';
import { comment } from '../tracker-requests/comment.ts';
import { findCommandOperation } from './commands/index.ts';

const longestReason = 1000;

/**
 * Stores reasons from comments before the same poll handles the closing: `/declined` for the customer, `/unable` for
 * the team. Other words of comments are never stored.
 */
export function storeExplanationsFromComments(core: Core, caseId: string, comments: IssueComment[]): void {
  const caseRecord = getCase(core.sql, caseId);
  for (const { id, author, text } of comments) {
    const person = findPersonByAccount(core, author, caseRecord.tracker);
    if (!person || roleOf(core, caseRecord, person) === null || isCommentSeen(core.sql, caseId, id)) continue;
    const commands = readCommands(text);
    const reason = (given: CommandName) =>
      cut(commands.findLast(({ name }) => name === given)?.because ?? '', longestReason) || undefined;
    const [unable, declined] = [reason('unable'), reason('declined')];
    if (unable && caseRecord.loop === 'working') updateCase(core.sql, caseId, { closingNote: unable });
    if (declined) storeDeclineExplanation(core, caseId, declined, person);
  }
}

/**
 * Runs commands of new comments. Only mapped people with a part in the case may use them; each comment gets one answer.
 */
export function runCommentCommands(core: Core, caseId: string, comments: IssueComment[]): void {
  for (const { id, author, text, at } of comments) {
    const caseRecord = getCase(core.sql, caseId);
    if (!markCommentSeen(core.sql, caseId, id)) continue;
    updateCase(core.sql, caseId, { commentsSeenUntil: Math.max(caseRecord.commentsSeenUntil, at) });
    const person = findPersonByAccount(core, author, caseRecord.tracker);
    if (person && caseRecord.firstContactAt === null && caseRecord.kind === 'tactical')
      record(core, caseId, 'commented', 'in the tracker', { who: person, evidence: id });
    const commands = readCommands(text);
    if (commands.length === 0) continue;
    if (!person || roleOf(core, caseRecord, person) === null) {
      ignore(core, caseId, id, author);
      continue;
    }
    const answers = commands.map((command) => runCommand(core, caseId, person, command, id));
    comment(core, getCase(core.sql, caseId), `command:${id}`, answers.join('\n\n'), []);
  }
}

function runCommand(core: Core, caseId: string, who: string, { name, value, because }: Command, id: string): string {
  const operation = findCommandOperation(name);
  try {
    const input = { caseRecord: getCase(core.sql, caseId), who, value, because, evidence: `comment ${id}` };
    const answer = core.sql.transaction(() => operation(core, input));
    record(core, caseId, 'command obeyed', name, { who, evidence: id });
    return answer;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    record(core, caseId, 'command not obeyed', `${name}: ${error.message}`, { who, evidence: id });
    return `\`/${name}\` was not done: ${error.message}`;
  }
}

function ignore(core: Core, caseId: string, id: string, author: string | null): void {
  record(core, caseId, 'command not obeyed', 'its author is not on the team', { evidence: id });
  const caseRecord = getCase(core.sql, caseId);
  const accountsWarnedOfCommands =
    caseRecord.editHistory?.accountsWarnedOfCommands ?? emptyIssueEditHistory.accountsWarnedOfCommands;
  const account = author ?? 'nobody';
  if (accountsWarnedOfCommands.includes(account)) return;
  updateIssueEditLimits(core.sql, caseId, { accountsWarnedOfCommands: [...accountsWarnedOfCommands, account] });
  comment(
    core,
    caseRecord,
    `not-obeyed:${account}`,
    'Only people of the case’s team can use commands, with the accounts in the workspace file. Nothing was done.',
    [],
  );
}
