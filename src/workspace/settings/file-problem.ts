import type { Problem } from '#domain/base/errors.ts';
import type { SettingsFile } from '#domain/templates/settings.ts';

/** What is wrong in a file of settings: where, and how to mend it. */
export interface Complaint {
  file: SettingsFile;
  path: PropertyKey[];
  message: string;
  line?: number;
}

/** Tells of something wrong at a place of a file. */
export type Complain = (file: SettingsFile, path: PropertyKey[], message: string) => void;

/** `acme: teams.support.fallback`, with the line. */
export const problemOf = ({ file, path, line, message }: Complaint): Problem => ({
  field: [file.name, path.join('.')].filter(Boolean).join(': '),
  message,
  ...(line === undefined ? {} : { line }),
});
