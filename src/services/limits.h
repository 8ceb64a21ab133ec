// Limits of the typed methods.
#pragma once

#include <cstddef>

namespace strongroom::services::limits {

// Documents of one page of a list: the first comes soon, the others cost little for each document.
inline constexpr int kFirstPage = 50;
inline constexpr int kPage = 200;
// Postings of one PostTransactions, so that others of the tenant need not wait for long.
inline constexpr std::size_t kBatchMax = 1000;
inline constexpr std::size_t kBatchBytesMax = std::size_t{4} << 20;  // as one message may have

}  // namespace strongroom::services::limits
