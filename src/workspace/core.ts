import type { Clock, Durability, Keyring, Log, Random, Sql } from '#domain/base/ports.ts';
import type { Integrations } from '#domain/integrations/integrations.ts';
import type { Settings } from '#domain/templates/template.ts';

export type CorePorts = Omit<Core, 'workspace' | 'log' | 'settings' | 'integrations'>;

export interface Core {
  workspace: string;
  publicUrl: string;
  sql: Sql;
  durability: Durability;
  giveWay(): Promise<void>;
  clock: Clock;
  random: Random;
  keys: Keyring;
  log: Log;
  settings: Settings;
  integrations: Integrations;
}
