import { recordMissedFirstContact } from './cases/acknowledge.ts';
import { commentOnNewlyJoined } from './cases/strategic.ts';
import { askAboutHeldMatches } from './cases/open-or-join.ts';
import { takeDueLadderStep } from './cases/ladder.ts';
import { watchRisks } from './cases/watch-risks.ts';
import { openHeldMatch } from './intake/decide-held.ts';
import { checkSourceSilence } from './intake/keep-sources.ts';
import { processWaitingDelivery, setStoppingDeliveryAside } from './intake/process-delivery.ts';
import * as rereading from './intake/reread.ts';
import { poll } from './issues/poll.ts';
import { AppError, type Core, hourMs, minuteMs, store } from './kit.ts';
import { settleAnswer } from './loop/answer.ts';
import { endAnswerWindow, remind, sendAsk } from './loop/ask.ts';
import { notifyAdmins, notifyOfMistake, sendHeldNotices } from './mail/notify.ts';
import { runCallsOfQueue } from './outbox/work-queue.ts';
import { cleanPages, eraseExpiredData } from './privacy/erase-person.ts';
import { sendHuddle } from './queries/huddle.ts';
import { type Batch, runBatch } from './run-batch.ts';

const mostTimersPerRun = 200;
/** Limit per run, so that waiting senders get their answer soon. */
const mostDeliveries = 50;
const mostRereadResponses = 100;
const restMs = minuteMs;
const longRetryWaitMs = hourMs;

const handlers = {
  judge: [rereading.judgeWaitingResponse, 'applying templates to a response'],
  settle: [settleAnswer, 'acting on an answer to a survey'],
  held: [openHeldMatch, 'opening a case that was held'],
  ask: [sendAsk, 'sending a survey'],
  reminder: [remind, 'sending a reminder'],
  window: [endAnswerWindow, 'ending the time to answer a survey'],
  'first-contact': [recordMissedFirstContact, 'noting a missed first contact'],
  ladder: [takeDueLadderStep, 'reminding and escalating'],
  digest: [commentOnNewlyJoined, 'telling an issue who else is affected'],
  runaway: [askAboutHeldMatches, 'asking about held matches of a template'],
  notices: [sendHeldNotices, 'sending notices that were held back'],
  huddle: [sendHuddle, 'sending a huddle pack'],
  silence: [checkSourceSilence, 'watching for silent sources'],
  risks: [watchRisks, 'watching for customers at risk'],
  retention: [eraseExpiredData, 'deleting data past its retention'],
  'clean-pages': [cleanPages, 'cleaning the pages of erased data'],
} satisfies Record<Exclude<store.TimerKind, 'poll'>, [play: (core: Core, target: string) => void, name: string]>;

const hasTimerHandler = (kind: string): kind is keyof typeof handlers => Object.hasOwn(handlers, kind);

/** Runs what is due: deliveries, rereadings, timers, then queues side by side, so that none delays another. */
export async function runDue(core: Core, busy: Set<string>): Promise<void> {
  const isHeld = store.findHold(core.sql) !== null;
  await runAlone(core, busy, {
    name: 'deliveries',
    list: () => (isHeld ? [] : store.listWaitingDeliveries(core.sql, mostDeliveries)),
    work: (seq) => processWaitingDelivery(core, seq),
    setAside: (seq) => setStoppingDeliveryAside(core, seq),
  });
  // A new reading may reopen a case, so it comes before timers that ask about the case.
  await runAlone(core, busy, {
    name: 'rereading',
    list: () => (isHeld ? [] : rereading.listNextResponsesToReread(core, mostRereadResponses)),
    work: (seq) => rereading.rereadNextResponse(core, seq),
    setAside: (seq) => rereading.leaveStoppingResponse(core, seq),
  });
  const timers = store.listDueTimers(core.sql, core.clock.now(), mostTimersPerRun);
  await runAlone(core, busy, {
    name: 'timers',
    list: () => timers.filter(({ kind }) => kind !== 'poll').map(({ seq }) => seq),
    work: (seq) => fire(core, seq),
    setAside: (seq) => setStoppingTimerAside(core, seq),
  });
  const polls = new Map(timers.filter(({ kind }) => kind === 'poll').map(({ target, seq }) => [target, seq]));
  const stops = store.countStopsByQueue(core.sql, core.clock.now());
  const queues = [...new Set([...stops.keys(), ...polls.keys()])];
  // What died with the process runs alone, so that only the work that stops it is blamed.
  if (store.listQueuesAtSuspect(core.sql, core.clock.now()).some((queue) => busy.has(queue))) return;
  const begunPolls = new Set(store.runs.list(core.sql, {}).map(({ name }) => name));
  for (const queue of queues) {
    const pollSeq = begunPolls.has(pollRunName(queue)) ? (polls.get(queue) ?? null) : null;
    const mayStop = pollSeq !== null || store.isSuspect({ stops: stops.get(queue) ?? 0 });
    if (busy.has(queue) || !mayStop) continue;
    if (pollSeq !== null) polls.delete(queue);
    await runQueue(core, busy, queue, { which: 'suspects', pollSeq });
  }
  const others = queues.filter((queue) => !busy.has(queue));
  const run = (queue: string) => runQueue(core, busy, queue, { which: 'others', pollSeq: polls.get(queue) ?? null });
  await Promise.all(others.map(run));
}

