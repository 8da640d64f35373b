import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWorker } from './build.ts';
import { runCommand } from './connect.ts';
import { projectRoot } from './workspace-files.ts';

/* Deploys to Cloudflare by wrangler. A forgotten public address would lead every link of mails and issues nowhere. */
await runCommand(async () => {
  const options = process.argv.slice(2);
  const address = options.map((option) => /^PUBLIC_URL:(.*)$/.exec(option)?.[1]).find((value) => value !== undefined);
  if (!options.includes('--dry-run') && !isPublicAddress(address ?? ''))
    throw new Error(
      `${address ? `${address} is no public address with https` : 'The public address is missing'}. Use: npm run deploy -- --var PUBLIC_URL:https://caselite.YOUR-NAME.workers.dev`,
    );
  const wrangler = join(createRequire(import.meta.url).resolve('wrangler/package.json'), '..', 'bin', 'wrangler.js');
  const { status } = spawnSync(
    process.execPath,
    [wrangler, 'deploy', await buildWorker(tmpdir()), '--no-bundle', ...options],
    {
      cwd: projectRoot,
      stdio: 'inherit',
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false' },
    },
  );
  return status ?? 1;
});

function isPublicAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' && hostname.includes('.') && !/^127\.|\.localhost$/.test(hostname);
}
