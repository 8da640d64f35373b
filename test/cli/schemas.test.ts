import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectRoot } from '#src/cli/workspace-files.ts';
import {
  apiPagePath,
  createApiPage,
  createJsonSchemas,
  createJsonSchemaTexts,
  createLibraryText,
  createSettingsPage,
  createSettingsPartsText,
  libraryPath,
  readDescriptions,
  schemaFolder,
  settingsPagePath,
  settingsPartsPath,
  visitProperties,
} from '#tools/schemas.ts';

const texts = createJsonSchemaTexts();
const validator = (name: string) =>
  new Ajv({ strict: false, validateFormats: false }).compile(JSON.parse(texts[`${name}.schema.json`] ?? ''));

const folders = { workspace: 'workspaces', 'case-template': 'cases', survey: 'surveys' };

describe('the published JSON Schemas', () => {
  it('are those of the code: npm run schemas writes them anew', () => {
    const committed = Object.fromEntries(
      readdirSync(schemaFolder).map((file) => [file, readFileSync(join(schemaFolder, file), 'utf8')]),
    );
    expect(committed).toEqual(texts);
  });

  it('stand beside the starter library, which the worker holds as it is', () => {
    expect(readFileSync(libraryPath, 'utf8')).toBe(createLibraryText());
    expect(readFileSync(settingsPartsPath, 'utf8')).toBe(createSettingsPartsText());
  });

  it.each(Object.entries(folders))('of a %s takes every shipped file', (name, folder) => {
    const validate = validator(name);
    const path = join(projectRoot, 'templates', folder);
    const files = readdirSync(path);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      validate(parse(readFileSync(join(path, file), 'utf8')));
      expect([file, validate.errors]).toEqual([file, null]);
    }
  });

  it.each([
    [{ source: 's', all: [{ question: 'q', equals: 3 }] }],
    [{ source: 's', all: [{ question: 'q', '<=': 'three' }] }],
    [{ source: 's', words: 3 }],
    [{ any: [{ question: 'q', is: 'x' }], words: ['a'] }],
    [{ source: 's', any: [] }],
    [{ source: 's', not: { tier: 'gold' }, all: [{ tier: 'gold' }] }],
  ])('refuse a condition as the code does: %j', (when) => {
    const validate = validator('case-template');
    const template = { name: 'T', kind: 'tactical', category: 'c', tracker: 't', team: 'x' };
    expect(validate({ ...template, when: { source: 's', not: { words: ['a'] } } })).toBe(true);
    expect(validate({ ...template, when })).toBe(false);
  });
});

/** Entries of all `properties` of a schema, however deep. */
function countProperties(schema: unknown): number {
  if (typeof schema !== 'object' || schema === null) return 0;
  const { properties, ...rest } = schema as { properties?: object };
  const inner = [...Object.values(properties ?? {}), ...Object.values(rest)];
  return Object.keys(properties ?? {}).length + inner.reduce((sum, each) => sum + countProperties(each), 0);
}

it('has at most 400 settings in all, so that they can be learned', () => {
  const counts = Object.values(texts).map((text) => countProperties(JSON.parse(text)));
  expect(counts.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(400);
});

/** Places of a setting by its name, without array items and alternatives. */
function findHomes(schema: unknown, name: string, path: string[]): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {}, ...rest } = schema as { properties?: object };
  const own = Object.entries(properties).flatMap(([key, inner]) => [
    ...(key === name ? [[...path, key].join('.')] : []),
    ...findHomes(inner, name, [...path, key]),
  ]);
  const inner = Object.entries(rest).flatMap(([key, each]) =>
    findHomes(each, name, key === 'additionalProperties' ? [...path, 'NAME'] : path),
  );
  return [...new Set([...own, ...inner])];
}

