import type { CaseActions } from '#domain/cases/action.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import type { Visit } from './visit.ts';

/** Decisions for a case manager where a closing has no consequence, or the follow-up waits. */
export function ClosingDecision({ visit, one, role }: { visit: Visit; one: CaseJson; role: CaseActions['role'] }) {
  if (one.waitsFor !== null) return <Waiting visit={visit} one={one} role={role} />;
  if (one.loop !== 'dropped') return null;
  const action = `/w/${visit.workspace}/cases/${one.id}/closing`;
  return (
    <section class="card stack" aria-labelledby="decision">
      <h2 id="decision">Should the customer be asked?</h2>
      {one.repeats ? (
        <p>It repeats {one.repeats}. When that case is resolved, this customer is asked as well.</p>
      ) : (
        <p>It was closed as {one.closingReason}, so nobody is asked. You can decide otherwise.</p>
      )}
      {one.closingNote && (
        <p class="muted">
          Internal reason, not shown to customers: <bdi>{one.closingNote}</bdi>
        </p>
      )}
      {role === 'manager' ? <Decisions action={action} /> : <p class="muted">A case manager has to decide.</p>}
    </section>
  );
}

const Decisions = ({ action }: { action: string }) => (
  <>
    <form class="row" method="post" action={action}>
      <button type="submit" name="decision" value="ask">
        Ask whether it is solved
      </button>
      <button class="plain" type="submit" name="decision" value="leave">
        Ask nobody
      </button>
    </form>
    <form class="stack tight" method="post" action={action}>
      <input type="hidden" name="decision" value="declined" />
      <label for="decision-because">It will not be done: why, in words for the customer</label>
      <textarea id="decision-because" name="because" rows={3} required maxlength={1000} />
      <button class="plain" type="submit">
        Tell the customer why
      </button>
    </form>
    <form class="stack tight" method="post" action={action}>
      <input type="hidden" name="decision" value="repeats" />
      <label for="decision-handle">It repeats another case, such as C-12</label>
      <input id="decision-handle" name="handle" required maxlength={12} />
      <button class="plain" type="submit">
        Link it to that case
      </button>
    </form>
  </>
);

function Waiting({ visit, one, role }: { visit: Visit; one: CaseJson; role: CaseActions['role'] }) {
  return (
    <section class="card stack" aria-labelledby="waiting">
      <h2 id="waiting">The customer is not asked yet</h2>
      <p>
        The survey waits for {one.waitsFor}, so that nobody is asked about a fix they do not have yet. It is sent
        automatically afterwards.
      </p>
      {role !== null && (
        <form class="row" method="post" action={`/w/${visit.workspace}/cases/${one.id}/waiting`}>
          <button class="plain" type="submit" name="event" value="shipped">
            The fix has reached the customer
          </button>
          {role === 'manager' && (
            <button class="plain" type="submit" name="event" value="ask anyway">
              Ask now, without waiting
            </button>
          )}
        </form>
      )}
    </section>
  );
}
