import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isFunctionLikeDeclaration, type Node } from 'typescript/unstable/ast';
import { createVirtualFileSystem } from 'typescript/unstable/fs';
import { API } from 'typescript/unstable/sync';
import { describe, expect, it } from 'vitest';
import { registry, WorkspaceFileSchema } from '#src/wiring.ts';
import { readSettings } from '#src/workspace/settings/read-settings.ts';

/* The architecture's rules, checked against the source files. */

const root = new URL('../', import.meta.url).pathname;
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const tree = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .sort();
const sources = (folder: string) => tree(folder).filter((path) => /\.tsx?$/.test(path));

/** Imports of a file, static and dynamic; relative paths are resolved from the project's root. */
function imports(path: string): string[] {
  const matches = read(path).matchAll(/(?:\bfrom |^import |\bimport\()\s*'([^']+)'/gm);
  return [...matches].map(([, name = '']) => (name.startsWith('.') ? join(dirname(path), name) : name));
}

/** Source without comments: code and texts. */
const code = (path: string) => read(path).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

/** One line per import that `allowed` rejects. */
const strangers = (paths: string[], allowed: (name: string, path: string) => boolean) =>
  paths.flatMap((path) =>
    imports(path)
      .filter((name) => !allowed(name, path))
      .map((name) => `${path} imports ${name}`),
  );

const domain = sources('src/domain');
const workspace = sources('src/workspace');
const isEmulator = (path: string) => /\/emulators?[/.]/.test(path);
const adapters = sources('adapters').filter((path) => !isEmulator(path));
const emulators = sources('adapters').filter(isEmulator);
const entries = ['src/workspace/workspace.ts', 'src/workspace/directory.ts'];

