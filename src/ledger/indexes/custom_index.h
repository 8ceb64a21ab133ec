// A custom index (behaviour §13), compiled: which entries a document has in it. Internal.
//
// A document is left out when a constraint is not true, and when a key has no value: null, an error
// such as a missing key, or what is no value of the key's type. A list as a partition key makes an
// entry per item. Expressions see `document` and nothing else: what depends on the time or on
// chance has no value.
//
// Records (docs/reference/ledger-records.md):
//   17 index-id values… [location [version]] -> location [version]
// Each value is a text part of a key, so that all types have one form. Without the location when
// the index is unique; with the version when it is historical.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "cel/program.h"
#include "ledger/document.h"
#include "ledger/indexes/key_value.h"

namespace strongroom::ledger {

// `document` of each ledger in index expressions. Made once per catalog.
class IndexEnvs {
 public:
  explicit IndexEnvs(const Catalog& catalog);
  const std::shared_ptr<const cel::Env>& Of(const Ledger& ledger) const;
  const Catalog& catalog() const { return catalog_; }

 private:
  const Catalog& catalog_;
  std::vector<std::shared_ptr<const cel::Env>> envs_;  // by LedgerId; null where there are none
};

// Internal property `state` of its definition; stored.
enum class IndexState : std::int64_t {
  kReady = 0,
  kBuilding = 1,  // kept up to date, and what was there before is still being added
  kFailed = 2,    // not kept up to date: it can't be built, or not be compiled any more
};

// Immutable; any thread.
class CustomIndex {
 public:
  struct Part {
    std::string alias;
    cel::Program program;
    KeyType type = KeyType::kString;
    const EnumSpec* names = nullptr;
    bool descending = false;
  };

  // Compiles a document of the ledger Index. Errors: kBadRequest and, of expressions,
  // kCelEvaluationError in the wording of behaviour §9.
  static base::Result<std::shared_ptr<const CustomIndex>> Compile(const IndexEnvs& envs,
                                                                  const Document& definition);

  const base::Uuid& id() const { return id_; }
  const std::string& name() const { return name_; }
  const Ledger& ledger() const { return *ledger_; }
  bool unique() const { return unique_; }
  bool historical() const { return historical_; }
  IndexState state() const { return state_; }
  std::span<const Part> partition() const { return partition_; }
  std::span<const Part> range() const { return range_; }
  // The properties that it is made of.
  const std::set<PropertyIndex>& properties() const { return properties_; }

  // Everything of the index begins so.
  std::string Prefix() const;
  // The keys of the document's entries, in order, each once.
  base::Result<std::vector<std::string>> KeysOf(const Document& document) const;
  // What stands under each of them.
  std::string EntryOf(const Document& document) const;

 private:
  base::Status CompileParts(const IndexEnvs& envs, const Document& definition);
  void Use(const cel::Program& program);

  base::Uuid id_;
  std::string name_;
  const Ledger* ledger_ = nullptr;
  bool unique_ = false;
  bool historical_ = false;
  IndexState state_ = IndexState::kReady;
  std::size_t document_variable_ = 0;
  std::shared_ptr<const cel::Env> env_;
  std::vector<Part> partition_;
  std::vector<Part> range_;
  std::vector<cel::Program> constraints_;
  std::set<PropertyIndex> properties_;
};

// Of an index that may have been deleted.
std::string CustomIndexPrefix(const base::Uuid& index_id);

// The ledger that a definition is of.
const Ledger& LedgerOn(const Catalog& catalog, const Document& definition);

}  // namespace strongroom::ledger
