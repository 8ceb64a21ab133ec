#include "ledger/catalog/ledgers.h"

namespace strongroom::ledger {
namespace {

using enum PropertyType;

constexpr std::string_view kNilId = "00000000-0000-0000-0000-000000000000";

constexpr PropertySpec kConfigFields[] = {
    {.name = "enable_concurrent_posting",
     .type = kBool,
     .output_type = "Boolean",
     .create_type = "Boolean",
     .update_type = "Boolean",
     .fill = "false",
     .about = "Accepted for compatibility: every set takes concurrent postings exactly."},
};
constexpr PropertySpec kConfigOptions[] = {
    {.name = "upsert",
     .type = kBool,
     .create_type = "Boolean",
     .update_type = "Boolean",
     .about = "If the account set exists, leave it as it is and succeed."},
};
constexpr RecordSpec kConfig = {.name = "AccountSetConfig",
                                .input_name = "AccountSetConfigInput",
                                .fields = kConfigFields,
                                .options = kConfigOptions,
                                .about = "Settings of an account set."};

constexpr PropertySpec kProperties[] = {
    {.name = "account_set_id",
     .type = kUuid,
     .output_type = "UUID!",
     .create_type = "UUID!",
     .about = "The id that its creator chose."},
    {.name = "journal_id",
     .type = kUuid,
     .output_type = "UUID!",
     .create_type = "UUID",
     .fill = kNilId,
     .about = "Its journal: only entries of this one count. The default journal when left out."},
    {.name = "account_id",
     .type = kUuid,
     .output_type = "UUID!",
     .field = "_accountId",
     .about = "The account under it, which has the id of the set and takes no postings."},
    {.name = "name",
     .output_type = "String!",
     .create_type = "String!",
     .update_type = "String",
     .about = "What people call the set."},
    {.name = "code",
     .output_type = "String!",
     .create_type = "String",
     .update_type = "String",
     .about = "A short name that no other set has; the id when left out."},
    {.name = "description",
     .output_type = "String!",
     .create_type = "String",
     .update_type = "String",
     .fill_empty = true,
     .about = "What it is for."},
    {.name = "normal_balance_type",
     .type = kEnum,
     .enumeration = &kDebitOrCredit,
     .output_type = "DebitOrCredit!",
     .create_type = "DebitOrCredit! = CREDIT",
     .update_type = "DebitOrCredit",
     .fill = "CREDIT",
     .about = "The side that makes its normal balance grow."},
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
     .output_type = "AccountSetConfig!",
     .create_type = "AccountSetConfigInput",
     .update_type = "AccountSetConfigInput",
     .fill = "{}",
     .merge = true,
     .about = "Settings."},
    {.name = "has_members", .type = kBool, .fill = "false", .about = "Whether anything is in it."},
    STRONGROOM_SYSTEM_PROPERTIES,
    // The sets it is a member of, where postings see them without a further read.
    {.name = "set_ids", .type = kUuid, .list = true, .internal = true},
    // Takes no members and no changes any more; its balances go on.
    {.name = "deleted", .type = kBool, .fill = "false", .internal = true},
};
constexpr PropertySpec kOptions[] = {STRONGROOM_ACCOUNT_SET_IDS};

constexpr std::string_view kKey[] = {"account_set_id"};
constexpr IndexKey kById[] = {{.property = "journal_id", .fallback = kNilId},
                              {.property = "account_set_id"}};
constexpr IndexKey kByJournal[] = {{.property = "journal_id", .fallback = kNilId}};
constexpr IndexKey kName[] = {{.property = "name"}};
constexpr IndexKey kCode[] = {{.property = "code"}};
constexpr IndexSpec kIndexes[] = {
    {.name = "account_set_id",
     .enum_name = "ACCOUNT_SET_ID",
     .partition = kById,
     .unique = true,
     .primary = true,
     .about = "The account set with that id, in its journal."},
    {.name = "name",
     .enum_name = "NAME",
     .partition = kByJournal,
     .sort = kName,
     .about = "Account sets of a journal by name."},
    {.name = "code",
     .enum_name = "CODE",
     .partition = kByJournal,
     .sort = kCode,
     .about = "Account sets of a journal by code."},
    {.name = "code_unique", .partition = kCode, .unique = true, .internal = true},
};
constexpr ReferenceSpec kReferences[] = {
    {.property = "journal_id", .target = LedgerId::kJournal, .about = "Its journal."},
};
constexpr JoinSpec kJoins[] = {
    {.name = "balance",
     .output_type = "Balance",
     .arguments = "(currency: CurrencyCode! = \"USD\", materialize: Boolean, type: BalanceType)",
     .kind = JoinKind::kBalance,
     .target = LedgerId::kBalance,
     .about = "The sum of its members, in its journal and one currency."},
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
     .arguments = "(where: AccountSetEntriesFilterInput, first: Int!, after: String)",
     .kind = JoinKind::kMany,
     .target = LedgerId::kEntry,
     .via = "account_set",
     .about = "The entries that count for it, newest first."},
    STRONGROOM_HISTORY_JOIN("AccountSetConnection!", LedgerId::kAccountSet),
    {.name = "members",
     .output_type = "AccountSetMemberConnection!",
     .arguments = "(where: AccountSetMembersFilterInput, first: Int!, after: String)",
     .kind = JoinKind::kMembers,
     .target = LedgerId::kAccountSetMember,
     .about = "The accounts and sets in it, by descending id."},
    {.name = "sets",
     .output_type = "AccountSetConnection!",
     .arguments = "(where: AccountSetFilterInput, first: Int!, after: String)",
     .kind = JoinKind::kSets,
     .target = LedgerId::kAccountSet,
     .about = "The account sets it is a member of, by descending id."},
};
constexpr DerivedSpec kDerived[] = {STRONGROOM_GLOBAL_ID(kKey)};

}  // namespace

constinit const LedgerSpec kAccountSetLedger = {
    .id = LedgerId::kAccountSet,
    .space = "financial",
    .name = "AccountSet",
    .input_name = "AccountSetInput",
    .update_name = "AccountSetUpdateInput",
    .id_prefix = "as",
    .properties = kProperties,
    .options = kOptions,
    .key = kKey,
    .indexes = kIndexes,
    .references = kReferences,
    .joins = kJoins,
    .derived = kDerived,
    .about = "Accounts and further sets whose entries are added up, in one journal.",
};

}  // namespace strongroom::ledger
