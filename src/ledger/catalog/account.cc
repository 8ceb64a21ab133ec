#include "ledger/catalog/ledgers.h"

namespace strongroom::ledger {
namespace {

using enum PropertyType;

constexpr PropertySpec kConfigFields[] = {
    {.name = "enable_concurrent_posting",
     .type = kBool,
     .output_type = "Boolean",
     .create_type = "Boolean",
     .update_type = "Boolean",
     .fill = "false",
     .about = "Accepted for compatibility: every account takes concurrent postings exactly."},
    {.name = "is_account_set",
     .type = kBool,
     .output_type = "Boolean",
     .fill = "false",
     .about = "The account stands under an account set and takes no postings."},
};
constexpr PropertySpec kConfigOptions[] = {
    {.name = "upsert",
     .type = kBool,
     .create_type = "Boolean",
     .update_type = "Boolean",
     .about = "If the account exists, leave it as it is and succeed."},
};
constexpr RecordSpec kConfig = {.name = "AccountConfig",
                                .input_name = "AccountConfigInput",
                                .fields = kConfigFields,
                                .options = kConfigOptions,
                                .about = "Settings of an account."};

constexpr PropertySpec kProperties[] = {
    {.name = "account_id",
     .type = kUuid,
     .output_type = "UUID!",
     .create_type = "UUID!",
     .about = "The id that its creator chose."},
    {.name = "external_id",
     .output_type = "String!",
     .create_type = "String",
     .update_type = "String",
     .fill_empty = true,
     .about = "Its id in another system; no two accounts share one."},
    {.name = "code",
     .output_type = "String!",
     .create_type = "String!",
     .update_type = "String",
     .about = "A short name, such as the number in a chart of accounts."},
    {.name = "name",
     .output_type = "String!",
     .create_type = "String!",
     .update_type = "String",
     .about = "What people call the account."},
    {.name = "normal_balance_type",
     .type = kEnum,
     .enumeration = &kDebitOrCredit,
     .output_type = "DebitOrCredit!",
     .create_type = "DebitOrCredit! = CREDIT",
     .update_type = "DebitOrCredit",
     .fill = "CREDIT",
     .about = "The side that makes its normal balance grow."},
    {.name = "description",
     .output_type = "String!",
     .create_type = "String",
     .update_type = "String",
     .fill_empty = true,
     .about = "What it is for."},
    {.name = "status",
     .type = kEnum,
     .enumeration = &kAccountStatus,
     .output_type = "AccountStatus!",
     .create_type = "Status! = ACTIVE",
     .update_type = "Status",
     .fill = "ACTIVE",
     .about = "A LOCKED account takes no postings and no changes."},
    {.name = "metadata",
     .type = kJson,
     .output_type = "JSON",
     .create_type = "JSON",
     .update_type = "JSON",
     .merge = true,
     .about = "Whatever else belongs to it."},
    {.name = "config",
     .type = kRecord,
     .record = &kConfig,
     .output_type = "AccountConfig!",
     .create_type = "AccountConfigInput",
     .update_type = "AccountConfigInput",
     .fill = "{}",
     .merge = true,
     .about = "Settings."},
    STRONGROOM_SYSTEM_PROPERTIES,
    // The sets it is a member of, where postings see them without a further read.
    {.name = "set_ids", .type = kUuid, .list = true, .internal = true},
};
constexpr PropertySpec kOptions[] = {STRONGROOM_ACCOUNT_SET_IDS};

constexpr std::string_view kKey[] = {"account_id"};
constexpr IndexKey kById[] = {{.property = "account_id"}};
constexpr IndexKey kByName[] = {{.property = "name"}};
constexpr IndexKey kByCode[] = {{.property = "code"}};
constexpr IndexKey kByStatus[] = {{.property = "status"}};
constexpr IndexKey kByExternalId[] = {{.property = "external_id"}};
constexpr IndexKey kByExactCode[] = {{.property = "code", .filter = "code_unique"}};
constexpr IndexSpec kIndexes[] = {
    {.name = "account_id",
     .enum_name = "ACCOUNT_ID",
     .partition = kById,
     .unique = true,
     .primary = true,
     .about = "The account with that id."},
    {.name = "name", .enum_name = "NAME", .sort = kByName, .about = "Accounts by name."},
    {.name = "code", .enum_name = "CODE", .sort = kByCode, .about = "Accounts by code."},
    {.name = "status", .enum_name = "STATUS", .sort = kByStatus, .about = "Accounts by status."},
    {.name = "external_id",
     .enum_name = "EXTERNAL_ID",
     .partition = kByExternalId,
     .unique = true,
     .sparse = true,
     .about = "The account with that external id; those without one are not in it."},
    {.name = "code_unique",
     .enum_name = "CODE_UNIQUE",
     .partition = kByExactCode,
     .about = "Accounts with exactly that code."},
};

constexpr JoinSpec kJoins[] = {
    {.name = "balance",
     .output_type = "Balance",
     .arguments = "(journalId: UUID, currency: CurrencyCode = \"USD\", materialize: Boolean, "
                  "type: BalanceType)",
     .kind = JoinKind::kBalance,
     .target = LedgerId::kBalance,
     .about = "Its balance in one journal and currency."},
    {.name = "balances",
     .output_type = "BalanceConnection!",
     .arguments =
         "(index: BalanceIndexInput, where: BalanceFilterInput, first: Int!, after: String)",
     .kind = JoinKind::kMany,
     .target = LedgerId::kBalance,
     .via = "account_id",
     .about = "Its balances."},
    {.name = "entries",
     .output_type = "EntryConnection!",
     .arguments = "(where: AccountEntriesFilterInput, first: Int!, after: String)",
     .kind = JoinKind::kMany,
     .target = LedgerId::kEntry,
     .via = "account",
     .about = "Its entries, newest first."},
    STRONGROOM_HISTORY_JOIN("AccountConnection!", LedgerId::kAccount),
    {.name = "sets",
     .output_type = "AccountSetConnection!",
     .arguments = "(where: AccountSetFilterInput, first: Int!, after: String)",
     .kind = JoinKind::kSets,
     .target = LedgerId::kAccountSet,
     .about = "The account sets it is a member of, by descending id."},
};
constexpr DerivedSpec kDerived[] = {STRONGROOM_GLOBAL_ID(kKey)};

}  // namespace

constinit const LedgerSpec kAccountLedger = {
    .id = LedgerId::kAccount,
    .space = "financial",
    .name = "Account",
    .input_name = "AccountInput",
    .update_name = "AccountUpdateInput",
    .id_prefix = "ac",
    .properties = kProperties,
    .options = kOptions,
    .key = kKey,
    .indexes = kIndexes,
    .joins = kJoins,
    .derived = kDerived,
    .about = "A place where money is counted.",
};

}  // namespace strongroom::ledger
