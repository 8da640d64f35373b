import { expect, it } from 'vitest';
import { checkMailDomain } from '#src/cli/doctor.ts';

const dns = (records: Record<string, string[]>) => async (name: string) => records[name] ?? [];

it.each([
  ['nothing', {}, ['SPF record', 'DMARC record', 'DKIM key resend']],
  [
    'SPF alone',
    { 'acme.com': ['google-site-verification=x', 'v=spf1 include:amazonses.com ~all'] },
    ['DMARC record', 'DKIM key resend'],
  ],
  [
    'a DKIM key that was withdrawn',
    { 'resend._domainkey.acme.com': ['p='] },
    ['SPF record', 'DMARC record', 'DKIM key resend'],
  ],
  [
    'everything',
    {
      'acme.com': ['v=spf1 -all'],
      '_dmarc.acme.com': ['v=DMARC1; p=reject'],
      'resend._domainkey.acme.com': ['p=MIGfMA0'],
    },
    [],
  ],
])('names what a sender’s domain lacks: %s', async (_, records, missing) => {
  const findings = await checkMailDomain('Acme <care@Acme.com>', 'resend', dns(records as Record<string, string[]>));
  expect(findings.map(({ message }) => /has no (.*), so/.exec(message)?.[1])).toEqual(missing);
  expect(findings.every(({ blocking, remedy }) => !blocking && remedy !== '')).toBe(true);
});

it('says so where no name can be looked up, and asks for no reserved one', async () => {
  const broken = async () => {
    throw new Error('ECONNREFUSED');
  };
  expect(await checkMailDomain('care@acme.com', null, broken)).toMatchObject([
    { blocking: false, message: 'the records of acme.com could not be looked up from this machine' },
  ]);
  expect(await checkMailDomain('care@acme.example', null, broken)).toEqual([]);
});
