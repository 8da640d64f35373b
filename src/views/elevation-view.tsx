import type { Elevation } from '#domain/json/strategic-json.ts';
import { loopWords, readable } from './case-facts.ts';
import { Pill } from './parts.tsx';
import type { Visit } from './visit.ts';

/** Strategic cases that a case is linked to, with a form for linking it. */
export function ElevationView(props: { visit: Visit; id: string; elevation: Elevation }) {
  const { visit, id, elevation } = props;
  const { behind, targets } = elevation;
  const offers = targets.length > 0 && visit.access !== 'member';
  if (behind.length === 0 && !offers) return null;
  return (
    <section class="card stack" aria-labelledby="elevate">
      <h2 id="elevate">Part of a larger problem?</h2>
      {behind.map((linkedJson) => {
        const loop = loopWords(linkedJson.loop);
        return (
          <p>
            Linked to{' '}
            <a href={`/w/${visit.workspace}/cases/${linkedJson.id}`}>
              {linkedJson.handle} {readable(linkedJson.template)}
              {linkedJson.theme && `: ${linkedJson.theme}`}
            </a>{' '}
            <Pill tone={loop.tone}>{loop.text}</Pill>
          </p>
        );
      })}
      {offers && (
        <details>
          <summary>Elevate this case</summary>
          <form class="stack tight" method="post" action={`/w/${visit.workspace}/cases/${id}/elevate`}>
            <label for="elevate-to">Strategic case</label>
            <select id="elevate-to" name="to">
              {targets.map(({ to, text }) => (
                <option value={to}>{text}</option>
              ))}
            </select>
            {targets.some(({ takesTheme }) => takesTheme) && (
              <>
                <label for="elevate-theme">Product or theme of a new case, if it gathers by one</label>
                <input id="elevate-theme" name="theme" maxlength={60} />
              </>
            )}
            <label for="elevate-reason">Why</label>
            <input id="elevate-reason" name="reason" required maxlength={300} />
            <button type="submit">Elevate this case</button>
          </form>
          <p class="muted">
            Work for this customer stays in this case. The customer is also notified when the larger problem is solved.
          </p>
        </details>
      )}
    </section>
  );
}
