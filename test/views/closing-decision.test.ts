import { describe, expect, it } from 'vitest';
import { TextForCustomer } from '#src/views/case-side.tsx';
import { ClosingDecisionForms } from '#src/views/closings.tsx';
import { sampleCase } from './sample-case.ts';

const dropped = sampleCase({ loop: 'dropped', closingReason: 'not-planned' });
const waiting = sampleCase({ loop: 'resolved', waitsFor: 'a release' });
const buttons = (page: unknown) => String(page).match(/<button[^>]*>[^<]*/g)?.length ?? 0;

describe('forms are shown to those whose role lets them use them', () => {
  it.each([
    ['manager', 4, 2, 1],
    ['member', 0, 1, 1],
    [null, 0, 0, 0],
  ] as const)('as %s', (role, decisions, waits, words) => {
    expect(buttons(ClosingDecisionForms({ one: dropped, role, hasAddress: true }))).toBe(decisions);
    expect(buttons(ClosingDecisionForms({ one: waiting, role, hasAddress: true }))).toBe(waits);
    expect(buttons(ClosingDecisionForms({ one: dropped, role, hasAddress: false }))).toBe(Math.max(decisions - 1, 0));
    expect(buttons(TextForCustomer({ one: waiting, mayWrite: role !== null }))).toBe(words);
  });
});
