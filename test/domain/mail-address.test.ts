import { describe, expect, it } from 'vitest';
import { isAddressOfPerson, readMailAddress } from '#domain/base/mail-address.ts';

describe('a mail address (hostile 18)', () => {
  it.each([
    ['Ana.Maria@Example.COM', 'Ana.Maria@example.com'],
    ['ana@bücher.example', 'ana@xn--bcher-kva.example'],
    ['ana@xn--bcher-kva.example', 'ana@xn--bcher-kva.example'],
    [' ana+more@example.com ', 'ana+more@example.com'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
    [`ana@${'a'.repeat(63)}.example`, `ana@${'a'.repeat(63)}.example`],
  ])('%s is read as %s', (given, address) => expect(readMailAddress(given)).toEqual({ address, problem: null }));

  it.each([
    [`${'a'.repeat(65)}@example.com`, 'has more than 64 characters before the @'],
    [`ana@${'a'.repeat(64)}.example`, 'has more than 63 characters between two dots of its domain'],
    [`ana@${`${'a'.repeat(60)}.`.repeat(5)}example`, 'has more than 254 characters'],
    ['ana@example.com/path', 'is not an e-mail address'],
    ['ana@example.com:25', 'is not an e-mail address'],
    ['ana', 'is not an e-mail address'],
    ['@example.com', 'is not an e-mail address'],
    ['ana@', 'is not an e-mail address'],
  ])('%s is refused, and the reason is what it is', (given, problem) =>
    expect(readMailAddress(given)).toEqual({ address: null, problem }),
  );
});

describe('an address of no person (hostile 14)', () => {
  it.each([
    'mailer-daemon@x.example',
    'Postmaster@x.example',
    'no-reply@x.example',
    'noreply+1@x.example',
    'feedback@acme.example',
  ])('is %s', (address) => expect(isAddressOfPerson(address, ['Feedback@acme.example'])).toBe(false));

  it.each(['rep.lynn@x.example', 'norbert@x.example', 'feedback@other.example'])('is not %s', (address) =>
    expect(isAddressOfPerson(address, ['feedback@acme.example'])).toBe(true),
  );
});
