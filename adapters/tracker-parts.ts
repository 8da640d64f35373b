import type * as z from 'zod';
import { IntegrationError } from '#domain/base/errors.ts';
import type * as port from '#domain/integrations/index.ts';
import { decodeHex, isSignedByAnySecret } from './signature.ts';

const maxDeliveryIdLength = 200;

/** Webhooks signed with HMAC-SHA256 over the raw body in hex; `id` is the header that a repetition keeps. */
export function signedHook<Settings extends { 'webhook-secret'?: string | undefined }>(
  names: { signature: string; prefix: string; id: string },
  isFresh: (body: Uint8Array, now: number) => boolean = () => true,
): port.TrackerWebhookVerifier<Settings> {
  return {
    secret: (settings) => settings['webhook-secret'] ?? null,
    async verify({ body, headers }, secrets, now) {
      const given = headers[names.signature] ?? '';
      const id = headers[names.id] ?? '';
      if (!given.startsWith(names.prefix) || id === '' || id.length > maxDeliveryIdLength) return null;
      const signature = decodeHex(given.slice(names.prefix.length));
      const isGenuine = isSignedByAnySecret('SHA-256', secrets, body, signature);
      return isGenuine && isFresh(body, now) ? id : null;
    },
  };
}

/** Whether the host refused the content of a call. */
export const isRefused = (error: unknown): error is IntegrationError =>
  error instanceof IntegrationError && error.code === 'rejected';

/** Reads a template's settings for its issues. @throws IntegrationError with the mistaken field */
export function parseIssueOptions<Options>(schema: z.ZodType<Options>, given: unknown): Options {
  const read = schema.safeParse(given ?? {});
  if (read.success) return read.data;
  const fields = read.error.issues.map(({ path, message }) => ({ field: ['issue', ...path].join('.'), why: message }));
  throw new IntegrationError('rejected', 'settings of the template', { fields });
}

/** The port of a tracker that has every interface. */
export function joinTracker({
  addSubIssue,
  linkIssues,
  listOwnIssuesWithMarker: findDuplicateIssues,
  visibility,
  check,
  ...required
}: port.IssueWriter &
  port.IssueReader &
  port.IssueCommenter &
  port.SubIssueWriter &
  port.IssueRelations &
  port.SetUpCheck &
  Pick<port.Tracker, 'hooks'>): port.Tracker {
  return {
    ...required,
    subIssueWriter: { addSubIssue },
    relations: { linkIssues, listOwnIssuesWithMarker: findDuplicateIssues },
    setUp: { visibility, check },
  };
}
