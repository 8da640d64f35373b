import { InvalidInputError } from '#domain/base/errors.ts';
import { describeChangedLabels } from '../workspace/settings/changed-labels.ts';
import { readWorkspaceFiles } from './workspace-files.ts';

/** Checks workspace files with all that they name. @returns 1 for a problem */
export function validate(paths: string[]): number {
  const bad = paths.filter((path) => !isValidWorkspaceFile(path));
  return bad.length > 0 ? 1 : 0;
}

function isValidWorkspaceFile(path: string): boolean {
  try {
    const settings = readWorkspaceFiles(path);
    const { workspace, files } = settings;
    const { templates } = workspace;
    console.log(
      `${path}: workspace ${workspace.workspace} is sound, with ${Object.keys(templates).length} templates of ${files.length} files.`,
    );
    for (const note of describeChangedLabels(settings)) console.log(`${path}: ${note}.`);
    return true;
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    console.error(`${path}:\n${error.message.replace(/^/gm, '  ')}`);
    return false;
  }
}
