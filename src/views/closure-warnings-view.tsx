import type { ClosureWarning } from '#domain/loop/closure-warnings.ts';

export interface WarningsOfClosing {
  generation: number;
  warnings: ClosureWarning[];
}

export function ClosureWarnings({ closings }: { closings: WarningsOfClosing[] }) {
  const marked = closings.filter(({ warnings }) => warnings.length > 0);
  if (marked.length === 0) return null;
  return (
    <section class="card stack" aria-labelledby="signs">
      <h2 id="signs">Was it closed too early?</h2>
      <p class="muted">Reasons to review, never a score of a person.</p>
      {marked.map(({ generation, warnings }) => (
        <div class="stack tight">
          <h3>Closing {generation}</h3>
          <ul class="why">
            {warnings.map(({ text }) => (
              <li>{text}</li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
