import { deriveId, deriveResponseId } from '#domain/base/key.ts';
import { createIssueMarker } from '#domain/base/marker.ts';
import { strangers, trackerNames } from '#test/harness/emulated-hosts.ts';
import { actionViolations } from './action-actors.ts';
import { type ImportedRow, leaver, type SentResponse } from './actors.ts';
import { copiesAreLeftAlone, ownIssues } from './copies.ts';
import { theFieldsAreTrue } from './fields-invariants.ts';
import { loopViolations } from './loop-invariants.ts';
import { peopleViolations } from './people-actors.ts';
import { planViolations } from './plan-invariants.ts';
import { strategicViolations } from './strategic-actors.ts';
import { adminsToldOnce } from './tracker-trouble.ts';
import { isIssueThere, onlyTheLostAreLost, theUrgentGoFirst } from './vanishing-invariants.ts';
import type { World } from './world.ts';

/**
 * Checks every invariant after the faults have ended, by the records of the trackers and the mail host.
 *
 * @returns one line per violation
 */
export async function violations(world: World, sent: SentResponse[], imported: ImportedRow[]): Promise<string[]> {
  return [
    ...nothingAckedIsLost(world, sent),
    ...sentIsStored(world),
    ...importedIsStoredOnce(world, imported),
    ...(await oneIssuePerCase(world)),
    ...(await theMirrorIsTrue(world)),
    ...(await theFieldsAreTrue(world)),
    ...noSecondMail(world),
    ...noMailTooEarly(world),
    ...noMailAfterOptOut(world),
    ...noMailToDeadAddresses(world),
    ...(await noMailUnearned(world)),
    ...nothingIsStuck(world),
    ...everyClosingIsServed(world),
    ...(await loopViolations(world)),
    ...strategicViolations(world),
    ...(await peopleViolations(world)),
    ...(await actionViolations(world)),
    ...(await planViolations(world)),
    ...nothingPersonalOutside(world, sent),
    ...nothingIsLeftOfTheErased(world),
    ...invitationsComeInTime(world),
    ...limitsAreKept(world),
    ...adminsToldOnce(world),
    ...onlyTheLostAreLost(world),
    ...theUrgentGoFirst(world),
    ...(await copiesAreLeftAlone(world)),
    ...world.offSpec,
  ];
}

function nothingAckedIsLost(world: World, sent: SentResponse[]): string[] {
  const { sql } = world;
  return sent
    .filter(({ acked }) => acked)
    .flatMap((response) => {
      const id = deriveResponseId(world.core.keys, 'upgrade-survey', 'upgrade', response.token);
      const [row] = sql.all<{ decisions: string }>('SELECT decisions FROM responses WHERE id = ?', id);
      if (!row && response.customer === leaver && wasErasedUnread(world)) return [];
      if (!row) return [`acked response ${response.token} is not stored`];
      const opened = sql.all('SELECT case_id FROM case_responses WHERE response_id = ?', id).length;
      const wanted = [!response.completed, response.ease <= 5, response.wish !== null].filter(Boolean).length;
      return opened === wanted ? [] : [`response ${response.token} stands behind ${opened} cases instead of ${wanted}`];
    });
}

/** A customer who was erased before a delivery was read has no response from that delivery. */
const wasErasedUnread = ({ sql }: World): boolean =>
  sql.all("SELECT 1 FROM deliveries WHERE error = 'its customer was erased'").length > 0;

/** Every response of the survey tool is stored in its newest state, delivered or not. */
function sentIsStored(world: World): string[] {
  const { sql } = world;
  const responses = [...world.tool.responses.values()];
  // A form without any delivery is unknown to the workspace.
  const [known] = sql.all("SELECT form FROM forms WHERE source = 'tool'");
  if (!known) return [];
  const [first] = sql.all<{ at: number }>("SELECT MIN(received_at) AS at FROM deliveries WHERE source = 'tool'");
  return responses.flatMap(({ id, form, revision, changedAt, answers, partial }) => {
    if (changedAt < (first?.at ?? 0) - 3_600_000) return [];
    const key = deriveResponseId(world.core.keys, 'tool', form, id);
    const [row] = sql.all<{ revision: number; decided_revision: number | null }>(
      'SELECT revision, decided_revision FROM responses WHERE id = ?',
      key,
    );
    if (row?.revision !== revision)
      return [`${id} is at revision ${revision} in the survey tool, and at ${row?.revision} here`];
    if (row.decided_revision !== revision) return [`${id} was not judged in its newest state`];
    const opened = sql.all('SELECT case_id FROM case_responses WHERE response_id = ?', key).length;
    const isUnhappy = answers.completed === false && !partial;
    return isUnhappy && opened === 0 ? [`${id} stands behind no case`] : [];
  });
}

