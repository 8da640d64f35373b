import { expect, it } from 'vitest';
import { directoryOf, type Env, workspaceOf } from '#src/env.ts';

/** A namespace that tells which object is asked for. */
function namespaceOf(jurisdiction: string | null, asked: (string | null)[][]): Env['DIRECTORY'] & Env['WORKSPACES'] {
  const namespace = {
    idFromName: (name: string) => name,
    get: (id: string) => asked.push([jurisdiction, id]),
    jurisdiction: (name: string) => namespaceOf(name, asked),
  };
  return namespace as never;
}

it.each([
  [{}, null],
  [{ JURISDICTION: 'eu' }, 'eu'],
])('asks for every object in the jurisdiction of the deployment: %j', (variables, expected) => {
  const asked: (string | null)[][] = [];
  const namespace = namespaceOf(null, asked);
  const env = { ...variables, DIRECTORY: namespace, WORKSPACES: namespace };
  directoryOf(env);
  workspaceOf(env, 'acme');
  expect(asked).toEqual([
    [expected, 'directory'],
    [expected, 'acme'],
  ]);
});
