import { registry } from '#adapters/index.ts';
import { type Vendor, validatingRequests } from './validating.ts';

// Every request of our adapters must match the vendor's description, whatever the test's server accepts.
for (const definition of registry.trackers) {
  const { create, kind } = definition;
  definition.create = (settings, deps) =>
    create.call(definition, settings, { ...deps, fetch: validatingRequests(kind as Vendor, deps.fetch) });
}