/** Every row of an accepted file is stored exactly once, however often the file was imported. */
function importedIsStoredOnce({ sql, core }: World, rows: ImportedRow[]): string[] {
  return rows
    .filter(({ acked }) => acked)
    .flatMap(({ id }) => {
      const key = deriveResponseId(core.keys, 'export', 'default', id);
      if (sql.all('SELECT 1 FROM responses WHERE id = ?', key).length === 0) return [`imported ${id} is not stored`];
      const taken = sql.all("SELECT 1 FROM deliveries WHERE response_id = ? AND outcome = 'stored'", key);
      return taken.length === 1 ? [] : [`imported ${id} was taken in ${taken.length} times`];
    });
}

async function oneIssuePerCase(world: World): Promise<string[]> {
  const { sql } = world;
  const cases = sql.all<{
    number: number;
    tracker: string;
    issue_id: string | null;
    issue_key: string | null;
    loop: string;
    issue_edit_limits: string | null;
    needs_person: string | null;
  }>('SELECT number, tracker, issue_id, issue_key, loop, issue_edit_limits, needs_person FROM cases');
  const issues = new Map<string, { id: string; key: string; title: string; text: string }[]>();
  for (const tracker of trackerNames) {
    const seen = await ownIssues(world, tracker);
    issues.set(
      tracker,
      seen.map((issue) => ({
        id: issue.id,
        key: issue.key,
        title: issue.title,
        text: JSON.stringify(issue),
      })),
    );
  }
  return cases.flatMap(({ number, tracker, issue_id, issue_key, loop, issue_edit_limits, needs_person }) => {
    if (issue_id && !isIssueThere(world, { tracker, issue_id })) return [];
    const handle = `C-${number}`;
    const titled = (issues.get(tracker) ?? []).filter(
      ({ id, title }) => title.includes(`(${handle})`) || id === issue_id,
    );
    if (titled.length > 1)
      return [`case ${handle} has ${titled.length} issues: ${titled.map(({ key }) => key).join(', ')}`];
    if (titled.length === 0) {
      if (!needs_person) return [`case ${handle} has no issue and needs nobody`];
      // No tracker of the simulation refuses an issue permanently.
      return needs_person.startsWith('issue create') ? [`case ${handle} has no issue: ${needs_person}`] : [];
    }
    if (titled[0]?.id !== issue_id) return [`case ${handle} is linked to ${issue_key} instead of ${titled[0]?.key}`];
    const states = world.trackerStates();
    // A marker stays out after a person removed it from a closed issue, or removed it too often.
    const mayLackMarker = loop !== 'working' || issue_edit_limits?.includes('"hasStoppedRestoring":true');
    if (states.includes(createIssueMarker(world.strangersKeys, 'acme', handle)))
      return [`anybody could have made the marker of ${handle}`];
    return mayLackMarker || states.includes(createIssueMarker(world.core.keys, 'acme', handle))
      ? []
      : [`the issue of ${handle} has lost its marker`];
  });
}

/** The case matches the tracker: no closing and no reopening was missed. */
async function theMirrorIsTrue(world: World): Promise<string[]> {
  const { sql } = world;
  const cases = sql.all<{
    number: number;
    tracker: string;
    issue_id: string;
    issue_key: string;
    issue_state: string;
    loop: string;
  }>('SELECT number, tracker, issue_id, issue_key, issue_state, loop FROM cases WHERE issue_key IS NOT NULL');
  const truth = new Map<string, { key: string; state: string }>();
  for (const [tracker, trackerUser] of Object.entries(world.trackerUser)) {
    for (const { id, key, state } of await trackerUser.list()) truth.set(`${tracker} ${id}`, { key, state });
  }
  return cases.flatMap(({ number, tracker, issue_id, issue_key, issue_state, loop }) => {
    if (!isIssueThere(world, { tracker, issue_id })) return [];
    const { key, state } = truth.get(`${tracker} ${issue_id}`) ?? {};
    // Issues that moved after the end of their case are not followed.
    if (key !== issue_key && !['working', 'resolved', 'asked'].includes(loop)) return [];
    if (state !== issue_state) return [`C-${number} says its issue is ${issue_state}, but it is ${state}`];
    return (state === 'open') === (loop === 'working')
      ? []
      : [`the issue of C-${number} is ${state}, but its loop is ${loop}`];
  });
}

