// Resolvers that follow from the catalog: the fields of documents, of the records inside of them,
// and of pages.
#pragma once

#include <memory>

#include "graphql/engine.h"
#include "ledger/list.h"
#include "ledger/read.h"

namespace strongroom::api {

// For every ledger with documents: properties, derived fields, joins, connections; also Money and
// PageInfo. `catalog` outlives the engine.
void BindDocuments(graphql::EngineBuilder& builder, const ledger::Catalog& catalog);

// What resolvers answer.
graphql::Resolved DocumentAnswer(const graphql::Schema& schema, ledger::VisibleDocument document);
graphql::Resolved DocumentAnswer(ledger::VisibleDocument document);  // of the field's own type
graphql::Resolved DocumentAnswer(std::optional<ledger::VisibleDocument> document);
graphql::Resolved PageAnswer(ledger::Page page);
// The object type of documents of a ledger, among those that the field can answer; null when its
// type is that one alone, or has none for them.
const graphql::NamedType* NodeType(const graphql::FieldContext& field,
                                   const ledger::Ledger& ledger);

// The arguments first, after, last, before, as far as the field has them.
ledger::PageRequest ReadPage(const graphql::Arguments& arguments);
// A filter input object: {name: {eq: …}}; kBadRequest unless each has exactly one operator. Ids of
// an id list go to `ids`.
base::Result<std::vector<ledger::Filter>> ReadFilters(const graphql::Input* where,
                                                      std::vector<base::Uuid>* ids);

// The member `custom` of a filter input object.
base::Result<ledger::CustomFilter> ReadCustomFilter(const graphql::Input* where);

}  // namespace strongroom::api
