import type { CaseJson } from '#domain/json/case-json.ts';
import { Moment } from './parts.tsx';
import type { Visit } from './visit.ts';

/** Forms for a case's clock: pause it while the customer has to answer, or change the goal. */
export function ClockForms({ visit, one }: { visit: Visit; one: CaseJson }) {
  const home = `/w/${visit.workspace}/cases/${one.id}/actions`;
  const { pausedAt } = one;
  return (
    <section class="card stack" aria-labelledby="clock">
      <h2 id="clock">The clock</h2>
      {pausedAt && (
        <p>
          Paused since <Moment at={pausedAt} visit={visit} ago />.
        </p>
      )}
      <form class="stack tight" method="post" action={`${home}/${pausedAt ? 'resume' : 'pause'}`}>
        <label for="clock-reason">{pausedAt ? 'Why the clock resumes' : 'Waiting for the customer: what for?'}</label>
        <input id="clock-reason" name="because" required maxlength={300} />
        <button type="submit">{pausedAt ? 'Resume the clock' : 'Pause the clock'}</button>
      </form>
      <details>
        <summary>Change the goal of this case</summary>
        <form class="stack tight" method="post" action={`${home}/due`}>
          <label for="goal">New goal, such as “36 hours” from the opening, or a date such as “2026-11-27”</label>
          <input id="goal" name="value" required maxlength={40} />
          <label for="goal-reason">Why</label>
          <input id="goal-reason" name="because" required maxlength={300} />
          <button type="submit">Change the goal</button>
        </form>
      </details>
    </section>
  );
}
