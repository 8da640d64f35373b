import * as z from 'zod';
import { isProofHeader, type RawDelivery, type SurveySourceDefinition } from '#domain/integrations/survey-source.ts';
import { clearMultipartPart, isJson, kindOfBody, readDeliveredFields } from './delivered-fields.ts';
import { decodeUtf8Text, readJson } from './json.ts';
import * as signing from './signature.ts';
import { Fields } from './survey-reading.ts';

export const ProofHeaderName = z
  .string()
  .transform((name) => name.toLowerCase())
  .refine(
    (name) => /^[a-z0-9-]+$/.test(name) && isProofHeader(name),
    'is not kept of a delivery; choose a header with secret, token or signature in its name, such as X-Caselite-Secret',
  );

export const Proof = z
  .union([
    z.strictObject({
      kind: z.literal('hmac'),
      header: ProofHeaderName,
      algorithm: z.enum(['sha1', 'sha256', 'sha512']).default('sha256'),
      encoding: z.enum(['hex', 'base64']).default('hex'),
      /** Text before the signature, such as `sha256=`. */
      prefix: z.string().default(''),
    }),
    z.strictObject({ kind: z.literal('bearer') }),
    z.strictObject({ kind: z.literal('header'), header: ProofHeaderName }),
    /** A field of the JSON or form, which is emptied before the delivery is stored. */
    z.strictObject({ kind: z.literal('field'), field: z.string().regex(/^\w{1,60}$/) }),
  ])
  .meta({ id: 'proof' });
export type Proof = z.output<typeof Proof>;
type Signature = Extract<Proof, { kind: 'hmac' }>;

/** Header of a proof, and the text before the signature or secret in it. */
const placeOf = (proof: Exclude<Proof, { kind: 'field' }>): { header: string; prefix: string } =>
  proof.kind === 'bearer' ? { header: 'authorization', prefix: 'Bearer ' } : { prefix: '', ...proof };

async function verifyProof(delivery: RawDelivery, secrets: string[], proof: Proof): Promise<boolean> {
  if (proof.kind === 'field') return signing.isAnyOfSecrets(secrets, readBodyField(delivery, proof.field));
  const { header, prefix } = placeOf(proof);
  const given = delivery.headers[header] ?? '';
  if (!given.startsWith(prefix)) return false;
  const text = given.slice(prefix.length);
  if (proof.kind !== 'hmac') return signing.isAnyOfSecrets(secrets, text);
  const signature = signing.decodeBytes(text, proof.encoding);
  return signing.isSignedByAnySecret(proof.algorithm, secrets, delivery.body, signature);
}

export const verifyBearer = (delivery: RawDelivery, secrets: string[]): Promise<boolean> =>
  verifyProof(delivery, secrets, { kind: 'bearer' });

/** A delivery without the secret that it carried in clear. */
export function redactProof(delivery: RawDelivery, proof: Proof): RawDelivery {
  if (proof.kind === 'hmac') return delivery;
  if (proof.kind === 'field') return { ...delivery, body: emptied(delivery, proof.field) };
  const { [placeOf(proof).header]: _, ...headers } = delivery.headers;
  return { ...delivery, headers };
}

function createProofHeaders(body: Uint8Array, secret: string, proof: Proof): Record<string, string> {
  if (proof.kind === 'field') return {};
  const { header, prefix } = placeOf(proof);
  const isSigned = proof.kind === 'hmac';
  const text = isSigned ? signing.hmac(proof.algorithm, secret, body).toString(proof.encoding) : secret;
  return { [header]: `${prefix}${text}` };
}

/** A delivery as the tool would send it, with the secret in a field of the body. */
export function addProofToBody(body: Uint8Array, secret: string, proof: Proof): Uint8Array {
  if (proof.kind !== 'field') return body;
  if (!isJson(body)) return encode(`${decodeUtf8Text(body)}&${proof.field}=${encodeURIComponent(secret)}`);
  return encode(JSON.stringify({ ...Fields.parse(readJson(body)), [proof.field]: secret }));
}

/** The JSON without its secret, so that no answer is made of it. */
export function removeProofFromJson(json: unknown, proof: Proof): unknown {
  if (proof.kind !== 'field' || typeof json !== 'object' || json === null || Array.isArray(json)) return json;
  return Object.fromEntries(Object.entries(json).filter(([name]) => name !== proof.field));
}

function readBodyField(delivery: RawDelivery, field: string): string | undefined {
  try {
    const value = Fields.parse(readDeliveredFields(delivery))?.[field];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function emptied(delivery: RawDelivery, field: string): Uint8Array {
  const kind = kindOfBody(delivery);
  if (kind === 'multipart') return clearMultipartPart(delivery.body, field);
  const [secret, none] =
    kind === 'form' ? [`(^|&)(${field}=)[^&]*`, '$1$2'] : [`("${field}"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"`, '$1""'];
  return encode(decodeUtf8Text(delivery.body).replace(new RegExp(secret, 'g'), none));
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** How a tool with one signature for all verifies and signs JSON. */
export function signedBy(header: string, { algorithm = 'sha256', prefix = '' }: Partial<Signature> = {}) {
  const proof: Proof = { kind: 'hmac', header, algorithm, encoding: 'base64', prefix };
  return {
    verify: (delivery, secrets) => verifyProof(delivery, secrets, proof),
    signer: {
      sign: async (body, secret) => ({
        'content-type': 'application/json',
        ...createProofHeaders(body, secret, proof),
      }),
    },
  } satisfies Partial<SurveySourceDefinition>;
}

/** How a source verifies, redacts and signs by the proof of its settings. */
export function createProofHandlers(chooseContentType: (body: Uint8Array) => string) {
  return {
    verify: async (delivery, secrets, _now, settings) =>
      settings !== undefined && verifyProof(delivery, secrets, settings.proof),
    redact: (delivery, { proof }) => redactProof(delivery, proof),
    signer: {
      async sign(body, secret, _delivery, settings) {
        const proof = settings ? createProofHeaders(body, secret, settings.proof) : {};
        return { 'content-type': chooseContentType(body), ...proof };
      },
    },
  } satisfies Partial<SurveySourceDefinition<{ proof: Proof }>>;
}
