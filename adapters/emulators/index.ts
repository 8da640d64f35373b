import { resendEmulator } from '../mail/resend/emulator/definition.ts';
import { githubEmulator } from '../trackers/github/emulator/definition.ts';
import { jiraEmulator } from '../trackers/jira/emulator/definition.ts';
import { linearEmulator } from '../trackers/linear/emulator/definition.ts';
import type { MailEmulator, TrackerEmulator } from './emulator.ts';

/** Emulators of a local start. No worker holds them: they are loaded when a start asks for them. */
export const trackerEmulators: TrackerEmulator[] = [githubEmulator, jiraEmulator, linearEmulator];
export const mailEmulator: MailEmulator = resendEmulator;
