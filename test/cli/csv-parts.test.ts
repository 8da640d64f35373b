import { describe, expect, it } from 'vitest';
import { readCsv } from '#domain/base/csv.ts';
import { splitCsv } from '#src/cli/import.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a large file', () => {
  it('is sent in parts that hold every row once, each under its own line number', () => {
    const rows = Array.from({ length: 12_001 }, (_, index) => `r-${index};"line one\nline ""two"" ${index}"`);
    rows[7000] = '';
    const whole = bytes(`\ufeffid;words\r\n${rows.join('\r\n')}\r\n`);
    const parts = splitCsv(whole);
    expect(parts.length).toBeGreaterThan(2);
    for (const { text } of parts) expect(bytes(text).length).toBeLessThan(1024 * 1024);
    const read = parts.flatMap(({ text }) => readCsv(bytes(text)).rows);
    expect(read).toEqual(readCsv(whole).rows);
    expect(parts.map(({ rows: count }) => count).reduce((sum, count) => sum + count)).toBe(12_000);
  });

  it('names a row that no part can hold', () => {
    const huge = bytes(`id,words\nr-1,short\nr-2,"${'x'.repeat(950 * 1024)}"\n`);
    expect(() => splitCsv(huge)).toThrow('line 3: is larger than 900 KiB; shorten its cells');
  });
});
