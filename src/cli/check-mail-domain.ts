import { Resolver } from 'node:dns/promises';
import type { MailCheckFinding } from '#domain/integrations/mailer.ts';

/** Text records of a name; none where there are none. */
export type ResolveText = (name: string) => Promise<string[]>;

/**
 * Checks that the sender's domain says who may send for it, by SPF (RFC 7208) and DMARC (RFC 7489). The name of a DKIM
 * key is the provider's own, so that only a known one is looked up.
 *
 * @param from the sender, such as `Acme <feedback@acme.example>`
 * @param dkimSelector of the provider; null where it is not known
 */
export async function checkMailDomain(
  from: string,
  dkimSelector: string | null,
  resolveText: ResolveText,
): Promise<MailCheckFinding[]> {
  const domain = /@([^@>\s]+)>?\s*$/.exec(from)?.[1]?.toLowerCase() ?? '';
  const has = async (name: string, pattern: RegExp) => (await resolveText(name)).some((text) => pattern.test(text));
  const note = (record: string, remedy: string): MailCheckFinding => ({
    blocking: false,
    message: `${domain} has no ${record}, so mail may be taken for spam`,
    remedy,
  });
  // Names that RFC 2606 reserves have no records.
  if (/\.(example|test|invalid|localhost)$/.test(domain)) return [];
  const findings: MailCheckFinding[] = [];
  try {
    if (!(await has(domain, /^v=spf1\b/i)))
      findings.push(note('SPF record', 'add the TXT record that your mail provider shows for this domain'));
    if (!(await has(`_dmarc.${domain}`, /^v=DMARC1\b/i)))
      findings.push(note('DMARC record', `add a TXT record _dmarc.${domain}, at first "v=DMARC1; p=none"`));
    if (dkimSelector && !(await has(`${dkimSelector}._domainkey.${domain}`, /\bp=\S/)))
      findings.push(note(`DKIM key ${dkimSelector}`, 'add the TXT record that your mail provider shows for DKIM'));
    return findings;
  } catch {
    const message = `the records of ${domain} could not be looked up from this machine`;
    return [{ blocking: false, message, remedy: 'run doctor where names are resolved' }];
  }
}

const resolver = new Resolver({ timeout: 3000, tries: 2 });

export const resolveTextByDns: ResolveText = async (name) => {
  try {
    return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOTFOUND' || error.code === 'ENODATA'))
      return [];
    throw error;
  }
};
