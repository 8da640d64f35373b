import { type CommandName, commandHelp } from '#domain/cases/command.ts';
import { close, closed, declined, duplicate, reopenCase, shipped, unable, whatChanged } from './closing.ts';
import type { Operation } from './command-input.ts';
import { assign, due, severity, status } from './fields.ts';
import { link } from './link.ts';
import { ack, blocked, contacted, pause, resume, rootCause, snooze } from './work.ts';

const operations: Record<CommandName, Operation> = {
  closed,
  unable,
  declined,
  'what-changed': whatChanged,
  close,
  reopen: reopenCase,
  duplicate,
  link,
  shipped,
  'root-cause': rootCause,
  blocked,
  severity,
  due,
  status,
  assign,
  contacted,
  snooze,
  pause,
  resume,
  ack,
  help: () => `Commands in comments; a leading exclamation mark works as well:\n\n${commandHelp()}`,
};

export const operationOf = (name: CommandName): Operation => operations[name];
