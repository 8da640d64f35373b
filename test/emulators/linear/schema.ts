import { buildSchema } from 'graphql';

const connection = (node: string) => `type ${node}Connection { nodes: [${node}!]! pageInfo: PageInfo! }`;

const paging =
  'after: String, before: String, first: Int, last: Int, includeArchived: Boolean, orderBy: PaginationOrderBy';

/** The part of Linear's schema that issue work needs, under its own names and types. */
export const linearSchema = buildSchema(`
scalar DateTime
scalar DateTimeOrDuration
scalar TimelessDate
scalar JSONObject
enum PaginationOrderBy { createdAt updatedAt }

type PageInfo { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }
${['Issue', 'IssueHistory', 'IssueLabel', 'Comment', 'Attachment', 'Team', 'User', 'WorkflowState'].map(connection).join('\n')}

type User {
  id: ID! name: String! displayName: String! email: String! active: Boolean! app: Boolean! isMe: Boolean!
  url: String! createdAt: DateTime! updatedAt: DateTime! archivedAt: DateTime
}
type ActorBot { id: ID type: String! name: String }
type Team {
  id: ID! key: String! name: String! createdAt: DateTime! updatedAt: DateTime! archivedAt: DateTime
  states(${paging}, filter: WorkflowStateFilter): WorkflowStateConnection!
}
type WorkflowState {
  id: ID! name: String! type: String! position: Float! color: String! team: Team!
  createdAt: DateTime! updatedAt: DateTime! archivedAt: DateTime
}
type IssueLabel {
  id: ID! name: String! color: String! description: String isGroup: Boolean! team: Team
  createdAt: DateTime! updatedAt: DateTime! archivedAt: DateTime
}
type Issue {
  id: ID! identifier: String! number: Float! previousIdentifiers: [String!]! url: String!
  title: String! description: String priority: Float! priorityLabel: String! dueDate: TimelessDate
  createdAt: DateTime! updatedAt: DateTime! completedAt: DateTime canceledAt: DateTime autoClosedAt: DateTime
  archivedAt: DateTime trashed: Boolean
  team: Team! state: WorkflowState! assignee: User creator: User botActor: ActorBot
  labels(${paging}, filter: IssueLabelFilter): IssueLabelConnection!
  comments(${paging}, filter: CommentFilter): CommentConnection!
  attachments(${paging}): AttachmentConnection!
  history(${paging}): IssueHistoryConnection!
}
type IssueHistory {
  id: ID! createdAt: DateTime! updatedAt: DateTime! actor: User actorId: String botActor: ActorBot
  fromState: WorkflowState toState: WorkflowState
}
type Comment {
  id: ID! body: String! createdAt: DateTime! updatedAt: DateTime! archivedAt: DateTime url: String!
  user: User botActor: ActorBot issue: Issue issueId: String
}
type Attachment {
  id: ID! title: String! subtitle: String url: String! metadata: JSONObject! issue: Issue! creator: User
  createdAt: DateTime! updatedAt: DateTime! archivedAt: DateTime
}

input StringComparator { eq: String neq: String in: [String!] eqIgnoreCase: String contains: String }
input IDComparator { eq: ID in: [ID!] }
input IssueIDComparator { eq: ID in: [ID!] }
input BooleanComparator { eq: Boolean neq: Boolean }
input DateComparator { gt: DateTimeOrDuration gte: DateTimeOrDuration lt: DateTimeOrDuration lte: DateTimeOrDuration }
input TeamFilter { id: IDComparator key: StringComparator name: StringComparator and: [TeamFilter!] or: [TeamFilter!] }
input NullableTeamFilter {
  null: Boolean id: IDComparator key: StringComparator and: [NullableTeamFilter!] or: [NullableTeamFilter!]
}
input UserFilter {
  id: IDComparator email: StringComparator name: StringComparator displayName: StringComparator
  active: BooleanComparator and: [UserFilter!] or: [UserFilter!]
}
input WorkflowStateFilter { id: IDComparator name: StringComparator type: StringComparator team: TeamFilter }
input IssueLabelFilter {
  id: IDComparator name: StringComparator isGroup: BooleanComparator team: NullableTeamFilter
  and: [IssueLabelFilter!] or: [IssueLabelFilter!]
}
input CommentFilter { id: IDComparator createdAt: DateComparator and: [CommentFilter!] or: [CommentFilter!] }
input IssueFilter {
  id: IssueIDComparator title: StringComparator team: TeamFilter state: WorkflowStateFilter
  createdAt: DateComparator updatedAt: DateComparator and: [IssueFilter!] or: [IssueFilter!]
}

type Query {
  viewer: User!
  team(id: String!): Team!
  teams(${paging}, filter: TeamFilter): TeamConnection!
  users(${paging}, filter: UserFilter): UserConnection!
  issue(id: String!): Issue!
  issues(${paging}, filter: IssueFilter): IssueConnection!
  issueLabels(${paging}, filter: IssueLabelFilter): IssueLabelConnection!
  comment(id: String, hash: String): Comment!
  attachmentsForURL(${paging}, url: String!): AttachmentConnection!
}

input IssueCreateInput {
  id: String teamId: String! title: String description: String priority: Int labelIds: [String!]
  assigneeId: String dueDate: TimelessDate stateId: String
}
input IssueUpdateInput {
  teamId: String title: String description: String priority: Int labelIds: [String!]
  addedLabelIds: [String!] removedLabelIds: [String!] assigneeId: String dueDate: TimelessDate stateId: String
}
input CommentCreateInput { id: String issueId: String body: String }
input IssueLabelCreateInput { id: String name: String! color: String description: String teamId: String }
input AttachmentCreateInput {
  id: String issueId: String! title: String! subtitle: String url: String! metadata: JSONObject
}

interface ArchivePayload { lastSyncId: Float! success: Boolean! }
type IssuePayload { issue: Issue lastSyncId: Float! success: Boolean! }
type IssueArchivePayload implements ArchivePayload { entity: Issue lastSyncId: Float! success: Boolean! }
type CommentPayload { comment: Comment! lastSyncId: Float! success: Boolean! }
type IssueLabelPayload { issueLabel: IssueLabel! lastSyncId: Float! success: Boolean! }
type AttachmentPayload { attachment: Attachment! lastSyncId: Float! success: Boolean! }

type Mutation {
  issueCreate(input: IssueCreateInput!): IssuePayload!
  issueUpdate(id: String!, input: IssueUpdateInput!): IssuePayload!
  issueArchive(id: String!, trash: Boolean): IssueArchivePayload!
  issueUnarchive(id: String!): IssueArchivePayload!
  issueDelete(id: String!, permanentlyDelete: Boolean): IssueArchivePayload!
  commentCreate(input: CommentCreateInput!): CommentPayload!
  issueLabelCreate(input: IssueLabelCreateInput!, replaceTeamLabels: Boolean): IssueLabelPayload!
  attachmentCreate(input: AttachmentCreateInput!): AttachmentPayload!
}
`);
