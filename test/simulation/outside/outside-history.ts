import { operations } from '#src/workspace/operations.ts';
import { strangers } from '#test/harness/emulated-hosts.ts';
import type { History, TrackerHistory } from '../history.ts';
import type { World } from '../world.ts';
import type { Diary } from './diary.ts';

/** A follow-up as its page shows it. */
export interface PageFollowUp {
  id: string;
  customer: string | null;
  kind: 'customer' | 'closer';
  state: string;
  generation: number;
  why: string;
  dueAt: string;
  sentAt: string | null;
  answers: Record<string, unknown> | null;
}

/** A case as its page shows it; docs/api.md describes the fields. */
export interface PageCase {
  id: string;
  handle: string;
  template: string;
  kind: 'tactical' | 'strategic';
  severity: string;
  loop: string;
  openedAt: string;
  dueAt: string;
  pausedAt: string | null;
  resolvedAt: string | null;
  closingReason: string | null;
  generation: number;
  needsPerson: string | null;
  customer: { key: string | null; tier: string | null };
  issue: { tracker: string; key: string; state: string; missing: string[]; trouble: unknown } | null;
  responses: string[];
  repeats: string | null;
  waitsFor: string | null;
  sending: unknown[];
  refused: unknown[];
  ladder: { acknowledgedAt: string | null; snoozedUntil: string | null };
  plan: { position: number; doneAt: string | null; form: string; issue: { key: string; state: string } | null }[];
  followUps: PageFollowUp[];
  timeline: { at: string; what: string; who: string; why: string; evidence: string | null }[];
}

export interface PageResponse {
  id: string;
  source: string;
  submittedAt: string;
  partial: boolean;
  customer: { key: string | null; email: string | null };
  answers: { alias: string; value: unknown }[];
  decisions: { template: string; opened: boolean; why: string[] }[];
}

interface PageDelivery {
  id: string;
  source: string;
  outcome: string;
  response: string | null;
  receivedAt: string;
}

interface PageMail {
  case: string | null;
  kind: string;
  state: string;
}

/** What the pages held in the end. */
interface Pages {
  cases: PageCase[];
  responses: PageResponse[];
  deliveries: PageDelivery[];
  mails: PageMail[];
}

/** What everybody outside can tell of a run: no table, and no record of what Caselite meant to do. */
export interface OutsideHistory {
  now: number;
  diary: Diary;
  pages: Pages;
  /** Whether work was planted that stops the process at each try; what it stopped is set aside. */
  isPoisoned: boolean;
  trackers: Record<string, Pick<TrackerHistory, 'people' | 'issues'>>;
  trackerText: string;
  mails: History['mails'];
  sent: History['sent'];
  imported: History['imported'];
  toolResponses: History['toolResponses'];
  replies: History['replies'];
  optOuts: History['optOuts'];
  dead: History['dead'];
  shipped: History['shipped'];
  closedFromPage: History['closedFromPage'];
  shippedFromPage: History['shippedFromPage'];
  absent: History['absent'];
  broughtBack: History['broughtBack'];
  copies: History['copies'];
  log: string[];
  /** What hosts complained about. */
  complaints: string[];
}

const pageSize = 200;

function readList<Item>(world: World, what: keyof Pages): Item[] {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page = operations.list.run(world.core, { what, cursor, limit: pageSize });
    items.push(...(page.items as Item[]));
    cursor = page.next;
  } while (cursor !== null);
  return items;
}

/** Looks at everything once the run has ended. */
export function lookFromOutside(world: World, history: History): OutsideHistory {
  const { trackers, limits, offSpec } = history;
  const refusals = Object.entries(limits).flatMap(([vendor, { refused, early }]) =>
    [...refused, ...early].map(({ at, url }) => `${vendor} was asked too much or too early: ${url} at ${at}`),
  );
  return {
    now: history.now,
    diary: world.diary,
    pages: {
      cases: readList(world, 'cases'),
      responses: readList(world, 'responses'),
      deliveries: readList(world, 'deliveries'),
      mails: readList(world, 'mails'),
    },
    isPoisoned: world.poison !== null,
    trackers,
    trackerText: history.trackerText,
    mails: history.mails,
    sent: history.sent,
    imported: history.imported,
    toolResponses: history.toolResponses,
    replies: history.replies,
    optOuts: history.optOuts,
    dead: history.dead,
    shipped: history.shipped,
    closedFromPage: history.closedFromPage,
    shippedFromPage: history.shippedFromPage,
    absent: history.absent,
    broughtBack: history.broughtBack,
    copies: history.copies,
    log: history.log,
    complaints: [...offSpec, ...refusals],
  };
}

/** Accounts of nobody in the workspace. */
export const outsiders: string[] = Object.values(strangers);
