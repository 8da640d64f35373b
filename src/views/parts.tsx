import type { Child } from 'hono/jsx';
import type { Loop } from '#domain/cases/case-record.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import { formatAge, formatDueTime, formatInstant } from '#domain/time/time-text.ts';
import * as display from './case-display.ts';
import { nameOf, nameOfTemplate, type TrackerState, useVisit } from './visit.ts';

type SectionProps = { id: string; title: string; count?: number; tight?: boolean; children: Child };

export const Section = ({ id, title, count, tight = false, children }: SectionProps) => (
  <section class={tight ? 'card stack tight' : 'card stack'} aria-labelledby={id}>
    <h2 id={id}>
      {title}
      {count !== undefined && <span class="muted"> {count}</span>}
    </h2>
    {children}
  </section>
);

/** Takes the focus of a page that a form led to, so that its news is read first. */
export const focused = { tabindex: -1, autofocus: true };

type NoticeProps = { tone?: display.Tone; isNews?: boolean; children: Child };

/** What stands out on a page. */
export const Notice = ({ tone, isNews = false, children }: NoticeProps) => (
  <div
    class={`notice ${tone ?? ''}`}
    role={tone === 'bad' ? 'alert' : isNews ? 'status' : 'note'}
    {...(isNews && focused)}
  >
    {children}
  </div>
);

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

type CasePartsProps<One> = { cases: One[]; empty: string; more?: (one: One) => Child };

/** Cases with their loops, or a sentence where there are none. */
export const CaseParts = <One extends LinkedCase & LoopProps>({ cases, empty, more }: CasePartsProps<One>) => (
  <Parts
    empty={empty}
    parts={cases.map((one) => (
      <li class="row">
        <CaseLink to={one} /> <LoopPill {...one} /> {more?.(one)}
      </li>
    ))}
  />
);

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
export const Pill = ({ tone, children }: { tone: display.Tone; children: Child }) => (
  <span class={`pill ${tone}`}>{children}</span>
);

export const TierPill = ({ tier }: { tier: string | null }) =>
  tier && <Pill tone="quiet">{display.readable(tier)}</Pill>;

/** A line in the words of others. */
export const MutedLine = ({ text }: { text: string }) => (
  <div class="muted" dir="auto">
    {text}
  </div>
);

export const SeverityPill = ({ severity }: { severity: string }) => (
  <Pill tone={display.chooseSeverityTone(severity)}>{display.readable(severity)}</Pill>
);

type LoopProps = { loop: Loop; action?: CaseJson['action'] };

export function LoopPill({ loop, action }: LoopProps) {
  const { tone, text } = display.describeLoopState(loop, action);
  return <Pill tone={tone}>{text}</Pill>;
}

type MomentProps = { at: string; ago?: boolean };

/** An instant on the workspace's wall clock. */
export function Moment({ at, ago = false }: MomentProps) {
  const { timeZone, now } = useVisit();
  return (
    <>
      <time datetime={at}>{formatInstant(Date.parse(at), timeZone, now)}</time>
      {ago && <span class="muted"> ({formatAge(at, now)})</span>}
    </>
  );
}

export const MutedMoment = (props: MomentProps) => (
  <span class="muted">
    <Moment {...props} />
  </span>
);

export const Person = ({ who }: { who: string | null }) => <bdi>{nameOf(useVisit(), who ?? '')}</bdi>;

/** Who did something, and when. */
export const Signed = ({ who, at, prefix }: { who: string; at: string; prefix?: string }) => (
  <p class="muted">
    {prefix && `${prefix} `}
    <Person who={who} />, <Moment at={at} />
  </p>
);

/** Time left until the due time; an overdue one stands out. */
export function TimeUntilDue({ dueAt, overdue }: Pick<CaseJson, 'dueAt' | 'overdue'>) {
  const text = formatDueTime(dueAt, useVisit().now);
  return overdue ? <Pill tone="bad">{text}</Pill> : <span>{text}</span>;
}

/** What waits for the rate limits of trackers, and until about when. */
export const Backlogs = ({ states }: { states: TrackerState[] }) => (
  <>
    {states.map(
      ({ tracker, title, waitingCases, throughAt }) =>
        throughAt && (
          <p class="notice">
            {waitingCases > 0 ? `${waitingCases} cases wait for their issue` : 'Changes of issues wait'} in {title} (
            {tracker}), which takes only so many calls a minute. All are through by about <Moment at={throughAt} />.
          </p>
        ),
    )}
  </>
);

export const Link = ({ to, children }: { to: string; children: Child }) => (
  <a href={`/w/${useVisit().workspace}/${to}`}>{children}</a>
);

type LinkedCustomer = { customer: string; name: string | null; page: number | null };

/** A customer by name or key, with their page where there is one. */
export function CustomerLink({ customer, name, page }: LinkedCustomer) {
  const shown = <bdi>{name ?? customer}</bdi>;
  return page === null ? shown : <Link to={`customers/${page}`}>{shown}</Link>;
}

/** A link out of Caselite, or only its text for an unsafe address. */
export function ExternalLink({ url, children }: { url: string | null; children: Child }) {
  const address = display.toSafeWebAddress(url);
  if (!address) return <span>{children}</span>;
  return (
    <a class="outside" href={address} rel="noreferrer">
      {children}
    </a>
  );
}

type LinkedCase = { id: string; handle: string; template: string; theme?: string | null };

export const CaseLink = ({ to: { id, handle, template, theme } }: { to: LinkedCase }) => (
  <Link to={`cases/${id}`}>
    {handle} {nameOfTemplate(useVisit(), template)}
    {theme && `: ${theme}`}
  </Link>
);

/** Facts by name; those that are not known are left out. */
export const Facts = ({ facts, tight = false }: { facts: [name: string, value: Child][]; tight?: boolean }) => (
  <dl class={tight ? 'stack tight' : 'stack'}>
    {facts
      .filter(([, value]) => value !== null && value !== undefined && value !== false && value !== '')
      .map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{typeof value === 'string' ? <bdi>{value}</bdi> : value}</dd>
        </div>
      ))}
  </dl>
);
