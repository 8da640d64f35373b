import { IntegrationError } from '#domain/base/errors.ts';
import type { Mailer } from '#domain/integrations/mailer.ts';
import type { Meter } from '#domain/integrations/rate-limit.ts';
import type { SurveyApi } from '#domain/integrations/survey-source.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';
import type { SurveyTool } from '#test/emulators/survey-tool.ts';
import type { FakeTracker } from '#test/workspace/fakes.ts';
import type { CallFault, Life } from './faults.ts';
import { callFaults } from './faults.ts';
import type { VendorContext } from './vendors.ts';

/** Makes one call of a port, with a fault now and then. */
export type MakeCall = <Result>(
  operation: string,
  kind: 'read' | 'write',
  work: () => Promise<Result>,
) => Promise<Result>;

/** What a host in memory asks of its callers. */
export class HostInMemory {
  /** Calls that were sent before a requested wait had ended. */
  readonly early: { at: number; url: string }[] = [];
  quietUntil = 0;
  askedUntil = 0;

  forget(): void {
    this.askedUntil = 0;
  }
}

const quietMs = 90_000;
const noAnswerMs = 15_000;

/** A failure as the real adapters throw it. */
function failure(fault: CallFault, operation: string, kind: 'read' | 'write'): IntegrationError {
  const code = kind === 'write' ? 'unknown' : 'unavailable';
  switch (fault) {
    case 'refused':
      return new IntegrationError('unavailable', operation, { detail: 'ECONNREFUSED' });
    case 'limited':
      return new IntegrationError('rate-limited', operation, { status: 429, retryAfterMs: quietMs });
    case 'error-before':
      return new IntegrationError(code, operation, { status: 502 });
    case 'error-after':
      return new IntegrationError(code, operation, { status: 500 });
    case 'lost':
    case 'late':
      return new IntegrationError('unknown', operation, { detail: 'no answer' });
    case 'garbled':
      return new IntegrationError('unknown', operation, { status: 200, detail: 'unreadable answer' });
  }
}

/** Calls of one queue in one life of the process: each may die, fail, be lost or take effect too late. */
export function faultyCalls(
  context: VendorContext,
  life: Life,
  queue: string,
  host: HostInMemory,
  meter: Meter | null,
): MakeCall {
  const { chance, tally, turns, now } = context;
  const arriveLater = (work: () => Promise<unknown>) => async () => {
    await work().catch((error: unknown) => {
      if (!(error instanceof IntegrationError)) throw error;
    });
  };
  return async (operation, kind, work) => {
    const limited = (waitMs: number) =>
      new IntegrationError('rate-limited', operation, { status: 429, retryAfterMs: waitMs });
    const wait = meter?.ask({ method: kind === 'write' ? 'POST' : 'GET', url: '' }) ?? 0;
    if (wait > 0) throw limited(wait);
    life.step();
    context.commit();
    const orphan = () => context.later(chance.below(100_000), arriveLater(work));
    await turns.take(queue, kind === 'write' ? orphan : undefined);
    life.step();
    const fault = drawFault(context);
    tally.calls += 1;
    if (now() < host.askedUntil) host.early.push({ at: now(), url: operation });
    context.advance(20 + chance.below(400));
    const result = await answer();
    life.step();
    return result;

    async function answer() {
      if (now() < host.quietUntil) {
        const rest = host.quietUntil - now();
        meter?.recordReportedLimits(noHeaders, rest);
        throw limited(rest);
      }
      if (fault === null) return work();
      tally.kinds[fault] = (tally.kinds[fault] ?? 0) + 1;
      if (fault === 'refused' || fault === 'limited') tally.refusals += 1;
      else if (kind === 'write') tally.unknowns += 1;
      if (fault === 'lost' || fault === 'error-after' || fault === 'garbled') await arriveLater(work)();
      if (fault === 'late') context.later(20_000 + chance.below(100_000), arriveLater(work));
      if (fault === 'late' || fault === 'lost') context.advance(noAnswerMs);
      if (fault === 'limited') {
        host.quietUntil = now() + quietMs;
        host.askedUntil = host.quietUntil;
        meter?.recordReportedLimits(noHeaders, quietMs);
      }
      throw failure(fault, operation, kind);
    }
  };
}

