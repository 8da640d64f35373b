import type { LedgerJson } from '#domain/json/loop-json.ts';
import { followUpWords } from './follow-up-list.tsx';
import { AllowMailForm, MailList } from './mail-state.tsx';
import { Moment, Pill } from './parts.tsx';
import type { Visit } from './visit.ts';

interface Asked {
  what: string;
  state: keyof typeof followUpWords;
  why: string;
  at: string;
}

/** The contact ledger of one person: sent, waiting and skipped mails with the reasons. */
export function Ledger({ visit, id, ledger }: { visit: Visit; id: number; ledger: LedgerJson }) {
  const asked = askedOf(ledger);
  return (
    <section class="card stack" aria-labelledby="ledger">
      <h2 id="ledger">Contacts</h2>
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
                <Pill tone={followUpWords[state].tone}>{followUpWords[state].text}</Pill>
                <span>{what}</span>
                <span class="muted">
                  <Moment at={at} visit={visit} />
                </span>
              </p>
              <p class="muted">{why}</p>
            </li>
          ))}
        </ul>
      )}
      <h3>Mail</h3>
      <MailList visit={visit} mails={ledger.mails} />
    </section>
  );
}

function askedOf({ followUps, resurveys, invitations }: LedgerJson): Asked[] {
  const all: Asked[] = [
    ...followUps.map(({ handle, state, why, sentAt, dueAt }) => ({
      what: `Case ${handle}`,
      state,
      why,
      at: sentAt ?? dueAt,
    })),
    ...resurveys.map(({ rule, state, why, sentAt, dueAt }) => ({
      what: `Asked again (${rule})`,
      state,
      why,
      at: sentAt ?? dueAt,
    })),
    ...invitations.map(({ rule, state, why, sentAt, dueAt }) => ({
      what: `Invitation (${rule})`,
      state,
      why,
      at: sentAt ?? dueAt,
    })),
  ];
  return all.sort((a, b) => b.at.localeCompare(a.at));
}
