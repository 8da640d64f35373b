import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Document, parse } from 'yaml';
import * as z from 'zod';
import { registry } from '#adapters/index.ts';
import { readField, readPart, readWorkspaceFile, settingsParts, writeField } from '#src/settings-parts.ts';

const folder = new URL('../../templates/workspaces/', import.meta.url);

describe('the forms of settings', () => {
  it.each(readdirSync(folder))('show every setting of %s, and give it back as it was', (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const files = [{ kind: 'workspace' as const, name, text }];
    const rebuilt = Object.entries(settingsParts).flatMap(([part, { fields, hasEntries }]) =>
      Object.entries(readPart(readWorkspaceFile(files), part)).flatMap(([entry, values]) =>
        fields.flatMap((field) => {
          const value = readField(field, writeField(field, values[field.name]));
          const path = [...(part === 'general' ? [] : [part]), ...(hasEntries ? [entry] : []), field.name];
          return value === null ? [] : [{ path, value }];
        }),
      ),
    );
    const document = new Document({});
    for (const { path, value } of rebuilt) document.setIn(path, document.createNode(value));
    const { workspace: _, ...expected } = parse(text, { merge: true });
    expect(document.toJS()).toEqual(expected);
  });

  const vendors = { sources: registry.surveys, trackers: registry.trackers };
  it.each(['sources', 'trackers'] as const)('give examples that some vendor’s settings take, for %s', (part) => {
    const definitions: { settings: z.ZodType }[] = vendors[part];
    const takes = (name: string, example: unknown) =>
      definitions.some(({ settings }) => {
        const schema = settings instanceof z.ZodObject ? settings.shape[name] : undefined;
        return schema instanceof z.ZodType && schema.safeParse(example).success;
      });
    const fields = settingsParts[part]?.fields ?? [];
    expect(fields.filter(({ name, example }) => !takes(name, parse(example))).map(({ name }) => name)).toEqual([]);
  });
});
