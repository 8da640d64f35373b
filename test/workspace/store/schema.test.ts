import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSchemaSql, schemaSqlPath } from '#tools/schema-sql.ts';

describe('docs/schema.sql', () => {
  const sql = createSchemaSql();

  it('is the schema after all migrations: npm run schemas writes it anew', () => {
    expect(readFileSync(schemaSqlPath, 'utf8')).toBe(sql);
  });

  it('says in one line what every table holds', () => {
    const tables = [...sql.matchAll(/^CREATE TABLE (\w+) \(\n(.*)/gm)];
    expect(tables.length).toBeGreaterThan(30);
    const bare = tables.filter(([, , first = '']) => !/^ {2}-- [A-Z].*\.$/.test(first)).map(([, name]) => name);
    expect(bare).toEqual([]);
  });
});
