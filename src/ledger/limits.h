// What the ledger bounds, each with its unit and its reason. They stand here and not in
// base/limits.h because nothing outside of the ledger reads them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace strongroom::ledger::limits {

// Documents that all lists of one request may look at, visible or not: about a second of work.
inline constexpr std::uint64_t kScanDocumentsMax = 100000;
// Bytes of a text property that stands in an index key (keys end at 8 KiB, and may hold two).
inline constexpr std::size_t kIndexedTextBytesMax = 1024;
// Bytes of any other text property.
inline constexpr std::size_t kTextBytesMax = std::size_t{64} << 10;
// Bytes of metadata and other JSON, as text.
inline constexpr std::size_t kJsonBytesMax = std::size_t{64} << 10;
inline constexpr std::size_t kJsonDepthMax = 32;
// Elements of a list property.
inline constexpr std::size_t kListItemsMax = 1000;
// Ids of a TRANSACTION_IDS filter (behaviour §19).
inline constexpr std::size_t kIdListMax = 100;
// Account sets that one account or set may be a member of, and sets above it in one journal: each
// entry is added to the balances of all of the latter.
inline constexpr std::size_t kAccountSetsMax = 100;
// Custom indexes of a tenant, and keys (and constraints) of one: every write asks each of them.
inline constexpr std::size_t kCustomIndexesMax = 64;
inline constexpr std::size_t kCustomIndexKeysMax = 16;
// Entries that one posting may write.
inline constexpr std::size_t kEntriesMax = 500;
// What all expressions of one posting or one evaluate may cost together.
inline constexpr std::uint64_t kPostingCostMax = 1000000;
// What all expressions of one request may cost together: of its postings and its evaluates.
inline constexpr std::uint64_t kRequestExpressionCostMax = 2000000;
// Digits of an amount before and after the point. Balances hold 34, so that no single entry,
// however small or large, keeps the sums of its account from being exact for long.
inline constexpr int kAmountIntegerDigitsMax = 20;
inline constexpr int kAmountScaleMax = 12;
// Bytes of the words and metadata of one posting. A void writes three times as much, and has to fit
// into one transaction of the store.
inline constexpr std::size_t kPostingTextBytesMax = std::size_t{8} << 20;
// Compiled tran codes kept in memory.
inline constexpr std::size_t kTranCodeCacheMax = 4096;
// Policies of one client or group, and clients on the way up the chain of tenants.
inline constexpr std::size_t kPoliciesMax = 1000;
inline constexpr std::size_t kTenantDepthMax = 16;
// Decisions of a tenant that are kept to be explained; the oldest makes room.
inline constexpr std::uint64_t kDecisionsMax = 1000;
// Bytes of one of them.
inline constexpr std::size_t kDecisionBytesMax = std::size_t{64} << 10;
// Decisions that wait to be written, of one tenant and of all, and the policies that their traces
// tell of.
inline constexpr std::size_t kDecisionsWaitingOfTenantMax = 500;
inline constexpr std::size_t kDecisionsWaitingMax = 5000;
inline constexpr std::size_t kDecisionTracesWaitingMax = 200000;
// Bytes of what they quote.
inline constexpr std::size_t kDecisionBytesWaitingMax = std::size_t{64} << 20;
// Decisions of one transaction.
inline constexpr std::size_t kDecisionsWrittenAtOnce = 64;
// Compiled clients kept in memory.
inline constexpr std::size_t kAccessCacheMax = 10000;

}  // namespace strongroom::ledger::limits
