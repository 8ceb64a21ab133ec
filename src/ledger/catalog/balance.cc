#include "ledger/catalog/ledgers.h"

namespace strongroom::ledger {
namespace {

using enum PropertyType;

constexpr PropertySpec kAmountFields[] = {
    {.name = "dr_balance", .type = kMoney, .output_type = "Money!", .about = "Sum of debits."},
    {.name = "cr_balance", .type = kMoney, .output_type = "Money!", .about = "Sum of credits."},
    {.name = "normal_balance",
     .type = kMoney,
     .output_type = "Money!",
     .about = "The difference, positive on the account's normal side."},
    {.name = "entry_id",
     .type = kUuid,
     .output_type = "UUID!",
     .about = "The last entry of the layer; the nil UUID before the first."},
    {.name = "modified",
     .type = kTimestamp,
     .output_type = "Timestamp!",
     .about = "When the layer last changed."},
};
constexpr RecordSpec kAmount = {.name = "BalanceAmount",
                                .input_name = "",
                                .fields = kAmountFields,
                                .about = "The sums of one layer."};

constexpr PropertySpec kProperties[] = {
    {.name = "journal_id", .type = kUuid, .output_type = "UUID!", .about = "Its journal."},
    {.name = "account_id", .type = kUuid, .output_type = "UUID!", .about = "Its account."},
    {.name = "currency", .output_type = "CurrencyCode!", .about = "Its currency."},
    {.name = "entry_id", .type = kUuid, .output_type = "UUID!", .about = "The last entry."},
    {.name = "transaction_id", .type = kUuid, .about = "The transaction of the last entry."},
    {.name = "settled",
     .type = kRecord,
     .record = &kAmount,
     .output_type = "BalanceAmount!",
     .about = "The sums of the layer SETTLED."},
    {.name = "pending",
     .type = kRecord,
     .record = &kAmount,
     .output_type = "BalanceAmount!",
     .about = "The sums of the layer PENDING."},
    {.name = "encumbrance",
     .type = kRecord,
     .record = &kAmount,
     .output_type = "BalanceAmount!",
     .about = "The sums of the layer ENCUMBRANCE."},
    {.name = "calculation_id",
     .type = kUuid,
     .output_type = "UUID!",
     .about = "The nil UUID: the balance over all entries."},
    {.name = "dimensions",
     .type = kJson,
     .output_type = "JSON",
     .about = "Null for the balance over all entries."},
    {.name = "direction",
     .type = kEnum,
     .enumeration = &kDebitOrCredit,
     .output_type = "DebitOrCredit!",
     .field = "_direction",
     .about = "The account's normal side when the balance was last written."},
    STRONGROOM_SYSTEM_PROPERTIES,
};

constexpr std::string_view kKey[] = {"account_id", "journal_id", "currency"};
constexpr std::string_view kNilId = "00000000-0000-0000-0000-000000000000";
constexpr IndexKey kByAccount[] = {{.property = "account_id"},
                                   {.property = "journal_id", .fallback = kNilId}};
constexpr IndexKey kCurrency[] = {{.property = "currency"}};
constexpr IndexKey kByJournal[] = {{.property = "journal_id", .fallback = kNilId}};
constexpr IndexKey kAccountAndCurrency[] = {{.property = "account_id"}, {.property = "currency"}};
constexpr IndexSpec kIndexes[] = {
    {.name = "journal_id",
     .partition = kByJournal,
     .sort = kAccountAndCurrency,
     .about = "The balances of a journal, by account: for trial balances."},
    {.name = "account_id",
     .enum_name = "ACCOUNT_ID",
     .partition = kByAccount,
     .sort = kCurrency,
     .unique = true,
     .primary = true,
     .about = "The balances of an account in a journal, by currency."},
};
constexpr ReferenceSpec kReferences[] = {
    {.property = "account_id", .target = LedgerId::kAccount, .about = "Its account."},
    {.property = "journal_id", .target = LedgerId::kJournal, .about = "Its journal."},
};
constexpr JoinSpec kJoins[] = {
    {.name = "account",
     .output_type = "Account!",
     .arguments = "",
     .kind = JoinKind::kOne,
     .target = LedgerId::kAccount,
     .via = "account_id",
     .about = "Its account."},
    {.name = "entry",
     .output_type = "Entry!",
     .arguments = "",
     .kind = JoinKind::kOne,
     .target = LedgerId::kEntry,
     .via = "entry_id",
     .about = "The last entry."},
    {.name = "entries",
     .output_type = "EntryConnection!",
     .arguments = "(first: Int!, after: String)",
     .kind = JoinKind::kMany,
     .target = LedgerId::kEntry,
     .via = "account",
     .about = "Its entries, newest first.",
     .via_of_sets = "account_set"},
    {.name = "journal",
     .output_type = "Journal!",
     .arguments = "",
     .kind = JoinKind::kOne,
     .target = LedgerId::kJournal,
     .via = "journal_id",
     .about = "Its journal."},
    {.name = "history",
     .output_type = "BalanceConnection!",
     .arguments = "(first: Int!, after: String, where: BalanceHistoryFilterInput)",
     .kind = JoinKind::kHistory,
     .target = LedgerId::kBalance,
     .about = "Its versions, newest first; those up to a time with `where: {modified: {lte: …}}`."},
};
constexpr std::string_view kLayers[] = {"settled", "pending", "encumbrance"};
constexpr DerivedSpec kDerived[] = {
    STRONGROOM_GLOBAL_ID(kKey),
    {.field = "available",
     .output_type = "BalanceAmount!",
     .arguments = "(layer: Layer!)",
     .sources = kLayers,
     .about = "The sums of a layer and of those above it."},
};

}  // namespace

constinit const LedgerSpec kBalanceLedger = {
    .id = LedgerId::kBalance,
    .space = "financial",
    .name = "Balance",
    .input_name = "",
    .update_name = "",
    .id_prefix = "ba",
    .properties = kProperties,
    .key = kKey,
    .indexes = kIndexes,
    .references = kReferences,
    .joins = kJoins,
    .derived = kDerived,
    .about = "What the entries of an account add up to, per journal and currency.",
};

}  // namespace strongroom::ledger
