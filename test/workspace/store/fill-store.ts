import { DatabaseSync } from 'node:sqlite';
import type { Sql } from '#domain/base/ports.ts';
import { nodeSql } from '#test/harness/node-sql.ts';

const hour = 3_600_000;

type Sizes = { customers: number; responses: number; cases: number };

/** Fills the store of a workspace that does not run; other databases stay as they are. */
export function fillFile(path: string, sizes: Sizes, now: number): void {
  const database = new DatabaseSync(path);
  const isWorkspace = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'responses'").get();
  if (isWorkspace) fillStore(nodeSql(database), sizes, now);
  database.close();
}

/**
 * Fills a store in one go: of a hundred cases three are open, the others closed in every way, opened over three years.
 * Every fifth response has words.
 */
export function fillStore(sql: Sql, sizes: Sizes, now: number): void {
  const numbers = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)';
  const pick = (list: string[], by: string) =>
    `CASE ${by} % ${list.length} ${list.map((value, index) => `WHEN ${index} THEN '${value}'`).join(' ')} END`;
  const at = `?2 - (?1 - i) * (3 * 365 * 24 * ${hour} / ?1)`;
  const words = [
    'The installation stops at',
    'I cannot log in to',
    'The invoice is wrong for',
    'Ich brauche Hilfe mit',
  ];
  const said = `${pick(words, '(i / 5)')} || ' part ' || (i % 9973)`;
  const last = ['unverified', 'known-gap', 'asked', 'declined'];
  sql.transaction(() => {
    sql.run(
      `${numbers} INSERT INTO customers (key, attributes, updated_at) SELECT 'k' || i, json_object(
         'name', json_object('response', json_object('value', 'Customer ' || i)),
         'email', json_object('response', json_object('value', 'k' || i || '@customer.example')),
         'tier', json_object('list', json_object('value', ${pick(['gold', 'silver', 'bronze'], 'i')}))), ?2 FROM n`,
      sizes.customers,
      now,
    );
    sql.run(
      `${numbers} INSERT INTO responses (id, source, form, revision, submitted_at, received_at, customer_key, content, words,
         decisions, decided_revision) SELECT 'r_' || i, 'upgrade-survey', 'f', 1, ${at}, ${at}, 'k' || (1 + i % CAST(?3 AS INTEGER)),
         json_object('source', 'upgrade-survey', 'form', 'f', 'formTitle', 'Survey', 'responseId', 'r' || i, 'revision', 1,
           'submittedAt', ${at}, 'partial', json('false'), 'language', 'en', 'link', NULL, 'answers', CASE WHEN i % 5 = 0 THEN json_array(json_object('alias', 'wish', 'type', 'text', 'value', ${said}, 'text', ${said},
             'freeText', json('true'), 'question', json_object('id', 'q', 'title', 'Wish'))) ELSE json('[]') END,
           'customer', json_object('key', 'k' || (1 + i % CAST(?3 AS INTEGER)), 'email', NULL, 'name', NULL, 'tier', NULL, 'revenue', NULL)),
         CASE WHEN i % 5 = 0 THEN ${said} ELSE '' END, '[]', 1 FROM n`,
      sizes.responses,
      now,
      sizes.customers,
    );
    if (sizes.cases === 0) return;
    sql.run(
      `${numbers} INSERT INTO cases (id, case_match_key, template, settings_version, kind, customer_key, tier, revenue,
         category, severity, severity_rank, status, loop, opened_at, due_at, due_why, opened_why, resolved_at, team,
         assignee, loop_owner, overdue, tracker, source, issue_id, issue_key, issue_url, issue_state, clock,
         first_contact_at, contact_ms, close_ms, disputes, generation)
       SELECT 'c_' || i, 'm' || i, ${pick(['upgrade-not-installed', 'product-wish', 'upgrade-hard-to-install'], '(i / 7)')},
         1, 'tactical', 'k' || (1 + i % CAST(?3 AS INTEGER)), ${pick(['gold', 'silver', 'bronze'], 'i')}, i % 97 * 1000,
         ${pick(['Installation issues', 'Product wish', 'Ease of installation', 'At-risk customer'], '(i / 3)')},
         ${pick(['urgent', 'high', 'normal', 'low'], 'i')}, 1 + i % 4, 'Open',
         CASE WHEN i % 100 < 3 THEN 'working' WHEN i % 100 < 60 THEN 'confirmed' ELSE ${pick(last, '(i / 100)')} END,
         ${at}, ${at} + 72 * ${hour}, '[]', '[]', CASE WHEN i % 100 < 3 THEN NULL ELSE ${at} + ${hour} END,
         ${pick(['upgrade-response', 'product-review'], '(i / 11)')}, ${pick(['sam', 'dana', 'priya', 'mette'], '(i / 13)')},
         ${pick(['dana', 'priya'], '(i / 17)')}, i % 100 < 3, 'support', 'upgrade-survey', 'i' || i, 'SUP-' || i,
         'https://jira.example/SUP-' || i, 'open', json_object('startAt', ${at}, 'goalMs', 72 * ${hour}, 'calendar', NULL, 'pauses', json('[]')),
         CASE WHEN i % 4 > 0 THEN ${at} + ${hour} END, CASE WHEN i % 4 > 0 THEN i % 90 * 60000 END,
         CASE WHEN i % 100 >= 3 THEN i % 70 * ${hour} END, i % 23 = 0, 1 + (i % 19 = 0) FROM n`,
      sizes.cases,
      now,
      sizes.customers,
    );
    sql.run(
      `${numbers} INSERT INTO case_responses (case_id, response_id, customer_key, at)
       SELECT 'c_' || i, 'r_' || (i * CAST(?3 AS INTEGER)), 'k' || (1 + (i * CAST(?3 AS INTEGER)) % CAST(?4 AS INTEGER)), ${at} FROM n`,
      sizes.cases,
      now,
      Math.floor(sizes.responses / sizes.cases),
      sizes.customers,
    );
    sql.run(
      `INSERT INTO timeline (case_id, at, what, who, why, generation)
       SELECT id, opened_at, 'opened', 'Caselite', 'by its template', 1 FROM cases`,
    );
  });
}
