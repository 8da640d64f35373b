import { parseArgs } from 'node:util';
import { InvalidInputError } from '#domain/base/errors.ts';
import { command } from './connect.ts';
import { readWorkspaceFiles } from './workspace-files.ts';

/* Checks a workspace file with all its files, without any network. Exits with 1 for a problem. */
await command(() => {
  const { positionals } = parseArgs({ allowPositionals: true, options: {} });
  if (positionals.length === 0) throw new Error('Use: npm run validate -- FILE …');
  const bad = positionals.filter((path) => !isValidWorkspaceFile(path));
  return bad.length > 0 ? 1 : 0;
});

function isValidWorkspaceFile(path: string): boolean {
  try {
    const { workspace, files } = readWorkspaceFiles(path);
    const { templates } = workspace;
    console.log(
      `${path}: workspace ${workspace.workspace} is sound, with ${Object.keys(templates).length} templates of ${files.length} files.`,
    );
    return true;
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    console.error(`${path}:\n${error.message.replace(/^/gm, '  ')}`);
    return false;
  }
}
