import { afterEach, expect } from 'vitest';
// A module of its own, because this file runs before each test file and the registry is changed once.
import './validate-adapters.ts';
import { takeViolations } from './validating.ts';

afterEach(() => {
  expect(takeViolations(), 'messages that left the vendor’s API description').toEqual([]);
});
