import { describe, expect, it } from 'vitest';
import {
  computeGateOpenedAt,
  createGate,
  describeGateWait,
  findShipmentKind,
  type GateEvent,
  updateGateByEvent,
} from '#domain/settings/gate.ts';

const since = 1000;
type Rule = Parameters<typeof createGate>[0];

/** What a closing still waits for after events at 2000, 3000 and so on, and when it opened. */
function play(rule: Rule, message: boolean, events: GateEvent[]) {
  let gate = createGate(rule, message, since);
  for (const [index, event] of events.entries()) gate &&= updateGateByEvent(gate, event, 2000 + 1000 * index);
  return gate && [describeGateWait(gate), computeGateOpenedAt(gate)];
}

const label = (name: string): GateEvent => ({ kind: 'label', name });
const release = (name: string, at = 1500): GateEvent => ({ kind: 'release', name, at });
const milestone = (name: string): GateEvent => ({ kind: 'milestone', name, at: 1500 });
const [shipped, message, anyway]: GateEvent[] = [{ kind: 'shipped' }, { kind: 'message' }, { kind: 'ask anyway' }];

describe('the gate of a closing', () => {
  it.each<[string, Rule, boolean, (GateEvent | undefined)[], unknown]>([
    ['needs a rule or a message', {}, false, [], null],
    ['is not there without a rule', undefined, false, [], null],
    ['waits for its label', { label: 'shipped' }, false, [], ['label shipped', null]],
    ['waits for a release', { release: '4.2' }, false, [], ['release 4.2', null]],
    ['waits for any release', { release: 'next' }, false, [], ['the next release', null]],
    ['waits for a milestone', { milestone: 'May' }, false, [], ['milestone May', null]],
    [
      'names all that would open it',
      { label: 'shipped', release: 'next', milestone: 'May' },
      true,
      [],
      ['label shipped or the next release or milestone May and a personal message of the loop owner', null],
    ],
    ['waits for a message alone', undefined, true, [], ['a personal message of the loop owner', null]],
    ['opens by its label, whatever its case', { label: 'Shipped' }, false, [label('sHIPPED')], [null, 2000]],
    ['stays shut at another label', { label: 'shipped' }, false, [label('bug')], ['label shipped', null]],
    ['opens by its release', { release: 'V4' }, false, [release('v4', 500)], [null, 2000]],
    ['stays shut at another release', { release: '4' }, false, [release('5')], ['release 4', null]],
    ['takes any release since the closing', { release: 'next' }, false, [release('5', since)], [null, 2000]],
    [
      'takes no release before the closing',
      { release: 'next' },
      false,
      [release('5', 999)],
      ['the next release', null],
    ],
    ['opens by its milestone', { milestone: 'may' }, false, [milestone('May')], [null, 2000]],
    ['stays shut at another milestone', { milestone: 'May' }, false, [milestone('June')], ['milestone May', null]],
    [
      'takes no milestone for a label',
      { label: 'May' },
      false,
      [milestone('May'), release('May')],
      ['label May', null],
    ],
    ['takes no label for a milestone', { milestone: 'May' }, false, [label('May')], ['milestone May', null]],
    ['opens when a person says that it shipped', { label: 'x' }, false, [shipped], [null, 2000]],
    ['opens when a person asks anyway', { label: 'x' }, true, [anyway], [null, 2000]],
    ['is not opened by a message', { label: 'x' }, false, [message], ['label x', null]],
    ['waits for both', { label: 'x' }, true, [shipped], ['a personal message of the loop owner', null]],
    ['opens with the later of both', { label: 'x' }, true, [message, label('x')], [null, 3000]],
    ['opens with the message where that is later', { label: 'x' }, true, [label('x'), message], [null, 3000]],
    ['keeps the first instant of each', { label: 'x' }, true, [label('x'), message, shipped, message], [null, 3000]],
    ['opens at once by a message alone', undefined, true, [message], [null, 2000]],
    ['keeps a message when a person asks anyway', { label: 'x' }, true, [message, anyway, anyway], [null, 3000]],
    [
      'is not opened by shipping where a message is needed',
      undefined,
      true,
      [shipped],
      ['a personal message of the loop owner', null],
    ],
  ])('%s', (_, rule, needsMessage, events, expected) => {
    expect(
      play(
        rule,
        needsMessage,
        events.filter((event) => event !== undefined),
      ),
    ).toEqual(expected);
  });

  it('stays the same object when nothing changes', () => {
    const gate = createGate({ label: 'x' }, true, since);
    const open = gate && updateGateByEvent(gate, { kind: 'ask anyway' }, 2000);
    expect(gate && updateGateByEvent(gate, label('y'), 2000)).toBe(gate);
    expect(open && updateGateByEvent(open, { kind: 'ask anyway' }, 3000)).toBe(open);
    expect(open && updateGateByEvent(open, { kind: 'message' }, 3000)).toBe(open);
  });
});

it.each([
  ['release', 'release'],
  ['Release.Published', 'release'],
  ['milestone', 'milestone'],
  ['milestone.closed', 'milestone'],
  ['milestone.reached', 'milestone'],
  ['deploy', null],
])('the event %s reports a %s', (event, kind) => {
  expect(findShipmentKind(event)).toBe(kind);
});
