import type { Clock, Keyring, Log, Random, Sql } from '#domain/base/ports.ts';
import type { Integrations } from '#domain/integrations/integrations.ts';
import type { Settings } from '#domain/templates/settings.ts';

/** What a workspace has before anybody set it up. */
export type CoreBase = Omit<Core, 'workspace' | 'log' | 'settings' | 'integrations'>;

/** What every operation of a workspace works with. */
export interface Core {
  workspace: string;
  /** Where people reach this deployment, without a slash at the end. */
  publicUrl: string;
  sql: Sql;
  clock: Clock;
  random: Random;
  keys: Keyring;
  log: Log;
  settings: Settings;
  integrations: Integrations;
}
