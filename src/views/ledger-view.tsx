import type { LedgerJson } from '#domain/json/loop-json.ts';
import { followUpStateDisplays } from './follow-up-list.tsx';
import { AllowMailForm, MailList } from './mail-state.tsx';
import { Moment, MutedMoment, Pill, Section } from './parts.tsx';
import type { Visit } from './visit.ts';

/** The contact ledger of one person: sent, waiting and skipped mails with the reasons. */
export function Ledger({ visit, id, ledger }: { visit: Visit; id: number; ledger: LedgerJson }) {
  const asked = listSurveysOfLedger(ledger);
  return (
    <Section id="ledger" title="Contacts">
      {ledger.hasOptedOut && <p class="notice">This person has opted out of surveys.</p>}
      {ledger.isUndeliverable && <AllowMailForm action={`/w/${visit.workspace}/customers/${id}/mail-again`} />}
      {ledger.quarantineUntil && (
        <p class="muted">
          No first follow-up before <Moment at={ledger.quarantineUntil} visit={visit} />.
        </p>
      )}
      <h3>Surveys</h3>
      {asked.length === 0 ? (
        <p class="muted">No surveys yet.</p>
      ) : (
        <ul class="stack parts">
          {asked.map(({ what, state, why, at }) => (
            <li class="stack tight">
              <p class="row">
                <Pill tone={followUpStateDisplays[state].tone}>{followUpStateDisplays[state].text}</Pill>
                <span>{what}</span>
                <MutedMoment at={at} visit={visit} />
              </p>
              <p class="muted">{why}</p>
            </li>
          ))}
        </ul>
      )}
      <h3>Mail</h3>
      <MailList visit={visit} mails={ledger.mails} />
    </Section>
  );
}

function listSurveysOfLedger({ followUps, resurveys, invitations }: LedgerJson) {
  const all = [
    ...followUps.map((row) => ({ ...row, what: `Case ${row.handle}` })),
    ...resurveys.map((row) => ({ ...row, what: `Asked again (${row.rule})` })),
    ...invitations.map((row) => ({ ...row, what: `Invitation (${row.rule})` })),
  ];
  const dated = all.map(({ what, state, why, sentAt, dueAt }) => ({ what, state, why, at: sentAt ?? dueAt }));
  return dated.sort((a, b) => b.at.localeCompare(a.at));
}
