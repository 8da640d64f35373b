import { expect, it } from 'vitest';
import { rewriteTables } from '#src/workspace/store/personal.ts';
import { auditLog } from '#src/workspace/store/access.ts';
import { Harness } from '#test/harness/harness.ts';

it.each(['as it is', 'after its pages were rewritten'])('keeps every line as it was written, %s', (when) => {
  const { sql } = new Harness();
  if (when !== 'as it is') {
    rewriteTables(sql, ['audit_log'], 1000);
  }
  auditLog.insert(sql, { at: 1, who: 'dana', what: 'signed in', about: '', details: '' });
  const lines = auditLog.page(sql, {}, 10, 10);
  for (const statement of ["UPDATE audit_log SET who = 'sam'", 'DELETE FROM audit_log'])
    expect(() => sql.run(statement)).toThrow('the audit log is append-only');
  expect(auditLog.page(sql, {}, 10, 10)).toEqual(lines);
});