function noSecondMail(world: World): string[] {
  const count = new Map<string, number>();
  const back = cameBack(world);
  for (const { key, to, subject, text } of world.mail.accepted) {
    if (back.has(key)) continue;
    const what = `${to} ${subject} ${text}`;
    count.set(what, (count.get(what) ?? 0) + 1);
  }
  return [...count]
    .filter(([, times]) => times > 1)
    .map(([what, times]) => `the same mail was accepted ${times} times: ${what.slice(0, 60)}`);
}

/** Bounced mails. Their questions may be asked again once a person says that mail arrives again. */
const cameBack = ({ sql }: World): Set<string> =>
  new Set(sql.all<{ id: string }>("SELECT id FROM mails WHERE fate = 'bounced'").map(({ id }) => id));

/** The quarantine by the mail host's records: first follow-ups to one person are far apart. */
function noMailTooEarly(world: World): string[] {
  const { sql } = world;
  const counted = new Set(sql.all<{ id: string }>('SELECT id FROM mails WHERE counts = 1').map(({ id }) => id));
  const { quarantine } = world.settings.workspace['follow-up'];
  const last = new Map<string, number>();
  const back = cameBack(world);
  return world.mail.accepted.flatMap(({ key, to, at }) => {
    if (!counted.has(key) || back.has(key)) return [];
    const before = last.get(to);
    last.set(to, at);
    return before !== undefined && at - before < quarantine
      ? [`two first follow-ups within the quarantine to ${to}`]
      : [];
  });
}

/** No mail is planned for an address after it is known to bounce. */
function noMailToDeadAddresses(world: World): string[] {
  return world.mail.accepted.flatMap(({ key, to }) => {
    const since = world.dead.get(to);
    const [mail] = world.sql.all<{ at: number }>('SELECT at FROM mails WHERE id = ?', key);
    return since !== undefined && mail && mail.at > since ? [`${to} was known to take no mail, and got one`] : [];
  });
}

/** After an opt-out a person gets at most the mail that was already planned. */
function noMailAfterOptOut(world: World): string[] {
  return world.mail.accepted.flatMap(({ key, to }) => {
    const promisedAt = world.optOuts.get(to);
    const [mail] = world.sql.all<{ at: number }>('SELECT at FROM mails WHERE id = ? AND asks = 1', key);
    return promisedAt !== undefined && mail && mail.at > promisedAt
      ? [`${to} was promised no more mail, and got one`]
      : [];
  });
}

/** An issue that was never closed as done nor explained leads to no follow-up, unless its case repeats another. */
async function noMailUnearned(world: World): Promise<string[]> {
  const asked = world.sql.all<{
    id: string;
    case_id: string;
    number: number;
    tracker: string;
    issue_id: string;
  }>(
    `SELECT m.id, m.case_id, c.number, c.tracker, c.issue_id FROM mails m JOIN follow_ups f ON f.id = m.follow_up_id
       JOIN cases c ON c.id = m.case_id WHERE f.kind = 'customer'
         AND NOT EXISTS (SELECT 1 FROM timeline t WHERE t.case_id = c.id AND t.what = 'follows another case')`,
  );
  const sent = new Set(world.mail.accepted.map(({ key }) => key));
  const explained = new Set<string>();
  const outsiders = Object.values(strangers);
  for (const [tracker, trackerUser] of Object.entries(world.trackerUser)) {
    for (const { id, comments } of await trackerUser.list())
      if (comments.some(({ text, author }) => /\/(declined|close) because/.test(text) && !outsiders.includes(author)))
        explained.add(`${tracker} ${id}`);
  }
  return asked.flatMap(({ id, case_id, number, tracker, issue_id }) => {
    const isDone =
      world.closedFromPage.has(case_id) ||
      world.closings.some(
        (closing) =>
          closing.tracker === tracker &&
          closing.id === issue_id &&
          (closing.kind === 'completed' || closing.kind === 'explained'),
      );
    // Comments on a vanished issue cannot be read.
    const isUnread = !isIssueThere(world, { tracker, issue_id });
    return !sent.has(id) || isDone || isUnread || explained.has(`${tracker} ${issue_id}`)
      ? []
      : [`the customer of C-${number} was asked, and its issue was never done`];
  });
}

