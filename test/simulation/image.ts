import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { deserialize, serialize } from 'node:v8';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { IntegrationError } from '#domain/base/errors.ts';
import type { Sql } from '#domain/base/ports.ts';
import type { Notice } from '#domain/integrations/mailer.ts';
import type { Settings } from '#domain/templates/template.ts';
import { startRetentionTimer } from '#src/workspace/privacy/erase-person.ts';
import { readSettings } from '#src/workspace/settings/read-settings.ts';
import { migrate } from '#src/workspace/store/backup.ts';
import { findLatestSettingsVersion, settingsVersions } from '#src/workspace/store/access.ts';
import { type TrackerName, trackerNames } from '#test/harness/emulated-hosts.ts';
import { migrations } from '#test/harness/migrations.ts';
import { nodeSql } from '#test/harness/node-sql.ts';
import { override } from '#test/harness/override.ts';
import { schemaWithTool, simulatedFiles } from '#test/harness/settings.ts';
import { second, start } from '#test/harness/times.ts';
import { createVolatileStore, type VolatileStore } from '#test/harness/volatile-store.ts';
import type { FakeMailHost, FakeTracker } from '#test/workspace/fakes.ts';
import { type Chance, chance as chanceOf } from './chance.ts';
import { callFaults } from './faults.ts';
import { recordHistory } from './history.ts';
import { findViolations } from './invariants.ts';
import { askAgain, gated } from './loop-actors.ts';
import { borrowMachine } from './machine.ts';
import { memoryVendors, type StatefulDoubles } from './memory-vendors.ts';
import { withParts } from './plan-invariants.ts';
import { activityNames, createMemory, playSteps, settle } from './play.ts';
import { World } from './world.ts';

/*
 * Images of a workspace with work in flight: its store as the death of the process leaves it, together with what
 * trackers, mail host, channel and survey tool hold at that moment. A later build opens the store and ends the work.
 */

/** Records of a run beside its rows, which its invariants compare. */
const recordNames = [
  'broughtBack',
  'absent',
  'copies',
  'closings',
  'shipped',
  'closedFromPage',
  'shippedFromPage',
  'corrections',
  'ticks',
  'optOuts',
  'dead',
  'refusedCalls',
] as const;

const pickRecords = (world: World) =>
  Object.fromEntries(recordNames.map((name) => [name, world[name]])) as Pick<World, (typeof recordNames)[number]>;

/** A folder for each version with images. */
export const imageRoot = new URL('../fixtures/images/', import.meta.url);

interface Image {
  /** File of the SQLite database. */
  database: Uint8Array;
  at: number;
  trackers: Record<TrackerName, Pick<FakeTracker, 'issues' | 'hasPriority'>>;
  mails: FakeMailHost['accepted'];
  toolResponses: StatefulDoubles['tool']['responses'];
  /** Keys of the notices that the channel got. */
  notices: string[];
  records: ReturnType<typeof pickRecords>;
  memory: ReturnType<typeof createMemory>;
}

const pack = (image: Image): Uint8Array => brotliCompressSync(serialize(image));
const unpack = (packed: Uint8Array): Image => deserialize(brotliDecompressSync(packed)) as Image;

const steps = 10;
const quietHours = 48;
const answerSettleMs = 15 * second;
/** Activities whose state an image would not hold. */
const leftOut = ['set-up of trackers', 'hidden place', 'credentials', 'signing in'];
const kinds = new Set<string>([...callFaults, 'losses', ...activityNames.filter((name) => !leftOut.includes(name))]);

const channel = `
channels: { operations: { kind: webhook, url: OPS_URL, secret: OPS_SECRET } }
`;
const imageFiles = () =>
  simulatedFiles(
    (text) =>
      `${askAgain(text).replace('notices: {', 'notices: { joined: { to: [managers], by: [operations] }, closed: { to: [managers], by: [operations] },')}${channel}`,
    (name, text) => gated(name, withParts(name, text)),
  );

