import type { IncomingResponse } from '#domain/integrations/survey-source.ts';

/** An incoming response as text, with hidden fields as a list of pairs. */
export function packIncoming(response: IncomingResponse): string {
  return JSON.stringify({ ...response, hidden: [...response.hidden] });
}

export function unpackIncoming(text: string): IncomingResponse {
  const packed = JSON.parse(text);
  return { ...packed, hidden: new Map(packed.hidden) };
}
