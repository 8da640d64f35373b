import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { hourMs } from '#domain/time/units.ts';
import { projectRoot } from './workspace-files.ts';

const dist = join(projectRoot, 'dist');

/**
 * Path of the worker's main module, built for a new source only; in `folder` if the checkout can't be written to. The
 * modules beside it are loaded when they are first needed, such as the SDK of a tracker.
 */
export async function buildWorker(folder: string): Promise<string> {
  const hash = hashSource();
  const folders = [dist, folder];
  const known = folders.map((place) => bundlePath(place, hash)).find(fs.existsSync);
  if (known) return known;
  const path = bundlePath(isWritable(projectRoot) ? dist : folder, hash);
  const modules = dirname(path);
  const unfinished = `${modules}.${process.pid}`;
  await build({
    entryPoints: [join(projectRoot, 'src', 'worker.ts')],
    absWorkingDir: projectRoot,
    bundle: true,
    splitting: true,
    outdir: unfinished,
    outExtension: { '.js': '.mjs' },
    // A host may refuse a module without a byte.
    banner: { js: '/* Caselite */' },
    minify: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    mainFields: ['workerd', 'browser', 'module', 'main'],
    loader: { '.sql': 'text', '.css': 'text' },
    external: ['node:*', 'cloudflare:*'],
    // A library asks for its own address, which the bundle does not have.
    define: { 'import.meta.url': JSON.stringify('file:///worker.js') },
    plugins: [nodeBuiltins, englishMessages, ...(await loadPlugins())],
    logLevel: 'error',
  });
  try {
    // Renaming keeps a second start from reading half a bundle. Of two builds at once, the first stays.
    fs.renameSync(unfinished, modules);
  } catch (error) {
    fs.rmSync(unfinished, { recursive: true, force: true });
    if (!fs.existsSync(path)) throw error;
  }
  for (const name of fs.readdirSync(dirname(modules)))
    if (/^worker-[0-9a-f]{16}/.test(name) && name !== basename(modules)) remove(join(dirname(modules), name));
  return path;
}

/** Removes an old bundle, or what a build that was killed left; two starts may do so at once. */
function remove(path: string): void {
  const isUnfinished = /\.\d+$/.test(path);
  const doomed = isUnfinished ? path : `${path}.${process.pid}`;
  try {
    if (isUnfinished && fs.statSync(path).mtimeMs > Date.now() - hourMs) return;
    // Half a bundle must not stand where a start looks for a whole one.
    if (!isUnfinished) fs.renameSync(path, doomed);
    fs.rmSync(doomed, { recursive: true, force: true });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

const bundlePath = (folder: string, hash: string): string => join(folder, `worker-${hash}`, 'worker.mjs');

function isWritable(folder: string): boolean {
  try {
    fs.accessSync(folder, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
function hashSource(): string {
  const hash = createHash('sha256');
  const sources = ['src', 'adapters'].flatMap((folder) =>
    fs
      .readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((path) => /\.(tsx?|sql|css|json)$/.test(path) && !/^src.cli.|.emulators?[/.]/.test(path)),
  );
  for (const path of [...sources.sort(), 'src/cli/build.ts', 'package-lock.json', 'tsconfig.json'])
    hash
      .update(`${path}\0`)
      .update(fs.readFileSync(join(projectRoot, path)))
      .update('\0');
  return hash.digest('hex').slice(0, 16);
}

const loadPlugins = (): Promise<Plugin[]> =>
  Promise.all(
    fs
      .globSync(join(projectRoot, 'adapters', '**', 'bundle-plugin.ts'))
      .map(async (path) => (await import(path)).default),
  );

/** Of zod's messages in 50 languages the English ones, which are shown; the others are a tenth of the bundle. */
const englishMessages: Plugin = {
  name: 'english-messages',
  setup({ onLoad }) {
    const contents = "export { default as en } from './en.js';";
    onLoad({ filter: /zod.v4.locales.index\.js$/ }, () => ({ contents }));
  },
};

/** Modules of Node that libraries require without `node:`; a module can't require at run time, so each is imported. */
const nodeBuiltins: Plugin = {
  name: 'node-builtins',
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(?:node:)?(?:${builtinModules.join('|')})$`);
    onResolve({ filter }, ({ path, kind }) => {
      const name = path.replace(/^(?:node:)?/, 'node:');
      return kind === 'require-call' ? { path: name, namespace: 'required-builtin' } : { path: name, external: true };
    });
    onLoad({ filter: /.*/, namespace: 'required-builtin' }, ({ path }) => ({
      contents: `import builtin from '${path}'; module.exports = builtin;`,
      loader: 'js',
    }));
  },
};
