import { describe, expect, it } from 'vitest';
import { migrate } from '#src/workspace/store/backup.ts';
import { Harness } from '#test/harness/harness.ts';
import { migrations } from '#test/harness/migrations.ts';
import { rowsOf } from './rows.ts';

describe('migrations', () => {
  it('do nothing the second time', async () => {
    const harness = new Harness();
    await harness.receive({ completed: false });
    migrate(harness.sql, migrations);
    migrate(harness.sql, migrations);
    expect(harness.cases()).toHaveLength(1);
    expect(rowsOf(harness.sql, 'migrations')).toHaveLength(migrations.length);
  });

  it('that fail leave nothing behind, and go through once corrected', () => {
    const harness = new Harness();
    const broken = {
      name: '9999-more.sql',
      sql: 'CREATE TABLE more (a TEXT);\nCREATE TABLE more (b TEXT);\n',
    };
    expect(() => migrate(harness.sql, [...migrations, broken])).toThrow();
    expect(harness.sql.all("SELECT name FROM sqlite_master WHERE name = 'more'")).toEqual([]);
    migrate(harness.sql, [...migrations, { ...broken, sql: 'CREATE TABLE more (a TEXT);\n' }]);
    expect(harness.sql.all("SELECT name FROM sqlite_master WHERE name = 'more'")).toHaveLength(1);
  });
});
