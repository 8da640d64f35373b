import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { defineTable, query } from '#src/workspace/store/table.ts';
import { nodeSql } from '#test/harness/node-sql.ts';

it('refuses a condition whose value is missing, which would meet every row', () => {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE pets (id TEXT PRIMARY KEY, name TEXT)');
  const sql = nodeSql(database);
  const pets = defineTable<{ id: string; name: string | null }>('pets', {});
  pets.insert(sql, { id: 'a', name: null });
  const missing: { id?: string } = { id: undefined };
  for (const act of [
    () => pets.delete(sql, missing),
    () => pets.update(sql, missing, { name: 'b' }),
    () => pets.list(sql, missing),
  ])
    expect(act).toThrow('no id of pets');
  expect(pets.list(sql, { name: null })).toEqual([{ id: 'a', name: null }]);
});

it('refuses a statement whose named value is missing, and takes one that is not set as null', () => {
  const find = query.value<string, [{ name?: string | undefined }]>`SELECT COALESCE(@name, 'nobody')`;
  const sql = nodeSql(new DatabaseSync(':memory:'));
  expect(() => find(sql, {})).toThrow('no value for @name');
  expect([find(sql, { name: undefined }), find(sql, { name: 'Ann' })]).toEqual(['nobody', 'Ann']);
});
