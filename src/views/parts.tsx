import type { Child } from 'hono/jsx';
import type { Loop } from '#domain/cases/case-record.ts';
import type { TrackerState } from '#domain/integrations/tracker-state.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import { formatAge, formatDueTime, formatInstant } from '#domain/time/time-text.ts';
import {
  chooseSeverityTone,
  describeLoopState,
  isOverdue,
  readable,
  type Tone,
  toSafeWebAddress,
} from './case-display.ts';
import { nameOf, nameOfTemplate, type Visit } from './visit.ts';

interface SectionProps {
  id: string;
  title: string;
  count?: number;
  tight?: boolean;
  children: Child;
}

/** A titled card of a page. */
export const Section = ({ id, title, count, tight = false, children }: SectionProps) => (
  <section class={tight ? 'card stack tight' : 'card stack'} aria-labelledby={id}>
    <h2 id={id}>
      {title}
      {count !== undefined && <span class="muted"> {count}</span>}
    </h2>
    {children}
  </section>
);

/** Rows of a list page, or a sentence where there are none. */
export const Rows = ({ rows, empty, style = '' }: { rows: Child[]; empty: string; style?: string }) =>
  rows.length === 0 ? <p class="card">{empty}</p> : <ul class={`${style} card stack parts`}>{rows}</ul>;

/** Parts of a section as a list, or a sentence where there are none. */
export const Parts = ({ parts, empty }: { parts: Child[]; empty: string }) =>
  parts.length === 0 ? <p class="muted">{empty}</p> : <ul class="stack parts">{parts}</ul>;

interface ChoicesProps {
  label: string;
  style: string;
  intro?: string;
  links: [text: Child, url: string, isChosen: boolean, tone?: string][];
}

/** Links of which one is chosen, such as tabs or filters. */
export const Choices = ({ label, style, intro, links }: ChoicesProps) => (
  <nav class={style} aria-label={label}>
    {intro && <span>{intro}</span>}
    {links.map(([text, url, isChosen, tone]) => (
      <a class={tone} href={url} aria-current={isChosen ? 'page' : undefined}>
        {text}
      </a>
    ))}
  </nav>
);

interface FiltersProps<Name> {
  label: string;
  names: readonly Name[];
  chosen: Name;
  describe: (name: Name) => { count: number | string; text: string; url: string; tone?: string };
}

/** Filters of a list as cards, each with the number of entries it leaves. */
export const Filters = <Name,>({ label, names, chosen, describe }: FiltersProps<Name>) => (
  <Choices
    label={label}
    style="filters"
    links={names.map((name) => {
      const { count, text, url, tone } = describe(name);
      const card = [<strong>{count}</strong>, ` ${text}`];
      return [card, url, name === chosen, count !== 0 && count !== '0' && tone ? `card ${tone}` : 'card'];
    })}
  />
);

/** Links between the pages of a list; nothing on its only page. */
export function Paging({ links }: { links: [text: string, url: string | null | undefined | false][] }) {
  const shown = links.flatMap(([text, url]): [string, string, boolean][] => (url ? [[text, url, false]] : []));
  return shown.length === 0 ? null : <Choices label="Pages" style="paging row" links={shown} />;
}

/** Sentences as a list, such as the reasons of a decision. */
export const Lines = ({ lines, muted = false }: { lines: Child[]; muted?: boolean }) => (
  <ul class={muted ? 'why muted' : 'why'}>
    {lines.map((line) => (
      <li>{line}</li>
    ))}
  </ul>
);

/** A text that a person wrote, in the direction of its language. */
export const Words = ({ text }: { text: string }) => (
  <p class="words" dir="auto">
    {text}
  </p>
);

/** A short state with a colour. The text alone says everything. */
export const Pill = ({ tone, children }: { tone: Tone; children: Child }) => (
  <span class={`pill ${tone}`}>{children}</span>
);

export const SeverityPill = ({ severity }: { severity: string }) => (
  <Pill tone={chooseSeverityTone(severity)}>{readable(severity)}</Pill>
);

