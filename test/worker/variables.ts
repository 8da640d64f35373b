/** Deployment for the tests inside workerd: invented secrets, and hosts that do not exist. */
export const secrets = {
  TYPEFORM_SECRET: 'typeform-secret-of-the-tests',
  FEEDBACK_SECRET: 'whsec_dGVzdHMtaW5zaWRlLXdvcmtlcmQ=',
  JIRA_TOKEN: 'jira-token',
  GITHUB_TOKEN: 'github-token',
  LINEAR_KEY: 'linear-key',
  RESEND_KEY: 'resend-key',
  RESEND_WEBHOOK: 'whsec_dGVzdHMtb2YtYm91bmNlcw==',
  API_TOKEN: 'api-token-of-the-tests',
  MAIL_SECRET: 'mail-secret-of-the-tests',
  CRM_URL: 'https://crm.test/events',
  CRM_SECRET: 'whsec_c2VjcmV0IG9mIHRoZSByZWNlaXZlcg==',
};

/** One workspace per test: `acme-1`, `acme-2` … */
export const workspaces = Array.from({ length: 200 }, (_, index) => `acme-${index + 1}`);

/** A workspace whose token is worth nothing in any other. */
export const otherWorkspace = { name: 'other', token: 'api-token-of-another-workspace' };

export const variables: Record<string, string> = {
  OTHER__API_TOKEN: otherWorkspace.token,
  CASELITE_KEY: 'a key of the tests, long enough to be one',
  PUBLIC_URL: 'https://caselite.test',
  OIDC_ACME_ISSUER: 'https://issuer.test',
  OIDC_ACME_CLIENT_ID: 'caselite',
  OIDC_ACME_CLIENT_SECRET: 'client-secret',
  DEPLOYMENT_ADMINS: 'acme-99/dana, acme-98/kim',
  METRICS_TOKEN: 'metrics-token-of-the-tests',
  GITHUB_API_URL: 'http://github.test',
  JIRA_API_URL: 'http://jira.test',
  LINEAR_API_URL: 'http://linear.test/graphql',
  RESEND_API_URL: 'http://mail.localhost',
  ...Object.fromEntries(
    workspaces.flatMap((workspace) =>
      Object.entries(secrets).map(([name, value]) => [`${workspace.toUpperCase().replace('-', '_')}__${name}`, value]),
    ),
  ),
};
