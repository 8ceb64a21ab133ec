#include "api/sdl.h"

#include <fmt/format.h>

#include <set>
#include <vector>

#include "ledger/catalog/ledgers.h"

namespace strongroom::api {
namespace {

using ledger::EnumSpec;
using ledger::Ledger;
using ledger::LedgerSpec;
using ledger::PropertySpec;
using ledger::RecordSpec;

std::string Describe(std::string_view about, std::string_view indent) {
  if (about.empty()) return {};
  return fmt::format("{}\"\"\"{}\"\"\"\n", indent, about);
}

// Writes each named type once.
class SdlWriter {
 public:
  std::string Take() && { return std::move(text_); }

  void Document(const Ledger& ledger) {
    const LedgerSpec& spec = ledger.spec();
    if (spec.hidden) return Hidden(spec);
    text_ += Describe(spec.about, "") + "type " + std::string(spec.name);
    text_ += spec.id_prefix.empty() ? " {\n" : " implements Node {\n";
    for (const auto& derived : spec.derived) {
      Field(derived.about, derived.field, derived.arguments, derived.output_type);
    }
    for (const PropertySpec& property : spec.properties) OutputField(property);
    for (const auto& join : spec.joins) {
      Field(join.about, ledger::CamelCase(join.name), join.arguments, join.output_type);
    }
    text_ += "}\n";
    for (const PropertySpec& property : spec.properties) Used(property);
    if (!spec.indexes.empty()) Connection(spec.name);
    CreateInput(spec);
    Input(spec.update_name, "What may change; what is left out stays.", spec.properties,
          &PropertySpec::update_type, spec.update_finder);
    Indexes(spec);
  }

 private:
  // Its enums and its create input; its documents are seen through joins.
  void Hidden(const LedgerSpec& spec) {
    for (const PropertySpec& property : spec.properties) Used(property);
    CreateInput(spec);
  }

  void CreateInput(const LedgerSpec& spec) {
    std::vector<PropertySpec> members(spec.properties.begin(), spec.properties.end());
    members.insert(members.end(), spec.options.begin(), spec.options.end());
    Input(spec.input_name, "What makes it.", members, &PropertySpec::create_type);
  }

  void Field(std::string_view about, std::string_view name, std::string_view arguments,
             std::string_view type) {
    text_ += Describe(about, "  ") + fmt::format("  {}{}: {}\n", name, arguments, type);
  }

  void OutputField(const PropertySpec& property) {
    if (property.internal || property.output_type.empty()) return;
    Field(property.about, property.GraphqlName(), "", property.output_type);
  }

  // The types that a property brings along.
  void Used(const PropertySpec& property) {
    if (property.enumeration != nullptr) Enum(*property.enumeration);
    if (property.record != nullptr) Record(*property.record);
  }

  void Enum(const EnumSpec& spec) {
    if (!written_.insert(spec.name).second) return;
    text_ += Describe(spec.about, "") + fmt::format("enum {} {{\n", spec.name);
    for (const auto& value : spec.values) {
      text_ += Describe(value.about, "  ") + fmt::format("  {}\n", value.name);
    }
    text_ += "}\n";
  }

  void Record(const RecordSpec& spec) {
    if (!written_.insert(spec.name).second) return;
    text_ += Describe(spec.about, "") + fmt::format("type {} {{\n", spec.name);
    for (const PropertySpec& field : spec.fields) OutputField(field);
    text_ += "}\n";
    for (const PropertySpec& field : spec.fields) Used(field);
    std::vector<PropertySpec> members(spec.fields.begin(), spec.fields.end());
    members.insert(members.end(), spec.options.begin(), spec.options.end());
    Input(spec.input_name, spec.about, members, &PropertySpec::create_type);
  }

  void Input(std::string_view name, std::string_view about, std::span<const PropertySpec> members,
             std::string_view PropertySpec::*type, std::string_view finder = {}) {
    if (name.empty()) return;
    text_ += Describe(about, "") + fmt::format("input {} {{\n", name);
    for (const PropertySpec& member : members) {
      if (!finder.empty() && member.name == finder) {
        Field("Which one.", member.GraphqlName(), "", "String!");
      } else if (!(member.*type).empty()) {
        Field(member.about, member.GraphqlName(), "", member.*type);
      }
    }
    text_ += "}\n";
  }

