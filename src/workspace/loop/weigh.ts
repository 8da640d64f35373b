import { mostAutomaticReopenings } from '#domain/case.ts';
import {
  type CloserAnswer,
  type CustomerAnswer,
  sumVerdicts,
  type Verdict,
  verdictOf,
} from '#domain/verdict.ts';
import { elevateByRules } from '../cases/elevate.ts';
import { record } from '../cases/timeline.ts';
import type { Core } from '../core.ts';
import { reopen } from '../issues/reopen.ts';
import { notify } from '../mail/notify.ts';
import { customersOfCase } from '../store/case-responses.ts';
import { type Case, getCase, handleOf, updateCase } from '../store/cases.ts';
import { type FollowUp, followUpsOfCase } from '../store/follow-ups.ts';
import { setVerdict } from '../store/verdicts.ts';

/** Lays the customers' answers beside the closer's, and does what the verdict asks for. */
export function weigh(core: Core, caseId: string, generation: number): void {
  const found = getCase(core.sql, caseId);
  const followUps = followUpsOfCase(core.sql, caseId, generation);
  const closer = closerAnswer(followUps);
  const judged = customersOfCase(core.sql, caseId).map(({ key }) => {
    const own = followUps.find(({ kind, person }) => kind === 'customer' && person === key);
    const result = verdictOf({
      customer: (own?.answers?.resolved as CustomerAnswer | undefined) ?? null,
      closer,
      windowOver: own?.state === 'expired' || own?.state === 'skipped',
    });
    if (!result) return null;
    const why = own?.state === 'skipped' ? `the customer was not asked: ${own.why}` : result.why;
    const row = { customerKey: key, generation, verdict: result.verdict, why, at: core.clock.now() };
    if (setVerdict(core.sql, caseId, row)) {
      record(core, caseId, `verdict: ${result.verdict}`, why, { evidence: own?.id ?? caseId, generation });
    }
    return { verdict: result.verdict, why };
  });
  const share = core.settings.templates.get(found.template)?.['reopen-share'] ?? 0.2;
  const outcome =
    found.kind === 'strategic'
      ? sumVerdicts(
          judged.map((one) => one?.verdict ?? null),
          share,
        )
      : (judged[0] ?? null);
  if (outcome) act(core, found, generation, outcome);
}

function act(
  core: Core,
  found: Case,
  generation: number,
  { verdict, why }: { verdict: Verdict; why: string },
): void {
  const current = found.generation === generation && found.loop !== 'working';
  if (current && found.loop !== verdict) updateCase(core.sql, found.id, { loop: verdict });
  if (verdict === 'disputed' && current) dispute(core, found, why);
  if (verdict === 'known-gap' && found.loop !== 'known-gap') {
    notify(core, found, 'known-gap', `${handleOf(found)} is a known gap: ${why}`);
    elevateByRules(core, found.id, 'verdict');
  }
}

function dispute(core: Core, found: Case, why: string): void {
  if (found.loop === 'disputed') return;
  notify(core, found, 'disputed', `${handleOf(found)} was closed, and that is disputed: ${why}`);
  if (found.generation <= mostAutomaticReopenings) {
    const evidence =
      found.kind === 'strategic' ? 'counted over everyone behind this issue' : 'from the follow-up survey';
    reopen(
      core,
      found,
      `the closing is disputed: ${why} (${evidence}, closing ${found.generation})`,
      `disputed:${found.generation}`,
    );
    return;
  }
  updateCase(core.sql, found.id, {
    needsPerson: 'disputed a third time; it is not reopened by itself any more',
  });
  notify(
    core,
    found,
    'needs-a-person',
    `${handleOf(found)} is disputed a third time and waits for a decision`,
  );
}

/** With several closers the last answer counts. */
function closerAnswer(followUps: FollowUp[]): CloserAnswer | null {
  const last = followUps
    .filter(({ kind, answers }) => kind === 'closer' && answers !== null)
    .sort((one, other) => (one.answeredAt ?? 0) - (other.answeredAt ?? 0))
    .at(-1);
  return (last?.answers?.closed as CloserAnswer | undefined) ?? null;
}
