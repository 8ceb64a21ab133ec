// Custom indexes (behaviour §13): what CreateIndexInput says of one. `range` is what the input
// calls `sort`.
#include "ledger/catalog/ledgers.h"

namespace strongroom::ledger {
namespace {

using enum PropertyType;

constexpr PropertySpec kPartitionFields[] = {
    {.name = "alias",
     .output_type = "String!",
     .create_type = "String!",
     .about = "How filters call it."},
    {.name = "value",
     .output_type = "Expression!",
     .create_type = "Expression!",
     .about = "A CEL expression over `document`; each item of a list has an entry of its own."},
    {.name = "type",
     .type = kEnum,
     .enumeration = &kIndexDataType,
     .output_type = "IndexDataType",
     .create_type = "IndexDataType",
     .about = "What values are; as the expression says when left out, and STRING where it says "
              "nothing."},
};
constexpr RecordSpec kPartitionKey = {.name = "PartitionKey",
                                      .input_name = "PartitionKeyInput",
                                      .fields = kPartitionFields,
                                      .about = "A key that lists name with eq."};

constexpr PropertySpec kRangeFields[] = {
    {.name = "alias",
     .output_type = "String!",
     .create_type = "String!",
     .about = "How filters call it."},
    {.name = "value",
     .output_type = "Expression!",
     .create_type = "Expression!",
     .about = "A CEL expression over `document`."},
    {.name = "sort",
     .type = kEnum,
     .enumeration = &kSortOrder,
     .output_type = "SortOrder!",
     .create_type = "SortOrder!",
     .about = "Its direction."},
    {.name = "type",
     .type = kEnum,
     .enumeration = &kIndexDataType,
     .output_type = "IndexDataType",
     .create_type = "IndexDataType",
     .about = "What values are; as the expression says when left out, and STRING where it says "
              "nothing."},
};
constexpr RecordSpec kRangeKey = {.name = "IndexKey",
                                  .input_name = "IndexKeyInput",
                                  .fields = kRangeFields,
                                  .about = "A key that lists are ordered by."};

constexpr PropertySpec kProperties[] = {
    {.name = "name",
     .output_type = "String!",
     .create_type = "String!",
     .about = "Its name, unique per ledger."},
    {.name = "on",
     .type = kEnum,
     .enumeration = &kIndexOn,
     .output_type = "IndexOnEnum!",
     .create_type = "IndexOnEnum!",
     .about = "The ledger it reads."},
    {.name = "async",
     .type = kBool,
     .output_type = "Boolean!",
     .create_type = "Boolean",
     .fill = "false",
     .about = "Accepted for compatibility: every index is up to date."},
    {.name = "unique",
     .type = kBool,
     .output_type = "Boolean!",
     .create_type = "Boolean",
     .fill = "false",
     .about = "At most one document per partition and sort key."},
    {.name = "search",
     .type = kBool,
     .output_type = "Boolean!",
     .create_type = "Boolean",
     .fill = "false",
     .about = "Always false: there are no search indexes."},
    {.name = "historical",
     .type = kBool,
     .output_type = "Boolean!",
     .fill = "false",
     .about = "It has all versions, and not the current ones only."},
    {.name = "partition",
     .type = kRecord,
     .list = true,
     .record = &kPartitionKey,
     .output_type = "[PartitionKey]",
     .create_type = "[PartitionKeyInput]!",
     .about = "What a list has to name."},
    {.name = "range",
     .type = kRecord,
     .list = true,
     .record = &kRangeKey,
     .output_type = "[IndexKey]",
     .create_type = "[IndexKeyInput]!",
     .about = "What a list is ordered by."},
    {.name = "opensearch_schema",
     .type = kJson,
     .output_type = "JSON",
     .about = "Always null: there are no search indexes."},
    {.name = "constraints",
     .type = kJson,
     .output_type = "ExpressionMap",
     .create_type = "ExpressionMap",
     .about = "Named CEL expressions over `document`; only documents for which all are true are in "
              "the index."},
    {.name = "index_id", .type = kUuid, .output_type = "UUID!", .about = "Chosen by the server."},
    STRONGROOM_SYSTEM_PROPERTIES_AS("Int!", "UUID!"),
    // How far the documents that were there before are in it: ledger/indexes/index_work.h.
    {.name = "state", .type = kInt, .internal = true},
    {.name = "reached", .internal = true},
};

constexpr std::string_view kKey[] = {"name", "on"};
constexpr IndexKey kByName[] = {{.property = "name"}, {.property = "on"}};
constexpr IndexSpec kIndexes[] = {
    {.name = "name",
     .sort = kByName,
     .unique = true,
     .primary = true,
     .about = "Custom indexes by name."},
};
constexpr DerivedSpec kDerived[] = {
    STRONGROOM_GLOBAL_ID(kKey),
    {.field = "status",
     .output_type = "IndexStatus!",
     .sources = kKey,
     .about = "Whether it can be read."},
    {.field = "progress",
     .output_type = "Int!",
     .sources = kKey,
     .about = "Of the documents that were there before it, about how many are in it, in percent."},
};

}  // namespace

constinit const LedgerSpec kIndexLedger = {
    .id = LedgerId::kIndex,
    .space = "system",
    .name = "Index",
    .id_prefix = "ix",
    .properties = kProperties,
    .key = kKey,
    .indexes = kIndexes,
    .derived = kDerived,
    .about = "A custom index: documents of a ledger by what CEL expressions make of them.",
};

}  // namespace strongroom::ledger
