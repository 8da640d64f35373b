import type { TrackerUser } from './tracker-user.ts';

/** A mail that an emulated provider took. */
export interface SeenMail {
  id: string;
  to: string[];
  from: string;
  replyTo: string | null;
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
  at: string;
}

/** The workspace that an emulator is made to fit, and the place where it runs. */
interface EmulatorOptions {
  host: string;
  port: number;
  /** Folder of the emulators' state, which outlives the process. */
  folder: string;
  /** Settings of the vendor's first entry in the workspace file; empty where it has none. */
  settings: Record<string, string | undefined>;
  /** People of the workspace who have an account there. */
  people: { account: string; name: string }[];
  /** Value of the secret that a setting names. */
  secret(name: string | undefined): string;
  /** Address of the page where a person acts on emulated issues. */
  deskUrl: string;
}

interface Running {
  /** Base address of the API, as the deployment's setting wants it. */
  address: string;
  close(): Promise<void>;
}

interface Emulator<Started> {
  /** Kind of the definition that it emulates. */
  kind: string;
  /** Port that is taken while it is free. */
  port: number;
  start(options: EmulatorOptions): Promise<Started>;
}

export type TrackerEmulator = Emulator<Running & { trackerUser: TrackerUser }>;
export type MailEmulator = Emulator<Running & { inboxUrl: string; inbox(): Promise<SeenMail[]> }>;