  void Connection(std::string_view name) {
    text_ += fmt::format(
        "\"\"\"A page of a list.\"\"\"\n"
        "type {0}Connection implements Connection {{\n"
        "  \"\"\"The documents alone.\"\"\"\n  nodes: [{0}]!\n"
        "  \"\"\"The documents with their cursors.\"\"\"\n  edges: [{0}ConnectionEdge]!\n"
        "  \"\"\"Where the page stands.\"\"\"\n  pageInfo: PageInfo!\n}}\n"
        "\"\"\"A document and its place in the list.\"\"\"\n"
        "type {0}ConnectionEdge {{\n"
        "  \"\"\"Its place, for `after` and `before`.\"\"\"\n  cursor: String!\n"
        "  \"\"\"The document.\"\"\"\n  node: {0}\n}}\n",
        name);
  }

  void Indexes(const LedgerSpec& spec) {
    std::string values;
    std::string filters;
    std::set<std::string> seen;
    const auto filter = [&](std::string_view snake, std::string_view type, std::string_view about) {
      const std::string name = ledger::CamelCase(snake);
      if (!seen.insert(name).second) return;
      filters += Describe(about, "  ") + fmt::format("  {}: {}\n", name, type);
    };
    for (const auto& index : spec.indexes) {
      if (index.enum_name.empty()) continue;
      values += Describe(index.about, "  ") + fmt::format("  {}\n", index.enum_name);
      if (!index.id_list_filter.empty()) {
        filter(index.id_list_filter, "[UUID!]", "Ids, for the index that takes a list.");
        continue;
      }
      for (const auto keys : {index.partition, index.sort}) {
        for (const auto& key : keys) {
          filter(key.filter.empty() ? key.property : key.filter, "FilterValue",
                 "A key of an index; ignored by indexes that don't have it.");
        }
      }
    }
    if (values.empty()) return;
    if (ledger::kIndexOn.Find(spec.name) >= 0) {
      values += "  \"\"\"A custom index, which `custom` names.\"\"\"\n  CUSTOM\n";
      filter("custom", "CustomIndexFilter", "For CUSTOM: which index, and what of it.");
    }
    // Declared by the public interface, and used by no index of ours (behaviour §6).
    if (spec.id == ledger::LedgerId::kEntry) {
      for (const auto* unused : {"journal_id", "currency", "layer"}) {
        filter(unused, "FilterValue", "Used by no index, and so ignored.");
      }
    }
    text_ += fmt::format(
        "\"\"\"An index, and the direction to read it in.\"\"\"\n"
        "input {0}IndexInput {{\n"
        "  \"\"\"The index.\"\"\"\n  name: {0}Index!\n"
        "  \"\"\"Ascending when left out.\"\"\"\n  sort: SortOrder\n}}\n"
        "\"\"\"The indexes of the ledger.\"\"\"\nenum {0}Index {{\n{1}}}\n"
        "\"\"\"Conditions on the keys of the index.\"\"\"\ninput {0}FilterInput {{\n{2}}}\n",
        spec.name, values, filters);
  }

  std::string text_;
  std::set<std::string_view> written_;
};

}  // namespace

std::string BuildSdl(const ledger::Catalog& catalog) {
  SdlWriter writer;
  for (const auto& ledger : catalog.ledgers()) {
    if (ledger->HasDocuments()) writer.Document(*ledger);
  }
  std::string sdl;
  for (const std::string_view part : {RootsSdl(), AccessSdl(), SchemaSdl(), StatementsSdl()})
    sdl += part;
  return sdl + std::move(writer).Take();
}

std::string SnakeCase(std::string_view camel) {
  std::string snake;
  for (const char c : camel) {
    if (c >= 'A' && c <= 'Z') {
      snake += '_';
      snake += static_cast<char>(c - 'A' + 'a');
    } else {
      snake += c;
    }
  }
  return snake;
}

}  // namespace strongroom::api
