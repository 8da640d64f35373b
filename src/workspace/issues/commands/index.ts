import { type CommandName, formatCommandHelp } from '#domain/cases/command.ts';
import { close, closed, declined, duplicate, reopenCase, shipped, storeWhatChanged, unable } from './closing.ts';
import type { Operation } from './command-input.ts';
import { assign, due, severity, status } from './fields.ts';
import { link } from './link.ts';
import { ack, blocked, contacted, nameRootCause, pause, resume, snooze } from './work.ts';

const operations: Record<CommandName, Operation> = {
  closed,
  unable,
  declined,
  'what-changed': storeWhatChanged,
  close,
  reopen: reopenCase,
  duplicate,
  link,
  shipped,
  'root-cause': nameRootCause,
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
  help: () => `Commands in comments; a leading exclamation mark works as well:\n\n${formatCommandHelp()}`,
};

export const findCommandOperation = (name: CommandName): Operation => operations[name];