/** The pieces of work that wait in a store, by kind and state. */
const listOpenWork = (sql: Sql): string[] =>
  sql
    .all<{ name: string }>(
      `SELECT DISTINCT 'call ' || kind AS name FROM outbox WHERE state IN ('waiting', 'calling', 'unknown')
       UNION SELECT 'state ' || state FROM outbox WHERE state IN ('waiting', 'calling', 'unknown')
       UNION SELECT 'timer ' || kind FROM schedule
       UNION SELECT 'delivery ' || outcome FROM deliveries WHERE outcome IN ('waiting', 'fetching')
       UNION SELECT 'held match' FROM held_matches WHERE state = 'held'`,
    )
    .map(({ name }) => name);

interface Moment {
  /** Number of the commit in its run. */
  number: number;
  /** What waits when the process dies at this moment. */
  openWork: string[];
  take(): Uint8Array;
}

/** Plays a seed of the core simulation, and offers each moment at which what was written is stored. */
export async function playMoments(seed: number, onMoment: (moment: Moment) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'caselite-image-'));
  const path = join(folder, 'workspace.sqlite');
  let played: Played | null = null;
  const { database, store } = openStore(path, () => played && onCommit(played));
  const files = imageFiles();
  settingsVersions.insert(store.sql, { version: 1, files, author: 'dana', at: start });
  startRetentionTimer({ sql: store.sql, clock: { now: () => start } });
  store.commit();
  const memory = createMemory();
  const notices: string[] = [];
  let number = 0;
  const reader = nodeSql(database);
  const onCommit = (now: Played) => {
    number += 1;
    onMoment({
      number,
      openWork: listOpenWork(reader),
      take: () => pack({ database: readFileSync(path), ...recordOutside(now), notices, memory }),
    });
  };
  const settings = readSettings(files, 1, schemaWithTool);
  const playing = createWorld(seed, { store, settings, faultRate: 0.08, notices });
  played = playing;
  const { world, chance, doubles } = playing;
  await borrowing(playing, async () => {
    await playSteps(world, chance, steps, memory, { until: steps / 2 });
    await createDuplicates(doubles);
    await playSteps(world, chance, steps, memory, { from: steps / 2 });
  });
  database.close();
  rmSync(folder, { recursive: true });
}

/**
 * Opens an image in this build, ends the work under way and plays two quiet days.
 *
 * @param change a change to the stored rows, as a mistake of an upgrade would make it
 * @returns one line per violation of an invariant, and per notice that was lost
 */
export async function openImage(packed: Uint8Array, change: (sql: Sql) => void = () => {}): Promise<string[]> {
  const image = unpack(packed);
  const folder = mkdtempSync(join(tmpdir(), 'caselite-image-'));
  const path = join(folder, 'workspace.sqlite');
  writeFileSync(path, image.database);
  const { database, store } = openStore(path);
  change(store.sql);
  store.commit();
  const stored = findLatestSettingsVersion(store.sql);
  if (!stored) throw new Error('the image has no settings');
  const settings = readSettings(stored.files, stored.version, schemaWithTool, true);
  const { notices } = image;
  const played = createWorld(image.at, { store, settings, faultRate: 0, notices, beginsAt: image.at });
  const { world, doubles } = played;
  for (const name of trackerNames) override(doubles.trackers[name], image.trackers[name]);
  doubles.mail.accepted.push(...image.mails);
  for (const [id, response] of image.toolResponses) doubles.tool.responses.set(id, response);
  override(world, image.records);
  await borrowing(played, () => settle(world, played.chance, quietHours));
  const violations = await judge(played, image);
  database.close();
  rmSync(folder, { recursive: true });
  return violations;
}

