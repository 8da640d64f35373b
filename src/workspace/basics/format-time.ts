import { formatInstant } from '#domain/time/time-text.ts';
import type { Core } from '../core.ts';

/** An instant on the workspace's wall clock, for mails, issues and the timeline. */
export const formatTime = (core: Core, at: number): string =>
  formatInstant(at, core.settings.workspace['time-zone'], core.clock.now());
