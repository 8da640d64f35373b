import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ErrorCode } from '#domain/base/errors.ts';

export const statuses: Record<ErrorCode, ContentfulStatusCode> = {
  'invalid-input': 422,
  'too-large': 413,
  'too-slow': 408,
  unsupported: 415,
  'invalid-signature': 401,
  'not-found': 404,
  conflict: 409,
  config: 500,
  auth: 401,
  forbidden: 403,
  rejected: 502,
  'rate-limited': 503,
  unavailable: 503,
  unknown: 502,
};
