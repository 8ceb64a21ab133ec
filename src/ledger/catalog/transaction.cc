#include "ledger/catalog/ledgers.h"

namespace strongroom::ledger {
namespace {

using enum PropertyType;

constexpr PropertySpec kEnforcementFields[] = {
    {.name = "action",
     .type = kEnum,
     .enumeration = &kVelocityAction,
     .output_type = "VelocityEnforcementAction!",
     .about = "What happens to a posting over a limit."},
};
constexpr RecordSpec kEnforcement = {.name = "VelocityEnforcement",
                                     .input_name = "",
                                     .fields = kEnforcementFields,
                                     .about = "How a limit is enforced."};
constexpr PropertySpec kPropertyFields[] = {
    {.name = "override_velocity_enforcement",
     .type = kRecord,
     .record = &kEnforcement,
     .output_type = "VelocityEnforcement",
     .about = "Instead of what its velocity controls say."},
};
constexpr RecordSpec kTransactionProperties = {.name = "TransactionProperties",
                                               .input_name = "",
                                               .fields = kPropertyFields,
                                               .about = "How a posting was to be treated."};
constexpr PropertySpec kExceptionFields[] = {
    {.name = "type", .output_type = "String!", .about = "What kind of exception."},
    {.name = "message", .output_type = "String!", .about = "What happened."},
    {.name = "detail", .type = kJson, .output_type = "JSON!", .about = "What belongs to it."},
};
constexpr RecordSpec kException = {.name = "TransactionException",
                                   .input_name = "",
                                   .fields = kExceptionFields,
                                   .about = "Something that is wrong with a posted transaction."};

constexpr PropertySpec kProperties[] = {
    {.name = "transaction_id",
     .type = kUuid,
     .output_type = "UUID!",
     .about = "The id that the poster chose."},
    {.name = "tran_code_id",
     .type = kUuid,
     .output_type = "UUID!",
     .about = "The tran code that made it."},
    {.name = "journal_id", .type = kUuid, .output_type = "UUID!", .about = "Its journal."},
    {.name = "correlation_id",
     .output_type = "String!",
     .about = "Shared by transactions that belong together; its own id unless given."},
    {.name = "external_id",
     .output_type = "String!",
     .update_type = "String",
     .fill_empty = true,
     .about = "Its id in another system."},
    {.name = "effective", .type = kDate, .output_type = "Date!", .about = "The accounting date."},
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
    {.name = "voided_by",
     .type = kUuid,
     .output_type = "UUID",
     .about = "The transaction that voids this one."},
    {.name = "void_of",
     .type = kUuid,
     .output_type = "UUID",
     .about = "The transaction that this one voids."},
    {.name = "properties",
     .type = kRecord,
     .record = &kTransactionProperties,
     .output_type = "TransactionProperties!",
     .about = "How the posting was to be treated."},
    {.name = "exceptions",
     .type = kRecord,
     .list = true,
     .record = &kException,
     .output_type = "[TransactionException!]",
     .about = "What is wrong with it: the exception that its poster named, which voided it."},
    STRONGROOM_SYSTEM_PROPERTIES,
};

constexpr std::string_view kKey[] = {"transaction_id"};
constexpr std::string_view kNilId = "00000000-0000-0000-0000-000000000000";
constexpr IndexKey kById[] = {{.property = "journal_id", .fallback = kNilId},
                              {.property = "transaction_id"}};
constexpr IndexKey kByCorrelation[] = {{.property = "journal_id", .fallback = kNilId},
                                       {.property = "correlation_id"}};
constexpr IndexKey kByExternalId[] = {{.property = "journal_id", .fallback = kNilId},
                                      {.property = "external_id"}};
constexpr IndexKey kCreated[] = {{.property = "created"}};
constexpr IndexKey kIds[] = {{.property = "transaction_id"}};
constexpr IndexSpec kIndexes[] = {
    {.name = "transaction_id",
     .enum_name = "TRANSACTION_ID",
     .partition = kById,
     .unique = true,
     .primary = true,
     .about = "The transaction with that id, in its journal."},
    {.name = "correlation_id",
     .enum_name = "CORRELATION_ID",
     .partition = kByCorrelation,
     .sort = kCreated,
     .about = "Transactions of a journal with that correlation id."},
    {.name = "external_id",
     .enum_name = "EXTERNAL_ID",
     .partition = kByExternalId,
     .sort = kCreated,
     .sparse = true,
     .about = "Transactions of a journal with that external id."},
    {.name = "transaction_ids",
     .enum_name = "TRANSACTION_IDS",
     .partition = kIds,
     .primary = true,
     .id_list_filter = "transaction_ids",
     .about = "Up to 100 ids."},
};
constexpr ReferenceSpec kReferences[] = {
    {.property = "journal_id", .target = LedgerId::kJournal, .about = "The journal posted to."},
    {.property = "tran_code_id", .target = LedgerId::kTranCode, .about = "The tran code used."},
    {.property = "void_of", .target = LedgerId::kTransaction, .about = "What it voids."},
};
constexpr JoinSpec kJoins[] = {
    {.name = "correlated",
     .output_type = "TransactionConnection!",
     .arguments = "(first: Int!, after: String)",
     .kind = JoinKind::kMany,
     .target = LedgerId::kTransaction,
     .via = "correlation_id",
     .about = "Transactions of its journal with the same correlation id."},
    {.name = "entries",
     .output_type = "EntryConnection!",
     .arguments = "(first: Int!, after: String)",
     .kind = JoinKind::kMany,
     .target = LedgerId::kEntry,
     .via = "transaction_id",
     .about = "Its entries, in the order of the tran code."},
    STRONGROOM_HISTORY_JOIN("TransactionConnection!", LedgerId::kTransaction),
    {.name = "journal",
     .output_type = "Journal!",
     .arguments = "",
     .kind = JoinKind::kOne,
     .target = LedgerId::kJournal,
     .via = "journal_id",
     .about = "Its journal."},
    {.name = "tran_code",
     .output_type = "TranCode!",
     .arguments = "",
     .kind = JoinKind::kOne,
     .target = LedgerId::kTranCode,
     .via = "tran_code_id",
     .about = "Its tran code."},
};
constexpr DerivedSpec kDerived[] = {STRONGROOM_GLOBAL_ID(kKey)};

}  // namespace

constinit const LedgerSpec kTransactionLedger = {
    .id = LedgerId::kTransaction,
    .space = "financial",
    .name = "Transaction",
    .input_name = "",
    .update_name = "TransactionUpdateInput",
    .id_prefix = "tx",
    .properties = kProperties,
    .key = kKey,
    .indexes = kIndexes,
    .references = kReferences,
    .joins = kJoins,
    .derived = kDerived,
    .about = "Something that happened: entries whose debits equal their credits.",
};

}  // namespace strongroom::ledger
