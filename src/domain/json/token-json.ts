import * as z from 'zod';

/** Uses of an API token. `act-as` lets a program name the person for whom it acts. */
export const TokenScope = z.enum(['read', 'act', 'settings', 'personal-data', 'act-as']);
export type TokenScope = z.output<typeof TokenScope>;
