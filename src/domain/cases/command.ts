export interface CommandDefinition<Name extends string = string> {
  name: Name;
  syntax: string;
  help: string;
  value: boolean;
}

const command = <const Name extends string>(name: Name, syntax: string, help: string): CommandDefinition<Name> => ({
  name,
  syntax,
  help,
  value: syntax !== '' && !syntax.startsWith('because'),
});

export const commandDefinitions = [
  command('closed', 'yes|partly|no [because …]', 'answers whether the problem could really be solved'),
  command('unable', 'because …', 'could not be solved: names the blocker; the reason stays internal'),
  command(
    'declined',
    'because …',
    'gives the reason why it will not be done; the customer reads it, and is asked whether it is clear',
  ),
  command('what-changed', '…', 'describes in a sentence what was done, in words for the customer'),
  command('close', 'because …', 'closes the issue with a closing reason'),
  command('reopen', 'because …', 'opens it again'),
  command('duplicate', 'of C-12', 'closes it as a repetition of another case'),
  command('link', 'C-12', 'links it to another case, or to an issue of this tracker'),
  command('shipped', '[version]', 'the fix has reached the customer, who can be asked now'),
  command('root-cause', '…', 'names the root cause'),
  command('blocked', 'by …', 'names a blocker'),
  command('severity', 'high', 'changes the severity'),
  command('due', '2026-12-01', 'changes the date: the end of that working day; or the goal, as in 36 hours'),
  command('status', 'Pending', 'changes the status'),
  command('assign', 'dana', 'assigns the work to a person'),
  command('contacted', 'by phone', 'records a contact with the customer'),
  command('snooze', '3d because …', 'rests the reminders for some time'),
  command('pause', 'because …', 'stops the clock while the customer is waited for'),
  command('resume', '', 'lets the clock run on'),
  command('ack', '', 'acknowledges an escalation'),
  command('help', '', 'lists all this'),
];

export type CommandName = (typeof commandDefinitions)[number]['name'];

export type Command = { name: CommandName; value: string; because: string | null };

const aliases = new Map([
  ['rootcause', 'root-cause'],
  ['acknowledge', 'ack'],
]);

export const readCommands = (text: string): Command[] =>
  readCommandLines(text).flatMap(({ name, rest }) => {
    const syntax = commandDefinitions.find((commandDefinition) => commandDefinition.name === name);
    return syntax ? [{ name: syntax.name, ...splitValueAndReason(rest, syntax) }] : [];
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
function splitValueAndReason(rest: string, { value }: CommandDefinition): { value: string; because: string | null } {
  if (!value) return { value: '', because: rest.replace(/^because\b[\s:,]*/i, '') || null };
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
