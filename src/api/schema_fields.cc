// SchemaQuery and SchemaMutation: custom indexes.
#include <boost/json.hpp>

#include "api/document_fields.h"
#include "api/roots.h"
#include "ledger/catalog/ledgers.h"
#include "ledger/mutations.h"
#include "storage/key.h"

namespace strongroom::api {
namespace {

using graphql::Arguments;
using graphql::FieldContext;
using graphql::Resolved;
using ledger::LedgerId;

std::string_view On(const Arguments& arguments) { return arguments.Find("on")->AsEnum().name; }

base::Result<Resolved> Index(const FieldContext& field) {
  auto& context = field.Request<OperationContext>();
  const auto key =
      ledger::DocumentKey::FromBytes(storage::KeyWriter()
                                         .Text(TextArgument(field.arguments, "name"))
                                         .Int64(ledger::kIndexOn.Find(On(field.arguments)))
                                         .Take());
  STRONGROOM_ASSIGN(auto found,
                    ledger::Get(*context.permit, *context.scope, LedgerId::kIndex, key));
  return DocumentAnswer(std::move(found));
}

template <bool historical>
base::Result<Resolved> Create(OperationContext& context, const Arguments& arguments) {
  STRONGROOM_ASSIGN(auto made, ledger::CreateIndex(*context.permit, *context.write,
                                                   InputArgument(arguments), historical));
  return DocumentAnswer(std::move(made));
}

base::Result<Resolved> Delete(OperationContext& context, const Arguments& arguments) {
  STRONGROOM_ASSIGN(auto deleted,
                    ledger::DeleteIndex(*context.permit, *context.write, On(arguments),
                                        TextArgument(arguments, "name")));
  return DocumentAnswer(std::move(deleted));
}

}  // namespace

void BindSchema(graphql::EngineBuilder& builder) {
  builder.Bind("SchemaQuery", "index", Index);
  builder.Bind("SchemaQuery", "indexes", [](const FieldContext& field) {
    return ListThrough(field, LedgerId::kIndex, "name");
  });
  BindWrite(builder, "SchemaMutation", "createIndex", Create<false>);
  BindWrite(builder, "SchemaMutation", "createHistoricalIndex", Create<true>);
  BindWrite(builder, "SchemaMutation", "deleteIndex", Delete);
}

}  // namespace strongroom::api
