import type { Integrations } from '#domain/integrations/integrations.ts';
import type { MailMessage } from '#domain/integrations/mailer.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';
import type { Settings } from '#domain/templates/template.ts';
import { overSurveyApi } from './faults.ts';
import type { Edit } from './mutate.ts';
import type { Mutation } from './world.ts';

const overTracker =
  (change: (tracker: Tracker) => Partial<Tracker>) =>
  (integrations: Integrations): Integrations => ({
    ...integrations,
    async tracker(name) {
      const tracker = await integrations.tracker(name);
      return { ...tracker, ...change(tracker) };
    },
  });

const overMail =
  (change: (message: MailMessage, tries: number) => MailMessage) =>
  (integrations: Integrations): Integrations => {
    let tries = 0;
    return {
      ...integrations,
      async mailer() {
        const mailer = await integrations.mailer();
        return {
          ...mailer,
          send(message) {
            tries += 1;
            return mailer.send(change(message, tries));
          },
        };
      },
    };
  };

/** A mutation that only changes one source line. */
const line = (file: string, find: string, replace: string): { edits: Edit[] } => ({
  edits: [{ file, find, replace }],
});

const settleAtOnce = ({ workspace }: Settings): void => {
  workspace.polling.settle = 0;
};

export interface NamedMutation extends Mutation {
  what: string;
  /** Number of full seeds within which the full simulation notices the mutation, where the core has no such part. */
  onlyFull?: number;
  /** Edits of source lines. A change of such a line needs a change of its edit. */
  edits?: Edit[];
}

