import { getCurrentUser, getMyPermissions, getServerInfo } from 'jira.js/cloud';
import { IntegrationError } from '#domain/base/errors.ts';
import { once } from '../../outbound.ts';
import type { JiraClient } from './client.ts';
import { ownAccountSchema, permissionsSchema, siteInfoSchema } from './schema.ts';
import type { JiraSettings } from './settings.ts';
import type { AdfDocument } from './text.ts';

export interface JiraSite extends JiraClient {
  settings: JiraSettings;
  toAdfDocument(markdown: string): AdfDocument;
  /** Caselite's own account. Refused when the token no longer signs in. */
  account(): Promise<string>;
  home(): Promise<string>;
  findLackedPermissions(names: string[]): Promise<string[]>;
  /** A call that needs a permission; Jira answers a missing one like a mistake in the content, here it is `auth`. */
  withPermission<Result>(permission: string, work: () => Promise<Result>): Promise<Result>;
}

/** Joins the parts of a site. */
export function createJiraSite(
  parts: JiraClient & Pick<JiraSite, 'settings' | 'toAdfDocument'> & { baseUrl: string },
): JiraSite {
  const { read, settings } = parts;

  async function findLackedPermissions(names: string[]): Promise<string[]> {
    const { permissions } = await read('jira permissions', permissionsSchema, (client) =>
      getMyPermissions(client, { projectKey: settings.project, permissions: names.join(',') }),
    );
    return names.filter((name) => !permissions[name]?.havePermission);
  }

  const baseUrl = parts.baseUrl.replace(/\/+$/, '');
  return {
    ...parts,
    findLackedPermissions,
    async withPermission(permission, work) {
      try {
        return await work();
      } catch (error) {
        // Status 0: Jira offered nothing to choose from.
        const mayBePermission =
          error instanceof IntegrationError && error.code === 'rejected' && [0, 400].includes(error.status);
        const lacked = mayBePermission ? await findLackedPermissions([permission]).catch(() => []) : [];
        if (!mayBePermission || lacked.length === 0) throw error;
        const fields = [{ field: permission, why: 'missing permission' }];
        throw new IntegrationError('auth', error.operation, { status: 403, fields });
      }
    },
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