describe('a setting has at most two homes:', () => {
  const homesOf = (name: string) =>
    Object.entries(createJsonSchemas()).flatMap(([file, schema]) => findHomes(schema, name, [file]));
  const { 'case-options': caseOptions } = createJsonSchemas().workspace?.properties ?? {};
  const options = Object.keys((typeof caseOptions === 'object' && caseOptions.properties) || {});

  it.each([
    // The level of a person is a setting of its own, beside the recipients of events.
    ['notices or notify', ['case-template.notify', 'workspace.notices', 'workspace.people.NAME.notices']],
    ['close-policy', ['case-template.close-policy', 'workspace.close-policy']],
    ['case-options', ['workspace.case-options', 'workspace.teams.NAME.case-options']],
    ['escalation', ['case-template.escalation', 'workspace.escalation']],
    ['ask-after', ['case-template.ask-after', 'workspace.follow-up.ask-after']],
    ['delay', ['case-template.ask-after.delay', 'workspace.follow-up.delay']],
    ['longest-wait', ['case-template.ask-after.longest-wait', 'workspace.follow-up.longest-wait']],
    ['on-dispute', ['case-template.on-dispute', 'workspace.follow-up.on-dispute']],
    ['after-reopen', ['case-template.after-reopen', 'workspace.clock.after-reopen']],
    ['quiet-hours', ['workspace.people.NAME.quiet-hours', 'workspace.quiet-hours']],
  ])('%s', (names, homes) => {
    expect(names.split(' or ').flatMap(homesOf).sort()).toEqual(homes);
  });

  it.each(options)('the case option %s is set for the workspace, or for a team', (option) => {
    const places = ['workspace.teams.NAME.case-options', 'workspace.case-options', 'workspace.tiers.NAME'];
    for (const home of homesOf(option)) expect(places).toContain(home.slice(0, home.lastIndexOf('.')));
  });
});

it.each([
  [{ kind: 'typeform', secret: 'SECRET' }, true],
  [{ kind: 'typeform' }, false],
  [{ kind: 'typeform', secret: 'SECRET', columns: {} }, false],
  [{ kind: 'csv', columns: { 'submitted-at': 'at' } }, true],
  [{ kind: 'csv', columns: {} }, false],
  [{ kind: 'surveymonkey', secret: 'SECRET' }, false],
  [{ kind: 'no-tool', secret: 'SECRET' }, false],
  [{ kind: 'asknicely', secret: 'SECRET', response: { language: 'properties.language' } }, true],
])('takes of a source what its kind has: %j', (source, isValid) => {
  const workspace = {
    workspace: 'w',
    name: 'W',
    'time-zone': 'UTC',
    trackers: {},
    people: {},
    teams: {},
    templates: [],
  };
  const mail = { kind: 'smtp', from: 'a@acme.example' };
  expect(validator('workspace')({ ...workspace, mail, sources: { source } })).toBe(isValid);
});

describe('the page of the API', () => {
  it('lists the addresses of the API: npm run schemas writes the table anew', () => {
    const text = createApiPage();
    expect(readFileSync(apiPagePath, 'utf8')).toBe(text);
    expect(text).toContain('| `GET cases/ID` |');
  });
});

it('explains every setting, with an example that its schema takes', () => {
  const unexplained: string[] = [];
  const refused: string[] = [];
  for (const [name, schema] of Object.entries(createJsonSchemas())) {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    visitProperties(schema, [name], (path, property) => {
      const [example] = property.examples ?? [];
      if (!property.description || example === undefined) unexplained.push(path.join('.'));
      // Each vendor's settings take its own kind alone.
      else if (
        path.at(-1) !== 'kind' &&
        !ajv.validate({ definitions: schema.definitions, ...property }, parse(String(example)))
      )
        refused.push(`${path.join('.')}: ${ajv.errorsText()}`);
    });
  }
  expect(refused).toEqual([]);
  expect(unexplained).toEqual([]);
});

it('has no explanation of a setting that is gone', () => {
  const used = new Set<string>();
  const known = readDescriptions();
  for (const [name, schema] of Object.entries(createJsonSchemas()))
    visitProperties(schema, [name], (path) => {
      const ends = path.map((_, index) => path.slice(index).join('.'));
      const end = ends.find((each) => known.has(each));
      if (end) used.add(end);
    });
  expect([...known.keys()].filter((end) => !used.has(end))).toEqual([]);
});

it('writes the page of settings: npm run schemas writes it anew', () => {
  expect(readFileSync(settingsPagePath, 'utf8')).toBe(createSettingsPage(createJsonSchemas()));
});