async function judge({ world, doubles }: Played, { memory, notices }: Image): Promise<string[]> {
  const history = await recordHistory(world, memory.sent, memory.imported);
  const posted = world.sql.all<{ key: string }>("SELECT substr(key, 8) AS key FROM outbox WHERE kind = 'notice.send'");
  return [
    ...findViolations(history),
    ...posted.filter(({ key }) => !notices.includes(key)).map(({ key }) => `notices: ${key} never left`),
    ...listOpenDuplicates(world.sql, doubles),
    ...listOpenWork(world.sql).flatMap((name) => (/^(call|delivery)/.test(name) ? [`open work: ${name}`] : [])),
  ];
}

/** A create whose answer was lost arrives hours later, so that a case has two issues; a person gives the other one a title. */
async function createDuplicates({ trackers }: StatefulDoubles): Promise<void> {
  for (const tracker of Object.values(trackers)) {
    const [first] = tracker.issues;
    if (!first) continue;
    await tracker.createIssue(first.draft);
    tracker.change(tracker.issues.length - 1, { title: 'The same once more' });
  }
}

/** Duplicate issues that were seen, and are open. */
function listOpenDuplicates(sql: Sql, { trackers }: StatefulDoubles): string[] {
  const seen = sql.all<{ tracker: TrackerName; id: string }>(
    "SELECT queue AS tracker, json_extract(payload, '$.duplicateIssue.id') AS id FROM outbox WHERE kind = 'issue.duplicate'",
  );
  return seen.flatMap(({ tracker, id }) =>
    trackers[tracker].issues.flatMap(({ snapshot }) =>
      snapshot.id === id && snapshot.state === 'open' ? [`duplicates: ${snapshot.key} is open`] : [],
    ),
  );
}

/** Opens a database file and brings it up to the schema of this build. */
function openStore(path: string, onCommit: () => void = () => {}): { database: DatabaseSync; store: VolatileStore } {
  const database = new DatabaseSync(path);
  // No image is taken after a power cut.
  database.exec('PRAGMA synchronous = OFF');
  const store = createVolatileStore(database);
  migrate(store.sql, migrations);
  const commit = () => {
    store.commit();
    onCommit();
  };
  return { database, store: { ...store, commit } };
}

interface ImageScenario {
  store: VolatileStore;
  settings: Settings;
  /** Probability of a fault per call of a vendor. */
  faultRate: number;
  notices: string[];
  beginsAt?: number;
}

interface Played {
  world: World;
  chance: Chance;
  doubles: StatefulDoubles;
}

function createWorld(seed: number, { faultRate, notices, ...scenario }: ImageScenario): Played {
  const chance = chanceOf(seed);
  let doubles: StatefulDoubles | null = null;
  const channel = {
    async send({ key }: Notice) {
      if (faultRate > 0 && chance.happens(0.7)) throw new IntegrationError('unavailable', 'send notice');
      notices.push(key);
    },
  };
  const rates = { crash: 0, integrations: faultRate, kinds };
  const world = new World(chance, rates, {
    ...scenario,
    answerSettleMs,
    mutation: { integrations: (integrations) => ({ ...integrations, channel: async () => channel }) },
    vendors: (context) =>
      memoryVendors(context, (made) => {
        doubles = made;
      }),
  });
  if (!doubles) throw new Error('the vendors have no doubles');
  return { world, chance, doubles };
}

async function borrowing({ world, chance }: Played, work: () => Promise<void>): Promise<void> {
  const machine = borrowMachine(() => world.now, chance);
  try {
    await work();
  } finally {
    machine.restore();
  }
}

/** What is outside the store at this moment. */
function recordOutside({ world, doubles }: Played): Omit<Image, 'database' | 'notices' | 'memory'> {
  const { support, product, growth } = doubles.trackers;
  const record = ({ issues, hasPriority }: FakeTracker) => ({ issues, hasPriority });
  return {
    at: world.now,
    trackers: { support: record(support), product: record(product), growth: record(growth) },
    mails: doubles.mail.accepted,
    toolResponses: doubles.tool.responses,
    records: pickRecords(world),
  };
}
