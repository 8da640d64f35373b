import { parseArgs } from 'node:util';
import { command, connect, connectOptions } from './connect.ts';
import { writeWorkspaceFiles } from './workspace-files.ts';

const use = 'Use: npm run pull -- FOLDER [--data DIR | --url URL --token-variable NAME --workspace NAME] [--version N]';

await command(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { ...connectOptions, version: { type: 'string' } },
  });
  const [folder] = positionals;
  if (!folder) throw new Error(use);
  if (values.version && !/^\d+$/.test(values.version))
    throw new Error(`--version must be a number, not ${values.version}.`);
  const client = connect(values);
  const { version, files } = values.version ? await client.settingsAt(Number(values.version)) : await client.pull();
  const path = writeWorkspaceFiles(folder, { workspace: client.workspace, version }, files);
  console.log(`Version ${version}: ${files.length} files, of which ${path} is the workspace file.`);
  return 0;
});