export function LoopPill({ loop, action }: { loop: Loop; action?: CaseJson['action'] }) {
  const { tone, text } = describeLoopState(loop, action);
  return <Pill tone={tone}>{text}</Pill>;
}

type MomentProps = { at: string; visit: Visit; ago?: boolean };

/** An instant on the workspace's wall clock. */
export const Moment = ({ at, visit, ago = false }: MomentProps) => (
  <>
    <time datetime={at}>{formatInstant(Date.parse(at), visit.timeZone, visit.now)}</time>
    {ago && <span class="muted"> ({formatAge(at, visit.now)})</span>}
  </>
);

export const MutedMoment = (props: MomentProps) => (
  <span class="muted">
    <Moment {...props} />
  </span>
);

/** Who did something, and when. */
export const Signed = ({ visit, who, at, prefix }: { visit: Visit; who: string; at: string; prefix?: string }) => (
  <p class="muted">
    {prefix && `${prefix} `}
    <bdi>{nameOf(visit, who)}</bdi>, <Moment at={at} visit={visit} />
  </p>
);

/** Time left until the due time; an overdue one stands out. */
export function TimeUntilDue({ one, now }: { one: CaseJson; now: number }) {
  const text = formatDueTime(one.dueAt, now);
  return isOverdue(one, now) ? <Pill tone="bad">{text}</Pill> : <strong>{text}</strong>;
}

/** What waits for the rate limits of trackers, and until about when. */
export const Backlogs = ({ visit, states }: { visit: Visit; states: TrackerState[] }) => (
  <>
    {states.map(
      ({ tracker, title, waitingCases, throughAt }) =>
        throughAt && (
          <p class="notice">
            {waitingCases > 0 ? `${waitingCases} cases wait for their issue` : 'Changes of issues wait'} in {title} (
            {tracker}), which takes only so many calls a minute. All are through by about{' '}
            <Moment at={throughAt} visit={visit} />.
          </p>
        ),
    )}
  </>
);

/** A link out of Caselite, or only its text for an unsafe address. */
export function ExternalLink({ url, children }: { url: string | null; children: Child }) {
  const address = toSafeWebAddress(url);
  if (!address) return <span>{children}</span>;
  return (
    <a class="outside" href={address} rel="noreferrer">
      {children}
    </a>
  );
}

type CaseLinkProps = { visit: Visit; to: { id: string; handle: string; template: string; theme?: string | null } };

export const CaseLink = ({ visit, to: { id, handle, template, theme } }: CaseLinkProps) => (
  <a href={`/w/${visit.workspace}/cases/${id}`}>
    {handle} {nameOfTemplate(visit, template)}
    {theme && `: ${theme}`}
  </a>
);

export const Fact = ({ name, children }: { name: string; children: Child }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

/** A fact in the words of a customer or a tracker; nothing where it is not known. */
export const TextFact = ({ name, text }: { name: string; text: string | null }) =>
  text && (
    <Fact name={name}>
      <bdi>{text}</bdi>
    </Fact>
  );

interface TableProps {
  name: string;
  columns: (string | { title: string; class: string })[];
  style: 'figures-table' | 'people-table';
  rows: Child[][];
  /** Position of the cell that names its row. */
  head?: number;
  empty?: string;
}

/** A table. In a narrow place, figures scroll sideways and rows of people become cards. */
export function Table({ name, columns, style, rows, head = 0, empty }: TableProps) {
  if (empty !== undefined && rows.length === 0) return <p class="muted">{empty}</p>;
  const named = columns.map((column) => (typeof column === 'string' ? { title: column, class: undefined } : column));
  return (
    <section class="scroll" aria-label={name} tabindex={0}>
      <table class={style}>
        <thead>
          <tr>
            {named.map((column) => (
              <th scope="col" class={column.class}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr>
              {cells.map((cell, index) =>
                index === head ? (
                  <th scope="row">{cell}</th>
                ) : (
                  <td class={named[index]?.class} data-label={named[index]?.title}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
