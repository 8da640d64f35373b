import type * as z from 'zod';
import { Slug, toName } from '#domain/base/names.ts';
import type { SettingsFile } from '#domain/templates/template.ts';
import * as parts from '../settings-parts.ts';
import { describeSettings } from '../vendor-fields.ts';
import * as views from '../views/index.ts';
import * as web from './kit.ts';

/** Values that the settings offer for those of a template, and what its sentences may be about. */
export function listOffered(files: SettingsFile[]): views.Offered {
  const file = parts.readWorkspaceFile(files);
  const names = (part: string) => Object.keys(parts.readPart(file, part));
  const sources = Object.values(parts.readPart(file, 'sources'));
  const aliases = new Set(sources.flatMap(({ questions }) => Object.keys((questions ?? {}) as object)));
  const options = parts.readPart(file, 'case-options')[''] ?? {};
  const texts = (option: string) => [options[option] ?? []].flat().map(String);
  const attributes = ['tier', 'revenue', 'language', 'renewal', ...names('attributes')];
  return {
    about: [
      ...[...aliases].map((alias) => `question ${alias}`),
      ...attributes.map((name) => `customer ${name}`),
      ...['tier', 'words', 'language'],
    ],
    category: texts('categories'),
    severity: ['by tier', ...texts('severities')],
    'closure-goal': ['by tier'],
    tracker: names('trackers'),
    team: names('teams'),
    'follow-up': files.filter(({ kind }) => kind === 'survey').map(({ name }) => name),
  };
}

const definitionsOf: Record<string, { kind: string; title: string; settings: z.ZodType }[]> = {
  sources: web.registry.surveys,
  trackers: web.registry.trackers,
  channels: web.registry.channels,
};

function findPart(name: string) {
  const part = Object.hasOwn(parts.settingsParts, name) ? parts.settingsParts[name] : undefined;
  if (!part) throw new web.AppError('not-found', 'There is no such part of the settings.');
  return part;
}

function listFieldsOf(part: string, kind: unknown): parts.SettingField[] {
  const { fields } = findPart(part);
  const definition = definitionsOf[part]?.find((known) => known.kind === kind);
  // The accounts of a person are fields that have the kinds of trackers as names.
  if (!definition) return fields.map((field) => ({ ...field, title: findTracker(field.name)?.title }));
  const described = describeSettings(definition);
  return fields.flatMap((field) => {
    const own = described.find(({ name }) => name === field.name);
    const example = field.example.replace(/^[A-Z]+_(?=(TOKEN|SECRET|URL)$)/, `${toSecretPrefix(definition.kind)}_`);
    const meaning = own?.meaning ?? (isOfVendors(field) ? '' : field.meaning);
    return own ? [{ ...field, ...own, example, meaning }] : [];
  });
}

const findTracker = (name: string) => web.registry.trackers.find(({ kind }) => kind === name);

const toSecretPrefix = (kind: string) => kind.replaceAll('-', '_').toUpperCase();

const isOfVendors = ({ meaning }: parts.SettingField) => /^[a-z-]+: /.test(meaning);

export const showPart: web.PageHandler = async (c, visit, workspace) => {
  const name = c.req.param('part') ?? '';
  const part = findPart(name);
  const { version, files } = await workspace.pull();
  const kinds = definitionsOf[name];
  const kind = c.req.query('kind') ?? visit.problem?.fields.kind;
  const toForm = (entry: string, values: Record<string, unknown>) => ({
    entry,
    fields: listFieldsOf(name, values.kind).map((field) => ({
      field,
      text: parts.writeField(field, values[field.name]),
    })),
  });
  const entries = Object.entries(parts.readPart(parts.readWorkspaceFile(files), name)).map(([entry, values]) =>
    toForm(entry, values),
  );
  const added = part.hasEntries && (!kinds || kind) ? { ...toForm('', { kind }), kind } : null;
  // A refused form keeps the version that its texts build on.
  const base = Number(visit.problem?.fields.base ?? version);
  return c.html(<views.PartPage {...{ visit, name, part, entries, added, kinds, base }} />);
};

/** Stores the changed settings of one entry as a new version, or removes the entry. */
export const savePart: web.FormHandler = async (c, visit, workspace, field) => {
  const name = c.req.param('part') ?? '';
  const part = findPart(name);
  const entry = field('new') === 'yes' ? toName(field('entry'), 63) : field('entry');
  const base = Number(field('base'));
  const { files } = await workspace.settingsAt(base);
  const present = parts.readPart(parts.readWorkspaceFile(files), name);
  const above = [...(name === 'general' ? [] : [name]), ...(part.hasEntries ? [entry] : [])];
  const isNew = part.hasEntries && !Object.hasOwn(present, entry);
  if (part.hasEntries && !Slug.safeParse(entry).success)
    web.refuseField('entry', 'is no name; write small letters, digits and dashes');
  if (isNew !== (field('new') === 'yes'))
    web.refuseField('entry', isNew ? 'is gone' : 'is there already; choose another name');
  const values = present[entry] ?? {};
  const kind = field('kind') || values.kind;
  const changed = listFieldsOf(name, kind).flatMap((each) => {
    const text = field(each.name).replaceAll('\r\n', '\n');
    return text === parts.writeField(each, values[each.name])
      ? []
      : [{ path: [...above, each.name], value: parts.readField(each, text) }];
  });
  const ofVendor = isNew && definitionsOf[name] ? [{ path: [...above, 'kind'], value: kind }] : [];
  const changes = field('remove') === 'yes' ? [{ path: above, value: null }] : [...ofVendor, ...changed];
  const names = changed.map(({ path }) => String(path.at(-1)));
  const saving = workspace.changeSettings(visit.workspace, { changes, base });
  const { version } = await saving.catch((error) => refuseSetting(names, error));
  return c.redirect(`/w/${visit.workspace}/settings/parts/${name}?saved=${version}`, 303);
};

/** Puts the first problem of settings to its field of the form, where it has one. */
export function refuseSetting(names: string[], error: unknown): never {
  const [problem] = error instanceof web.InvalidInputError ? error.problems : [];
  const name = names.find((each) => problem?.field.split(/[.:\s]+/).includes(each));
  if (problem && name) web.refuseField(name, problem.message);
  throw error;
}
