/** Domain of a sender such as `Acme <feedback@acme.example>`. */
export const readSenderDomain = (from: string): string =>
  /@([^\s>]+)>?\s*$/.exec(from)?.[1]?.toLowerCase() ?? 'caselite.invalid';
