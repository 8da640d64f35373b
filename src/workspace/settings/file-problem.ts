import type { Problem } from '#domain/base/errors.ts';
import type { SettingsFile } from '#domain/templates/settings.ts';

/** A problem in a settings file: place, message and remedy. */
export interface Complaint {
  file: SettingsFile;
  path: PropertyKey[];
  message: string;
  line?: number;
}

export type Complain = (file: SettingsFile, path: PropertyKey[], message: string) => void;

/** `acme: teams.support.fallback`, with the line. */
export const toFileProblem = ({ file, path, line, message }: Complaint): Problem => ({
  field: [file.name, path.join('.')].filter(Boolean).join(': '),
  message,
  ...(line === undefined ? {} : { line }),
});