describe('imports', () => {
  it('of the domain are its own, zod, Temporal, RE2 and Papa Parse', () => {
    const own = (name: string) => name.startsWith('src/domain/') || name.startsWith('#domain/');
    expect(
      strangers(domain, (name) => own(name) || ['zod', 'temporal-polyfill', 're2js', 'papaparse'].includes(name)),
    ).toEqual([]);
  });

  it('of the workspace know no routes, pages or vendors', () => {
    const doors = [
      'src/wiring.ts',
      'src/object-ports.ts',
      'src/log.ts',
      'src/deployment.ts',
      'src/objects.ts',
      'src/objects.ts',
      'cloudflare:workers',
    ];
    const allowed = (name: string, path: string) =>
      name.startsWith('#domain/') ||
      name.startsWith('src/workspace/') ||
      ['zod', 'yaml', 'liquidjs', 'stopword'].includes(name) ||
      (entries.includes(path) && doors.includes(name));
    expect(strangers(workspace, allowed)).toEqual([]);
  });

  it('of an adapter are its SDK, the domain, what all adapters share, and its own files', () => {
    // `adapters/trackers/github` of everything in that folder.
    const vendor = (path: string) =>
      path
        .replace(/\.tsx?$/, '')
        .split('/')
        .slice(0, 3)
        .join('/');
    const allowed = (name: string, path: string) => {
      const target = name.replace(/^#adapters\//, 'adapters/');
      if (path === 'adapters/index.ts') return name.startsWith('#domain/') || target.startsWith('adapters/');
      if (/^(hono|cloudflare:|src\/|#src\/|#test\/|test\/)/.test(target)) return false;
      if (!target.startsWith('adapters/')) return true;
      const isShared = dirname(target) === 'adapters' && target !== 'adapters/index.ts';
      return isShared || vendor(target) === vendor(path);
    };
    expect(strangers(adapters, allowed)).toEqual([]);
  });

  it('of pages reach nothing that acts', () => {
    const acts =
      /^(#adapters\/|adapters\/|src\/workspace\/|#src\/workspace\/|src\/(wiring|deployment|env|worker|app)|cloudflare:|node:)/;
    expect(strangers(sources('src/views'), (name) => !acts.test(name) && !name.startsWith('src/routes/'))).toEqual([]);
  });

  it('never lead from the product to its tests', () => {
    const product = [...sources('src'), ...adapters, ...emulators];
    expect(strangers(product, (name) => !/^(#test\/|test\/)/.test(name))).toEqual([]);
  });

  it('reach the tools of a checkout from a start with emulators only, because the image has none', () => {
    const product = [...sources('src'), ...adapters, ...emulators];
    expect(strangers(product, (name) => !/^(#tools\/|tools\/)/.test(name))).toEqual([
      'src/cli/start.ts imports #tools/tour.ts',
      'src/cli/start.ts imports #tools/samples.ts',
    ]);
    expect(read('src/cli/start.ts')).not.toMatch(/from '#tools/);
  });

  it('reach the registry of vendors by the wiring, and no vendor at all', () => {
    const paths = sources('src').filter((path) => path !== 'src/wiring.ts');
    const isVendor = /^#adapters\/(index\.ts$|(trackers|surveys|mail|notices)\/)/;
    expect(strangers(paths, (name) => !isVendor.test(name))).toEqual([]);
  });

  it('form no circles', () => {
    const paths = [...sources('src'), ...sources('adapters')];
    const target = (name: string) => name.replace(/^#domain/, 'src/domain').replace(/^#(src|adapters)\//, '$1/');
    const leadsTo = new Map(paths.map((path) => [path, imports(path).map(target)]));
    // What imports nothing that is left is taken away, until only circles remain.
    for (let isShrinking = true; isShrinking; ) {
      const done = [...leadsTo].filter(([, names]) => !names.some((name) => leadsTo.has(name)));
      for (const [path] of done) leadsTo.delete(path);
      isShrinking = done.length > 0;
    }
    expect([...leadsTo.keys()]).toEqual([]);
  });

  it('reach emulators from one file of the command line, which is loaded when a start asks for it', () => {
    const door = 'src/cli/emulators.ts';
    const paths = [...sources('src').filter((path) => path !== door), ...adapters];
    const loaded = (path: string) =>
      [...read(path).matchAll(/^(?:import|export) (?!type\b)[^;]*?'([^']+)'/gm)].map(([, name = '']) =>
        name.startsWith('.') ? join(dirname(path), name) : name.replace(/^#adapters/, 'adapters'),
      );
    const early = paths.flatMap((path) =>
      loaded(path)
        .filter((name) => name === door || isEmulator(name))
        .map((name) => `${path} imports ${name}`),
    );
    expect(early).toEqual([]);
    expect(loaded(door).filter(isEmulator).length).toBeGreaterThan(0);
    expect(read('src/cli/stack.ts')).toContain("import('./emulators.ts')");
  });
});

/** Layers from the bottom up: a folder imports only from earlier folders. */
const layers = {
  'src/domain/': [
    'base',
    'time',
    'text',
    'integrations',
    'settings',
    'responses',
    'templates',
    'cases',
    'loop',
    'json',
    'reports',
  ],
  'src/workspace/': [
    'store',
    'migrations',
    'basics',
    'mail',
    'sign-in',
    'tracker-requests',
    'queues',
    'cases',
    'loop',
    'intake',
    'issues',
    'outbox',
    'privacy',
    'settings',
    'queries',
    'backup',
  ],
};

describe('folders', () => {
  it.each(Object.entries(layers))('of %s are layers: nothing imports upward', (root, order) => {
    const folderOf = (path: string) => path.slice(root.length).split('/').slice(0, -1)[0];
    const paths = sources(root);
    const unknown = paths.map(folderOf).filter((folder) => folder !== undefined && !order.includes(folder));
    expect(unknown).toEqual([]);
    const rank = (path: string) => {
      const folder = folderOf(path);
      // Files beside the folders join them and may import any; every folder may import the core's types, and those
      // above the basics the kit that is made of them.
      if (folder !== undefined) return order.indexOf(folder);
      return basename(path) === 'core.ts' ? -1 : basename(path) === 'kit.ts' ? order.indexOf('basics') : order.length;
    };
    const named = (name: string) => name.replace(/^#domain\//, 'src/domain/');
    const upward = strangers(
      paths.filter((path) => basename(path) !== 'core.ts'),
      (name, path) => !named(name).startsWith(root) || rank(named(name)) <= rank(path),
    );
    expect(upward).toEqual([]);
  });
});

describe('files', () => {
  it('never import each other in a circle', () => {
    const paths = [...sources('src'), ...adapters];
    const known = new Set(paths);
    const files = new Map(
      paths.map((path) => {
        const named = imports(path).map((name) =>
          name.replace(/^#(domain|adapters|src)\//, (_, alias) => (alias === 'domain' ? 'src/domain/' : `${alias}/`)),
        );
        return [path, named.filter((name) => known.has(name))];
      }),
    );
    expect(files.size).toBeGreaterThan(300);
    // Files without a remaining import or importer are removed, until only circles remain.
    for (let before = -1; before !== files.size; ) {
      before = files.size;
      const used = new Set([...files.values()].flat());
      for (const [path, named] of files)
        if (!used.has(path) || !named.some((name) => files.has(name))) files.delete(path);
    }
    expect([...files.keys()]).toEqual([]);
  });
});

/** Lengths of all functions in lines, nested ones included, as the TypeScript parser sees them. */
function functionLengths(files: Record<string, string>): { path: string; lines: number }[] {
  const config = JSON.stringify({
    compilerOptions: { noLib: true, noResolve: true, types: [] },
    files: Object.keys(files),
  });
  const texts = Object.entries(files).map(([path, text]) => [`/${path}`, text]);
  const fs = createVirtualFileSystem({ ...Object.fromEntries(texts), '/tsconfig.json': config });
  const api = new API({ cwd: '/', fs });
  const [project] = api.updateSnapshot({ openProject: '/tsconfig.json' }).getProjects();
  const lengths = Object.keys(files).flatMap((path) => {
    const file = project?.program.getSourceFile(`/${path}`);
    if (!file) throw new Error(`${path} cannot be parsed`);
    const found: { path: string; lines: number }[] = [];
    const visit = (node: Node): undefined => {
      const text = isFunctionLikeDeclaration(node) ? node.getText(file) : '';
      if (text) found.push({ path, lines: text.split('\n').length });
      node.forEachChild(visit);
    };
    file.forEachChild(visit);
    return found;
  });
  api.close();
  return lengths;
}

describe('size and casts', () => {
  it('keep each function of the product within 120 lines', () => {
    const paths = [...sources('src'), ...adapters];
    const lengths = functionLengths(Object.fromEntries(paths.map((path) => [path, read(path)])));
    expect(lengths.filter(({ lines }) => lines > 120)).toEqual([]);
    expect(lengths.length).toBeGreaterThan(3000);
  });

  it('count nested functions, and factories with the methods of the object that they return', () => {
    const factory =
      'export const make = () => ({\n  first() {\n    return [1].map(\n      (each) =>\n        each,\n    );\n  },\n});\n';
    expect(functionLengths({ 'factory.ts': factory }).map(({ lines }) => lines)).toEqual([8, 6, 2]);
  });

  it('keep each file of the product within 320 lines', () => {
    const long = [...sources('src'), ...adapters].filter((path) => read(path).split('\n').length > 321);
    expect(long).toEqual([]);
  });

  it('have casts through unknown in fewer than five places', () => {
    const all = ['src', 'adapters', 'test', 'tools'].flatMap(sources).filter((path) => path !== 'test/house.test.ts');
    const casts = all.filter((path) => /\bas unknown as\b/.test(code(path)));
    expect(casts.length).toBeLessThan(5);
  });
});

describe('SQL', () => {
  const statement =
    /\b(SELECT\b[\s\S]{1,200}?\bFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(?:TABLE|INDEX))\b/;

  it('is only in the store, the migrations and the directory', () => {
    // The schema snapshot reads sqlite_master of a database in memory.
    const mayHold = /^src\/workspace\/(store\/|migrations\/|directory\.ts$)|^tools\/schema-sql\.ts$/;
    const holders = [...sources('src'), ...sources('tools'), ...adapters].filter((path) => statement.test(code(path)));
    expect(holders.filter((path) => !mayHold.test(path))).toEqual([]);
    expect(holders.length).toBeGreaterThan(5);
  });

  it('of tests stands in those of the store and in the simulation only', () => {
    const mayHold = /^test\/(workspace\/store|simulation)\/|^test\/house\.test\.ts$/;
    const holders = sources('test').filter((path) => statement.test(code(path)));
    expect(holders.filter((path) => !mayHold.test(path))).toEqual([]);
    expect(holders).toContain('test/workspace/store/rows.ts');
  });
});

describe('time, chance and the network', () => {
  it('come from ports, in the entry points too', () => {
    const bare =
      /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bcrypto\.|\bset(?:Timeout|Interval)\(|(?<![.\w])fetch\(/;
    const usersOf = (paths: string[]) => paths.filter((path) => bare.test(code(path)));
    expect(usersOf([...domain, ...workspace])).toEqual([]);
    expect(usersOf(sources('src'))).toContain('src/object-ports.ts');
  });
});

describe('units of time and ISO texts', () => {
  it('come from the module of the domain', () => {
    const own = /\b(60_?000|3_?600_?000|86_?400_?000)\b|\* 60 \* 1_?000|\b24 \* 60\b|\b60 \* 60\b|\.toISOString\(/;
    const paths = [...sources('src'), ...adapters, ...emulators];
    // The Apps Script runs at Google, where the module is missing.
    expect(paths.filter((path) => own.test(code(path)))).toEqual([
      'src/domain/time/units.ts',
      'adapters/surveys/google-forms/script.ts',
    ]);
  });
});

describe('the registry of vendors', () => {
  it('lists every definition, and nothing that is none', () => {
    const kinds = ['trackers', 'surveys', 'mail', 'notices'];
    const defining = adapters.filter((path) =>
      kinds.some((kind) => path.startsWith(`adapters/${kind}/`) && basename(path) === 'definition.ts'),
    );
    const listed = imports('adapters/index.ts').filter((name) => name.startsWith('adapters/'));
    expect(listed.sort()).toEqual([...defining, 'adapters/surveys/presets.ts'].sort());
    expect(defining.length).toBeGreaterThanOrEqual(6);
    const folders = kinds.flatMap((kind) =>
      sources(`adapters/${kind}`).map((path) => path.split('/').slice(0, 3).join('/')),
    );
    const without = [...new Set(folders)].filter((folder) => !defining.includes(`${folder}/definition.ts`));
    expect(without).toEqual(['adapters/surveys/presets.ts']);
    const [, entries = ''] = read('adapters/index.ts').split('export const registry');
    for (const path of defining) {
      const [, name = ''] = /export const (\w+): \w+Definition</.exec(read(path)) ?? [];
      expect(entries).toMatch(new RegExp(`\\b${name}\\b`));
    }
  });
});

describe('the names of vendors', () => {
  /** Kinds that name a format or a protocol, not a vendor. */
  const generic = ['json', 'csv', 'mail', 'events', 'standard-webhooks', 'smtp', 'webhook'];
  const kinds = Object.values(registry)
    .flat()
    .map(({ kind }) => kind)
    .filter((kind) => !generic.includes(kind));
  const spellings = kinds.flatMap((kind) => [kind, kind.replaceAll('-', ' '), kind.replaceAll('-', '_')]);
  const others = ['octokit', 'atlassian', 'google', 'slack', 'svix'];
  const named = new RegExp([...spellings, ...others].map((name) => name.replace('tally', '\\btally')).join('|'), 'i');

  it('stand nowhere in src but in the wiring', () => {
    const files = tree('src').filter((path) => path !== 'src/wiring.ts' && path !== 'src/views/styles.css');
    const naming = files.flatMap((path) => {
      const [word] = named.exec(basename(path)) ?? named.exec(code(path)) ?? [];
      return word ? [`${path}: ${word}`] : [];
    });
    expect(naming).toEqual([]);
    expect(kinds.length).toBeGreaterThan(10);
  });
});

describe('migrations', () => {
  it('are numbered, and all are listed in order', () => {
    const files = tree('src/workspace/migrations').map((path) => basename(path));
    const sql = files.filter((name) => name.endsWith('.sql'));
    const numbers = sql.map((name) => Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1]));
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    const index = read('src/workspace/migrations/index.ts');
    expect([...index.matchAll(/name: '([^']+)'/g)].map(([, name]) => name)).toEqual(sql);
    expect([...index.matchAll(/from '\.\/([^']+\.sql)'/g)].map(([, name]) => name)).toEqual(sql);
    expect(files.filter((name) => !sql.includes(name))).toEqual(['index.ts']);
  });
});

describe('names', () => {
  it('of files are in kebab case', () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$/;
    const paths = ['src', 'adapters', 'test', 'tools', 'templates'].flatMap(tree);
    expect(paths.filter((path) => !kebab.test(basename(path)) && basename(path) !== 'README.md')).toEqual([]);
  });
});

describe('the templates that are shipped', () => {
  it('are read without a problem, with every workspace', () => {
    const files = (kind: 'workspace' | 'case-template' | 'survey', folder: string) =>
      tree(folder)
        .filter((path) => path.endsWith('.yaml'))
        .map((path) => ({ kind, name: basename(path, '.yaml'), text: read(path) }));
    const shared = [...files('case-template', 'templates/cases'), ...files('survey', 'templates/surveys')];
    const workspaces = files('workspace', 'templates/workspaces');
    expect(workspaces.length).toBeGreaterThan(0);
    for (const file of workspaces) {
      const settings = readSettings([file, ...shared], 1, WorkspaceFileSchema);
      expect(settings.workspace.workspace).toBe(file.name);
      expect([...settings.templates.keys()]).toEqual(Object.keys(settings.workspace.templates));
    }
  });
});

describe('words', () => {
  /** Words of an earlier, private language, each with the glossary's word for it. */
  const old: Record<string, string> = {
    lane: 'queue',
    twin: 'duplicate issue',
    sister: 'related case',
    wish: 'input',
    mend: 'correct or fix',
    mended: 'corrected or fixed',
    whoever: 'a noun',
    told: 'notified or reported',
    hands: 'tracker user',
    rig: 'harness',
    sabotage: 'mutation',
    planted: 'a mutation',
    inert: 'escaped',
    neutralise: 'escape',
    weigh: 'compute a verdict',
    obey: 'run a command',
    pace: 'rate limit',
    spent: 'used up',
    verb: 'operation',
  };
  /** Places where outsiders rely on a word, or where it belongs to somebody else's text. */
  const kept: Record<string, RegExp> = {
    wish: /tools\/(samples|tour)|docs\/templates/,
    sabotage: /docs\/(architecture\/simulation|promises)/,
  };
  const texts = ['src', 'adapters', 'docs', 'tools']
    .flatMap(tree)
    .filter((path) => /\.(tsx?|md|sql)$/.test(path) && !/emulator\/schema|glossary\.md$/.test(path));

  it('of the old private language stay out of names, comments, texts and documents', () => {
    const stale = texts.flatMap((path) => {
      const words = read(path)
        .replace(/([a-z])([A-Z])/g, '$1 $2')
        .toLowerCase()
        .match(/[a-z]+/g);
      return [...new Set(words)]
        .map((word) => (word in old ? word : word.replace(/s$/, '')))
        .filter((word) => Object.hasOwn(old, word) && !kept[word]?.test(path))
        .map((word) => `${path}: ${word}; write ${old[word]}`);
    });
    expect(stale).toEqual([]);
  });
});
