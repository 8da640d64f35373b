/*
 * The part of each vendor's API that adapters and emulators use. The validator refuses everything else, so a new call
 * starts with a line here and `node test/contracts/cut-vendor.ts`.
 */

const issue = '/repos/{owner}/{repo}/issues/{issue_number}';

export const githubOperations = [
  'get /user',
  'get /app',
  'get /rate_limit',
  'post /app/installations/{installation_id}/access_tokens',
  'get /repos/{owner}/{repo}/installation',
  'get /orgs/{org}/issue-fields',
  'get /orgs/{org}/issue-types',
  'get /repos/{owner}/{repo}/milestones/{milestone_number}',
  'get /repos/{owner}/{repo}',
  'get /repos/{owner}/{repo}/assignees/{assignee}',
  'get /repos/{owner}/{repo}/labels',
  'post /repos/{owner}/{repo}/labels',
  'get /repos/{owner}/{repo}/issues',
  'post /repos/{owner}/{repo}/issues',
  `get ${issue}`,
  `patch ${issue}`,
  `get ${issue}/events`,
  `get ${issue}/comments`,
  `post ${issue}/comments`,
  `post ${issue}/labels`,
  `delete ${issue}/labels/{name}`,
  `get ${issue}/sub_issues`,
  `post ${issue}/sub_issues`,
  `get ${issue}/issue-field-values`,
  `post ${issue}/issue-field-values`,
  `put ${issue}/lock`,
  'get /repos/{owner}/{repo}/hooks',
  'post /repos/{owner}/{repo}/hooks',
  'patch /repos/{owner}/{repo}/hooks/{hook_id}',
] as const;

const v3 = '/rest/api/3';

export const jiraOperations = [
  `get ${v3}/myself`,
  `get ${v3}/mypermissions`,
  `get ${v3}/serverInfo`,
  `get ${v3}/project/{projectIdOrKey}`,
  `get ${v3}/project/{projectIdOrKey}/statuses`,
  `get ${v3}/priority/search`,
  `get ${v3}/user/assignable/search`,
  `get ${v3}/issue/createmeta/{projectIdOrKey}/issuetypes`,
  `get ${v3}/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}`,
  `post ${v3}/issue`,
  `post ${v3}/issue/bulkfetch`,
  `get ${v3}/issue/{issueIdOrKey}`,
  `put ${v3}/issue/{issueIdOrKey}`,
  `delete ${v3}/issue/{issueIdOrKey}`,
  `get ${v3}/issue/{issueIdOrKey}/editmeta`,
  `get ${v3}/issue/{issueIdOrKey}/changelog`,
  `get ${v3}/issue/{issueIdOrKey}/properties/{propertyKey}`,
  `put ${v3}/issue/{issueIdOrKey}/properties/{propertyKey}`,
  `get ${v3}/issue/{issueIdOrKey}/transitions`,
  `post ${v3}/issue/{issueIdOrKey}/transitions`,
  `get ${v3}/issue/{issueIdOrKey}/comment`,
  `post ${v3}/issue/{issueIdOrKey}/comment`,
  `post ${v3}/issue/{issueIdOrKey}/remotelink`,
  `get ${v3}/issue/{issueIdOrKey}/remotelink`,
  `post ${v3}/changelog/bulkfetch`,
  `post ${v3}/comment/list`,
  `post ${v3}/search/jql`,
] as const;

/** Fields of Linear's two root types. */
export const linearRoots: Record<string, readonly string[]> = {
  Query: [
    'viewer',
    'organization',
    'team',
    'teams',
    'users',
    'issue',
    'issues',
    'issueLabels',
    'comment',
    'attachmentsForURL',
    'rateLimitStatus',
  ],
  Mutation: [
    'issueCreate',
    'issueUpdate',
    'issueArchive',
    'issueUnarchive',
    'issueDelete',
    'issueRelationCreate',
    'commentCreate',
    'issueLabelCreate',
    'attachmentCreate',
  ],
};
