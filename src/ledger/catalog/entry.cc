#include "ledger/catalog/ledgers.h"

namespace strongroom::ledger {
namespace {

using enum PropertyType;

constexpr PropertySpec kProperties[] = {
    {.name = "entry_id", .type = kUuid, .output_type = "UUID!", .about = "Chosen by the server."},
    {.name = "transaction_id",
     .type = kUuid,
     .output_type = "UUID!",
     .about = "The transaction it belongs to."},
    {.name = "account_id", .type = kUuid, .output_type = "UUID!", .about = "Its account."},
    {.name = "journal_id", .type = kUuid, .output_type = "UUID!", .about = "Its journal."},
    {.name = "entry_type", .output_type = "EntryType!", .about = "What kind of entry it is."},
    {.name = "layer",
     .type = kEnum,
     .enumeration = &kLayer,
     .output_type = "Layer!",
     .about = "Its layer."},
    {.name = "direction",
     .type = kEnum,
     .enumeration = &kDebitOrCredit,
     .output_type = "DebitOrCredit!",
     .about = "Its side."},
    {.name = "amount", .type = kMoney, .output_type = "Money!", .about = "How much of what."},
    {.name = "sequence",
     .type = kInt,
     .output_type = "Int!",
     .about = "Its place in the transaction, from 1."},
    {.name = "description",
     .output_type = "String!",
     .update_type = "String",
     .fill_empty = true,
     .about = "What happened."},
    {.name = "metadata",
     .type = kJson,
     .output_type = "JSON",
     .update_type = "JSON",
     .merge = true,
     .about = "Whatever else belongs to it."},
    {.name = "parent_account_ids",
     .type = kUuid,
     .list = true,
     .output_type = "[UUID!]",
     .about = "The account sets it counts for: those above its account when it was posted."},
    {.name = "is_void_entry",
     .type = kBool,
     .fill = "false",
     .about = "It takes back another entry."},
    {.name = "is_voided_entry",
     .type = kBool,
     .fill = "false",
     .about = "Another entry takes it back."},
    {.name = "balance_record_id",
     .type = kUuid,
     .output_type = "UUID!",
     .field = "_balanceRecordId",
     .about = "The record of the balance it led to."},
    {.name = "balance_record_version",
     .type = kInt,
     .output_type = "Int!",
     .field = "_balanceRecordVersion",
     .about = "The version of the balance it led to."},
    STRONGROOM_SYSTEM_PROPERTIES,
    // Orders the entries that one operation wrote: postings in turn, then sequence.
    {.name = "position", .type = kInt, .internal = true},
    // The currency of `amount`, where indexes can reach it.
    {.name = "currency", .internal = true},
};

constexpr std::string_view kKey[] = {"entry_id"};
constexpr IndexKey kById[] = {{.property = "entry_id"}};
constexpr IndexKey kByTransaction[] = {{.property = "transaction_id"}};
constexpr IndexKey kSequence[] = {{.property = "sequence"}};
constexpr IndexKey kByAccount[] = {{.property = "account_id"}, {.property = "currency"}};
constexpr IndexKey kBySet[] = {{.property = "parent_account_ids", .start = "account_id"},
                               {.property = "currency"}};
constexpr IndexKey kNewestFirst[] = {{.property = "created", .descending = true},
                                     {.property = "position", .descending = true}};
constexpr IndexSpec kIndexes[] = {
    {.name = "entry_id",
     .enum_name = "ENTRY_ID",
     .partition = kById,
     .unique = true,
     .primary = true,
     .about = "The entry with that id."},
    {.name = "transaction_id",
     .enum_name = "TRANSACTION_ID",
     .partition = kByTransaction,
     .sort = kSequence,
     .about = "The entries of a transaction."},
    {.name = "account",
     .partition = kByAccount,
     .sort = kNewestFirst,
     .internal = true,
     .clustered = true},
    {.name = "account_set",
     .partition = kBySet,
     .sort = kNewestFirst,
     .internal = true,
     .per_item = true},
};
constexpr ReferenceSpec kReferences[] = {
    {.property = "transaction_id", .target = LedgerId::kTransaction, .about = "Its transaction."},
    {.property = "account_id", .target = LedgerId::kAccount, .about = "The account posted to."},
    {.property = "journal_id", .target = LedgerId::kJournal, .about = "The journal posted to."},
};
constexpr JoinSpec kJoins[] = {
    {.name = "account",
     .output_type = "Account!",
     .arguments = "",
     .kind = JoinKind::kOne,
     .target = LedgerId::kAccount,
     .via = "account_id",
     .about = "Its account."},
    {.name = "balance",
     .output_type = "Balance",
     .arguments = "",
     .kind = JoinKind::kBalance,
     .target = LedgerId::kBalance,
     .about = "The balance as this entry left it."},
    STRONGROOM_HISTORY_JOIN("EntryConnection!", LedgerId::kEntry),
    {.name = "journal",
     .output_type = "Journal!",
     .arguments = "",
     .kind = JoinKind::kOne,
     .target = LedgerId::kJournal,
     .via = "journal_id",
     .about = "Its journal."},
    {.name = "transaction",
     .output_type = "Transaction!",
     .arguments = "",
     .kind = JoinKind::kOne,
     .target = LedgerId::kTransaction,
     .via = "transaction_id",
     .about = "Its transaction."},
};
constexpr std::string_view kAmount[] = {"amount"};
constexpr DerivedSpec kDerived[] = {
    STRONGROOM_GLOBAL_ID(kKey),
    {.field = "units",
     .output_type = "Decimal!",
     .sources = kAmount,
     .about = "The units of the amount."},
    {.field = "currency",
     .output_type = "CurrencyCode!",
     .sources = kAmount,
     .about = "The currency of the amount."},
};

}  // namespace

constinit const LedgerSpec kEntryLedger = {
    .id = LedgerId::kEntry,
    .space = "financial",
    .name = "Entry",
    .input_name = "",
    .update_name = "EntryUpdateInput",
    .id_prefix = "en",
    .properties = kProperties,
    .key = kKey,
    .indexes = kIndexes,
    .references = kReferences,
    .joins = kJoins,
    .derived = kDerived,
    .about = "One side of a transaction: an amount on an account.",
};

}  // namespace strongroom::ledger
