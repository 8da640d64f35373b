import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const sdks: Record<string, string[]> = {
  github: ['@octokit'],
  jira: ['jira.js', 'marklassian'],
  linear: ['@linear'],
};
const settings: Record<string, object> = {
  github: { kind: 'github', repository: 'acme/product', token: 'GITHUB_TOKEN' },
  jira: { kind: 'jira', project: 'SUP', email: 'bot@acme.example', token: 'JIRA_TOKEN' },
  linear: { kind: 'linear', team: 'GRO', token: 'LINEAR_KEY' },
};

/** Modules that a fresh process loads for the registry and, optionally, one tracker. */
function loadedFor(kind: string | null): string[] {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = new Set();
    registerHooks({ load(url, context, next) { loaded.add(url); return next(url, context); } });
    const { registry } = await import('./adapters/index.ts');
    const kind = ${JSON.stringify(kind)};
    const definition = registry.trackers.find((one) => one.kind === kind);
    const deps = { fetch, baseUrl: 'https://tracker.test', retryMs: 0, secret: () => 'x' };
    if (definition) {
      await definition.create(definition.settings.parse(${JSON.stringify(settings[kind ?? ''] ?? {})}), deps);
    }
    console.log(JSON.stringify([...loaded].filter((url) => url.includes('node_modules'))));
  `;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
}

const usesOf = (loaded: string[], kind: string) =>
  loaded.filter((url) => sdks[kind]?.some((name) => url.includes(`/node_modules/${name}`)));

describe('a worker loads an SDK when it needs it', () => {
  it('none for the registry', () => {
    const loaded = loadedFor(null);
    expect(Object.keys(sdks).flatMap((kind) => usesOf(loaded, kind))).toEqual([]);
    expect(loaded.length).toBeGreaterThan(0);
  });

  it.each(Object.keys(sdks))('only its own for %s', (kind) => {
    const loaded = loadedFor(kind);
    expect(usesOf(loaded, kind).length).toBeGreaterThan(0);
    const others = Object.keys(sdks).filter((other) => other !== kind);
    expect(others.flatMap((other) => usesOf(loaded, other))).toEqual([]);
  });
});
