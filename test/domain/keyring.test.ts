import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { createIssueMarker, signToken, verifyToken } from '#domain/base/key.ts';
import { createRoot, fingerprintOf, openRoot, sealRoot } from '#src/keyring.ts';
import { openKeys } from '#src/object-ports.ts';
import { migrate } from '#src/workspace/store/migrate.ts';
import { findSealedRoot } from '#src/workspace/store/settings.ts';
import { migrations } from '#test/harness/migrations.ts';
import { nodeSql } from '#test/harness/node-sql.ts';

const old = 'the key before the rotation, long enough';
const fresh = 'the key after the rotation, long enough';

const deployment = (key: string, previous = '') => ({
  CASELITE_KEY: key,
  CASELITE_KEY_PREVIOUS: previous,
  PUBLIC_URL: 'https://caselite.test',
});

function emptyStore() {
  const sql = nodeSql(new DatabaseSync(':memory:'));
  migrate(sql, migrations);
  return sql;
}

test('a sealed root opens under its own key only, and shows neither', () => {
  const root = createRoot();
  const sealed = sealRoot(old, root);
  expect(openRoot(old, sealed)).toBe(root);
  expect(openRoot(fresh, sealed)).toBeNull();
  expect(sealed.startsWith(`${fingerprintOf(old)}.`)).toBe(true);
  expect(sealed).not.toContain(root);
  expect(() => openRoot(old, `${sealed.slice(0, -2)}AA`)).toThrow();
});

test('a rotation keeps markers and ids, accepts links of the old key, and signs new ones with the new key', () => {
  const sql = emptyStore();
  const before = openKeys(sql, deployment(old));
  const marker = createIssueMarker(before, 'acme', 'C-1');
  const link = signToken(before, 'survey', 'acme', 'f_1');
  const during = openKeys(sql, deployment(fresh, old));
  expect(createIssueMarker(during, 'acme', 'C-1')).toBe(marker);
  expect(verifyToken(during, 'survey', link)).toEqual({ workspace: 'acme', subject: 'f_1' });
  const newLink = signToken(during, 'survey', 'acme', 'f_1');
  expect(newLink).not.toBe(link);
  expect(verifyToken(before, 'survey', newLink)).toBeNull();
  // The root is sealed under the new key by now, so the old one can go.
  const after = openKeys(sql, deployment(fresh));
  expect(createIssueMarker(after, 'acme', 'C-1')).toBe(marker);
  expect(verifyToken(after, 'survey', newLink)).not.toBeNull();
  expect(verifyToken(after, 'survey', link)).toBeNull();
});

test('two workspaces of one deployment have different roots', () => {
  const keys = [emptyStore(), emptyStore()].map((sql) => openKeys(sql, deployment(old)));
  const [first, second] = keys.map((ring) => ring.mac('issue-marker.1', 'same', 'parts'));
  expect(first).not.toBe(second);
});

test('a wrong key is refused by name and leaves the seal as it is', () => {
  const sql = emptyStore();
  openKeys(sql, deployment(old));
  const sealed = findSealedRoot(sql);
  expect(() => openKeys(sql, deployment(fresh))).toThrow(
    `fingerprint ${fingerprintOf(old)}; the present one has ${fingerprintOf(fresh)}`,
  );
  expect(findSealedRoot(sql)).toBe(sealed);
});
