import { describe, expect, it } from 'vitest';
import { blockerOf, readCommands } from '#domain/command.ts';

const closed = (answer: string, because: string | null = null) => [{ name: 'closed', answer, because }];

describe('a comment', () => {
  it.each([
    ['/closed yes', closed('yes')],
    ['!closed yes', closed('yes')],
    ['  /CLOSED Yes  ', closed('yes')],
    ['/closed partly', closed('partly')],
    ['/closed partly because the export is missing', closed('partly', 'the export is missing')],
    ['/closed no', closed('unable')],
    ['/closed no, price or contract', closed('unable', 'price or contract')],
    ['/unable', closed('unable')],
    ['/unable because policy of the bank', closed('unable', 'policy of the bank')],
    ['/unable: no access', closed('unable', 'no access')],
    ['/unable because no access', closed('unable', 'no access')],
    ['I called them.\r\n/closed yes\r\nBye', closed('yes')],
  ])('says by %j', (text, expected) => {
    expect(readCommands(text)).toEqual(expected);
  });

  it.each([
    [''],
    ['closed yes'],
    ['please /closed yes'],
    ['> /closed yes'],
    ['`/closed yes`'],
    ['/closed'],
    ['/closed maybe'],
    ['/closedyes'],
    ['/unablesomething'],
    ['//closed yes'],
    ['/close yes'],
    ['/closed\nyes'],
  ])('commands nothing by %j', (text) => {
    expect(readCommands(text)).toEqual([]);
  });

  it('may hold several commands, in order', () => {
    expect(readCommands('/closed yes\n/unable because policy').map(({ answer }) => answer)).toEqual([
      'yes',
      'unable',
    ]);
  });

  it.each([['/closed yesterday'], ['/closed nothing to do with us'], ['/closed now'], ['/closed partlyish']])(
    'does not take the beginning of a word for an answer: %j',
    (text) => {
      expect(readCommands(text)).toEqual([]);
    },
  );

  it('keeps the whole reason of /unable', () => {
    expect(readCommands('/unable no access')).toEqual(closed('unable', 'no access'));
  });
});

describe('a blocker', () => {
  const blockers = ['policy', 'price or contract', 'no access'];

  it('is what a reason begins with', () => {
    expect(blockerOf('Policy of the bank', blockers)).toBe('policy');
    expect(blockerOf('price or contract', blockers)).toBe('price or contract');
  });

  it('is none where the reason begins otherwise or is missing', () => {
    expect(blockerOf('their policy', blockers)).toBeNull();
    expect(blockerOf(null, blockers)).toBeNull();
    expect(blockerOf('', blockers)).toBeNull();
  });
});