const noHeaders = new Headers();

/** The draws are the same whichever kinds are on, so that a smaller set of kinds changes a run as little as possible. */
function drawFault({ chance, rates }: VendorContext): CallFault | null {
  const { integrations, kinds } = rates();
  if (!chance.happens(integrations)) return null;
  const fault = chance.pick(callFaults);
  return kinds === undefined || kinds.has(fault) ? fault : null;
}

/** A tracker whose every call goes through `call`. */
export function trackerThrough(tracker: FakeTracker & Required<Tracker>, call: MakeCall): Required<Tracker> {
  return {
    floor: () => call('floor', 'read', () => tracker.floor()),
    findCreatedIssue: (search) => call('find issue', 'read', () => tracker.findCreatedIssue(search)),
    readIssue: (id) => call('read issue', 'read', () => tracker.readIssue(id)),
    readUpdateTimes: (ids) => call('read times', 'read', () => tracker.readUpdateTimes(ids)),
    listChanges: (cursor, at) => call('list changes', 'read', () => tracker.listChanges(cursor, at)),
    findWhyUnreadable: (id) => call('find place', 'read', () => tracker.findWhyUnreadable(id)),
    listComments: (id, since) => call('list comments', 'read', () => tracker.listComments(id, since)),
    hasComment: (id, draft) => call('find comment', 'read', () => tracker.hasComment(id, draft)),
    createIssue: (draft) => call('create issue', 'write', () => tracker.createIssue(draft)),
    editIssue: (id, edit) => call('edit issue', 'write', () => tracker.editIssue(id, edit)),
    closeIssue: (id, kind, canonical) => call('close issue', 'write', () => tracker.closeIssue(id, kind, canonical)),
    deleteIssue: (id) => call('delete issue', 'write', () => tracker.deleteIssue(id)),
    reopenIssue: (id) => call('reopen issue', 'write', () => tracker.reopenIssue(id)),
    addComment: (id, draft) => call('add comment', 'write', () => tracker.addComment(id, draft)),
    addSubIssue: (parent, draft) => call('create sub-issue', 'write', () => tracker.addSubIssue(parent, draft)),
    linkIssues: (id, other) => call('link issues', 'write', () => tracker.linkIssues(id, other)),
    listOwnIssuesWithMarker: (search) => call('find issues', 'read', () => tracker.listOwnIssuesWithMarker(search)),
    hooks: tracker.fakeHooks.registrar((operation, kind, work) =>
      call(operation, kind, async () => {
        if (tracker.refusal) throw tracker.refusal;
        if (tracker.isHidden) throw new IntegrationError('rejected', operation, { status: 404 });
        return work();
      }),
    ),
    visibility: () => call('read visibility', 'read', () => tracker.visibility()),
    check: (request) => call('check', 'read', () => tracker.check(request)),
  };
}

export const mailerThrough = (mailer: Mailer, call: MakeCall): Mailer => ({
  send: (message) => call('send mail', 'write', () => mailer.send(message)),
  check: () => call('check mail', 'read', () => mailer.check()),
  ...(mailer.listSent && {
    listSent: (since: number) => call('list mails', 'read', async () => (await mailer.listSent?.(since)) ?? null),
  }),
});

export const surveyApiThrough = (
  api: Required<SurveyApi>,
  { hooks }: SurveyTool,
  call: MakeCall,
): Required<SurveyApi> => ({
  hooks: hooks.registrar(call),
  fetchResponse: (reference) => call('fetch response', 'read', () => api.fetchResponse(reference)),
  fetchQuestions: (form) => call('fetch questions', 'read', () => api.fetchQuestions(form)),
  listResponses: (form, since, cursor) => call('list responses', 'read', () => api.listResponses(form, since, cursor)),
});
