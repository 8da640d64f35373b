import type { Child } from 'hono/jsx';
import type { CaseJson } from '#domain/json/case-json.ts';
import { isOverdue, readable, severityTone, type Tone, webAddress } from './case-facts.ts';
import { agoText, dueText, instantText } from './time-text.ts';
import type { Visit } from './visit.ts';

/** A short state with a colour. The text alone says everything. */
export function Pill({ tone, children }: { tone: Tone; children: Child }) {
  return <span class={`pill ${tone}`}>{children}</span>;
}

export const SeverityPill = ({ severity }: { severity: string }) => (
  <Pill tone={severityTone(severity)}>{readable(severity)}</Pill>
);

interface MomentProps {
  at: string;
  visit: Visit;
  ago?: boolean;
  short?: boolean;
}

/** An instant on the workspace's wall clock. */
export function Moment({ at, visit, ago = false, short = false }: MomentProps) {
  return (
    <>
      <time datetime={at}>{instantText(at, visit.timeZone, !short)}</time>
      {ago && <span class="muted"> ({agoText(at, visit.now)})</span>}
    </>
  );
}

/** Time left until the due time; an overdue one stands out. */
export function DueHint({ one, now }: { one: CaseJson; now: number }) {
  const text = dueText(one.dueAt, now);
  return isOverdue(one, now) ? <Pill tone="bad">{text}</Pill> : <strong>{text}</strong>;
}

/** A link out of Caselite, or only its text for an unsafe address. */
export function ExternalLink({ url, children }: { url: string | null; children: Child }) {
  const address = webAddress(url);
  if (!address) return <span>{children}</span>;
  return (
    <a class="outside" href={address} rel="noreferrer">
      {children}
    </a>
  );
}

export function Fact({ name, children }: { name: string; children: Child }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
