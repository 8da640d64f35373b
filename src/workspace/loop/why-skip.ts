import type { Case } from '#domain/cases/case-record.ts';
import { whySkipAsk } from '#domain/loop/skip-ask.ts';
import type { Core } from '../core.ts';
import { isUndeliverable } from '../mail/undeliverable.ts';
import { type Ask, type FollowUp, findCustomerFollowUp, followUpsOfCase, type Resurvey } from '../store/asks.ts';
import { casesOfResponse, findLastResponseAt } from '../store/case-responses.ts';
import { findCase } from '../store/cases.ts';
import { lastAskedAt, lastFirstFollowUpAt } from '../store/mails.ts';
import { computeGateWaitMs } from './gates.ts';
import type { Recipient } from './recipient.ts';

/** Why a due ask is not sent now; null when it may go. */
export function findReasonNotToAsk(core: Core, ask: Ask, caseRecord: Case | null, to: Recipient): string | null {
  const now = core.clock.now();
  const { quarantine, oldest } = core.settings.workspace['follow-up'];
  const isOfCustomer = ask.kind !== 'closer';
  const lastFirst = isOfCustomer ? lastFirstFollowUpAt(core.sql, to.marks, now) : null;
  // A person who was asked anything lately is not invited. An invitation delays no follow-up, which its complaints need.
  const last = ask.kind === 'invitation' ? lastAskedAt(core.sql, to.keys, to.address) : null;
  return whySkipAsk(
    ask.kind,
    {
      whyObsolete: whyObsolete(core, ask, caseRecord),
      dueAt: ask.dueAt,
      whyNoAddress: to.why,
      isUndeliverable: isOfCustomer && to.address !== null && isUndeliverable(core, to.address),
      hasOptedOut: to.hasOptedOut,
      ageMs: ask.kind === 'customer' && caseRecord ? computeAgeMs(core, ask, caseRecord) : 0,
      lastAskedAt: lastFirst === null && last === null ? null : Math.max(lastFirst ?? 0, last ?? 0),
      isHeldByQuarantine: ask.kind !== 'customer' || isFirst(core, ask),
    },
    // Strategic changes are announced to everybody, whatever the age of their response.
    { quarantine, oldest: caseRecord?.kind === 'tactical' ? oldest : null },
    now,
  );
}

function whyObsolete(core: Core, ask: Ask, caseRecord: Case | null): string | null {
  const { people, invitations } = core.settings.workspace;
  switch (ask.kind) {
    case 'customer':
      if (caseRecord?.generation !== ask.generation || caseRecord.loop === 'working')
        return 'the case was reopened before the mail left';
      return caseRecord.loop === 'dropped' ? 'the case was dropped before the mail left' : null;
    case 'closer':
      return Object.hasOwn(people, ask.person) ? null : 'the person is no longer in the workspace file';
    case 'resurvey':
      if (!core.settings.surveys.has(ask.survey)) return 'its survey is no longer among the files';
      return findCaseThatAsks(core, ask);
    case 'invitation':
      return Object.hasOwn(invitations, ask.rule) ? null : 'its rule is no longer in the workspace file';
  }
}

/** A case of the same response that is open, or asks this customer itself. */
function findCaseThatAsks(core: Core, { originId, person: customer }: Resurvey): string | null {
  for (const { id, number } of casesOfResponse(core.sql, originId)) {
    if (findCase(core.sql, id)?.loop === 'working') return `case C-${number} of this response is still open`;
    const asks = followUpsOfCase(core.sql, id).some(
      ({ kind, state, person }) => kind === 'customer' && state !== 'skipped' && person === customer,
    );
    if (asks) return `case C-${number} asks this customer itself`;
  }
  return null;
}

/** Time since the person's last words about the case: the survey, or an answer to an earlier follow-up. */
function computeAgeMs(core: Core, { generation, person }: FollowUp, caseRecord: Case): number {
  const now = core.clock.now();
  const answeredAt = findCustomerFollowUp(core.sql, caseRecord.id, generation - 1, person)?.answeredAt ?? 0;
  const respondedAt = findLastResponseAt(core.sql, caseRecord.id, person) ?? caseRecord.openedAt;
  return now - Math.max(respondedAt, answeredAt) - computeGateWaitMs(caseRecord, now);
}

/** The next closing of a case that this person disputed continues the conversation, so it is no first follow-up. */
export function isFirst(core: Core, { caseId, generation, person }: FollowUp): boolean {
  const before = findCustomerFollowUp(core.sql, caseId, generation - 1, person);
  return before?.state !== 'answered' || before.answers?.resolved === undefined || before.answers.resolved === 'yes';
}
