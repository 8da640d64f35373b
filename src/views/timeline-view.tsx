import type { CaseJson } from '#domain/json/case-json.ts';
import type { Entry } from './closings.tsx';
import { ExternalLink, Moment, Section } from './parts.tsx';
import { nameOf, type Visit } from './visit.ts';

/** Timeline of a case: time, event, person, reason and evidence. */
export function Timeline({ visit, one }: { visit: Visit; one: CaseJson }) {
  return (
    <Section id="timeline" title="Timeline">
      <ol class="timeline">
        {one.timeline.map((entry) => (
          <li>
            <p class="muted">
              <Moment at={entry.at} visit={visit} />
            </p>
            <div>
              <p>
                <strong>{entry.what}</strong> <span class="muted">by</span>{' '}
                <bdi>{nameTimelineActor(visit, entry.who)}</bdi>
              </p>
              <p>{entry.why}</p>
              <Evidence visit={visit} one={one} entry={entry} />
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
}

const nameTimelineActor = (visit: Visit, who: string) => (who === 'customer' ? 'the customer' : nameOf(visit, who));

function Evidence({ visit, one, entry: { evidence } }: { visit: Visit; one: CaseJson; entry: Entry }) {
  if (evidence === null) return null;
  const home = `/w/${visit.workspace}`;
  return (
    <p class="muted">
      Evidence:{' '}
      {one.responses.includes(evidence) ? (
        <a href={`${home}/responses/${evidence}`}>the response</a>
      ) : one.issue?.key === evidence ? (
        <ExternalLink url={one.issue.url}>issue {evidence}</ExternalLink>
      ) : evidence.startsWith('c_') ? (
        <a href={`${home}/cases/${evidence}`}>the other case</a>
      ) : (
        <code>{evidence}</code>
      )}
    </p>
  );
}
