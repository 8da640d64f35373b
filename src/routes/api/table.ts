import { AppError } from '#domain/base/errors.ts';
import { caseEndpoints } from './cases.ts';
import type { Endpoint } from './endpoint.ts';
import { intakeEndpoints } from './intake.ts';
import { listEndpoints } from './lists.ts';
import { accessEndpoints, peopleEndpoints } from './people.ts';
import { backupEndpoints, settingsEndpoints } from './settings.ts';

export const endpoints = {
  ...caseEndpoints,
  ...listEndpoints,
  ...intakeEndpoints,
  ...peopleEndpoints,
  ...settingsEndpoints,
  ...accessEndpoints,
  ...backupEndpoints,
} satisfies Record<string, Endpoint>;

export type Address = keyof typeof endpoints;
export type Answered<Name extends Address> = (typeof endpoints)[Name] extends Endpoint<infer Answer> ? Answer : never;

export const refuseUnknownAddress = () => {
  throw new AppError('not-found', 'There is nothing at this address.');
};
