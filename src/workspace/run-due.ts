import { AppError } from '#domain/base/errors.ts';
import { hourMs, minuteMs } from '#domain/time/units.ts';
import { commentOnNewlyJoined } from './cases/comment-on-joined.ts';
import { recordMissedFirstContact } from './cases/first-contact.ts';
import { takeDueLadderStep } from './cases/ladder.ts';
import type { Core } from './core.ts';
import { processNextDelivery } from './intake/process-delivery.ts';
import { judgeWaitingResponse, rereadNextResponses } from './intake/reread.ts';
import { checkSourceSilence } from './intake/silence.ts';
import { poll } from './issues/poll.ts';
import { endAnswerWindow, remind, sendAsk } from './loop/ask.ts';
import { sendHeldNotices } from './mail/held-notices.ts';
import { notifyAdmins } from './mail/notify-admins.ts';
import { runCallsOfQueue } from './outbox/work-queue.ts';
import { eraseExpiredData } from './privacy/retention.ts';
import { findNextRowInQueue, listQueuesWithOpenRows } from './store/outbox.ts';
import { holdQueue } from './store/queues.ts';
import { listDueTimers, moveTimer, removeDueTimer, setTimer, type Timer, type TimerKind } from './store/schedule.ts';

const mostTimersPerRun = 200;
/** Limit per run, so that waiting senders get their answer soon. */
const mostDeliveries = 50;
const restMs = minuteMs;
/** For rows that only another version of the settings or of Caselite can read. */
const longRetryWaitMs = hourMs;

/** What a timer of each kind plays in one transaction; a poll waits for its host, in the queue of that host. */
const handlers = {
  reread: rereadNextResponses,
  judge: judgeWaitingResponse,
  ask: sendAsk,
  reminder: remind,
  window: endAnswerWindow,
  'first-contact': recordMissedFirstContact,
  ladder: takeDueLadderStep,
  digest: commentOnNewlyJoined,
  notices: sendHeldNotices,
  silence: checkSourceSilence,
  retention: eraseExpiredData,
} satisfies Record<Exclude<TimerKind, 'poll'>, (core: Core, target: string) => void>;

const hasTimerHandler = (kind: string): kind is keyof typeof handlers => Object.hasOwn(handlers, kind);

/**
 * Runs everything that is due: deliveries, then timers, then queues. Queues run side by side, so that a dead tracker
 * delays no other; calls and polls of one queue run in order.
 *
 * @param busy queues running in this process; shared by all runs of one workspace
 */
export async function runDue(core: Core, busy: Set<string>): Promise<void> {
  for (let done = 0; done < mostDeliveries && processNextDelivery(core); done += 1);
  const timers = listDueTimers(core.sql, core.clock.now(), mostTimersPerRun);
  for (const timer of timers.filter(({ kind }) => kind !== 'poll')) fire(core, timer);
  const polls = new Set(timers.filter(({ kind }) => kind === 'poll').map(({ target }) => target));
  const queues = new Set([...listQueuesWithOpenRows(core.sql), ...polls]);
  await Promise.all(
    [...queues]
      .filter((queue) => !busy.has(queue))
      .map((queue) => runQueueAndPoll(core, busy, queue, polls.has(queue))),
  );
}

async function runQueueAndPoll(core: Core, busy: Set<string>, queue: string, isPollDue: boolean): Promise<void> {
  if (!isPollDue && findNextRowInQueue(core.sql, queue, core.clock.now()) === null) return;
  busy.add(queue);
  try {
    await runCallsOfQueue(core, queue);
    if (isPollDue) {
      await poll(core, queue);
      await runCallsOfQueue(core, queue);
    }
  } catch (error) {
    // A mistake in Caselite, not of the host: the queue rests and everything else goes on.
    core.log.error('queue-failed', { queue, error: error instanceof Error ? error.name : 'unknown' });
    const later = core.clock.now() + restMs;
    holdQueue(core.sql, queue, later);
    if (isPollDue) setTimer(core.sql, 'poll', queue, later);
  } finally {
    busy.delete(queue);
  }
}

function fire(core: Core, timer: Timer): void {
  const { kind, target } = timer;
  const now = core.clock.now();
  if (!hasTimerHandler(kind)) {
    core.log.error('timer-unknown', { timer: kind });
    moveTimer(core.sql, timer, now + longRetryWaitMs);
    return;
  }
  try {
    core.sql.transaction(() => {
      if (removeDueTimer(core.sql, timer, now)) handlers[kind](core, target);
    });
  } catch (error) {
    const isSettingsError = error instanceof AppError && error.code === 'config';
    core.log.error('timer-failed', {
      timer: kind,
      error: isSettingsError ? error.message : error instanceof Error ? error.name : 'unknown',
    });
    moveTimer(core.sql, timer, core.clock.now() + (isSettingsError ? longRetryWaitMs : restMs));
    if (isSettingsError) core.sql.transaction(() => notifyOfSettingsProblem(core, error.message));
  }
}

/** What waits for other settings goes on by itself after a push; the admins hear of it once per version. */
function notifyOfSettingsProblem(core: Core, problem: string): void {
  notifyAdmins(core, {
    once: ['settings-problem', String(core.settings.version), problem],
    subject: 'Work waits for corrected settings',
    paragraphs: [problem, 'It goes on by itself within an hour after corrected settings are pushed.'],
    path: 'settings',
    label: 'Open the settings',
  });
}
