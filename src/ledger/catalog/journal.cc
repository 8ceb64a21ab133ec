#include "ledger/catalog/ledgers.h"

namespace strongroom::ledger {
namespace {

using enum PropertyType;

constexpr PropertySpec kConfigFields[] = {
    {.name = "enable_effective_balances",
     .type = kBool,
     .output_type = "Boolean!",
     .create_type = "Boolean",
     .fill = "false",
     .about = "Keeps balances per effective date for the accounts of this journal."},
};
constexpr RecordSpec kConfig = {.name = "JournalConfig",
                                .input_name = "JournalConfigInput",
                                .fields = kConfigFields,
                                .about = "Settings of a journal, chosen when it is created."};

constexpr PropertySpec kProperties[] = {
    {.name = "journal_id",
     .type = kUuid,
     .output_type = "UUID!",
     .create_type = "UUID!",
     .about = "The id that its creator chose."},
    {.name = "name",
     .output_type = "String!",
     .create_type = "String!",
     .update_type = "String",
     .about = "What people call the journal."},
    {.name = "description",
     .output_type = "String!",
     .create_type = "String",
     .update_type = "String",
     .fill_empty = true,
     .about = "What it is for."},
    {.name = "status",
     .type = kEnum,
     .enumeration = &kJournalStatus,
     .output_type = "Status!",
     .create_type = "Status! = ACTIVE",
     .update_type = "Status",
     .fill = "ACTIVE",
     .about = "A LOCKED journal takes no postings."},
    {.name = "code",
     .output_type = "String",
     .create_type = "String",
     .update_type = "String",
     .about = "A short name that no other journal has."},
    {.name = "config",
     .type = kRecord,
     .record = &kConfig,
     .output_type = "JournalConfig!",
     .create_type = "JournalConfigInput",
     .fill = "{}",
     .about = "Settings."},
    STRONGROOM_SYSTEM_PROPERTIES,
    // True for the default journal until somebody creates it (behaviour §7).
    {.name = "virtual", .type = kBool, .fill = "false", .internal = true},
};

constexpr std::string_view kKey[] = {"journal_id"};
constexpr IndexKey kByName[] = {{.property = "name"}};
constexpr IndexKey kByStatus[] = {{.property = "status"}};
constexpr IndexKey kByCode[] = {{.property = "code"}};
constexpr IndexKey kById[] = {{.property = "journal_id"}};
constexpr IndexSpec kIndexes[] = {
    {.name = "journal_id",
     .enum_name = "JOURNAL_ID",
     .partition = kById,
     .unique = true,
     .primary = true,
     .about = "The journal with that id."},
    {.name = "name", .enum_name = "NAME", .sort = kByName, .about = "Journals by name."},
    {.name = "status", .enum_name = "STATUS", .sort = kByStatus, .about = "Journals by status."},
    {.name = "code",
     .enum_name = "CODE",
     .sort = kByCode,
     .unique = true,
     .sparse = true,
     .about = "Journals by code; those without one are not in it."},
};

constexpr JoinSpec kJoins[] = {STRONGROOM_HISTORY_JOIN("JournalConnection!", LedgerId::kJournal)};
constexpr DerivedSpec kDerived[] = {STRONGROOM_GLOBAL_ID(kKey)};

}  // namespace

constinit const LedgerSpec kJournalLedger = {
    .id = LedgerId::kJournal,
    .space = "financial",
    .name = "Journal",
    .input_name = "JournalInput",
    .update_name = "JournalUpdateInput",
    .id_prefix = "jl",
    .properties = kProperties,
    .key = kKey,
    .indexes = kIndexes,
    .joins = kJoins,
    .derived = kDerived,
    .about = "A book of transactions; every balance belongs to one.",
};

}  // namespace strongroom::ledger