function nothingIsStuck(world: World): string[] {
  const { sql } = world;
  const stuck = sql.all<{ id: number; kind: string; state: string; error: string | null }>(
    "SELECT id, kind, state, error FROM outbox WHERE state IN ('waiting', 'calling', 'unknown')",
  );
  const waiting = sql.all("SELECT id FROM deliveries WHERE outcome = 'waiting'");
  const setAside = sql.all<{ error: string }>("SELECT error FROM deliveries WHERE outcome = 'set-aside'");
  return [
    ...stuck.map(({ id, kind, state, error }) => `outbox row ${id} (${kind}) is still ${state}: ${error}`),
    ...waiting.map(() => 'a delivery still waits'),
    ...setAside.map(({ error }) => `a good delivery was set aside: ${error}`),
  ];
}

/** By the hosts' records, no rate limit was exceeded and every requested wait was kept. */
function limitsAreKept(world: World): string[] {
  return Object.entries(world.limits).flatMap(([vendor, { record }]) => [
    ...record.refused.map(({ at, url }) => `${vendor} had to refuse ${url} at ${at}: too much was asked`),
    ...record.early.map(({ at, url }) => `${vendor} was asked ${url} at ${at}, before its time to wait was over`),
  ]);
}

/** Each closing that qualifies leads to one follow-up per customer, or to a recorded reason for none. */
function everyClosingIsServed(world: World): string[] {
  const { sql } = world;
  const bare = sql.all<{ number: number }>(
    `SELECT number FROM cases c WHERE closing_reason = 'fixed' AND loop <> 'working' AND NOT EXISTS (
       SELECT 1 FROM follow_ups f WHERE f.case_id = c.id AND f.generation = c.generation AND f.kind = 'customer')`,
  );
  const silent = sql.all<{ id: string }>("SELECT id FROM follow_ups WHERE state = 'skipped' AND why = ''");
  const unsent = sql.all<{ id: string }>(
    `SELECT f.id FROM follow_ups f WHERE f.state = 'sent' AND NOT EXISTS (
       SELECT 1 FROM mails m WHERE m.follow_up_id = COALESCE(f.merged_into, f.id) AND m.state <> 'refused')`,
  );
  return [
    ...bare.map(({ number }) => `C-${number} was closed as fixed and nobody is asked`),
    ...silent.map(({ id }) => `follow-up ${id} was skipped without a reason`),
    ...unsent.map(({ id }) => `follow-up ${id} counts as sent, but there is no mail`),
  ];
}

function nothingPersonalOutside(world: World, sent: SentResponse[]): string[] {
  const trackers = world.trackerStates().toLowerCase();
  const logs = world.log.join('\n').toLowerCase();
  const secretsOf = ({ customer }: SentResponse) => [customer.key, customer.email, customer.name, customer.words];
  const canaries = new Set(sent.flatMap(secretsOf).map((text) => text.toLowerCase()));
  return [...canaries].flatMap((canary) => [
    ...(trackers.includes(canary) ? [`${canary} stands in a tracker`] : []),
    ...(logs.includes(canary) ? [`${canary} stands in a log`] : []),
  ]);
}

/** No column of any table contains an erased person. */
function nothingIsLeftOfTheErased(world: World): string[] {
  const { sql } = world;
  if (sql.all('SELECT 1 FROM erasures').length === 0) return [];
  const traces = [leaver.key, leaver.email, leaver.name, leaver.words].map((text) => text.toLowerCase());
  const tables = sql.all<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  );
  return tables.flatMap(({ name }) =>
    sql.all(`SELECT * FROM "${name}"`).flatMap((row) =>
      Object.entries(row)
        .filter(([, value]) => {
          const text = value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);
          return traces.some((trace) => text.toLowerCase().includes(trace));
        })
        .map(([column]) => `${name}.${column} still tells of somebody who was erased`),
    ),
  );
}

/** Each invitation sends one mail, never early; every other candidate has a recorded reason. */
function invitationsComeInTime(world: World): string[] {
  const { sql } = world;
  const rows = sql.all<{ id: string; state: string; why: string; dueAt: number }>(
    'SELECT id, state, why, due_at AS dueAt FROM invitations',
  );
  const keyOf = (id: string) => deriveId(world.core.keys, 'm', 'acme', 'invitation', id);
  const due = new Map(rows.map(({ id, dueAt }) => [keyOf(id), dueAt]));
  return [
    ...world.mail.accepted.flatMap(({ key, at }) => {
      const from = due.get(key);
      return from !== undefined && at < from ? [`an invitation came ${from - at} ms too early`] : [];
    }),
    ...rows.flatMap(({ id, state, why, dueAt }) => {
      if (state === 'due') return dueAt < world.now ? [`invitation ${id} is still due`] : [];
      return why === '' ? [`invitation ${id} was ${state} without a reason`] : [];
    }),
  ];
}
