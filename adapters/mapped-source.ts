import * as z from 'zod';
import { SecretName } from '#domain/settings/workspace-file.ts';
import { addProofToBody, createProofHandlers, Proof, removeProofFromJson } from './delivery-proof.ts';
import { parseFormBody } from './form-body.ts';
import type { DateOrder } from './instants.ts';
import { readJson } from './json.ts';
import { convertFormToJson, ResponseMapping, readMappedResponse } from './mapped-response.ts';
import { sourceSettings, surveySource } from './survey-tool.ts';

/** A preset is data. Settings of the workspace file override it, one by one. */
export interface Preset {
  kind: string;
  title: string;
  proof?: z.input<typeof Proof>;
  response?: z.input<typeof ResponseMapping>;
  /** Entries beside the answers that are none. */
  ignore?: string[];
  /** Order of dates in numbers, as the tool writes them. */
  dates?: DateOrder;
}

/** A source whose proof and mapping are settings: JSON, or a URL-encoded form by its content type. */
export function createMappedSourceDefinition({ kind, title, proof, response, ...reading }: Preset) {
  const Response = z
    .partialRecord(z.enum(Object.keys(ResponseMapping.shape) as [keyof ResponseMapping]), z.unknown())
    .default({})
    .transform((given) => ({ ...response, ...given }))
    .pipe(ResponseMapping);
  const proven = createProofHandlers((body) =>
    isJson(body) ? 'application/json' : 'application/x-www-form-urlencoded',
  );
  return surveySource({
    kind,
    title,
    settings: sourceSettings(kind, {
      secret: SecretName,
      proof: proof ? Proof.prefault(proof) : Proof,
      response: response ? Response : ResponseMapping,
    }),
    ...proven,
    signer: {
      ...proven.signer,
      wrap: async (body, secret, given) => ({ body: addProofToBody(body, secret, given.proof), query: {} }),
    },
    parse({ body, headers, receivedAt }, given) {
      const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
      const json = isForm ? convertFormToJson(parseFormBody(body)) : readJson(body);
      return readMappedResponse(removeProofFromJson(json, given.proof), given.response, receivedAt, reading);
    },
  });
}

function isJson(body: Uint8Array): boolean {
  return body[0] === 0x7b || body[0] === 0x5b;
}