const pollRunName = (queue: string): string => `poll of ${queue}`;

async function runAlone(core: Core, busy: Set<string>, batch: Batch): Promise<void> {
  if (busy.has(batch.name)) return;
  busy.add(batch.name);
  try {
    await runBatch(core, batch);
  } finally {
    busy.delete(batch.name);
  }
}

interface DueInQueue {
  which: 'suspects' | 'others';
  /** Timer of the poll; null where none is due. */
  pollSeq: number | null;
}

/** Runs the due calls of a queue and its poll, and what follows from the poll unless it is a suspect. */
async function runQueue(core: Core, busy: Set<string>, queue: string, { which, pollSeq }: DueInQueue): Promise<void> {
  busy.add(queue);
  try {
    await runCallsOfQueue(core, queue, which);
    if (pollSeq === null) return;
    await runBatch(core, {
      name: pollRunName(queue),
      list: () => [pollSeq],
      work: () => poll(core, queue),
      setAside: () => setStoppingTimerAside(core, pollSeq),
    });
    if (which === 'others') await runCallsOfQueue(core, queue, which);
  } catch (error) {
    // A mistake in Caselite, not of the host: the queue rests and everything else goes on.
    core.log.error('queue-failed', { queue, error: error instanceof Error ? error.name : 'unknown' });
    const later = core.clock.now() + restMs;
    store.holdQueue(core.sql, queue, later);
    if (pollSeq !== null) store.setTimer(core.sql, 'poll', queue, later);
    countFailure(core, `calls of ${queue}`);
  } finally {
    busy.delete(queue);
  }
}

function fire(core: Core, seq: number): void {
  const now = core.clock.now();
  const timer = store.findDueTimer(core.sql, seq, now);
  if (!timer) return;
  const { kind, target } = timer;
  if (!hasTimerHandler(kind)) {
    core.log.error('timer-unknown', { timer: kind });
    store.moveDueTimer(core.sql, seq, now, now + longRetryWaitMs);
    return;
  }
  try {
    core.sql.transaction(() => {
      if (store.removeDueTimer(core.sql, timer.seq, now)) handlers[kind][0](core, target);
    });
  } catch (error) {
    const isSettingsError = error instanceof AppError && error.code === 'config';
    const name = error instanceof Error ? error.name : 'unknown';
    core.log.error('timer-failed', { timer: kind, error: isSettingsError ? error.message : name });
    store.moveDueTimer(core.sql, seq, now, now + (isSettingsError ? longRetryWaitMs : restMs));
    if (!isSettingsError) countFailure(core, handlers[kind][1]);
    else
      core.sql.transaction(() => {
        // What waits for other settings goes on by itself after a push; the admins hear of it once per version.
        notifyAdmins(core, {
          once: ['settings-problem', String(core.settings.version), error.message],
          subject: 'Work waits for corrected settings',
          paragraphs: [error.message, 'It goes on by itself within an hour after corrected settings are pushed.'],
        });
      });
  }
}

/** Failures of each kind of work since the start of the process. */
const failures = new WeakMap<Core['sql'], Map<string, number>>();
/** A single failure may be one of the storage, which passes. */
const fewestFailuresReported = 3;

function countFailure(core: Core, work: string): void {
  const counts = failures.get(core.sql) ?? new Map<string, number>();
  const count = (counts.get(work) ?? 0) + 1;
  failures.set(core.sql, counts.set(work, count));
  if (count >= fewestFailuresReported) core.sql.transaction(() => notifyOfMistake(core, 'failed', work));
}

function setStoppingTimerAside(core: Core, seq: number): void {
  const now = core.clock.now();
  const timer = store.findDueTimer(core.sql, seq, now);
  if (!timer) return;
  const { kind } = timer;
  const work = hasTimerHandler(kind) ? handlers[kind][1] : 'reading changes from a tracker';
  core.log.error('timer-stopped-process', { timer: kind, seq });
  store.moveDueTimer(core.sql, seq, now, now + longRetryWaitMs);
  notifyOfMistake(core, 'stopped Caselite', work);
}
