import { userInfo } from 'node:os';
import { type ConnectOptions, connect } from './connect.ts';
import { readPulledVersion, readWorkspaceFiles, writePulledVersion } from './workspace-files.ts';

interface PushOptions {
  author?: string | undefined;
  /** Each as `sam=dana`: the person who leaves, and who takes over. */
  successor?: string[] | undefined;
}

const readSuccessors = (pairs: string[] = []) => Object.fromEntries(pairs.map((pair) => pair.split('=', 2)));

export async function push(path: string, options: ConnectOptions & PushOptions): Promise<number> {
  const { files, workspace } = readWorkspaceFiles(path);
  const client = connect({ ...options, workspace: options.workspace ?? workspace.workspace });
  const base = readPulledVersion(path, workspace.workspace);
  const { version, changed, warnings } = await client.call(
    'PUT settings',
    {},
    {
      files,
      base,
      successors: readSuccessors(options.successor),
      author: options.author ?? (client.isNamedToken ? undefined : userInfo().username),
    },
  );
  if (base !== null) writePulledVersion(path, { workspace: workspace.workspace, version });
  console.log(changed ? `Version ${version} holds now.` : `Nothing changed: version ${version} holds.`);
  for (const warning of warnings) console.log(`Note: ${warning}.`);
  return 0;
}