/** Known mistakes. The simulation must notice each of them; otherwise its checks are too weak. */
export const mutations: Record<string, NamedMutation> = {
  'retry-blind': {
    what: 'an unknown create is made again without looking whether it worked',
    settings: settleAtOnce,
    integrations: overTracker(() => ({ findCreatedIssue: async () => null, hasComment: async () => false })),
  },
  'impatient-look': {
    what: 'absence is believed at once, although a create may still arrive',
    settings: settleAtOnce,
  },
  'one-look': {
    what: 'one look that finds nothing is enough to make an issue again',
    ...line('src/workspace/outbox/work-queue.ts', 'lookups >= 2 && now >= absenceBelievedAt', 'lookups >= 1'),
  },
  'empty-search': {
    what: 'an unknown create is looked up by a search, and the search comes back empty',
    integrations: overTracker(() => ({ findCreatedIssue: async () => null })),
  },
  'strangers-obeyed': {
    what: 'whoever comments may give commands',
    edits: [
      {
        file: 'src/workspace/issues/act-on-case.ts',
        find: 'if (!person || basics.roleOf(core, caseRecord, person) === null) {',
        replace: 'if (person && roleOf(core, caseRecord, person) === null) {',
      },
      {
        file: 'src/workspace/issues/act-on-case.ts',
        find: 'runCommand(core, caseId, person, command, id)',
        replace: "runCommand(core, caseId, person ?? 'dana', command, id)",
      },
    ],
  },
  'undone-for-ever': {
    what: 'closings by the wrong person are undone again and again',
    ...line(
      'src/workspace/issues/close-policy.ts',
      'const mostClosingReversalsPerDay = 2;',
      'const mostClosingReversalsPerDay = 20;',
    ),
  },
  'call-before-intent': {
    what: 'a call is written down after it was made',
    edits: [
      {
        file: 'src/workspace/outbox/work-queue.ts',
        find: 'if (!store.markCalling(core.sql, row.id, startedAt, startedAt + timing.callDeadlineMs, floor)) return;',
        replace: '',
      },
      {
        file: 'src/workspace/outbox/work-queue.ts',
        find: 'finish(core, row, await kind.call(core, row));',
        replace:
          'const end = await kind.call(core, row); store.markCalling(core.sql, row.id, startedAt, startedAt + timing.callDeadlineMs, floor); finish(core, row, end);',
      },
    ],
  },
  'marker-without-mac': {
    what: 'anybody can make the marker of a case',
    ...line(
      'src/domain/base/key.ts',
      'keys.mac(purpose, workspace, ...facts).slice(0, markerMacLength)',
      "'0'.repeat(markerMacLength)",
    ),
  },
  'new-issue-under-the-old-marker': {
    what: 'a reopening creates an issue under the marker of the former one',
    ...line(
      'src/workspace/tracker-requests/reopen.ts',
      'draftIssue(core, caseRecord, [{ tracker, id: issue.id, key: issue.key, url: issue.url }])',
      'draftIssue(core, caseRecord)',
    ),
  },
  'refused-create-given-up': {
    what: 'an issue that the tracker refuses for a field is given up, with all that was to follow',
    ...line(
      'src/workspace/outbox/work-queue.ts',
      "return after.next === 'give-up' && kindOf(row).showRefusal !== undefined;",
      'return false;',
    ),
  },
  'refused-edit-stops-others': {
    what: 'an edit is refused as a whole for one part of it',
    ...line(
      'src/workspace/outbox/kinds/issue-edit.ts',
      'if (!(error instanceof IntegrationError) || !isRefusalOfPart(error)) throw error;',
      'throw error;',
    ),
  },
  'lost-permission-stops-others': {
    what: 'a permission that is missing for one call counts as a refused token',
    ...line(
      'src/workspace/outbox/work-queue.ts',
      "  if (error.code === 'auth') return error.status === 403;",
      "  if (error.code === 'auth') return false;",
    ),
  },
  'refused-create-holds-queue': {
    what: 'a refused create holds everything else of its tracker',
    ...line(
      'src/workspace/outbox/work-queue.ts',
      '  const nextAt = caseRecord ? recordRefusal(core, caseRecord, row.kind, why) : now + refusedRowWaitMs;',
      '  const nextAt = caseRecord ? recordRefusal(core, caseRecord, row.kind, why) : now + refusedRowWaitMs;\n  store.holdQueue(core.sql, row.queue, now + 9 * hourMs, `rateLimitedUntil`);',
    ),
  },
  'drop-on-422': {
    what: 'a refused issue is not sent once more, plain',
    onlyFull: 50,
    ...line(
      'adapters/trackers/github/write.ts',
      'if (!kit.isRefused(error) || error.status !== 422) throw error;',
      'throw error;',
    ),
  },
  'new-mail-key': {
    what: 'each try of a mail has another idempotency key',
    integrations: overMail((message, tries) => ({ ...message, key: `${message.key}-${tries}` })),
  },
  'new-mail-text': {
    what: 'each try of a mail has another text under the same key',
    integrations: overMail((message, tries) => ({ ...message, text: `${message.text}\nTry ${tries}` })),
  },
  'opt-out-when-scheduled': {
    what: 'an opt-out is looked at when a follow-up is scheduled, not when it is sent',
    edits: [
      {
        file: 'src/domain/loop/skip-ask.ts',
        find: "if (standing.hasOptedOut) return 'the customer asked for no more mail';",
        replace: '',
      },
      {
        file: 'src/workspace/loop/withdraw.ts',
        find: "stopAsking(core, keys, 'the customer asked for no more mail', address);",
        replace: '',
      },
      {
        file: 'src/workspace/loop/schedule.ts',
        find: 'generation, ...plan }, dueAt)) return id;',
        replace:
          "generation, ...plan }, dueAt)) {\n    if (basics.hasOptedOut(core, person)) store.clearTimer(core.sql, 'ask', id);\n    return id;\n  }",
      },
    ],
  },
  'not-planned-mails': {
    what: 'whatever closes an issue, the customer is asked',
    ...line('src/domain/cases/closing.ts', "if (reason === 'fixed')", "if (reason !== 'gone')"),
  },
  'words-in-comments': {
    what: 'comments carry the words of the customer',
    integrations: overTracker((tracker) => ({
      addComment: (id, draft) => tracker.addComment(id, { ...draft, body: `${draft.body} canarywords0 canarywords1` }),
    })),
  },
  'answer-unstored': {
    what: 'a delivery is answered first, and written with the next one',
    edits: [
      {
        file: 'src/workspace/intake/receive.ts',
        find: '  store.insertDeliveries(core.sql, arrived);',
        replace:
          '  const before = unwritten.get(core);\n  unwritten.set(core, () => store.insertDeliveries(core.sql, arrived));\n  if (before) core.sql.transaction(before);',
      },
      {
        file: 'src/workspace/intake/receive.ts',
        find: 'export type Arrival = {',
        replace: 'const unwritten = new WeakMap<Core, () => void>();\nexport type Arrival = {',
      },
    ],
  },
  'back-fill-blind': {
    what: 'the survey tool is never asked what it holds',
    integrations: (integrations) =>
      overSurveyApi(integrations, (api) => ({ ...api, listResponses: async () => ({ responses: [], next: null }) })),
  },
  'watermark-without-overlap': {
    what: 'a back-fill asks from exactly where the last one ended, though the list may lag',
    ...line('src/workspace/intake/back-fill.ts', 'const overlap = timing.hourMs;', 'const overlap = 0;'),
  },
  'closings-unseen': {
    what: 'polls tell of no change',
    integrations: overTracker((tracker) => ({
      listChanges: async (cursor, now) => ({ ...(await tracker.listChanges(cursor, now)), changed: [] }),
    })),
  },
  'parts-unseen': {
    what: 'what happens to the issue of a plan’s step is not taken over',
    ...line(
      'src/workspace/issues/read-issues.ts',
      'const step = store.findStepBySubIssue(core.sql, tracker, issueId);',
      'const step = store.findStepBySubIssue(core.sql, `not ${tracker}`, issueId);',
    ),
  },
  'tick-stays-here': {
    what: 'ticking a step of the plan does not close its issue',
    ...line('src/workspace/cases/sub-issues.ts', 'queueSubIssueCloseOrReopen(core, caseId, position);', '{}'),
  },
  'tells-inside-words': {
    what: 'the reason that the team gave to itself is told to the customer',
    ...line(
      'src/workspace/issues/act-on-case.ts',
      'if (declined) storeDeclineExplanation(core, caseId, declined, person);',
      'if (declined ?? unable) storeDeclineExplanation(core, caseId, declined ?? unable ?? "", person);',
    ),
  },
  'gate-left-open': {
    what: 'what a closing waits for is looked at, and asking waits for none of it',
    ...line(
      'src/workspace/loop/gates.ts',
      'isExplainedNotAsked ? undefined : findFollowUpTiming(core, caseRecord).rule',
      'core ? undefined : findFollowUpTiming(core, caseRecord).rule',
    ),
  },
  'reopens-for-ever': {
    what: 'every dispute reopens the issue, however many there were',
    ...line('src/domain/cases/case-record.ts', 'maxAutomaticReopenings = 2;', 'maxAutomaticReopenings = 20;'),
  },
  'forbidden-is-final': {
    what: 'a 403 always means that a permission is missing',
    onlyFull: 50,
    edits: [
      {
        file: 'adapters/outcomes.ts',
        find: 'status === 429 || facts.limited || (status === 403 && isLimitUsedUp)',
        replace: 'status === 429',
      },
    ],
  },
  'look-then-insert': {
    what: 'that a response is new is looked up, and what follows from it is written in commits of their own',
    edits: [
      {
        file: 'src/workspace/intake/process-delivery.ts',
        find: 'core.sql.transaction(() => settleDelivery(core, delivery, read));',
        replace: 'settleDelivery(core, delivery, read);',
      },
      {
        file: 'src/workspace/intake/take-response.ts',
        find: '  applyTemplates(core, {',
        replace: '  void core.durability.sync().catch(() => {});\n  applyTemplates(core, {',
      },
    ],
  },
  'alarm-throws': {
    what: 'what a tracker answers to a poll goes through the alarm as an error',
    edits: [
      {
        file: 'src/workspace/issues/poll.ts',
        find: '    if (!(error instanceof IntegrationError)) throw error;\n    const { code,',
        replace: '    if (error) throw error;\n    const { code,',
      },
      {
        file: 'src/workspace/run-due.ts',
        find: '    // A mistake in Caselite, not of the host: the queue rests and everything else goes on.',
        replace: '    if (error) throw error;',
      },
    ],
  },
  'lost-at-once': {
    what: 'an issue counts as lost after one look that did not find it',
    ...line(
      'src/domain/integrations/issue-trouble.ts',
      'lookups >= missedReadsToGiveUp && now - firstMissedAt >= missingMsToGiveUp',
      'lookups >= 1 && now >= firstMissedAt',
    ),
  },
  'lost-for-good': {
    what: 'an issue that is back is not looked for',
    ...line(
      'src/domain/integrations/issue-trouble.ts',
      'now + (isLost ? dayMs : missingReadIntervalMs)',
      'now + 900 * dayMs',
    ),
  },
  'urgent-waits': {
    what: 'calls leave in the order in which they were wanted, whatever is urgent',
    ...line('src/workspace/store/outbox.ts', 'ORDER BY rank, id LIMIT 1', 'ORDER BY id LIMIT 1'),
  },
  'copied-marker': {
    what: 'whoever carries a marker of ours is taken for ours, whoever made it',
    onlyFull: 50,
    edits: [
      {
        file: 'adapters/trackers/github/read.ts',
        find: 'hasMarker(issue, marker) && isOwn(issue.user, own)',
        replace: 'hasMarker(issue, marker) && own !== undefined',
      },
      {
        file: 'adapters/trackers/jira/read.ts',
        find: 'fields.creator?.accountId === account',
        replace: 'fields !== undefined && account',
      },
      {
        file: 'adapters/trackers/linear/read.ts',
        find: 'creator?.id === viewer.id && !trashed',
        replace: 'creator?.id !== viewer.team && !trashed',
      },
    ],
  },
  'marker-stays-out': {
    what: 'a marker that a person took out of the text is not put back',
    ...line(
      'src/domain/cases/ownership.ts',
      'findings.overstepped.push(...erased.map(',
      'findings.overstepped.concat(...erased.map(',
    ),
  },
  'night-mail': {
    what: 'notices leave in quiet hours as well',
    ...line('src/workspace/mail/notify.ts', 'return timing.findNextInstantNotQuiet(quiet, at);', 'return at;'),
  },
  'ladder-halts': {
    what: 'after a step of the ladder nothing waits for the next one',
    ...line(
      'src/workspace/cases/ladder.ts',
      '      play(core, caseRecord, step);\n      break;',
      '      play(core, caseRecord, step);\n      return;',
    ),
  },
  'receipts-for-each': {
    what: 'a customer gets a receipt for each case of a day',
    ...line('src/workspace/cases/open-case.ts', 'last > core.clock.now() - dayMs', 'last > core.clock.now()'),
  },
  'programs-answered': {
    what: 'the loop owner gets a copy of what programs send',
    ...line('src/workspace/loop/take-reply.ts', '  if (automatic) {', "  if (automatic === '') {"),
  },
  'replies-twice': {
    what: 'a reply that the mail server brings again stands twice',
    ...line('src/workspace/loop/take-reply.ts', 'reply.id || text)', 'String(seq))'),
  },
  'everybody-the-customer': {
    what: 'whoever writes to the address of a case counts as its customer',
    ...line('src/workspace/loop/take-reply.ts', 'reply.isProved && isAddressOfCustomer(', 'isAddressOfCustomer('),
  },
  'newest-address': {
    what: 'mail of a case goes to the address that the customer key named last',
    ...line(
      'src/workspace/basics/case-address.ts',
      "if (!add(core, named, 'waiting')) return;",
      "const at = core.clock.now();\n  if (!store.caseAddresses.add(core.sql, { ...named, state: 'accepted', at, decidedAt: at })) return;",
    ),
  },
  'held-lost': {
    what: 'a held match that a case manager opens is only marked as opened',
    ...line(
      'src/workspace/intake/decide-held.ts',
      "if (state === 'opening') store.setTimer(",
      "if (state !== 'opening') store.setTimer(",
    ),
  },
  'dropped-opens': {
    what: 'an edited response opens a case although its match was dropped',
    ...line('src/workspace/cases/open-or-join.ts', "if (state === 'dropped')", "if (state === 'opened')"),
  },
  'storm-in-pieces': {
    what: 'each notice of a storm leaves by itself',
    ...line(
      'src/workspace/mail/notify.ts',
      'return latest.dueAt + gatherMs > now ? latest.dueAt + gatherMs : null;',
      'return null;',
    ),
  },
};
