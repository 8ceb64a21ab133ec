// Every limit on what comes from outside, in one place, with its unit and its reason. Defaults:
// those that an operator may change are fields of the configuration and start from here.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace strongroom::base::limits {

// HTTP (security §9.1, §8.17-19)
inline constexpr std::size_t kHttpBodyBytesMax = std::size_t{1} << 20;
inline constexpr std::size_t kHttpUriBytesMax = std::size_t{8} << 10;
inline constexpr std::size_t kHttpHeaderBytesMax = std::size_t{32} << 10;
inline constexpr std::size_t kHttpHeaderCountMax = 100;
inline constexpr std::uint32_t kHttp2StreamsMax = 100;
inline constexpr std::chrono::seconds kTlsHandshakeTimeout{10};
inline constexpr std::chrono::seconds kHttpHeaderTimeout{10};
inline constexpr std::chrono::seconds kHttpIdleTimeout{75};
inline constexpr std::size_t kHttpBodyBytesPerSecondMin = 1024;
// Unfinished request bodies of one server, in all: slow senders can't fill the memory.
inline constexpr std::size_t kHttpBufferedBytesMax = std::size_t{256} << 20;
// Answers that one HTTP/2 connection has not taken yet; above it, new streams are refused.
inline constexpr std::size_t kHttp2AnswerBytesMax = std::size_t{32} << 20;

// GraphQL (security §9.2-8)
inline constexpr std::size_t kGraphqlDocumentBytesMax = std::size_t{64} << 10;
inline constexpr std::size_t kGraphqlTokensMax = 5000;
inline constexpr std::size_t kGraphqlDepthMax = 15;
inline constexpr std::size_t kGraphqlAliasesMax = 50;
inline constexpr std::size_t kGraphqlRootFieldsMax = 50;
inline constexpr std::size_t kGraphqlDirectivesMax = 50;
inline constexpr std::size_t kGraphqlVariablesMax = 100;
inline constexpr std::size_t kGraphqlListLiteralMax = 1000;
inline constexpr std::size_t kGraphqlInputDepthMax = 15;
inline constexpr std::size_t kGraphqlCostMax = 10000;
inline constexpr std::size_t kGraphqlErrorsMax = 100;
inline constexpr std::size_t kGraphqlResponseBytesMax = std::size_t{10} << 20;
inline constexpr std::size_t kPageSizeMax = 1000;
inline constexpr std::chrono::seconds kRequestDeadline{10};

// Tokens (security §1)
inline constexpr std::size_t kTokenBytesMax = std::size_t{16} << 10;
inline constexpr std::size_t kTokenCacheEntriesMax = 10000;
inline constexpr std::chrono::seconds kTokenSkew{60};
inline constexpr std::chrono::seconds kTokenSkewMax{300};
inline constexpr std::chrono::seconds kTokenLifetimeMax{315360000};  // ten years
inline constexpr std::size_t kTokenFailuresPerSecondMax = 50;  // wrong signatures of one source
inline constexpr std::size_t kTokenFailureSourcesMax = 10000;  // sources remembered
inline constexpr std::size_t kTokenJsonDepthMax = 32;
inline constexpr std::size_t kTokenHeaderDepthMax = 8;

// Key sets of issuers (security §2.42)
inline constexpr std::size_t kDiscoveryBytesMax = std::size_t{64} << 10;
inline constexpr std::size_t kJwksBytesMax = std::size_t{256} << 10;
inline constexpr std::size_t kJwksKeysMax = 100;

// The IAM exchange and its issuer (security §3, §5)
inline constexpr std::size_t kIamTokenBytesMax = 4096;
inline constexpr std::size_t kIamBodyBytesMax = std::size_t{16} << 10;
inline constexpr std::size_t kIamAnswerBytesMax = std::size_t{16} << 10;
inline constexpr std::chrono::seconds kIamProofAgeMax{900};
inline constexpr std::chrono::seconds kIamProofAheadMax{300};
inline constexpr std::size_t kIamReplaysMax = 100000;  // proofs remembered
inline constexpr std::size_t kIamExchangesPerSecondMax = 50;
inline constexpr std::size_t kIamExchangesOfSourcePerSecondMax = 5;
inline constexpr std::size_t kIamExchangesAtOnceMax = 32;
inline constexpr std::size_t kIamSourcesMax = 10000;  // sources remembered within a second
inline constexpr std::chrono::milliseconds kIamConnectTimeout{2000};
inline constexpr std::chrono::milliseconds kIamDeadline{5000};

// CEL (security §6.10, issue of the engine)
inline constexpr std::size_t kCelSourceBytesMax = 4096;
inline constexpr std::size_t kCelDepthMax = 250;
inline constexpr std::uint64_t kCelCostMax = 10000;
inline constexpr std::uint64_t kCelRequestCostMax = 1000000;
// What one evaluation may allocate: room for a string of the highest cost, many times over.
inline constexpr std::size_t kCelMemoryBytesMax = std::size_t{4} << 20;
// Elements of a result's lists and maps at all depths: those may share their parts, so memory says
// little of what writing them out takes.
inline constexpr std::size_t kCelResultElementsMax = 100000;
// What is computed when compiling stays with the program for ever: no more than its text could hold.
inline constexpr std::size_t kCelFoldedElementsMax = 2000;
inline constexpr std::size_t kCelFoldedBytesMax = std::size_t{64} << 10;
// Types of an expression, in steps of comparing them.
inline constexpr std::size_t kCelTypeStepsMax = 1000000;
// One compiled regular expression, in RE2's own reckoning.
inline constexpr std::int64_t kCelRegexBytesMax = std::int64_t{256} << 10;
inline constexpr std::size_t kCelRegexSourceBytesMax = 1024;
inline constexpr std::size_t kCelRegexesMax = 32;  // of one program

// Scalar values (behaviour §4). 34 digits, a sign, a point and 64 places fit well.
inline constexpr std::size_t kDecimalTextBytesMax = 128;

// Storage: records are documents and index entries, so far smaller than these
inline constexpr std::size_t kStorageKeyBytesMax = std::size_t{8} << 10;
inline constexpr std::size_t kStorageValueBytesMax = std::size_t{4} << 20;
inline constexpr std::size_t kStorageTransactionBytesMax = std::size_t{64} << 20;
inline constexpr std::size_t kStoragePendingBytesMax = std::size_t{256} << 20;
inline constexpr std::chrono::milliseconds kStorageTurnWait{5000};  // half a request's deadline
// Policies (SPEC 4; issue of authorization): what one client or all groups of a user may hold
inline constexpr std::size_t kPoliciesMax = 5000;
inline constexpr std::size_t kPolicyPatternsMax = 1000;      // per list of actions or resources
inline constexpr std::size_t kPolicyPatternBytesMax = 1024;  // identifiers are shorter than that
inline constexpr std::size_t kPolicyAssertionsMax = 100;
inline constexpr std::size_t kPolicyAssertionNameBytesMax = 256;
// Decisions that one request keeps to be explained: as many as it may show errors.
inline constexpr std::size_t kDecisionsKeptMax = 100;
// Policies that the traces of one request may tell of; decisions beyond are kept without.
inline constexpr std::size_t kDecisionTracesMax = 20000;
// Bytes of what those traces quote: names, expressions, and values in full, before they are cut.
inline constexpr std::size_t kDecisionTraceBytesMax = std::size_t{4} << 20;

}  // namespace strongroom::base::limits
