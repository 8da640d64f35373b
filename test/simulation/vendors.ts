import type { Admin } from '#adapters/emulators/admin.ts';
import type { LimitedHost, LimitRecord } from '#adapters/emulators/host-limits.ts';
import type { TrackerUser } from '#adapters/emulators/tracker-user.ts';
import type { AcceptedMail } from '#adapters/mail/resend/emulator/mail-host.ts';
import type { Sql } from '#domain/base/ports.ts';
import type { WantedHook } from '#domain/integrations/hook-registrar.ts';
import type { Integrations } from '#domain/integrations/integrations.ts';
import type { Settings } from '#domain/templates/template.ts';
import type { SurveyTool, ToolOptions } from '#test/emulators/survey-tool.ts';
import type { TrackerName } from '#test/harness/emulated-hosts.ts';
import type { Chance } from './chance.ts';
import type { PostedEvent, PostedPack } from './event-invariants.ts';
import type { FaultRates, Life, Tally } from './faults.ts';
import type { Turns } from './turns.ts';

/** The kinds of set-up by which a tracker refuses what we write, and another name of its place. */
export type SetUpKind = 'required field' | 'off screen' | 'archived' | 'no permission' | 'renamed';

/** What the admin of a tracker may change and take back. */
export type SetUpChanges = Partial<Record<SetUpKind, { begin(chance: Chance): void; end(): void }>>;

/** A signed message; a forged one is signed with another secret. */
interface Signed {
  body: Uint8Array;
  id: string;
  isForged?: boolean;
}

type Headers = Record<string, string>;

/** Headers with the proof of each sender of messages. */
export interface Signatures {
  response(message: Signed): Promise<Headers>;
  alert(message: Signed): Promise<Headers>;
  event(message: Signed): Promise<Headers>;
  mailEvent(message: Signed): Promise<Headers>;
  hint(message: Signed): Promise<Headers>;
}

/** Everything around one workspace: its trackers, mail provider and survey tool, and the calls to them. */
export interface Vendors {
  mail: { accepted: AcceptedMail[] };
  tool: SurveyTool;
  trackerUser: Record<TrackerName, TrackerUser>;
  admins: Record<TrackerName, Admin>;
  /** Changes to the trackers' set-up by which they refuse what we write. */
  setUps: Record<TrackerName, SetUpChanges>;
  /** Makes a tracker accept another token than ours, or ours again. */
  accept: Record<TrackerName, (token: string | null) => void>;
  /** The trackers' own limits. */
  limits: Record<LimitedHost, { record: LimitRecord; forget(): void }>;
  /** Deviations from a vendor's API description or rules. */
  offSpec: string[];
  /** Events of cases that the receiver took, in order. */
  events: PostedEvent[];
  /** Huddle packs that the receiver took. */
  packs: PostedPack[];
  /** Webhooks that report to us, by vendor: those that it has, and a person who removes the newest or switches it off. */
  registered: Record<'product' | 'tool', { list(): (WantedHook & { isOn: boolean })[]; lose(removes: boolean): void }>;
  /** Everything stored in the trackers, as text; personal data must never appear in it. */
  trackerStates(): string;
  signatures: Signatures;
  /** The integrations of one life of the process. */
  integrations(life: Life): Integrations;
}

/** The part of a run that its vendors may use. */
export interface VendorContext {
  chance: Chance;
  settings: Settings;
  /** A mail provider without idempotency keys, like SMTP: every send is a mail. */
  keylessMail: boolean;
  /** Time after a mail in which an answer is to be checked; 0 where nobody checks mail. */
  answerSettleMs: number;
  /** The store without faults. */
  sql: Sql;
  tally: Tally;
  turns: Turns;
  now(): number;
  rates(): FaultRates;
  /** Stores all writes so far, as the platform does before a request leaves. */
  commit(): void;
  /** Moves the clock during a call. */
  advance(ms: number): void;
  /** A vendor receives a request later, when the caller no longer waits for an answer. */
  later(ms: number, work: () => Promise<void>): void;
  /** Called with every request that is sent. */
  sends(request: Request): void;
  /** Delivers to the workspace; false for a delivery without acknowledgement. */
  deliver: ToolOptions['deliver'];
}
