#include "graphql/rules/field_sets.h"

#include <algorithm>

namespace strongroom::graphql::rules {

void FieldGroups::Add(const FieldEntry& entry) {
  const std::string_view key = entry.node->ResponseKey();
  const auto [found, added] = index_.try_emplace(key, groups_.size());
  if (added) groups_.push_back({key, {}});
  groups_[found->second].entries.push_back(entry);
}

const FieldGroup* FieldGroups::Find(std::string_view key) const {
  const auto found = index_.find(key);
  return found == index_.end() ? nullptr : &groups_[found->second];
}

bool AreExclusive(const NamedType* left, const NamedType* right) {
  return left != right && left != nullptr && left->kind == TypeKind::kObject && right != nullptr &&
         right->kind == TypeKind::kObject;
}

bool TypesConflict(const Type& left, const Type& right) {
  const Type* a = &left;
  const Type* b = &right;
  while (a->kind == b->kind && a->kind != Type::Kind::kNamed) {
    a = a->inner;
    b = b->inner;
  }
  if (a->kind != b->kind) return true;
  return (a->named->IsLeaf() || b->named->IsLeaf()) && a->named != b->named;
}

namespace {

void Append(const Value& value, std::string& out);

void AppendObject(const Value& value, std::string& out) {
  std::vector<const ObjectField*> fields;
  for (const ObjectField& field : value.fields) fields.push_back(&field);
  std::ranges::stable_sort(fields, {}, [](const ObjectField* field) { return field->name.text; });
  out += '{';
  for (const ObjectField* field : fields) {
    out.append(field->name.text).append(":");
    Append(*field->value, out);
    out += ',';
  }
  out += '}';
}

// Strings carry their length, so that no text can look like other literals.
void Append(const Value& value, std::string& out) {
  switch (value.kind) {
    case Value::Kind::kVariable: out.append("$").append(value.text); break;
    case Value::Kind::kString:
      out.append(value.block ? "b" : "s").append(std::to_string(value.text.size())).append(":");
      out.append(value.text);
      break;
    case Value::Kind::kBoolean: out += value.boolean ? "true" : "false"; break;
    case Value::Kind::kNull: out += "null"; break;
    case Value::Kind::kInt:
    case Value::Kind::kFloat: out += value.text; break;
    case Value::Kind::kEnum: out.append("e:").append(value.text); break;
    case Value::Kind::kList:
      out += '[';
      for (const Value* item : value.items) {
        Append(*item, out);
        out += ',';
      }
      out += ']';
      break;
    case Value::Kind::kObject: AppendObject(value, out); break;
  }
}

// The last argument of that name.
const Argument* FindLast(std::span<const Argument> arguments, std::string_view name) {
  const auto found = std::find_if(arguments.rbegin(), arguments.rend(),
                                  [&](const Argument& a) { return a.name.text == name; });
  return found == arguments.rend() ? nullptr : &*found;
}

}  // namespace

const std::string& CanonicalTexts::Of(const Value& value) {
  const auto [entry, added] = texts_.try_emplace(&value);
  if (added) Append(value, entry->second);
  return entry->second;
}

bool CanonicalTexts::SameArguments(const Selection& left, const Selection& right) {
  if (left.arguments.size() != right.arguments.size()) return false;
  return std::ranges::all_of(left.arguments, [&](const Argument& argument) {
    const Argument* other = FindLast(right.arguments, argument.name.text);
    return other != nullptr && Of(*argument.value) == Of(*other->value);
  });
}

}  // namespace strongroom::graphql::rules
