// Limits of the files that people write, with their unit and reason.
#pragma once

#include <cstddef>

namespace strongroom::server::cli::limits {

// One file of policies or tests: thousands of policies, and far from filling a CI machine.
inline constexpr std::size_t kFileBytesMax = std::size_t{4} << 20;
inline constexpr std::size_t kFileDepthMax = 32;
// Values in one YAML file, scalars and collections: a file of the largest size with short ones.
inline constexpr std::size_t kFileValuesMax = 200000;
// Changes of one transaction: what a GraphQL document may alias (base::limits::kGraphqlAliasesMax).
inline constexpr std::size_t kChangesMax = 50;
// Clients, groups or users of one page; far under the cost that a query may have.
inline constexpr std::size_t kPageSize = 20;
inline constexpr std::size_t kAnswerBytesMax = std::size_t{16} << 20;

}  // namespace strongroom::server::cli::limits
