// Custom indexes, as SDL (behaviour §13).
#include "api/sdl.h"

namespace strongroom::api {

std::string_view SchemaSdl() {
  return R"sdl(
"Custom indexes."
type SchemaMutation {
  "Make an index; what is there already is added to it, meanwhile or at once."
  createIndex(input: CreateIndexInput!): Index!
  "The same over all versions of the documents."
  createHistoricalIndex(input: CreateIndexInput!): Index!
  "Delete an index."
  deleteIndex(name: String!, on: IndexOnEnum!): Index
}
"Custom indexes."
type SchemaQuery {
  "An index by its name and ledger."
  index(name: String!, on: IndexOnEnum!): Index
  "Indexes by name."
  indexes(first: Int!, after: String): IndexConnection!
}
"Whether a custom index can be read."
enum IndexStatus {
  "It has all documents."
  READY
  "It is kept up to date, and what was there before is being added."
  BUILDING
  "It can't be built: two documents share a unique key, or one has too much for an index."
  FAILED
}
"What makes a custom index."
input CreateIndexInput {
  "Its name, unique per ledger."
  name: String!
  "The ledger it reads."
  on: IndexOnEnum!
  "Accepted for compatibility: every index is up to date. Not with unique."
  async: Boolean
  "There are no search indexes."
  search: Boolean
  "At most one document per partition and sort key."
  unique: Boolean
  "What a list has to name; each item of a list has an entry of its own."
  partition: [PartitionKeyInput]!
  "Accepted for compatibility: partitions are not spread."
  partitionShardCount: Int
  "What a list is ordered by."
  sort: [IndexKeyInput]!
  "Named CEL expressions over `document`; only documents for which all are true are in the index."
  constraints: ExpressionMap
}
"What to read of a custom index."
input CustomIndexFilter {
  "Its name."
  index: String!
  "Every partition key, with eq."
  partition: [CustomIndexFilterValue!]
  "Any of the sort keys."
  sort: [CustomIndexFilterValue!]
}
"A condition on one key of a custom index."
input CustomIndexFilterValue {
  "Which key."
  alias: String!
  "The condition; none when left out."
  value: FilterValue
}
)sdl";
}

}  // namespace strongroom::api
