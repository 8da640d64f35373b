import { type ConnectOptions, connect } from './connect.ts';
import { writeWorkspaceFiles } from './workspace-files.ts';

export async function pull(
  folder: string,
  options: ConnectOptions & { version?: number | undefined },
): Promise<number> {
  const client = connect(options);
  const { version, files } = options.version
    ? await client.call('GET settings/versions/:version', { version: String(options.version) })
    : await client.call('GET settings', {});
  const path = writeWorkspaceFiles(folder, { workspace: client.workspace, version }, files);
  console.log(`Version ${version}: ${files.length} files, of which ${path} is the workspace file.`);
  return 0;
}
