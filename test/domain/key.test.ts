import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOrderedId, createRandomId, deriveCaseMatchKey, deriveId, deriveResponseId } from '#domain/base/key.ts';
import { keys } from './samples.ts';

describe('keys', () => {
  it('are what they always were', () => {
    expect(deriveResponseId(keys, 'upgrade-survey', 'lT4Z3j', 'a3a1')).toBe('r_05bfd0268d5623f94ee09897');
    expect(deriveResponseId(keys, 'umfrage', 'ä', '日本')).toBe('r_33d6e8ba0b534dff38e6d6a6');
    expect(deriveCaseMatchKey(keys, 'upgrade-not-installed', 'k-1')).toBe(
      '677a1c545b4fdae22811619714df31595befaac888a95c359d866504acec9f37',
    );
    expect(deriveId(keys, 'f', 'c_1', '1', 'customer', 'k-1')).toBe('f_e0151f97f6fed836bd29b755');
    expect(deriveId(keys, 'm', 'acme', 'notice', 'c_1')).toBe('m_b81a3124b8dee4fd613a30c4');
  });

  it('tell parts apart that only collide when joined', () => {
    const ids = [
      deriveResponseId(keys, 'a', 'b', 'c'),
      deriveResponseId(keys, 'ab', '', 'c'),
      deriveResponseId(keys, 'a', 'bc', ''),
      deriveResponseId(keys, '', 'a', 'bc'),
      deriveResponseId(keys, 'a,1:b', 'c', ''),
      deriveResponseId(keys, 'a', '1:b,1:c', ''),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('tell any two different responses apart', () => {
    const part = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('1:a', ',', ':', '0:', 'a', 'A', 'a '));
    fc.assert(
      fc.property(fc.tuple(part, part, part), fc.tuple(part, part, part), (a, b) => {
        const same = a.every((text, index) => text === b[index]);
        expect(deriveResponseId(keys, ...a) === deriveResponseId(keys, ...b)).toBe(same);
      }),
      { numRuns: 2000 },
    );
  });

  it('keep ids as they are: nothing is folded, trimmed or rounded', () => {
    const ids = ['9007199254740992', '9007199254740993', 'A1', 'a1', ' a1', 'é', 'e\u0301'];
    expect(new Set(ids.map((id) => deriveResponseId(keys, 's', 'f', id))).size).toBe(ids.length);
  });

  it('say nothing of the customer', () => {
    expect(deriveCaseMatchKey(keys, 't', 'laura@customer.example')).toMatch(/^[0-9a-f]{64}$/);
  });

  it('of chance are hex of all their bytes', () => {
    const bytes = (length: number) => Uint8Array.from({ length }, (_, index) => index);
    expect(createRandomId({ fraction: () => 0, bytes }, 'c')).toBe('c_000102030405060708090a0b');
  });

  it('of deliveries follow each other in time, with chance behind it', () => {
    const random = { fraction: () => 0, bytes: (length: number) => Uint8Array.from({ length }, (_, index) => index) };
    expect(createOrderedId(random, 'd', Date.UTC(2026, 10, 30))).toBe('d_01a229c05400000102030405');
    const times = [0, 9, 16, Date.UTC(1999, 0), Date.UTC(2026, 10, 30), Date.UTC(2199, 0)];
    const ids = times.map((at) => createOrderedId(random, 'd', at));
    expect(ids).toEqual(ids.toSorted());
  });
});
