import { getCurrentUser, getServerInfo } from 'jira.js/cloud';
import { once } from '#adapters/once.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import type { JiraClient } from './client.ts';
import { ownAccountSchema, siteInfoSchema } from './schema.ts';
import type { JiraSettings } from './settings.ts';
import type { AdfDocument } from './text.ts';

/** One project on one site, shared by the parts of the adapter. */
export interface JiraSite extends JiraClient {
  settings: JiraSettings;
  toAdfDocument(markdown: string): AdfDocument;
  /** Caselite's own account. Refused when the token no longer signs in. */
  account(): Promise<string>;
  /** Address of the site for people. */
  home(): Promise<string>;
}

/** Joins the parts of a site. */
export function createJiraSite(
  parts: JiraClient & Pick<JiraSite, 'settings' | 'toAdfDocument'> & { baseUrl: string },
): JiraSite {
  const { read } = parts;
  const baseUrl = parts.baseUrl.replace(/\/+$/, '');
  return {
    ...parts,
    async account() {
      const own = await read('jira account', ownAccountSchema, (client) => getCurrentUser(client));
      return own.accountId;
    },
    home: once(async () => {
      // Scoped tokens use the address of an API gateway; only the site itself shows pages.
      if (!baseUrl.includes('/ex/jira/')) return baseUrl;
      const info = await read('jira site', siteInfoSchema, (client) => getServerInfo(client));
      return info.baseUrl.replace(/\/+$/, '');
    }).get,
  };
}

/** jira.js puts path parameters into the address without encoding. */
export function checkIssueId(id: string, operation: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(id)) throw new IntegrationError('rejected', operation, { detail: 'not an issue id' });
  return id;
}
