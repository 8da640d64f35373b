import { AppError } from '#domain/base/errors.ts';
import { refuseField } from '../basics/case-operation.ts';
import type { CorePorts } from '../core.ts';
import { findLatestSettingsVersion, findSettingsVersion } from '../store/settings.ts';
import type { Push } from './push-settings.ts';
import { renameQuestionInWorkspaceFile } from './read-yaml.ts';

export interface RenamedQuestion {
  source: string;
  alias: string;
  /** Name or id of the question that the alias names from now on. */
  question: string;
  /** Version of the settings that the person saw; null for the newest. */
  base: number | null;
  who: string;
}

/**
 * The settings with an alias that names another question. Settings that changed meanwhile refuse it with the difference,
 * as they refuse any push.
 */
export function draftRenamedQuestion(core: CorePorts, { base, who, ...renamed }: RenamedQuestion): Push {
  const seen = base === null ? findLatestSettingsVersion(core.sql) : findSettingsVersion(core.sql, base);
  if (!seen) throw new AppError('not-found', 'There is no such version of the settings.');
  if (renamed.question.trim() === '') refuseField('question', 'is empty; name the question that replaces the old one');
  return { files: renameQuestionInWorkspaceFile(seen.files, renamed), base: seen.version, author: who };
}
