import type { ClosureWarning } from '#domain/loop/closure-warnings.ts';
import { Section } from './parts.tsx';

export interface WarningsOfClosing {
  generation: number;
  warnings: ClosureWarning[];
}

export function ClosureWarnings({ closings }: { closings: WarningsOfClosing[] }) {
  const marked = closings.filter(({ warnings }) => warnings.length > 0);
  if (marked.length === 0) return null;
  return (
    <Section id="signs" title="Was it closed too early?">
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
    </Section>
  );
}
