import { describe, expect, it } from 'vitest';
import { createIssueMarker, deriveUuid } from '#domain/base/key.ts';
import { keys } from './samples.ts';

/* Frozen, because existing issues carry such markers. A new form gets a new version beside the old one. */
const marker = '1.C-17.49145578cd6883383bc7a15446416642';

describe('the marker', () => {
  it('is what it always was', () => {
    expect(createIssueMarker(keys, 'acme', 'C-17')).toBe(marker);
  });

  it('is of one case in one workspace', () => {
    expect(createIssueMarker(keys, 'acme', 'C-18')).not.toContain(marker.slice(-32));
    expect(createIssueMarker(keys, 'acme-tour', 'C-17')).not.toBe(marker);
  });
});

describe('a derived UUID', () => {
  it('is what it always was', () => {
    expect(deriveUuid(keys, 'issue-uuid.1', 'acme', 'c_1')).toBe('c1e286fc-fd50-4382-ac67-e9d9541f6de2');
    expect(deriveUuid(keys, 'comment-uuid.1', 'acme', 'c_1', 'overdue:1')).toBe('419c96fc-7069-42d6-9ddd-edc3f19dc66f');
  });

  it('has the shape of version 4, whatever it is made of', () => {
    const made = Array.from({ length: 500 }, (_, index) => deriveUuid(keys, 'p', String(index)));
    for (const uuid of made)
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(made).size).toBe(500);
  });
});
