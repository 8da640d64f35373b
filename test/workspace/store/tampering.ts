/* Statements that change a store behind the back of Caselite, as a newer version or another deployment would. */

export const addNewerMigration = "INSERT INTO migrations (name) VALUES ('0099-from-the-future.sql')";

export const replaceSealedRoot = (sealed: string) => `UPDATE sealed_roots SET sealed = '${sealed}'`;

export const addManyCounters = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
  INSERT INTO counters (name, value) SELECT 'counter ' || i, i FROM n`;

export const readFirstBody = 'SELECT hex(body) AS body FROM deliveries ORDER BY seq LIMIT 1';

export const countCases = 'SELECT count(*) AS count FROM cases';

export const readBackupLines = 'SELECT * FROM backup_lines';

/** A database of several pages. */
export const fillPages = ['CREATE TABLE filled (text TEXT)', 'INSERT INTO filled VALUES (hex(zeroblob(20000)))'];

export const readSealedSecrets = 'SELECT * FROM sealed_secrets';

export const damageSealedSecrets = "UPDATE sealed_secrets SET sealed = sealed || 'AAAA'";

/** Lets a secret claim to be for another host. */
export const moveSealedSecrets = "UPDATE sealed_secrets SET host = 'elsewhere.test'";
