// What decides documents takes no memory, from the heap or from the arena.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <cstdlib>
#include <new>

#include "cel/expression_testing.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define STRONGROOM_COUNTS_ALLOCATIONS 0
#else
#define STRONGROOM_COUNTS_ALLOCATIONS 1

namespace {
thread_local std::size_t allocations = 0;
}

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
#endif

namespace strongroom::cel {
namespace {

#if STRONGROOM_COUNTS_ALLOCATIONS
TEST(Evaluation, AllocatesNothingToDecideADocument) {
  EnvBuilder builder(*StandardEnv());
  builder.Variable("claims", Type::Map(Type::String(), Type::Dyn()))
      .Variable("document", Type::Map(Type::String(), Type::Dyn()));
  const auto env = std::move(builder).Build();
  const auto claims = boost::json::parse(
      R"({"email": "ada@example.com", "groups": ["ops", "dev"], "level": 3,
          "sub": "arn:aws:iam::123456789012:role/app"})");
  const auto document = boost::json::parse(
      R"({"name": "cust-1", "status": "ACTIVE", "metadata": {"region": "eu", "tags": ["a", "b"]}})");
  Activation activation(*env);
  activation.Set(*env, "claims", Value::Json(claims));
  activation.Set(*env, "document", Value::Json(document));
  for (const std::string source :
       {"claims.email == 'ada@example.com'", "claims.level >= 3 && claims.level < 4.5",
        "document.metadata.region in ['us', 'eu']", "'ops' in claims.groups",
        "has(document.metadata.region) && !has(document.metadata.owner)",
        "document.name.startsWith('cust-') && document.name.endsWith('1')",
        "document.name.contains('st-') && size(claims.groups) == 2",
        "claims.groups.exists(g, g == 'ops') && claims.groups.all(g, g != 'x')",
        "document.metadata.tags.exists_one(t, t in claims.groups || t == 'a')",
        "claims.sub.matches('^arn:aws:iam::[0-9]{12}:role/.+$')",
        "document.metadata == document.metadata && claims.groups != document.metadata.tags"}) {
    const Program program = MustCompile(env, source);
    EXPECT_EQ(Shown(program, activation), "true") << source;  // regexes build their states here
    Arena arena;
    Budget budget;
    const std::size_t before = allocations;
    const auto value = program.Evaluate(activation, budget, arena);
    EXPECT_EQ(allocations, before) << source;
    EXPECT_EQ(arena.used(), 0U) << source;
    EXPECT_TRUE(value.ok() && value->AsBool()) << source;
  }
}
#endif

}  // namespace
}  // namespace strongroom::cel
