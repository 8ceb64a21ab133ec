#include "cel/library.h"

#include "cel/env.h"
#include "cel/lib/libraries.h"
#include "cel/lib/time.h"

namespace strongroom::cel {

void AddLibrary(EnvBuilder& builder, Library library) {
  switch (library) {
    case Library::kStandard:
      AddStandardFunctions(builder);
      AddConversions(builder);
      AddTime(builder);
      return;
    case Library::kStrings: AddStrings(builder); return;
    case Library::kMath: AddMath(builder); return;
    case Library::kEncoders: AddEncoders(builder); return;
    case Library::kLists: AddLists(builder); return;
    case Library::kSets: AddSets(builder); return;
    case Library::kNetwork: AddNetwork(builder); return;
    case Library::kOptional: AddOptionals(builder); return;
  }
}

std::shared_ptr<const Env> StandardEnv() {
  // Immutable, and not quick to make.
  static const std::shared_ptr<const Env> kEnv = [] {
    EnvBuilder builder;
    for (const Library library :
         {Library::kStandard, Library::kStrings, Library::kMath, Library::kEncoders,
          Library::kLists, Library::kSets, Library::kNetwork, Library::kOptional})
      AddLibrary(builder, library);
    return std::move(builder).Build();
  }();
  return kEnv;
}

}  // namespace strongroom::cel
