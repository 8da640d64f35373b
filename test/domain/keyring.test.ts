import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { createIssueMarker, signToken, verifyToken } from '#domain/base/key.ts';
import { createRoot, fingerprintOf, openSealed, seal } from '#src/keyring.ts';
import { openKeys } from '#src/object-ports.ts';
import { createVariables } from '#src/secrets.ts';
import { listNamedSecrets } from '#src/wiring.ts';
import { migrate } from '#src/workspace/store/backup.ts';
import { findSealedRoot, sealedSecrets } from '#src/workspace/store/access.ts';
import { migrations } from '#test/harness/migrations.ts';
import { nodeSql } from '#test/harness/node-sql.ts';
import { slowAcme } from '#test/harness/settings.ts';

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
  const sealed = seal(old, root);
  expect(openSealed(old, sealed)).toBe(root);
  expect(openSealed(fresh, sealed)).toBeNull();
  expect(sealed.startsWith(`${fingerprintOf(old)}.`)).toBe(true);
  expect(sealed).not.toContain(root);
  expect(() => openSealed(old, `${sealed.slice(0, -2)}AA`)).toThrow();
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

test('a secret of a page is sealed anew after a rotation, and opens for no other workspace', () => {
  const sql = emptyStore();
  const { workspace } = slowAcme();
  const [named] = listNamedSecrets(workspace).filter(({ name }) => name === 'GITHUB_TOKEN');
  const { name = '', host = '' } = named ?? {};
  const sealed = seal(old, 'the value', `secret:${JSON.stringify(['acme', name, host])}`);
  sealedSecrets.put(sql, { name, host, sealed, who: 'dana', at: 0 });
  const read = (key: string, previous = '', of = workspace) =>
    createVariables(sql, deployment(key, previous), of)(`${of.workspace.toUpperCase()}__GITHUB_TOKEN`);
  expect(read(old, '', { ...workspace, workspace: 'other' })).toBeUndefined();
  expect([read(old), read(fresh), read(fresh, old), read(fresh)]).toEqual([
    'the value',
    undefined,
    'the value',
    'the value',
  ]);
});

test('replies by mail need the secret by which mail comes in, also without a source of mail', () => {
  const { workspace } = slowAcme();
  const names = (inbound: typeof workspace.inbound) =>
    listNamedSecrets({ ...workspace, inbound }).map(({ name }) => name);
  expect(names(undefined)).not.toContain('MAIL_SECRET');
  expect(names({ domain: 'in.acme.example', relay: 'mx.acme.example' })).toContain('MAIL_SECRET');
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
