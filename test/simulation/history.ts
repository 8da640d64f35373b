import type { SeenIssue, TrackerUser } from '#adapters/emulators/tracker-user.ts';
import type { AcceptedMail } from '#adapters/mail/resend/emulator/mail-host.ts';
import type { Keyring, Sql } from '#domain/base/ports.ts';
import type { WantedHook } from '#domain/integrations/hook-registrar.ts';
import type { Settings } from '#domain/templates/template.ts';
import type { Core } from '#src/workspace/core.ts';
import type { ToolResponse } from '#test/emulators/survey-tool.ts';
import { type TrackerName, trackerNames } from '#test/harness/emulated-hosts.ts';
import type { ImportedRow, SentResponse } from './actors.ts';
import type { ForeignIssue } from './adoption-actors.ts';
import type { PostedEvent, PostedPack } from './event-invariants.ts';
import type { StoppingWork } from './poison.ts';
import type { SentReply } from './reply-actors.ts';
import type { RefusedCall, SetUpTrouble } from './set-up-actors.ts';

/** One tracker's own records at the end of a run. */
export interface TrackerHistory {
  kind: string;
  title: string;
  /** Accounts of the workspace's people. */
  people: string[];
  issues: SeenIssue[];
  /** Ids of the issues that our account can read. */
  readable: Set<string>;
  /** Number of times that the tracker stopped accepting our token. */
  tokenRefusals: number;
}

/** Violations of a host's rate limit, by the host's own count. */
interface LimitBreaches {
  refused: { at: number; url: string }[];
  early: { at: number; url: string }[];
}

/** What a simulated world records while it runs, besides its rows and its hosts' records. */
interface Recorded {
  /** Periods in which our account could not read an issue, after a person hid, moved or deleted it. */
  /** Issues that a person brought back, open as they were. */
  broughtBack: { tracker: TrackerName; id: string }[];
  absent: { tracker: TrackerName; id: string; from: number; to: number }[];
  /** Copies of our issues by people, with their content at that time. */
  copies: { tracker: TrackerName; key: string; was: string }[];
  /** Issues that people closed or reopened, with the kind of closing. */
  closings: { tracker: string; id: string; kind: string }[];
  /** Releases and milestones that another tool reported. */
  shipped: { kind: 'release' | 'milestone'; at: number }[];
  /** Cases that a person closed or declined from their page. */
  closedFromPage: Set<string>;
  /** Cases whose fix a person marked as shipped on their page. */
  shippedFromPage: Set<string>;
  /** Last answer of each follow-up that was corrected at once. */
  corrections: Map<string, string>;
  /** Account that ticked a step in an issue, by the id of the webhook. */
  ticks: Map<string, string>;
  /** People who left the workspace file, with the time. */
  left: { person: string; at: number }[];
  /** Time of the opt-out per address. */
  optOuts: Map<string, number>;
  /** Mails to the addresses of cases. */
  replies: SentReply[];
  /** Time of the bounce per address. */
  dead: Map<string, number>;
  /** Periods in which a tracker's set-up refused what we write. */
  setUpTroubles: SetUpTrouble[];
  /** Creates and edits that a tracker refused for their content. */
  refusedCalls: RefusedCall[];
  /** Work that stopped the process at each try, while faults lasted. */
  stopping: StoppingWork | null;
  /** Issues that people opened. */
  foreign: ForeignIssue[];
  /** Events that a receiver took, in order. */
  events: PostedEvent[];
  /** Huddle packs that a receiver took, each time that one came. */
  packs: PostedPack[];
  log: string[];
  /** Deviations from a vendor's API description or rules. */
  offSpec: string[];
}

/**
 * A finished run as plain values: the rows, and the records of the trackers, the mail host and the survey tool.
 * Invariants are functions of it.
 */
