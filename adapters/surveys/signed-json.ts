import type { SurveySourceDefinition } from '#domain/integrations/survey-source.ts';
import { type MappedSettings, mappedSource } from '../mapped-source.ts';

/** Any tool that posts JSON or a form with an HMAC, a bearer token or a static header. */
export const signedJson: SurveySourceDefinition<MappedSettings> = mappedSource({
  kind: 'json',
  title: 'JSON or form with a signature or secret of your own',
});
