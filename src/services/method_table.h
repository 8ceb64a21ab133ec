// The typed methods of the ledger, as data: each is one GraphQL document that never changes, so
// that it is prepared once, decided by the same resolvers, and nothing is decided twice.
#pragma once

#include <span>
#include <string_view>

namespace strongroom::services {

enum class MethodKind {
  kUnary,   // one operation
  kList,    // pages of a connection, streamed
  kBatch,   // many postings in one transaction
  kStream,  // postings one after another
};

struct MethodSpec {
  std::string_view service;  // full name
  std::string_view name;
  MethodKind kind;
  // Where the answer is below `data`: fields with dots; of kList the connection itself.
  std::string_view root;
  std::string_view document;
};

std::span<const MethodSpec> MethodTable();

}  // namespace strongroom::services
