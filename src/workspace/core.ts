import type { Clock, Durability, Keyring, Log, Random, Sql } from '#domain/base/ports.ts';
import type { Integrations } from '#domain/integrations/index.ts';
import type { Settings } from '#domain/templates/template.ts';

export * from '#domain/base/errors.ts';
export * from '#domain/base/key.ts';
export * from '#domain/base/mail-address.ts';
export * from '#domain/base/nearest.ts';
export type * from '#domain/base/page.ts';
export type * from '#domain/base/ports.ts';
export * from '#domain/cases/case-record.ts';
export * as casework from '#domain/cases/index.ts';
export * as port from '#domain/integrations/index.ts';
export * as json from '#domain/json/index.ts';
export * as reports from '#domain/reports/index.ts';
export * as feedback from '#domain/responses/index.ts';
export * from '#domain/settings/attributes.ts';
export * from '#domain/settings/gate.ts';
export * from '#domain/settings/notice-event.ts';
export * from '#domain/settings/workspace-checks.ts';
export * from '#domain/settings/workspace-file.ts';
export * as templating from '#domain/templates/index.ts';
export * from '#domain/templates/template.ts';
export * as fixed from '#domain/text/fixed-texts.ts';
export * from '#domain/text/safe-text.ts';
export * as timing from '#domain/time/index.ts';
export * from '#domain/time/quiet-hours.ts';
export * from '#domain/time/units.ts';

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
