import * as z from 'zod';
import type { SurveyApi, SurveyApiDeps, SurveySourceDefinition } from '#domain/integrations/survey-source.ts';
import { baseSourceFields } from '#domain/settings/workspace-file.ts';

/** Settings of one kind of source, beside those of every source. */
export const sourceSettings = <Kind extends string, Own extends z.ZodRawShape>(kind: Kind, own: Own) =>
  z.strictObject({ kind: z.literal(kind), ...own, ...baseSourceFields });

type Source<Settings> = SurveySourceDefinition<Settings>;

interface SurveyTool<Settings> extends Omit<Source<Settings>, 'settings' | 'secrets' | 'api'> {
  api?: Omit<NonNullable<Source<Settings>['api']>, 'secrets' | 'create'> & {
    /** @param token name of the secret with the credentials */
    connect(deps: SurveyApiDeps, token: string, settings: Settings): SurveyApi;
  };
}

/** A source whose setting `secret` proves its deliveries, and whose setting `token` opens its API. */
export function surveySource<Settings extends { secret?: string | undefined; token?: string | undefined }>({
  api,
  ...source
}: SurveyTool<NoInfer<Settings>> & { settings: z.ZodType<Settings> }): Source<Settings> {
  const named = (name: string | undefined) => (name ? [name] : []);
  const secrets = ({ secret }: Settings) => named(secret);
  if (!api) return { ...source, secrets };
  const { connect, ...described } = api;
  return {
    ...source,
    secrets,
    api: {
      ...described,
      secrets: ({ token }) => named(token),
      create: (settings, deps) => (settings.token ? connect(deps, settings.token, settings) : null),
    },
  };
}
