import { parseArgs } from 'node:util';
import { diffSettings, formatDiffLines } from '../workspace/settings/settings-diff.ts';
import { command, connect, connectOptions } from './connect.ts';
import { readWorkspaceFiles } from './workspace-files.ts';

const use = 'Use: npm run diff -- FILE [--data DIR | --url URL --token-variable NAME]';

await command(async () => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: connectOptions });
  const [path] = positionals;
  if (!path) throw new Error(use);
  const { files, workspace } = readWorkspaceFiles(path);
  const client = connect({ ...values, workspace: values.workspace ?? workspace.workspace });
  const { version, files: kept } = await client.pull();
  const lines = formatDiffLines(diffSettings(kept, files));
  if (lines.length === 0) console.log(`The same as version ${version}.`);
  else console.log([`Different from version ${version}:`, ...lines].join('\n'));
  return lines.length === 0 ? 0 : 1;
});
