import { userInfo } from 'node:os';
import { type ConnectOptions, connect } from './connect.ts';
import { readPulledVersion, readWorkspaceFiles, writePulledVersion } from './workspace-files.ts';

export async function push(path: string, options: ConnectOptions & { author?: string | undefined }): Promise<number> {
  const { files, workspace } = readWorkspaceFiles(path);
  const client = connect({ ...options, workspace: options.workspace ?? workspace.workspace });
  const base = readPulledVersion(path, workspace.workspace);
  const { version, changed, warnings } = await client.call(
    'PUT settings',
    {},
    { files, base, author: options.author ?? (client.isNamedToken ? undefined : userInfo().username) },
  );
  if (base !== null) writePulledVersion(path, { workspace: workspace.workspace, version });
  console.log(changed ? `Version ${version} holds now.` : `Nothing changed: version ${version} holds.`);
  for (const warning of warnings) console.log(`Note: ${warning}.`);
  return 0;
}
