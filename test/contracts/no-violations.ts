import { afterEach, expect } from 'vitest';
import { registry } from '#adapters/index.ts';
import { takeViolations, type Vendor, validatingRequests } from './validating.ts';

// Whatever a test puts up for a vendor, what our adapter sends there has to fit the vendor's own description.
for (const definition of registry.trackers) {
  const { create, kind } = definition;
  definition.create = (settings, deps) =>
    create.call(definition, settings, { ...deps, fetch: validatingRequests(kind as Vendor, deps.fetch) });
}

afterEach(() => {
  expect(takeViolations(), 'messages that left the vendor’s API description').toEqual([]);
});
