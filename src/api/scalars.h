// The custom scalars of the schema (behaviour §4): how they are read. What they are written from is
// text or JSON already.
#pragma once

#include <boost/json/fwd.hpp>

#include "graphql/engine.h"

namespace strongroom::api {

void BindScalars(graphql::EngineBuilder& builder);

// What the caller sent, as the ledger takes it: GraphQL names, only the members that were sent,
// enums as their names, custom scalars as text or JSON.
boost::json::object SentMembers(const graphql::InputObject& input);

}  // namespace strongroom::api
