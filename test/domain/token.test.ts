import { describe, expect, it } from 'vitest';
import { signToken, type TokenPurpose, verifyToken } from '#domain/base/key.ts';
import { keyring } from '#src/keyring.ts';
import { keys } from './samples.ts';

const purposes: TokenPurpose[] = ['survey', 'unsubscribe', 'sign-in', 'session'];
const subject = 'f_0123456789abcdef01234567';
const token = signToken(keys, 'survey', 'acme', subject);

describe('a token', () => {
  it('gives back what it was made of', () => {
    expect(verifyToken(keys, 'survey', token)).toEqual({ workspace: 'acme', subject });
  });

  it('keeps a subject with dots whole', () => {
    const session = signToken(keys, 'session', 'acme-tour', 'dana.1795000000000');
    expect(verifyToken(keys, 'session', session)).toEqual({
      workspace: 'acme-tour',
      subject: 'dana.1795000000000',
    });
  });

  it('is worthless for every other purpose', () => {
    for (const made of purposes) {
      for (const used of purposes) {
        const read = verifyToken(keys, used, signToken(keys, made, 'acme', subject));
        expect(read === null).toBe(made !== used);
      }
    }
  });

  it('is worthless with any one character changed, dropped or added', () => {
    const letters = ['0', '1', 'a', 'f', 'A', '.', '-', '_', ' ', '\n'];
    for (let index = 0; index < token.length; index += 1) {
      expect(verifyToken(keys, 'survey', token.slice(0, index) + token.slice(index + 1))).toBeNull();
      for (const letter of letters) {
        const added = token.slice(0, index) + letter + token.slice(index);
        expect(verifyToken(keys, 'survey', added)).toBeNull();
        const changed = token.slice(0, index) + letter + token.slice(index + 1);
        if (changed !== token) expect(verifyToken(keys, 'survey', changed)).toBeNull();
      }
    }
    expect(verifyToken(keys, 'survey', `${token}\n`)).toBeNull();
  });

  it('is worthless where a dot moved from the subject to the workspace', () => {
    const moved = signToken(keys, 'survey', 'acme', 'b.c').replace('acme.b.c', 'acme.b-c');
    expect(verifyToken(keys, 'survey', moved)).toBeNull();
  });

  it('is worthless under another key', () => {
    expect(verifyToken(keyring('another key, also long enough to be one'), 'survey', token)).toBeNull();
  });

  it('carries 128 bits', () => {
    expect(token.split('.').at(-1)).toMatch(/^[0-9a-f]{32}$/);
  });
});
