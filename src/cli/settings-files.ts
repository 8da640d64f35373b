import { userInfo } from 'node:os';
import { InvalidInputError } from '#domain/base/errors.ts';
import { describeDoubts } from '../workspace/settings/describe-doubts.ts';
import { diffSettings, formatDiffLines } from '../workspace/settings/settings-diff.ts';
import { type ConnectOptions, connect, findDataFolder } from './connect.ts';
import { rememberPush } from './data-folder.ts';
import { readPulledVersion, readWorkspaceFiles, writePulledVersion, writeWorkspaceFiles } from './workspace-files.ts';

export async function push(path: string, options: ConnectOptions & { author?: string | undefined }): Promise<number> {
  const { files, workspace } = readWorkspaceFiles(path);
  const client = connect({ ...options, workspace: options.workspace ?? workspace.workspace });
  const base = readPulledVersion(path, workspace.workspace);
  const author = options.author ?? (client.token.startsWith('cl_') ? undefined : userInfo().username);
  const { version, changed, warnings } = await client.call('PUT settings', {}, { files, base, author });
  if (base !== null) writePulledVersion(path, { workspace: workspace.workspace, version });
  if (!options.url) rememberPush(findDataFolder(options.data), workspace.workspace, files, version);
  console.log(changed ? `Version ${version} holds now.` : `Nothing changed: version ${version} holds.`);
  for (const warning of warnings) console.log(`Note: ${warning}.`);
  return 0;
}

export async function pull(folder: string, options: ConnectOptions & { version?: number | undefined }) {
  const client = connect(options);
  const { version, files } = options.version
    ? await client.call('GET settings/versions/:version', { version: String(options.version) })
    : await client.call('GET settings', {});
  const path = writeWorkspaceFiles(folder, { workspace: client.workspace, version }, files);
  console.log(`Version ${version}: ${files.length} files, of which ${path} is the workspace file.`);
  return 0;
}

export async function diff(path: string, options: ConnectOptions): Promise<number> {
  const { files, workspace } = readWorkspaceFiles(path);
  const client = connect({ ...options, workspace: options.workspace ?? workspace.workspace });
  const { version, files: kept } = await client.call('GET settings', {});
  const lines = formatDiffLines(diffSettings(kept, files));
  if (lines.length === 0) console.log(`The same as version ${version}.`);
  else console.log([`Different from version ${version}:`, ...lines].join('\n'));
  return lines.length === 0 ? 0 : 1;
}

/** Checks workspace files with all that they name. @returns 1 for a problem */
export function validate(paths: string[]): number {
  return paths.filter((path) => !isValidWorkspaceFile(path)).length > 0 ? 1 : 0;
}

function isValidWorkspaceFile(path: string): boolean {
  try {
    const settings = readWorkspaceFiles(path);
    const { workspace, templates } = settings.workspace;
    console.log(
      `${path}: workspace ${workspace} is sound; case templates in use: ${Object.keys(templates).join(', ')}.`,
    );
    for (const note of describeDoubts(settings, null)) console.log(`${path}: ${note}.`);
    return true;
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    console.error(`${path}:\n${error.message.replace(/^/gm, '  ')}`);
    return false;
  }
}
