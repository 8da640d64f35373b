/** Domain of a sender such as `Acme <feedback@acme.example>`. */
export function readSenderDomain(from: string): string {
  return /@([^\s>]+)>?\s*$/.exec(from)?.[1]?.toLowerCase() ?? 'caselite.invalid';
}
