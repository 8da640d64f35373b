import { permissions } from '#adapters/emulators/admin.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import type { Integrations } from '#domain/integrations/integrations.ts';
import type { Settings } from '#domain/templates/template.ts';
import { registerHook } from '#src/workspace/queues/hooks.ts';
import { retryRefused } from '#src/workspace/tracker-requests/refusals.ts';
import { makeTestIssue } from '#src/workspace/tracker-requests/test-issue.ts';
import { type TrackerName, trackerNames } from '#test/harness/emulated-hosts.ts';
import { hour } from '#test/harness/times.ts';
import type { Chance } from './chance.ts';
import type { SetUpChanges, SetUpKind } from './vendors.ts';
import type { World } from './world.ts';

/** A field that the admin of a tracker demands of new issues. */
export const demandedField = { id: 'customfield_10060', name: 'Customer Impact' };

/** A period in which a tracker refused what we write, because of its set-up. */
export interface SetUpTrouble {
  tracker: TrackerName;
  kind: SetUpKind;
  from: number;
  /** Infinite while it lasts. */
  to: number;
  /** Whether the token was refused or the place hidden meanwhile. */
  isDisturbed: boolean;
  /** Calls that were due long before the end, though nothing but the set-up was wrong. */
  overdue: string[];
}

/** A create or an edit that a tracker refused for its content. */
export interface RefusedCall {
  tracker: string;
  /** The issue's id, or the marker of a new one. */
  subject: string;
  at: number;
}

const longestMs = 8 * hour;
const overdueMs = hour;

const openTrouble = ({ setUpTroubles }: World, tracker: TrackerName): SetUpTrouble | undefined =>
  setUpTroubles.find((trouble) => trouble.tracker === tracker && trouble.to === Number.POSITIVE_INFINITY);

/** Whether a tracker is set up so that it refuses something at present. */
export const isSetUpTrouble = (world: World, tracker: TrackerName, kind: SetUpKind): boolean =>
  openTrouble(world, tracker)?.kind === kind;

/**
 * The admin of a tracker demands a field of new issues, takes a field off the edit screen or a permission from our
 * account, renames or archives the place. Hours later the change is taken back, or somebody gives the value in the settings.
 */
export async function changeSetUp(world: World, chance: Chance): Promise<void> {
  for (const tracker of trackerNames) {
    const open = openTrouble(world, tracker);
    if (open) {
      if (chance.happens(0.4) || world.now > open.from + longestMs) await end(world, chance, open);
      else open.isDisturbed ||= isDisturbed(world, tracker);
    } else if (chance.happens(0.2) && !hasRefusals(world, tracker)) begin(world, chance, tracker);
  }
}

export async function endSetUpTroubles(world: World, chance: Chance): Promise<void> {
  for (const tracker of trackerNames) {
    const open = openTrouble(world, tracker);
    if (open) await end(world, chance, open);
  }
}

const isDisturbed = (world: World, tracker: TrackerName): boolean =>
  world.poison !== null ||
  (world.refusing.get(tracker)?.since ?? null) !== null ||
  (world.isHidden && tracker === 'product');

/** Waits of what was refused before grow, so that the next trouble starts from the shortest. */
const hasRefusals = ({ sql }: World, tracker: TrackerName): boolean =>
  sql.all('SELECT 1 FROM refusals WHERE tracker = ? LIMIT 1', tracker).length > 0;

const changesOf = ({ setUps, admins }: World, tracker: TrackerName): SetUpChanges => ({
  ...setUps[tracker],
  'no permission': {
    begin: (chance) => admins[tracker].forbid(chance.pick(permissions)),
    end: () => admins[tracker].forbid(null),
  },
});

function begin(world: World, chance: Chance, tracker: TrackerName): void {
  const changes = Object.entries(changesOf(world, tracker)) as [SetUpKind, { begin(chance: Chance): void }][];
  const [kind, change] = chance.pick(changes);
  change.begin(chance);
  world.setUpTroubles.push({
    tracker,
    kind,
    from: world.now,
    to: Number.POSITIVE_INFINITY,
    isDisturbed: isDisturbed(world, tracker),
    overdue: [],
  });
}

async function end(world: World, chance: Chance, trouble: SetUpTrouble): Promise<void> {
  const { tracker, kind } = trouble;
  trouble.to = world.now;
  trouble.overdue = listOverdueCalls(world, trouble);
  const isGivenInSettings = chance.happens(0.4) && kind === 'required field';
  if (isGivenInSettings) world.takeSettings(withDemandedField(world.settings, tracker));
  else changesOf(world, tracker)[kind]?.end();
  // A push tries again what was refused; of a change in the tracker nobody may tell us.
  if (isGivenInSettings || chance.happens(0.5))
    await world.mortal(() => world.core.sql.transaction(() => retryRefused(world.core, { tracker })));
}

/** New issues wait for each other where the permission to make them is missing. */
function listOverdueCalls({ sql, now }: World, { tracker, from, kind }: SetUpTrouble): string[] {
  const rows = sql
    .all<{ id: number; kind: string }>(
      `SELECT id, kind FROM outbox o WHERE queue = ? AND state = 'waiting' AND MAX(created_at, due_at, ?) < ?
       AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.ordering_key = o.ordering_key AND e.id < o.id
         AND COALESCE(e.ended_at, ?) >= ?)`,
      ...[tracker, from, now - overdueMs, now, now - overdueMs],
    )
    .filter((row) => kind !== 'no permission' || !/^issue\.(create|sub)$/.test(row.kind));
  return rows.map(({ id, kind }) => `row ${id} (${kind})`);
}

function withDemandedField(settings: Settings, tracker: TrackerName): Settings {
  const templates = [...settings.templates].map(([name, template]): [string, typeof template] => [
    name,
    template.tracker === tracker ? { ...template, issue: { fields: { [demandedField.id]: 'High' } } } : template,
  ]);
  return { ...settings, templates: new Map(templates) };
}

/** An admin tries a tracker out by an issue, or has a webhook registered; somebody removes one or switches it off. */
export async function tryOut(world: World, chance: Chance): Promise<void> {
  const place = chance.pick([
    { queue: 'product', form: '' },
    { queue: 'source:tool', form: 'upgrade' },
  ]);
  const tracker = chance.pick(trackerNames);
  const { core } = world;
  const [isTest, isHook] = [chance.happens(0.5), chance.happens(0.5)];
  if (isTest) await world.mortal(() => core.sql.transaction(() => makeTestIssue(core, tracker, { who: 'dana' })));
  else if (isHook) await world.mortal(() => core.sql.transaction(() => registerHook(core, place, { who: 'dana' })));
  else world.registered[place.form ? 'tool' : 'product'].lose(chance.happens(0.5));
}

/** Integrations that note each create and edit that a tracker refuses for its content. */
export function recordRefusedCalls(
  integrations: Integrations,
  refused: RefusedCall[],
  now: () => number,
): Integrations {
  return {
    ...integrations,
    async tracker(name) {
      const tracker = await integrations.tracker(name);
      const note = (subject: string) => (error: unknown) => {
        if (error instanceof IntegrationError && error.code === 'rejected')
          refused.push({ tracker: name, subject, at: now() });
        throw error;
      };
      return {
        ...tracker,
        createIssue: (draft) => tracker.createIssue(draft).catch(note(draft.marker)),
        editIssue: (id, edit) => tracker.editIssue(id, edit).catch(note(id)),
      };
    },
  };
}
