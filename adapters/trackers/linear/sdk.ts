import { LinearDocument as documents, parseLinearError } from '@linear/sdk';

export { parseLinearError };

/** The mutations in use; bundle-plugin.ts keeps the others out of a bundle. */
export const mutations = {
  createAttachment: documents.CreateAttachmentDocument,
  createComment: documents.CreateCommentDocument,
  createIssue: documents.CreateIssueDocument,
  createIssueLabel: documents.CreateIssueLabelDocument,
  createIssueRelation: documents.CreateIssueRelationDocument,
  deleteIssue: documents.DeleteIssueDocument,
  unarchiveIssue: documents.UnarchiveIssueDocument,
  updateIssue: documents.UpdateIssueDocument,
};

type Mutations = typeof mutations;
type CallOf<Name extends keyof Mutations> = NonNullable<Mutations[Name]['__apiType']>;
type AnswerOf<Name extends keyof Mutations> = ReturnType<CallOf<Name>>;

/** Sends a mutation and gives its only part; an answer without success is an error. */
export type Write = <Name extends keyof Mutations>(
  name: Name,
  variables: Parameters<CallOf<Name>>[0],
) => Promise<Exclude<AnswerOf<Name>[keyof AnswerOf<Name>], string | undefined>>;
