import { Liquid } from 'liquidjs';
import { afterEach, expect, test, vi } from 'vitest';
import * as z from 'zod';

afterEach(() => vi.restoreAllMocks());

test('loading the worker makes nothing that only some pages and texts need', async () => {
  vi.resetModules();
  const describeSchema = vi.spyOn(z.globalRegistry, 'get');
  const createEngine = vi.spyOn(Liquid.prototype, 'registerFilter');
  const createSegmenter = vi.spyOn(Intl, 'Segmenter');
  await import('#src/app.ts');
  await import('#src/workspace/basics/render-wording.ts');
  for (const spy of [describeSchema, createEngine, createSegmenter]) expect(spy).not.toHaveBeenCalled();
});
