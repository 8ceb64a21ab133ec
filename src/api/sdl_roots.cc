// The operations of the public interface (reference: behaviour §§1-18), in our own words.
#include "api/sdl.h"

namespace strongroom::api {

std::string_view RootsSdl() {
  return R"sdl(
schema { query: Query mutation: Mutation }

"The default of the variable is a CEL expression; its result is the value when none is sent."
directive @cel on VARIABLE_DEFINITION
"Execute fully, answer as usual, and keep nothing."
directive @dryRun on MUTATION
"Do also what leaves nobody able to write the clients of the tenant; only `strongroom recover` on the host helps then."
directive @force on MUTATION
"The server itself repeats what fails and may succeed later, for up to this long (`30s`, `1m`)."
directive @retry(for: String! = "30s") on MUTATION | QUERY
"Accepted; every operation is serializable, which is as strict as any of them."
directive @tx(isolation: TxIsolation = SNAPSHOT) on MUTATION | QUERY

"A UUID of any version; lower case when it is read back."
scalar UUID
"An exact decimal of up to 34 digits, as text; keeps its scale."
scalar Decimal
"A day, as YYYY-MM-DD."
scalar Date
"A time in UTC, as RFC 3339."
scalar Timestamp
"A CEL expression."
scalar Expression
"Names and their CEL expressions."
scalar ExpressionMap
"Names and their CEL expressions, or further maps."
scalar ExpressionNestedMap
"What kind of entry it is."
scalar EntryType
"Any JSON: written as a literal, sent as a variable, or as a string that holds JSON."
scalar JSON
"Any value, as JSON."
scalar Value
"An ISO 4217 code: three upper-case letters."
scalar CurrencyCode

"How strictly operations are kept apart."
enum TxIsolation {
  "See what others have committed."
  READ_COMMITTED
  "See one moment."
  SNAPSHOT
  "What was read is unchanged at the end."
  REPEATABLE_READ
  "As if operations ran one after another."
  SERIALIZABLE
}
"How digits that don't fit are dropped."
enum RoundingMode {
  "To the nearest; a half goes towards zero."
  HALF_DOWN
  "To the nearest; a half goes away from zero."
  HALF_UP
  "Towards zero."
  DOWN
  "Away from zero."
  UP
}
"How a currency is shown."
enum CurrencyDisplay {
  "By its symbol, or its code where the locale has none."
  SYMBOL
  "By its code."
  CODE
  "Not at all."
  NONE
}

"Something with a global id."
interface Node {
  "The global id."
  id: ID!
}
"A page of a list."
interface Connection {
  "Where the page stands."
  pageInfo: PageInfo!
}
"Where a page stands in its list."
type PageInfo {
  "Whether something comes before it."
  hasPreviousPage: Boolean!
  "Whether something comes after it."
  hasNextPage: Boolean!
  "The cursor of its first edge."
  startCursor: String
  "The cursor of its last edge."
  endCursor: String
}
"A condition on one key of an index; exactly one member."
input FilterValue {
  "Equal to."
  eq: String
  "Begins with."
  like: String
  "Less than."
  lt: String
  "At most."
  lte: String
  "Greater than."
  gt: String
  "At least."
  gte: String
  "No condition."
  all: Boolean
  "From one value to another, both included."
  between: Between
}
"A range, both ends included."
input Between {
  "Where it begins."
  begin: String
  "Where it ends."
  end: String
}
"Which entries of an account."
input AccountEntriesFilterInput {
  "Of one journal; of all when left out."
  journalId: FilterValue
  "In one currency; USD when left out."
  currency: FilterValue
}

"Which entries of an account set."
input AccountSetEntriesFilterInput {
  "In one currency; USD when left out."
  currency: FilterValue
}
"How current a balance is to be; here they are all the same, and exact."
enum BalanceType {
  "The last computed one."
  FINAL
  "With what is committed."
  PREPARED
  "With what is in flight."
  PROVISIONAL
}
"Which versions of a balance."
input BalanceHistoryFilterInput {
  "When the operation that wrote the version began to write."
  modified: FilterValue
  "The same: what an operation writes is dated when its turn comes."
  committed: FilterValue
}
"Which members of an account set."
input AccountSetMembersFilterInput {
  "Of this set."
  accountSetId: FilterValue
  "With this id."
  memberId: FilterValue
}
"What can be in an account set."
union AccountSetMember = Account | AccountSet
"A page of a list."
type AccountSetMemberConnection implements Connection {
  "The documents alone."
  nodes: [AccountSetMember!]!
  "The documents with their cursors."
  edges: [AccountSetMemberConnectionEdge]!
  "Where the page stands."
  pageInfo: PageInfo!
}
"A document and its place in the list."
type AccountSetMemberConnectionEdge {
  "Its place, for `after` and `before`."
  cursor: String!
  "The document."
  node: AccountSetMember
}

"An amount of one currency."
type Money {
  "How much."
  units: Decimal!
  "Of what."
  currency: CurrencyCode!
  "As people read it; en-US with the symbol when `as` is left out."
  formatted(as: MoneyFormatInput): String!
}
"How money is written."
input MoneyFormatInput {
  "A language tag such as de-DE."
  locale: String!
  "Whether digits are grouped."
  groupDigits: Boolean! = false
  "Whether positive amounts get a plus sign."
  addPlusSign: Boolean! = false
  "What happens to digits beyond maxDigits."
  roundingMode: RoundingMode! = HALF_UP
  "How the currency is shown."
  currencyDisplay: CurrencyDisplay! = SYMBOL
  "Least digits after the point; 255 is the currency's own number."
  minDigits: Int! = 255
  "Most digits after the point; wins over minDigits."
  maxDigits: Int! = 6
}

"The schema itself."
type _Service {
  "As text in the schema definition language."
  sdl: String!
}

"All root fields of one operation see one state."
type Query {
  "Any document by its global id."
  node(id: ID!): Node
  "The schema itself."
  _service: _Service!
  "Clients, policies and the caller's own rights."
  auth: AuthQuery!
  "The organization: tenants, groups, users."
  admin: AdminQuery!
  "Custom indexes."
  schema: SchemaQuery!
  "An account by id."
  account(id: UUID!): Account
  "Accounts through an index."
  accounts(index: AccountIndexInput!, where: AccountFilterInput, first: Int!, after: String): AccountConnection!
  "An account set by id."
  accountSet(id: UUID!): AccountSet
  "Account sets of a journal through an index; of the default journal when none is named."
  accountSets(index: AccountSetIndexInput!, where: AccountSetFilterInput, first: Int!, after: String): AccountSetConnection!
  "The balance of an account in a journal and a currency. `materialize` and `type` are accepted: every balance is exact."
  balance(journalId: UUID, accountId: UUID!, currency: CurrencyCode! = "USD", materialize: Boolean, type: BalanceType): Balance
  "Balances through an index."
  balances(index: BalanceIndexInput!, where: BalanceFilterInput, first: Int!, after: String): BalanceConnection!
  "An entry by id."
  entry(id: UUID!): Entry
  "Entries through an index."
  entries(index: EntryIndexInput!, where: EntryFilterInput, first: Int, last: Int, after: String, before: String): EntryConnection!
  "A journal by id; the default journal when it is left out."
  journal(id: UUID): Journal
  "Journals through an index."
  journals(index: JournalIndexInput!, where: JournalFilterInput, first: Int!, after: String): JournalConnection!
  "A tran code by id."
  tranCode(id: UUID!): TranCode
  "Tran codes through an index."
  tranCodes(index: TranCodeIndexInput!, where: TranCodeFilterInput, first: Int!, after: String): TranCodeConnection!
  "A transaction by id."
  transaction(id: UUID!): Transaction
  "Transactions through an index."
  transactions(index: TransactionIndexInput!, where: TransactionFilterInput, first: Int!, after: String): TransactionConnection!
  "The balances of a journal's accounts, now or as posted up to the end of a day (UTC); of the default journal when none is named."
  trialBalance(journalId: UUID, currency: CurrencyCode, asOf: Date): TrialBalance!
  "What was posted to an account from the beginning of a day to the end of another (UTC)."
  accountStatement(accountId: UUID!, journalId: UUID, currency: CurrencyCode! = "USD", from: Date, to: Date): AccountStatement
}

"The root fields of one operation run one after another in one transaction: all of it happens, or nothing."
type Mutation {
  "The values of CEL expressions; `this.<name>` refers to another one, `document` to the argument."
  evaluate(expressions: ExpressionNestedMap!, document: Value): Value!
  "Reads that see what the operation has written so far."
  queries: Query!
  "Clients and policies."
  auth: AuthMutation!
  "The organization: tenants, groups, users."
  admin: AdminMutation!
  "Custom indexes."
  schema: SchemaMutation!
  "Make an account."
  createAccount(input: AccountInput!): Account!
  "Change the given properties of an account."
  updateAccount(id: UUID!, input: AccountUpdateInput!): Account!
  "Lock an account."
  deleteAccount(id: UUID!): Account
  "Make an account set, and the account of the same id under it."
  createAccountSet(input: AccountSetInput!): AccountSet!
  "Change the given properties of an account set."
  updateAccountSet(id: UUID!, input: AccountSetUpdateInput!): AccountSet!
  "Close an account set: no changes and no members any more. What is posted to its members still counts."
  deleteAccountSet(id: UUID!): AccountSet
  "Put an account, or an empty account set of the same journal, into an account set; entries count from then on."
  addToAccountSet(id: UUID!, member: AccountSetMemberInput!): AccountSet!
  "Take out a member that has no entries in the set's journal."
  removeFromAccountSet(id: UUID!, member: AccountSetMemberInput!): AccountSet!
  "Make a journal."
  createJournal(input: JournalInput!): Journal!
  "Change the given properties of a journal."
  updateJournal(id: UUID!, input: JournalUpdateInput!): Journal!
  "Lock a journal."
  deleteJournal(id: UUID!): Journal
  "Make a tran code."
  createTranCode(input: TranCodeInput!): TranCode!
  "Change a tran code: a new version, which postings use from then on."
  updateTranCode(id: UUID!, input: TranCodeUpdateInput!): TranCode!
  "Lock a tran code."
  deleteTranCode(id: UUID!): TranCode
  "Post through a tran code: the transaction, its entries and the balances they lead to."
  postTransaction(input: TransactionInput!): Transaction!
  "Change what is said of a transaction; amounts never change."
  updateTransaction(id: UUID!, input: TransactionUpdateInput!): Transaction!
  "Post the opposite entries; the new transaction is the answer."
  voidTransaction(id: UUID!): Transaction!
  "Change what is said of an entry; amounts never change."
  updateEntry(id: UUID!, input: EntryUpdateInput!): Entry!
}

"A posting."
input TransactionInput {
  "The id that the caller chooses; no two postings share one."
  transactionId: UUID!
  "The code of the tran code."
  tranCode: String!
  "A version of the tran code; the newest when left out."
  tranCodeVersion: Int
  "Values of the tran code's params."
  params: JSON
  "How the posting is to be treated."
  properties: TransactionPropertiesInput
}
"How a posting is to be treated."
input TransactionPropertiesInput {
  "Instead of what velocity controls say."
  overrideVelocityEnforcement: VelocityEnforcementInput
  "Post, void at once, and keep this with the transaction."
  exception: TransactionExceptionInput
}
"How a limit is enforced."
input VelocityEnforcementInput {
  "What happens to a posting over a limit."
  action: VelocityEnforcementAction!
}
"Something that is wrong with a transaction."
input TransactionExceptionInput {
  "What kind of exception."
  type: String!
  "What happened."
  message: String!
  "What belongs to it."
  detail: JSON!
}
)sdl";
}

}  // namespace strongroom::api
