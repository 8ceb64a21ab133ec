// All rules, in the order in which graphql-js asks them.
#pragma once

#include <tuple>

#include "graphql/rules/arguments.h"
#include "graphql/rules/directives.h"
#include "graphql/rules/fields.h"
#include "graphql/rules/fragments.h"
#include "graphql/rules/introspection_depth.h"
#include "graphql/rules/operations.h"
#include "graphql/rules/overlapping_fields.h"
#include "graphql/rules/types.h"
#include "graphql/rules/values.h"
#include "graphql/rules/variables.h"

namespace strongroom::graphql::rules {

// A rule has `Enter(Context&, const Node&)` and `Leave(Context&, const Node&)` for the nodes it is
// about (walk.h), and keeps what it has to remember of one document.
using Table = std::tuple<          //
    ExecutableDefinitions,         //
    UniqueOperationNames,          //
    LoneAnonymousOperation,        //
    SingleFieldSubscriptions,      //
    KnownTypeNames,                //
    FragmentsOnCompositeTypes,     //
    VariablesAreInputTypes,        //
    ScalarLeafs,                   //
    FieldsOnCorrectType,           //
    UniqueFragmentNames,           //
    KnownFragmentNames,            //
    NoUnusedFragments,             //
    PossibleFragmentSpreads,       //
    NoFragmentCycles,              //
    UniqueVariableNames,           //
    NoUndefinedVariables,          //
    NoUnusedVariables,             //
    KnownDirectives,               //
    UniqueDirectivesPerLocation,   //
    KnownArgumentNames,            //
    UniqueArgumentNames,           //
    ValuesOfCorrectType,           //
    ProvidedRequiredArguments,     //
    VariablesInAllowedPosition,    //
    OverlappingFieldsCanBeMerged,  //
    UniqueInputFieldNames,         //
    MaxIntrospectionDepth>;

}  // namespace strongroom::graphql::rules
