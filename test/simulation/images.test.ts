import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { imageRoot, openImage, playMoments } from './image.ts';

/* Stores that a build left with work in flight, opened by this build: the invariants of the simulation tell what was lost or done twice. */

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const listFolder = (folder: URL): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);
const stored = listFolder(imageRoot).flatMap((version) =>
  listFolder(new URL(`${version}/`, imageRoot)).map((name) => `${version}/${name}`),
);

describe('an image', () => {
  let image: Uint8Array = new Uint8Array();

  beforeAll(async () => {
    await playMoments(2, ({ openWork, take }) => {
      const isRich = ['call issue.create', 'call mail.send', 'state calling'].every((name) => openWork.includes(name));
      if (isRich && image.length === 0) image = take();
    });
  });

  it('of this build ends its work here', async () => {
    expect(await openImage(image)).toEqual([]);
  });

  it('whose waiting calls were lost is noticed', async () => {
    const violations = await openImage(image, (sql) =>
      sql.run("DELETE FROM outbox WHERE state IN ('waiting', 'calling', 'unknown')"),
    );
    expect(violations).not.toEqual([]);
  });

  it.each(stored)('%s of a released version ends its work here', async (path) => {
    expect(await openImage(readFileSync(new URL(path, imageRoot)))).toEqual([]);
  });
});
