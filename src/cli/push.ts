import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { command, connect, connectOptions } from './connect.ts';
import { readPulledVersion, readWorkspaceFiles, writePulledVersion } from './workspace-files.ts';

const use = 'Use: npm run push -- FILE [--data DIR | --url URL --token-variable NAME] [--author NAME]';

await command(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { ...connectOptions, author: { type: 'string' } },
  });
  const [path] = positionals;
  if (!path) throw new Error(use);
  const { files, workspace } = readWorkspaceFiles(path);
  const client = connect({ ...values, workspace: values.workspace ?? workspace.workspace });
  const base = readPulledVersion(path, workspace.workspace);
  const { version, changed } = await client.push(files, base, values.author ?? userInfo().username);
  if (base !== null) writePulledVersion(path, { workspace: workspace.workspace, version });
  console.log(changed ? `Version ${version} holds now.` : `Nothing changed: version ${version} holds.`);
  return 0;
});
