import { afterEach, expect } from 'vitest';
import { registry } from '#adapters/index.ts';
import { takeViolations, type Vendor, validatingRequests } from './validating.ts';

// Every request of our adapters must match the vendor's description, whatever the test's server accepts.
for (const definition of registry.trackers) {
  const { create, kind } = definition;
  definition.create = (settings, deps) =>
    create.call(definition, settings, { ...deps, fetch: validatingRequests(kind as Vendor, deps.fetch) });
}

afterEach(() => {
  expect(takeViolations(), 'messages that left the vendor’s API description').toEqual([]);
});
