import { describe, expect, it } from 'vitest';
import {
  commandDefinitions,
  findNamedBlocker,
  formatCommandHelp,
  readAdoption,
  readCommands,
} from '#domain/cases/command.ts';

const said = (name: string, value = '', because: string | null = null) => [{ name, value, because }];

describe('a comment', () => {
  it.each([
    ['/closed yes', said('closed', 'yes')],
    ['!closed yes', said('closed', 'yes')],
    ['  /CLOSED Yes  ', said('closed', 'Yes')],
    ['/closed partly because the export is missing', said('closed', 'partly', 'the export is missing')],
    ['/unable', said('unable')],
    ['/unable because policy of the bank', said('unable', '', 'policy of the bank')],
    ['/unable no access', said('unable', '', 'no access')],
    ['/unable: because no access', said('unable', '', 'no access')],
    ['/snooze 3d because of the fair', said('snooze', '3d', 'of the fair')],
    ['/severity high', said('severity', 'high')],
    ['/due 2026-12-01', said('due', '2026-12-01')],
    ['/duplicate of C-12', said('duplicate', 'of C-12')],
    ['/Root-Cause a missing file', said('root-cause', 'a missing file')],
    ['/rootcause a missing file', said('root-cause', 'a missing file')],
    ['/contacted by phone', said('contacted', 'by phone')],
    ['/ack', said('ack')],
    ['/closed partly,  because:  it  hurts ', said('closed', 'partly', 'it  hurts')],
    ['/closed yes because', said('closed', 'yes')],
    ['/link, C-12', said('link', 'C-12')],
    ['/what-changed it is faster because of the cache', said('what-changed', 'it is faster', 'of the cache')],
    ['/acknowledge', said('ack')],
    ['``` x ```\n/closed yes', said('closed', 'yes')],
    ['```\n/ack\n````\n/closed yes', said('closed', 'yes')],
    ["/close Won't do because it costs too much", said('close', '', "Won't do because it costs too much")],
    ['/unable policy because the bank says so', said('unable', '', 'policy because the bank says so')],
    ['/declined, because: the law', said('declined', '', 'the law')],
    ['I called ```them```\n/closed yes', said('closed', 'yes')],
    ['a    b\n/closed    yes', said('closed', 'yes')],
    ['I called them.\r\n/closed yes\r\nBye', said('closed', 'yes')],
  ])('says by %j', (text, expected) => {
    expect(readCommands(text)).toEqual(expected);
  });

  it.each([
    [''],
    ['closed yes'],
    ['please /closed yes'],
    ['> /closed yes'],
    ['`/closed yes`'],
    ['```\n/closed yes\n```'],
    ['~~~ text\n/closed yes'],
    ['    /closed yes'],
    ['\t/closed yes'],
    ['```\n~~~\n/closed yes'],
    ['````\n```\n/closed yes\n```\n/ack\n````'],
    ['```\n``` js\n/closed yes'],
    ['  ```\n/closed yes'],
    ['/closed; yes'],
    ['/closedyes'],
    ['/unablesomething'],
    ['//closed yes'],
    ['/etc/hosts is broken'],
    ['/closed-loop is a word'],
  ])('commands nothing by %j', (text) => {
    expect(readCommands(text)).toEqual([]);
  });

  it('may hold several commands, in order, also after code', () => {
    const names = readCommands('/severity high\n```\n/due never\n```\n!assign dana').map(({ name }) => name);
    expect(names).toEqual(['severity', 'assign']);
  });
});

describe('the list of commands', () => {
  it('explains each, and is no command itself', () => {
    for (const { name } of commandDefinitions) expect(formatCommandHelp()).toContain(`\`/${name}`);
    expect(readCommands(formatCommandHelp())).toEqual([]);
    const lines = formatCommandHelp().split('\n');
    expect(lines).toHaveLength(commandDefinitions.length);
    expect(lines).toContain('- `/ack` acknowledges an escalation');
    expect(lines).toContain('- `/link C-12` links it to another case, or to an issue of this tracker');
  });
});

describe('a blocker', () => {
  const blockers = ['policy', 'price or contract', 'no access'];

  it('is what a reason begins with', () => {
    expect(findNamedBlocker('Policy of the bank', blockers)).toBe('policy');
    expect(findNamedBlocker('price or contract', blockers)).toBe('price or contract');
  });

  it('is none where the reason begins otherwise or is missing', () => {
    expect(findNamedBlocker('their policy', blockers)).toBeNull();
    expect(findNamedBlocker(null, blockers)).toBeNull();
    expect(findNamedBlocker('', blockers)).toBeNull();
  });
});

describe('an issue without a case', () => {
  it.each([
    ['/case', ''],
    ['Please look.\n!CASE upgrade', 'upgrade'],
    ['/case Upgrade-2 please', 'Upgrade-2'],
    ['/case upgrade=high', ''],
    ['/case 2nd upgrade', ''],
    ['/case upgrade\n/case other', 'upgrade'],
    ['/closed yes', null],
    ['> /case upgrade', null],
  ])('becomes one by %j', (text, template) => {
    expect(readAdoption(text)).toBe(template);
  });
});
