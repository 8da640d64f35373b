import { diffSettings, formatDiffLines } from '../workspace/settings/settings-diff.ts';
import { type ConnectOptions, connect } from './connect.ts';
import { readWorkspaceFiles } from './workspace-files.ts';

export async function diff(path: string, options: ConnectOptions): Promise<number> {
  const { files, workspace } = readWorkspaceFiles(path);
  const client = connect({ ...options, workspace: options.workspace ?? workspace.workspace });
  const { version, files: kept } = await client.call('GET settings', {});
  const lines = formatDiffLines(diffSettings(kept, files));
  if (lines.length === 0) console.log(`The same as version ${version}.`);
  else console.log([`Different from version ${version}:`, ...lines].join('\n'));
  return lines.length === 0 ? 0 : 1;
}
