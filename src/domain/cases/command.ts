const commands = {
  closed: ['yes|partly|no [because …]', 'answers whether the problem could really be solved'],
  unable: ['because …', 'could not be solved: names the blocker; the reason stays internal'],
  declined: [
    'because …',
    'gives the reason why it will not be done; the customer reads it, and is asked whether it is clear',
  ],
  'what-changed': ['…', 'describes in a sentence what was done, in words for the customer'],
  close: ['because …', 'closes the issue with a closing reason'],
  reopen: ['because …', 'opens it again'],
  duplicate: ['of C-12', 'closes it as a repetition of another case'],
  link: ['C-12', 'links it to another case, or to an issue of this tracker'],
  shipped: ['[version]', 'the fix has reached the customer, who can be asked now'],
  'root-cause': ['…', 'names the root cause'],
  blocked: ['by …', 'names a blocker'],
  severity: ['high', 'changes the severity'],
  due: ['2026-12-01', 'changes the date: the end of that working day; or the goal, as in 36 hours'],
  status: ['Pending', 'changes the status'],
  assign: ['dana', 'assigns the work to a person'],
  contacted: ['by phone', 'records a contact with the customer'],
  snooze: ['3d because …', 'rests the reminders for some time'],
  pause: ['because …', 'stops the clock while the customer is waited for'],
  resume: ['', 'lets the clock run on'],
  ack: ['', 'acknowledges an escalation'],
  help: ['', 'lists all this'],
} satisfies Record<string, [syntax: string, help: string]>;

export type CommandName = keyof typeof commands;

/** Commands, and whether each takes a value beside a reason. */
export const commandDefinitions = Object.entries(commands).map(([name, [syntax, help]]) => {
  return { name: name as CommandName, syntax, help, value: syntax !== '' && !syntax.startsWith('because') };
});

export type Command = { name: CommandName; value: string; because: string | null };

const aliases = new Map([
  ['rootcause', 'root-cause'],
  ['acknowledge', 'ack'],
]);

export const readCommands = (text: string): Command[] =>
  readCommandLines(text).flatMap(({ name, rest }) => {
    const command = commandDefinitions.find((definition) => definition.name === name);
    return command ? [{ name: command.name, ...splitValueAndReason(rest, command.value) }] : [];
  });

/** Template named by the `/case` of a comment on an issue without a case, empty for none; null without `/case`. */
export function readAdoption(text: string): string | null {
  const first = readCommandLines(text).find(({ name }) => name === 'case');
  return first ? (/^[a-z][\w-]*(?=\s|$)/i.exec(first.rest)?.[0] ?? '') : null;
}

/** Lines that start with `/` or `!` and a name; quotes and code are ignored. */
function readCommandLines(text: string): { name: string; rest: string }[] {
  let fence = '';
  return text.split(/\r?\n/).flatMap((line) => {
    const [, ticks = '', info = ''] = /^\s*(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    const mark = ticks.startsWith('`') && info.includes('`') ? '' : ticks;
    if (mark && fence === '') fence = mark;
    else if (mark.startsWith(fence) && info.trim() === '') fence = '';
    if (mark || fence || /^(?: {4}|\t)/.test(line)) return [];
    const match = /^\s*[/!]([a-z][a-z-]*)(?:[\s:,]+(.*))?$/i.exec(line);
    const written = match?.[1]?.toLowerCase() ?? '';
    return written ? [{ name: aliases.get(written) ?? written, rest: match?.[2]?.trim() ?? '' }] : [];
  });
}

/** `3d because of the fair` is a value and a reason; a command that takes only a reason needs no "because". */
function splitValueAndReason(rest: string, takesValue: boolean): { value: string; because: string | null } {
  if (!takesValue) return { value: '', because: rest.replace(/^because\b[\s:,]*/i, '') || null };
  const [, before = '', reason = ''] = /^(.*?)(?:^|(?<![\s,-])[\s,-]+)because\b[\s:,]*(.*)$/i.exec(rest) ?? [];
  if (reason || before) return { value: before.trim(), because: reason.trim() || null };
  return { value: rest, because: null };
}

/** Help on every command, in Markdown. No line of it begins like a command. */
export const formatCommandHelp = (): string =>
  commandDefinitions.map(({ name, syntax, help }) => `- \`/${name}${syntax ? ` ${syntax}` : ''}\` ${help}`).join('\n');

/** Blocker of the workspace's list that a reason begins with; null without one. */
export function findNamedBlocker(because: string | null, blockers: string[]): string | null {
  const reason = because?.toLowerCase() ?? '';
  return blockers.find((blocker) => reason.startsWith(blocker.toLowerCase())) ?? null;
}
