import { keyring } from '#src/keyring.ts';
import { type TrackerName, trackerNames } from '#test/harness/emulated-hosts.ts';
import type { Harness } from '#test/harness/harness.ts';
import { fakeTrackerUser } from '#test/workspace/fake-tracker-user.ts';
import type { History, TrackerHistory } from './history.ts';

/** The records of a harness with trackers and a mail host in memory, as plain values. */
export async function recordHarness(harness: Harness): Promise<History> {
  const { people } = harness.core.settings.workspace;
  const recordTracker = async (name: TrackerName): Promise<TrackerHistory> => {
    const fake = harness.trackers[name];
    const { kind = '' } = harness.core.settings.workspace.trackers[name] ?? {};
    const accounts = Object.values(people).flatMap(({ accounts: known }) => known[kind] ?? []);
    const issues = await fakeTrackerUser(fake, accounts).list();
    return {
      kind,
      title: harness.core.integrations.vendor(name)?.title ?? '',
      people: accounts,
      issues,
      readable: new Set(fake.issues.filter(({ reachable }) => reachable).map(({ snapshot }) => snapshot.id)),
      tokenRefusals: 0,
    };
  };
  const [support, product, growth] = await Promise.all(trackerNames.map(recordTracker));
  if (!support || !product || !growth) throw new Error('a tracker has no records');
  return {
    sql: harness.sql,
    settings: harness.core.settings,
    keys: harness.core.keys,
    strangersKeys: keyring('a key of somebody else, who knows none of ours'),
    now: harness.now,
    trackers: { support, product, growth },
    trackerText: Object.values(harness.trackers)
      .map(({ text }) => text)
      .join('\n'),
    mails: harness.mail.accepted.map((mail, index) => ({ ...mail, id: `mail-${index + 1}` })),
    hooks: harness.trackers.product.fakeHooks.all,
    toolResponses: [],
    limits: {},
    sent: [],
    imported: [],
    broughtBack: [],
    absent: [],
    copies: [],
    closings: [],
    shipped: [],
    closedFromPage: new Set(),
    shippedFromPage: new Set(),
    corrections: new Map(),
    ticks: new Map(),
    left: [],
    optOuts: new Map(),
    replies: [],
    dead: new Map(),
    setUpTroubles: [],
    refusedCalls: [],
    stopping: null,
    foreign: [],
    events: [],
    packs: [],
    log: harness.log,
    offSpec: [],
  };
}
