#include "ledger/indexes/custom_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/check.h"
#include "cel/env.h"
#include "ledger/catalog/cel_types.h"
#include "ledger/catalog/ledgers.h"
#include "ledger/limits.h"
#include "ledger/posting/expression_tree.h"
#include "ledger/records.h"
#include "storage/key.h"

namespace strongroom::ledger {
namespace {

using base::ErrorCode;
using storage::KeyWriter;
using storage::Order;

constexpr std::uint8_t kCustomEntry = 0x17;

// Positions in the records PartitionKey and IndexKey (catalog/index.cc).
enum PartitionField : std::size_t { kAlias, kValue, kPartitionType };
enum RangeField : std::size_t { kSort = 2, kRangeType = 3 };
constexpr std::int64_t kDescending = 1;  // of SortOrder

base::Error TooMuch(std::string message) {
  return base::MakeError(ErrorCode::kLimitExceeded, std::move(message));
}

std::span<const Value> Items(const Value& list) {
  const auto* items = list.As<ListValue>();
  if (items == nullptr) return {};
  return *items->items;
}

const EnumSpec* EnumOf(const Catalog& catalog, const cel::Type& type) {
  if (type.is(cel::TypeKind::kNullable)) return EnumOf(catalog, type.parameter(0));
  if (!type.is(cel::TypeKind::kEnum)) return nullptr;
  for (const auto& ledger : catalog.ledgers())
    for (const PropertySpec& property : ledger->properties())
      if (property.enumeration != nullptr && property.enumeration->name == type.name())
        return property.enumeration;
  return nullptr;
}

base::Result<CustomIndex::Part> CompilePart(const IndexEnvs& envs, const Ledger& ledger,
                                            std::string_view where, const Value& stored,
                                            std::size_t type_field) {
  const Values& fields = *stored.Get<RecordValue>().fields;
  const auto& alias = fields[kAlias].Get<std::string>();
  STRONGROOM_ASSIGN(
      cel::Program program,
      CompileField(envs.Of(ledger), fmt::format("{}.{}", where, alias),
                   fields[kValue].Get<std::string>(), ErrorCode::kCelEvaluationError));
  CustomIndex::Part part{alias, std::move(program)};
  const auto* given = fields[type_field].As<std::int64_t>();
  part.type = given != nullptr ? static_cast<KeyType>(*given)
                               : KeyTypeOf(part.program.result_type()).value_or(KeyType::kString);
  if (part.type == KeyType::kInt) part.names = EnumOf(envs.catalog(), part.program.result_type());
  return part;
}

base::Status CheckAliases(std::span<const CustomIndex::Part> parts, std::string_view where) {
  std::set<std::string_view> seen;
  for (const CustomIndex::Part& part : parts)
    if (part.alias.empty() || !seen.insert(part.alias).second)
      return base::MakeError(
          ErrorCode::kBadRequest,
          fmt::format("the alias `{}` of `{}` is empty or not its only one", part.alias, where),
          "give every key a name of its own");
  return {};
}

// One evaluation after the other, of one document.
class KeyMaker {
 public:
  KeyMaker(const cel::Env& env, std::size_t variable, const Document& document)
      : activation_(env), budget_(base::limits::kCelCostMax) {
    activation_.Set(variable, cel::Value::Object(&document));
  }

  base::Result<bool> Holds(const cel::Program& constraint) {
    STRONGROOM_ASSIGN(const cel::Value value, constraint.Evaluate(activation_, budget_, arena_));
    return value.is_true();
  }

  // Nothing: there is no value. More than one: of a list.
  base::Result<std::vector<std::string>> ValuesOf(const CustomIndex::Part& part, bool lists) {
    std::vector<std::string> found;
    STRONGROOM_ASSIGN(const cel::Value value, part.program.Evaluate(activation_, budget_, arena_));
    if (!value.is(cel::Kind::kList)) {
      STRONGROOM_TRY(Take(part, value, found));
      return found;
    }
    if (!lists) return found;
    const std::size_t size = value.Size();
    if (size > limits::kListItemsMax)
      return TooMuch(
          fmt::format("a list in `{}` has more than {} items", part.alias, limits::kListItemsMax));
    for (std::size_t i = 0; i < size; ++i) STRONGROOM_TRY(Take(part, value.At(i, arena_), found));
    std::ranges::sort(found);
    const auto repeated = std::ranges::unique(found);
    found.erase(repeated.begin(), repeated.end());
    return found;
  }