export interface History extends Recorded {
  sql: Sql;
  settings: Settings;
  keys: Keyring;
  /** Keys of somebody who knows none of ours. */
  strangersKeys: Keyring;
  now: number;
  trackers: Record<TrackerName, TrackerHistory>;
  /** Everything stored in the trackers, as text. */
  trackerText: string;
  mails: AcceptedMail[];
  /** Webhooks that the vendors have. */
  hooks: (WantedHook & { isOn: boolean })[];
  toolResponses: ToolResponse[];
  limits: Record<string, LimitBreaches>;
  sent: SentResponse[];
  imported: ImportedRow[];
}

export type Invariant = (history: History) => string[];

/** A world whose run can be judged. */
export interface Recordable extends Recorded {
  sql: Sql;
  core: Core;
  strangersKeys: Keyring;
  now: number;
  settings: Settings;
  trackerUser: Record<TrackerName, TrackerUser>;
  admins: Record<TrackerName, { isThere(id: string): boolean }>;
  refusing: Map<TrackerName, { times: number }>;
  trackerStates(): string;
  mail: { accepted: AcceptedMail[] };
  registered: Record<string, { list(): History['hooks'] }>;
  tool: { responses: Map<string, ToolResponse> };
  limits: Record<string, { record: LimitBreaches }>;
}

/** Takes the records of a run when it has ended. */
export async function recordHistory(
  world: Recordable,
  sent: SentResponse[],
  imported: ImportedRow[],
): Promise<History> {
  const rows = world.sql.all<{ tracker: string; id: string }>(
    'SELECT tracker, issue_id AS id FROM cases WHERE issue_id IS NOT NULL',
  );
  const recordTracker = async (name: TrackerName): Promise<TrackerHistory> => {
    const { kind, people, list } = world.trackerUser[name];
    const isReadable = ({ tracker, id }: { tracker: string; id: string }) =>
      tracker === name && world.admins[name].isThere(id);
    return {
      kind,
      title: world.core.integrations.vendor(name)?.title ?? '',
      people,
      issues: await list(),
      readable: new Set(rows.filter(isReadable).map(({ id }) => id)),
      tokenRefusals: world.refusing.get(name)?.times ?? 0,
    };
  };
  return {
    sql: world.sql,
    settings: world.settings,
    keys: world.core.keys,
    strangersKeys: world.strangersKeys,
    now: world.now,
    trackers: {
      support: await recordTracker('support'),
      product: await recordTracker('product'),
      growth: await recordTracker('growth'),
    },
    trackerText: world.trackerStates(),
    mails: world.mail.accepted,
    hooks: Object.values(world.registered).flatMap((vendor) => vendor.list()),
    toolResponses: [...world.tool.responses.values()],
    limits: Object.fromEntries(Object.entries(world.limits).map(([vendor, { record }]) => [vendor, record])),
    sent,
    imported,
    broughtBack: world.broughtBack,
    absent: world.absent,
    copies: world.copies,
    closings: world.closings,
    shipped: world.shipped,
    closedFromPage: world.closedFromPage,
    shippedFromPage: world.shippedFromPage,
    corrections: world.corrections,
    ticks: world.ticks,
    left: world.left,
    optOuts: world.optOuts,
    replies: world.replies,
    dead: world.dead,
    setUpTroubles: world.setUpTroubles,
    refusedCalls: world.refusedCalls,
    stopping: world.stopping,
    foreign: world.foreign,
    events: world.events,
    packs: world.packs,
    log: world.log,
    offSpec: world.offSpec,
  };
}

/** Issues of a tracker that our account created; people make copies of them, including the hidden parts of the text. */
export const listOwnIssues = ({ people, issues }: TrackerHistory): SeenIssue[] =>
  issues.filter(({ author }) => !people.includes(author));

/** Ids of the issues that a case had before, from its column. */
export const readFormerIds = (column: string): string[] => (JSON.parse(column) as { id: string }[]).map(({ id }) => id);

/** Whether our account can read the issue of a case. */
export function isIssueReadable(history: History, { tracker, issue_id }: { tracker: string; issue_id: string }) {
  const name = trackerNames.find((trackerName) => trackerName === tracker);
  return name !== undefined && history.trackers[name].readable.has(issue_id);
}
