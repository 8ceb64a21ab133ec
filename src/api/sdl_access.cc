// Clients, decisions and the organization, as SDL (behaviour §14, SPEC 4.1.12).
#include "api/sdl.h"

namespace strongroom::api {

std::string_view AccessSdl() {
  return R"sdl(
"Clients and their policies."
type AuthMutation {
  "Make a client for a principal of this tenant."
  createClient(input: CreateClientInput!): Client!
  "Replace the policies of a client."
  updateClient(principal: String!, input: UpdateClientInput!): Client
  "Remove a client; its tokens are refused from then on."
  deleteClient(principal: String!): Client
}
"Clients, and the caller's own rights."
type AuthQuery {
  "The client of a principal."
  client(principal: String!): Client
  "Clients by principal."
  clients(first: Int!, after: String): ClientConnection!
  "Who the caller is to the server."
  whoami: Whoami!
  "Whether the caller may do something; DEPENDS when only a document can tell."
  can(action: PolicyAction!, resource: String!, document: JSON): Can!
  "How a decision came about, by the id that its error holds in extensions.decisionId; needs Select on system.Decision. Of writes, and of denials that are not among the newest, it lists no policies. Null when the audit log has none."
  explain(decisionId: ID!): Decision
  "Records of the tenant's audit log, oldest first: the first ones behind a sequence, or the last ones; needs Select on system.Decision.document.audit_record."
  auditLog(first: Int, after: String, last: Int): [AuditRecord!]!
  "What policies would decide, before they are saved; needs Select on system.Decision. Nothing is kept."
  simulate(input: SimulateInput!): Decision!
}
"Who the caller is to the server."
type Whoami {
  "The principal of the token."
  principal: String!
  "The addressed tenant."
  accountId: String!
  "The client that was found on the way from the tenant to its ancestors."
  client: String
  "All claims of the token."
  claims: JSON!
  "The caller's groups."
  groups: [String!]!
  "When the token ends."
  expires: Timestamp!
}
"The answer to `can`."
type Can {
  "What the policies say."
  verdict: Verdict!
  "To be explained later. Without a document, assertions that look at one fail there."
  decisionId: ID!
}
"A record of the audit log."
type AuditRecord {
  "Its place in the chain, from 1."
  sequence: String!
  "SHA-256 over its text, its place and the record before, in hexadecimal."
  hash: String!
  "What happened, as a JSON object, exactly as it was hashed."
  text: String!
}
"One decision, and how every policy took part in it."
type Decision {
  "Its id; null for a simulation."
  id: ID
  "When it was made."
  time: Timestamp!
  "Whose token it was made for."
  principal: String!
  "What was to be done."
  action: PolicyAction!
  "With what: `financial.Account.document.name`."
  resource: String!
  "What was decided."
  effect: PolicyEffect!
  "Whether no policy forbids it and none allows it either."
  deniedByDefault: Boolean!
  "The decision in one sentence, with what would have allowed it."
  summary: String!
  "The numbers of the policies that caused the effect; none when it was denied by default."
  reasons: [Int!]!
  "The numbers of the policies with an assertion that failed."
  errors: [Int!]!
  "Whether all policies are listed; false when there were too many to keep."
  complete: Boolean!
  "All policies of the principal, in order."
  policies: [PolicyTrace!]!
}
"How one policy took part in a decision."
type PolicyTrace {
  "Its number, from 0."
  policy: Int!
  "Who holds it: a client or a group."
  origin: String!
  "Whether it permits or forbids."
  effect: PolicyEffect!
  "What it came to."
  outcome: PolicyOutcome!
  "Its assertions, by name; none when action or resource differ."
  assertions: [AssertionTrace!]!
}
"What a policy came to."
enum PolicyOutcome {
  "None of its actions matches."
  OTHER_ACTION
  "None of its resources matches."
  OTHER_RESOURCE
  "An assertion is false."
  SKIPPED
  "No assertion is false, and one failed: an ALLOW is skipped, a DENY applies."
  FAILED
  "It applies."
  APPLICABLE
  "It is stored and not valid: it denies."
  DEFECTIVE
}
"How one assertion was evaluated."
type AssertionTrace {
  "Its name."
  name: String!
  "Its expression."
  expression: String!
  "What it came to."
  outcome: AssertionOutcome!
  "How it failed; hidden when it may quote a value that the asker may not see."
  error: String
  "The values it read, by path."
  seen: [SeenValue!]!
}
"What an assertion came to."
enum AssertionOutcome {
  "It holds."
  TRUE
  "It does not hold."
  FALSE
  "It could not be evaluated."
  ERROR
}
"A value that an assertion read."
type SeenValue {
  "Where: `context.document.status`."
  path: String!
  "As a CEL expression; null when there was none, or it is masked."
  value: String
  "Whether it is hidden: a property that the asker may not select on every document."
  masked: Boolean!
}
"Policies to be tried, and on what."
input SimulateInput {
  "Of the token; the caller's own when left out."
  principal: String
  "All claims of the token."
  claims: JSON!
  "The policies, as a client would hold them."
  policies: [PolicyInput!]!
  "What is to be done."
  action: PolicyAction!
  "With what: `financial.Account.document.name`."
  resource: String!
  "The document, with stored names as members: {account_id: …}; what is left out is null."
  document: JSON
}
"What policies say before a document is seen."
enum Verdict {
  "For every document."
  ALLOW
  "For no document."
  DENY
  "Only a document can tell."
  DEPENDS
}

"Tenants, groups and users of the organization."
type AdminMutation {
  "Make a group."
  createGroup(input: CreateGroupInput!): Group
  "Change the given properties of a group."
  updateGroup(input: UpdateGroupInput!): Group
  "Remove a group."
  deleteGroup(name: String!): Group
  "Make a user."
  createUser(input: CreateUserInput!): User
  "Change the groups of a user."
  updateUser(input: UpdateUserInput!): User
  "Remove a user."
  deleteUser(email: String!): User
  "Make a tenant below this one, whose clients hold in it."
  createTenant(input: CreateTenantInput!): Tenant
  "Change the given properties of a tenant."
  updateTenant(input: UpdateTenantInput!): Tenant
  "Remove a tenant and destroy its key: nobody can read its data again."
  deleteTenant(accountId: String!): Tenant
}
"The organization."
type AdminQuery {
  "The organization of this installation."
  organization: Organization!
  "Tenants by accountId."
  tenants(first: Int!, after: String): TenantConnection!
  "Groups by name."
  groups(first: Int!, after: String): GroupConnection!
  "Users by e-mail."
  users(first: Int!, after: String): UserConnection!
}
)sdl";
}

}  // namespace strongroom::api
