import { AppError, IntegrationError } from '#domain/base/errors.ts';
import type * as port from '#domain/integrations/index.ts';
import type { WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import type { reach } from './reach.ts';

const remedyWithoutToken =
  'Enter a token for this source under Settings, Workspace, Survey tools: Caselite then asks the survey tool every hour for missed responses.';
const remedyWithoutApi =
  'No documented list of responses of this survey tool is known that could be asked for what no delivery brought. Export its responses as CSV and import the file into a source of kind csv.';

/** A source with its secrets and its tool's API. */
export function connectSource(
  { api, files, ...definition }: port.SurveySourceDefinition,
  source: WorkspaceSettings['sources'][string],
  { reached, retryMs = 300 }: { reached: ReturnType<typeof reach>; retryMs?: number },
): Omit<port.SurveySource, 'removed'> {
  const { address, createFetch, readCurrentAndPreviousSecrets, secret } = reached;
  const createSurveyApi = () => {
    if (!api) return null;
    const baseUrl = address(api.baseUrl, source);
    try {
      return api.create(source, { fetch: (...call) => createFetch(baseUrl)(...call), baseUrl, retryMs, secret });
    } catch (error) {
      throw toCredentialsError(definition.title, error);
    }
  };
  const hasApi = hasCredentials(() => createSurveyApi());
  return {
    paused: source.paused,
    hasApi,
    hooksNeed: (hasApi && api?.hooksNeed) || null,
    adviceWithoutBackFill: hasApi
      ? null
      : (definition.adviceWithoutBackFill ?? (api ? remedyWithoutToken : remedyWithoutApi)),
    callsPerDay: api?.callsPerDay ?? null,
    readFile: files ? (file) => files.read(file, source) : null,
    takesMail: definition.readReply !== undefined,
    api: createSurveyApi,
    verify: (delivery, now) =>
      definition.verify(delivery, definition.secrets(source).flatMap(readCurrentAndPreviousSecrets), now, source),
    redact: (delivery) => definition.redact?.(delivery, source) ?? delivery,
    parse: (delivery) => definition.parse(delivery, source),
    prepare: definition.prepare && (async (body) => (await definition.prepare?.(body, source)) ?? body),
  };
}

function hasCredentials(make: () => unknown): boolean {
  try {
    return make() !== null;
  } catch {
    return true;
  }
}

/** A missing secret or address acts like refused credentials. */
export function toCredentialsError(title: string, error: unknown): unknown {
  if (!(error instanceof AppError) || error instanceof IntegrationError) return error;
  return new IntegrationError('auth', `setting up ${title}`, { detail: error.message });
}
