// Every method with the document that carries it out. `%` stands for the selection of the message
// that is answered, `@` for a page of it.
#include "services/method_table.h"

namespace strongroom::services {
namespace {

using enum MethodKind;

constexpr MethodSpec kMethods[] = {
    {"strongroom.financial.v1.JournalService", "GetJournal", kUnary, "",
     "query($id: UUID!) { journal(id: $id) % }"},
    {"strongroom.financial.v1.JournalService", "ListJournals", kList, "journals",
     "query($index: JournalIndexInput!, $where: JournalFilterInput, $first: Int!, $after: String) "
     "{ journals(index: $index, where: $where, first: $first, after: $after) @ }"},
    {"strongroom.financial.v1.JournalService", "CreateJournal", kUnary, "",
     "mutation($input: JournalInput!) { journal: createJournal(input: $input) % }"},
    {"strongroom.financial.v1.JournalService", "UpdateJournal", kUnary, "",
     "mutation($id: UUID!, $input: JournalUpdateInput!) { journal: updateJournal(id: $id, input: "
     "$input) % }"},
    {"strongroom.financial.v1.JournalService", "DeleteJournal", kUnary, "",
     "mutation($id: UUID!) { journal: deleteJournal(id: $id) % }"},
    {"strongroom.financial.v1.AccountService", "GetAccount", kUnary, "",
     "query($id: UUID!) { account(id: $id) % }"},
    {"strongroom.financial.v1.AccountService", "ListAccounts", kList, "accounts",
     "query($index: AccountIndexInput!, $where: AccountFilterInput, $first: Int!, $after: String) "
     "{ accounts(index: $index, where: $where, first: $first, after: $after) @ }"},
    {"strongroom.financial.v1.AccountService", "CreateAccount", kUnary, "",
     "mutation($input: AccountInput!) { account: createAccount(input: $input) % }"},
    {"strongroom.financial.v1.AccountService", "UpdateAccount", kUnary, "",
     "mutation($id: UUID!, $input: AccountUpdateInput!) { account: updateAccount(id: $id, input: "
     "$input) % }"},
    {"strongroom.financial.v1.AccountService", "DeleteAccount", kUnary, "",
     "mutation($id: UUID!) { account: deleteAccount(id: $id) % }"},
    {"strongroom.financial.v1.AccountSetService", "GetAccountSet", kUnary, "",
     "query($id: UUID!) { accountSet(id: $id) % }"},
    {"strongroom.financial.v1.AccountSetService", "ListAccountSets", kList, "accountSets",
     "query($index: AccountSetIndexInput!, $where: AccountSetFilterInput, $first: Int!, $after: "
     "String) { accountSets(index: $index, where: $where, first: $first, after: $after) @ }"},
    {"strongroom.financial.v1.AccountSetService", "CreateAccountSet", kUnary, "",
     "mutation($input: AccountSetInput!) { accountSet: createAccountSet(input: $input) % }"},
    {"strongroom.financial.v1.AccountSetService", "UpdateAccountSet", kUnary, "",
     "mutation($id: UUID!, $input: AccountSetUpdateInput!) { accountSet: updateAccountSet(id: $id, "
     "input: $input) % }"},
    {"strongroom.financial.v1.AccountSetService", "DeleteAccountSet", kUnary, "",
     "mutation($id: UUID!) { accountSet: deleteAccountSet(id: $id) % }"},
    {"strongroom.financial.v1.AccountSetService", "AddToAccountSet", kUnary, "",
     "mutation($id: UUID!, $member: AccountSetMemberInput!) { accountSet: addToAccountSet(id: $id, "
     "member: $member) % }"},
    {"strongroom.financial.v1.AccountSetService", "RemoveFromAccountSet", kUnary, "",
     "mutation($id: UUID!, $member: AccountSetMemberInput!) { accountSet: removeFromAccountSet(id: "
     "$id, member: $member) % }"},
    {"strongroom.financial.v1.TranCodeService", "GetTranCode", kUnary, "",
     "query($id: UUID!) { tranCode(id: $id) % }"},
    {"strongroom.financial.v1.TranCodeService", "ListTranCodes", kList, "tranCodes",
     "query($index: TranCodeIndexInput!, $where: TranCodeFilterInput, $first: Int!, $after: "
     "String) { tranCodes(index: $index, where: $where, first: $first, after: $after) @ }"},
    {"strongroom.financial.v1.TranCodeService", "CreateTranCode", kUnary, "",
     "mutation($input: TranCodeInput!) { tranCode: createTranCode(input: $input) % }"},
    {"strongroom.financial.v1.TranCodeService", "UpdateTranCode", kUnary, "",
     "mutation($id: UUID!, $input: TranCodeUpdateInput!) { tranCode: updateTranCode(id: $id, "
     "input: $input) % }"},
    {"strongroom.financial.v1.TranCodeService", "DeleteTranCode", kUnary, "",
     "mutation($id: UUID!) { tranCode: deleteTranCode(id: $id) % }"},
    {"strongroom.financial.v1.TransactionService", "GetTransaction", kUnary, "",
     "query($id: UUID!) { transaction(id: $id) % }"},
    {"strongroom.financial.v1.TransactionService", "ListTransactions", kList, "transactions",
     "query($index: TransactionIndexInput!, $where: TransactionFilterInput, $first: Int!, $after: "
     "String) { transactions(index: $index, where: $where, first: $first, after: $after) @ }"},
    {"strongroom.financial.v1.TransactionService", "UpdateTransaction", kUnary, "",
     "mutation($id: UUID!, $input: TransactionUpdateInput!) { transaction: updateTransaction(id: "
     "$id, input: $input) % }"},
    {"strongroom.financial.v1.TransactionService", "PostTransaction", kUnary, "",
     "mutation($input: TransactionInput!) { transaction: postTransaction(input: $input) % }"},
    {"strongroom.financial.v1.TransactionService", "PostTransactions", kBatch, "",
     "mutation($input: TransactionInput!) { postTransaction(input: $input) { __typename } }"},
    {"strongroom.financial.v1.TransactionService", "PostTransactionStream", kStream, "",
     "mutation($input: TransactionInput!) { postTransaction(input: $input) { __typename } }"},
    {"strongroom.financial.v1.TransactionService", "VoidTransaction", kUnary, "",
     "mutation($id: UUID!) { transaction: voidTransaction(id: $id) % }"},
    {"strongroom.financial.v1.EntryService", "GetEntry", kUnary, "",
     "query($id: UUID!) { entry(id: $id) % }"},
    {"strongroom.financial.v1.EntryService", "ListEntries", kList, "entries",
     "query($index: EntryIndexInput!, $where: EntryFilterInput, $first: Int!, $after: String) { "
     "entries(index: $index, where: $where, first: $first, after: $after) @ }"},
    {"strongroom.financial.v1.EntryService", "UpdateEntry", kUnary, "",
     "mutation($id: UUID!, $input: EntryUpdateInput!) { entry: updateEntry(id: $id, input: $input) "
     "% }"},
    {"strongroom.financial.v1.EntryService", "ListAccountEntries", kList, "account.entries",
     "query($accountId: UUID!, $where: AccountEntriesFilterInput, $first: Int!, $after: String) { "
     "account(id: $accountId) { entries(where: $where, first: $first, after: $after) @ } }"},
    {"strongroom.financial.v1.EntryService", "ListAccountSetEntries", kList, "accountSet.entries",
     "query($accountSetId: UUID!, $where: AccountSetEntriesFilterInput, $first: Int!, $after: "
     "String) { accountSet(id: $accountSetId) { entries(where: $where, first: $first, after: "
     "$after) @ } }"},
    {"strongroom.financial.v1.EntryService", "ListTransactionEntries", kList, "transaction.entries",
     "query($transactionId: UUID!, $first: Int!, $after: String) { transaction(id: $transactionId) "
     "{ entries(first: $first, after: $after) @ } }"},
    {"strongroom.financial.v1.BalanceService", "ListBalances", kList, "balances",
     "query($index: BalanceIndexInput!, $where: BalanceFilterInput, $first: Int!, $after: String) "
     "{ balances(index: $index, where: $where, first: $first, after: $after) @ }"},
    {"strongroom.financial.v1.BalanceService", "GetBalance", kUnary, "",
     "query($journalId: UUID, $accountId: UUID!, $currency: CurrencyCode! = \"USD\") { "
     "balance(journalId: $journalId, accountId: $accountId, currency: $currency) % }"},
    {"strongroom.financial.v1.BalanceService", "ListAccountBalances", kList, "account.balances",
     "query($accountId: UUID!, $first: Int!, $after: String) { account(id: $accountId) { "
     "balances(first: $first, after: $after) @ } }"},
    {"strongroom.auth.v1.ClientService", "GetClient", kUnary, "auth",
     "query($principal: String!) { auth { client(principal: $principal) % } }"},
    {"strongroom.auth.v1.ClientService", "ListClients", kList, "auth.clients",
     "query($first: Int!, $after: String) { auth { clients(first: $first, after: $after) @ } }"},
    {"strongroom.auth.v1.ClientService", "CreateClient", kUnary, "auth",
     "mutation($input: CreateClientInput!) { auth { client: createClient(input: $input) % } }"},
    {"strongroom.auth.v1.ClientService", "UpdateClient", kUnary, "auth",
     "mutation($principal: String!, $input: UpdateClientInput!) { auth { client: "
     "updateClient(principal: $principal, input: $input) % } }"},
    {"strongroom.auth.v1.ClientService", "DeleteClient", kUnary, "auth",
     "mutation($principal: String!) { auth { client: deleteClient(principal: $principal) % } }"},
    {"strongroom.auth.v1.AccessService", "Whoami", kUnary, "auth", "query { auth { whoami % } }"},
    {"strongroom.auth.v1.AccessService", "Can", kUnary, "auth",
     "query($action: PolicyAction!, $resource: String!, $document: JSON) { auth { can(action: "
     "$action, resource: $resource, document: $document) % } }"},
    {"strongroom.auth.v1.AccessService", "Explain", kUnary, "auth",
     "query($decisionId: ID!) { auth { explain(decisionId: $decisionId) % } }"},
    {"strongroom.auth.v1.AccessService", "Simulate", kUnary, "auth",
     "query($input: SimulateInput!) { auth { simulate(input: $input) % } }"},
    {"strongroom.tenancy.v1.TenantService", "ListTenants", kList, "admin.tenants",
     "query($first: Int!, $after: String) { admin { tenants(first: $first, after: $after) @ } }"},
    {"strongroom.tenancy.v1.TenantService", "CreateTenant", kUnary, "admin",
     "mutation($input: CreateTenantInput!) { admin { tenant: createTenant(input: $input) % } }"},
    {"strongroom.tenancy.v1.TenantService", "UpdateTenant", kUnary, "admin",
     "mutation($input: UpdateTenantInput!) { admin { tenant: updateTenant(input: $input) % } }"},
    {"strongroom.tenancy.v1.TenantService", "DeleteTenant", kUnary, "admin",
     "mutation($accountId: String!) { admin { tenant: deleteTenant(accountId: $accountId) % } }"},
};

}  // namespace

std::span<const MethodSpec> MethodTable() { return kMethods; }

}  // namespace strongroom::services