 private:
  static base::Status Take(const CustomIndex::Part& part, const cel::Value& value,
                           std::vector<std::string>& found) {
    auto key = KeyValue(part.type, value);
    if (!key) return {};
    if (key->size() > limits::kIndexedTextBytesMax)
      return TooMuch(fmt::format("a value of `{}` in a custom index has {} bytes, the most are {}",
                                 part.alias, key->size(), limits::kIndexedTextBytesMax));
    found.push_back(*std::move(key));
    return {};
  }

  cel::Activation activation_;
  cel::Budget budget_;
  cel::Arena arena_;
};

}  // namespace

IndexEnvs::IndexEnvs(const Catalog& catalog) : catalog_(catalog), envs_(kLedgerCount) {
  for (const EnumValue& on : kIndexOn.values) {
    const Ledger* ledger = catalog.Find(on.name);
    STRONGROOM_CHECK(ledger != nullptr);
    cel::EnvBuilder builder(*catalog.policy_env());
    builder.Struct(ledger->document_type())
        .Variable("document", cel::Type::Struct(ledger->document_type()->name));
    envs_[static_cast<std::size_t>(ledger->id())] = std::move(builder).Build();
  }
}

const std::shared_ptr<const cel::Env>& IndexEnvs::Of(const Ledger& ledger) const {
  const auto& env = envs_[static_cast<std::size_t>(ledger.id())];
  STRONGROOM_CHECK(env != nullptr);
  return env;
}

const Ledger& LedgerOn(const Catalog& catalog, const Document& definition) {
  const Ledger* ledger = catalog.Find(EnumName(kIndexOn, definition.At("on")));
  STRONGROOM_CHECK(ledger != nullptr);
  return *ledger;
}

std::string CustomIndexPrefix(const base::Uuid& index_id) {
  return KeyWriter(kCustomEntry).Uuid(index_id).Take();
}

base::Result<std::shared_ptr<const CustomIndex>> CustomIndex::Compile(const IndexEnvs& envs,
                                                                      const Document& definition) {
  auto index = std::make_shared<CustomIndex>();
  index->id_ = definition.At("index_id").Get<base::Uuid>();
  index->name_ = definition.At("name").Get<std::string>();
  index->ledger_ = &LedgerOn(envs.catalog(), definition);
  index->unique_ = definition.At("unique").Get<bool>();
  index->historical_ = definition.At("historical").Get<bool>();
  index->state_ = static_cast<IndexState>(definition.At("state").Get<std::int64_t>());
  index->env_ = envs.Of(*index->ledger_);
  index->document_variable_ = *index->env_->FindVariable("document");
  STRONGROOM_TRY(index->CompileParts(envs, definition));
  return std::shared_ptr<const CustomIndex>(std::move(index));
}

base::Status CustomIndex::CompileParts(const IndexEnvs& envs, const Document& definition) {
  const auto partition = Items(definition.At("partition"));
  const auto range = Items(definition.At("range"));
  if (partition.empty() && range.empty())
    return base::MakeError(ErrorCode::kBadRequest, "an index needs a key",
                           "give `partition`, `sort`, or both");
  if (partition.size() + range.size() > limits::kCustomIndexKeysMax)
    return TooMuch(fmt::format("an index has at most {} keys", limits::kCustomIndexKeysMax));
  for (const Value& key : partition) {
    STRONGROOM_ASSIGN(Part part, CompilePart(envs, *ledger_, "partition", key, kPartitionType));
    Use(part.program);
    partition_.push_back(std::move(part));
  }
  for (const Value& key : range) {
    STRONGROOM_ASSIGN(Part part, CompilePart(envs, *ledger_, "sort", key, kRangeType));
    part.descending = (*key.Get<RecordValue>().fields)[kSort].Get<std::int64_t>() == kDescending;
    Use(part.program);
    range_.push_back(std::move(part));
  }
  STRONGROOM_TRY(CheckAliases(partition_, "partition"));
  STRONGROOM_TRY(CheckAliases(range_, "sort"));
  const auto* constraints = definition.At("constraints").As<JsonValue>();
  if (constraints == nullptr || !constraints->json->is_object()) return {};
  if (constraints->json->get_object().size() > limits::kCustomIndexKeysMax)
    return TooMuch(fmt::format("an index has at most {} constraints", limits::kCustomIndexKeysMax));
  for (const auto& [name, expression] : constraints->json->get_object()) {
    STRONGROOM_ASSIGN(const std::string text, ExpressionText(expression));
    const std::string field = fmt::format("constraints.{}", std::string_view(name));
    STRONGROOM_ASSIGN(cel::Program program,
                      CompileField(env_, field, text, ErrorCode::kCelEvaluationError));
    const cel::Type& type = program.result_type();
    if (!type.is(cel::TypeKind::kBool) && !type.is(cel::TypeKind::kDyn))
      return base::MakeError(ErrorCode::kBadRequest,
                             fmt::format("[{}]: a constraint has to be true or false, and this is "
                                         "{}",
                                         field, type.ToString()));
    Use(program);
    constraints_.push_back(std::move(program));
  }
  return {};
}

void CustomIndex::Use(const cel::Program& program) {
  constexpr std::string_view kDocument = "document";
  for (const std::string& path : program.Paths()) {
    if (!std::string_view(path).starts_with(kDocument)) continue;
    std::string_view rest = std::string_view(path).substr(kDocument.size());
    if (rest.starts_with('.')) rest.remove_prefix(1);
    const auto property = ledger_->Find(rest.substr(0, rest.find('.')));
    if (property && !ledger_->properties()[*property].internal) {
      properties_.insert(*property);
      continue;
    }
    // The whole of it.
    for (PropertyIndex i = 0; i < ledger_->public_count(); ++i) properties_.insert(i);
  }
}

std::string CustomIndex::Prefix() const { return CustomIndexPrefix(id_); }

base::Result<std::vector<std::string>> CustomIndex::KeysOf(const Document& document) const {
  KeyMaker maker(*env_, document_variable_, document);
  for (const cel::Program& constraint : constraints_) {
    STRONGROOM_ASSIGN(const bool holds, maker.Holds(constraint));
    if (!holds) return std::vector<std::string>();
  }
  std::vector<std::string> keys{Prefix()};
  const auto extend = [&](const Part& part, bool lists) -> base::Status {
    STRONGROOM_ASSIGN(const auto values, maker.ValuesOf(part, lists));
    if (keys.size() * values.size() > limits::kListItemsMax)
      return TooMuch(fmt::format("the document has more than {} entries in the index `{}`",
                                 limits::kListItemsMax, name_));
    std::vector<std::string> extended;
    for (const std::string& key : keys)
      for (const std::string& value : values)
        extended.push_back(
            key + KeyWriter()
                      .Text(value, part.descending ? Order::kDescending : Order::kAscending)
                      .Take());
    keys = std::move(extended);
    return {};
  };
  for (const Part& part : partition_) STRONGROOM_TRY(extend(part, true));
  for (const Part& part : range_) STRONGROOM_TRY(extend(part, false));
  if (!unique_)
    for (std::string& key : keys) key += EntryOf(document);
  std::ranges::sort(keys);
  const auto repeated = std::ranges::unique(keys);
  keys.erase(repeated.begin(), repeated.end());
  return keys;
}

std::string CustomIndex::EntryOf(const Document& document) const {
  std::string entry = Location(document);
  if (historical_) entry += KeyWriter().Int64(document.version()).Take();
  return entry;
}

}  // namespace strongroom::ledger
