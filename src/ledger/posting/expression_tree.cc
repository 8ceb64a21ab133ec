#include "ledger/posting/expression_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <numeric>
#include <span>

#include "ledger/limits.h"

namespace strongroom::ledger {
namespace {

// Whether `path` is `root`, or starts from it.
bool IsBelow(std::string_view path, std::string_view root) {
  return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '.');
}

}  // namespace

base::Result<cel::Program> CompileField(const std::shared_ptr<const cel::Env>& env,
                                        std::string_view field, std::string_view source,
                                        base::ErrorCode code) {
  auto program = cel::Compile(env, source).ToResult(code);
  if (!program.ok()) {
    program.error().message =
        fmt::format("[{}]: `{}`, {}", field, source.substr(0, base::limits::kCelSourceBytesMax),
                    program.error().message);
  }
  return program;
}

base::Result<std::string> ExpressionText(const boost::json::value& expression) {
  if (const auto* text = expression.if_string()) return std::string(*text);
  if (expression.is_object() || expression.is_array()) {
    return base::MakeError(base::ErrorCode::kBadRequest, "expected an expression as a string",
                           "write CEL inside of quotes: \"params.amount\"");
  }
  return boost::json::serialize(expression);
}

struct ExpressionTree::Builder {
  const std::shared_ptr<const cel::Env>& env;
  base::ErrorCode code;
  std::vector<Member>& members;

  // INVARIANT: the depth of `object` is bounded, by limits::kJsonDepthMax or the request's own.
  base::Result<std::vector<Node>> Build(const boost::json::object& object,
                                        const std::string& prefix) {
    std::vector<Node> nodes;
    nodes.reserve(object.size());
    for (const auto& [key, value] : object) {
      Node node{std::string(key), kNone, {}};
      const std::string path = prefix + "." + node.name;
      if (const auto* children = value.if_object()) {
        STRONGROOM_ASSIGN(node.children, Build(*children, path));
      } else {
        STRONGROOM_ASSIGN(node.member, Add(path, value));
      }
      nodes.push_back(std::move(node));
    }
    return nodes;
  }

  base::Result<std::size_t> Add(const std::string& path, const boost::json::value& value) {
    if (members.size() == limits::kListItemsMax) {
      return base::MakeError(base::ErrorCode::kLimitExceeded,
                             fmt::format("more than {} expressions", limits::kListItemsMax));
    }
    STRONGROOM_ASSIGN(const std::string source, ExpressionText(value));
    STRONGROOM_ASSIGN(auto program, CompileField(env, path, source, code));
    members.push_back({path, std::move(program)});
    return members.size() - 1;
  }
};

base::Result<ExpressionTree> ExpressionTree::Compile(const std::shared_ptr<const cel::Env>& env,
                                                     std::string_view root,
                                                     const boost::json::object& tree,
                                                     base::ErrorCode code) {
  ExpressionTree result;
  result.root_ = root;
  Builder builder{env, code, result.members_};
  STRONGROOM_ASSIGN(result.nodes_, builder.Build(tree, result.root_));
  STRONGROOM_TRY(result.Order(code));
  return result;
}

std::vector<std::size_t> ExpressionTree::MembersOf(std::string_view path) const {
  std::vector<std::size_t> found;
  const auto collect = [&](std::string_view from, auto&& fits) {
    auto at =
        std::lower_bound(by_path_.begin(), by_path_.end(), from,
                         [&](std::size_t i, std::string_view p) { return members_[i].path < p; });
    for (; at != by_path_.end() && fits(members_[*at].path); ++at) found.push_back(*at);
  };
  for (std::size_t dot = path.find('.'); dot != path.npos;) {
    dot = path.find('.', dot + 1);
    const std::string_view prefix = path.substr(0, dot);
    collect(prefix, [&](const std::string& member) { return member == prefix; });
  }
  const std::string below = std::string(path) + ".";
  collect(below, [&](const std::string& member) { return member.starts_with(below); });
  return found;
}

std::set<std::string> ExpressionTree::PathsBehind(const cel::Program& program) const {
  std::set<std::string> paths;
  std::vector<bool> seen(members_.size());
  std::vector<const cel::Program*> left = {&program};
  while (!left.empty()) {
    const cel::Program& reader = *left.back();
    left.pop_back();
    for (const std::string& path : reader.Paths()) {
      if (!IsBelow(path, root_)) {
        paths.insert(path);
        continue;
      }
      for (const std::size_t i : MembersOf(path)) {
        if (!seen[i]) left.push_back(&members_[i].program);
        seen[i] = true;
      }
    }
  }
  return paths;
}

base::Status ExpressionTree::Order(base::ErrorCode code) {
  const std::size_t count = members_.size();
  by_path_.resize(count);
  std::iota(by_path_.begin(), by_path_.end(), std::size_t{0});
  std::sort(by_path_.begin(), by_path_.end(),
            [&](std::size_t a, std::size_t b) { return members_[a].path < members_[b].path; });
  std::vector<std::vector<std::size_t>> users(count);  // who needs this member
  std::vector<std::size_t> needs(count);               // how many members it still waits for
  for (std::size_t i = 0; i < count; ++i) {
    for (const std::string& path : members_[i].program.Paths()) {
      if (!IsBelow(path, root_)) continue;
      for (const std::size_t needed : MembersOf(path)) {
        users[needed].push_back(i);
        ++needs[i];
      }
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (needs[i] == 0) order_.push_back(i);
  }
  for (std::size_t next = 0; next < order_.size(); ++next) {
    for (const std::size_t user : users[order_[next]]) {
      if (--needs[user] == 0) order_.push_back(user);
    }
  }
  if (order_.size() == count) return {};
  std::string names;
  for (std::size_t i = 0; i < count; ++i) {
    if (needs[i] != 0) names += (names.empty() ? "`" : ", `") + members_[i].path + "`";
  }
  return base::MakeError(code, "expressions need each other in a circle: " + names,
                         "give one of them a value that needs none of the others");
}

cel::Value ExpressionTree::MakeMap(const std::vector<Node>& nodes, std::vector<cel::Value*>& slots,
                                   cel::Arena& arena) {
  const std::span<cel::MapEntry> entries = arena.NewArray<cel::MapEntry>(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    entries[i].key = cel::Value::String(nodes[i].name);
    if (nodes[i].member == kNone) {
      entries[i].value = MakeMap(nodes[i].children, slots, arena);
    } else {
      slots[nodes[i].member] = &entries[i].value;
    }
  }
  return cel::Value::Map(entries);
}

base::Status ExpressionTree::Evaluate(cel::Activation& activation, std::size_t root_number,
                                      cel::Budget& budget, cel::Arena& arena,
                                      MemberFailure& failure) const {
  // The map is bound first and filled as the values come, in an order in which nobody reads what
  // isn't there yet.
  std::vector<cel::Value*> slots(members_.size());
  activation.Set(root_number, MakeMap(nodes_, slots, arena));
  for (const std::size_t i : order_) {
    STRONGROOM_ASSIGN(const cel::Value value,
                      members_[i].program.Evaluate(activation, budget, arena));
    if (value.is_error()) {
      failure = {members_[i].path, std::string(value.AsError().message)};
      return {};
    }
    *slots[i] = value;
  }
  return {};
}

}  // namespace strongroom::ledger
