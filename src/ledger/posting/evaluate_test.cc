#include "ledger/posting/testing.h"

namespace strongroom::ledger {
namespace {

class EvaluateTest : public PostingTest {
 protected:
  base::Result<boost::json::value> Run(std::string_view expressions,
                                       const boost::json::value& document = nullptr) {
    const auto snapshot = store_->Read().value();
    ReadScope scope{*engine_, *snapshot, tenant_};
    return Evaluate(All(), scope, boost::json::parse(expressions), document);
  }
  std::string Text(std::string_view expressions, const boost::json::value& document = nullptr) {
    const auto result = Run(expressions, document);
    return result.ok() ? boost::json::serialize(*result) : Outcome(result);
  }
};

TEST_F(EvaluateTest, AnswersNativeValuesAndTextForScalars) {
  EXPECT_EQ(Text(R"({"a":"1 + 2","b":"'x'","c":"1 < 2","d":"[1, 2]","e":"{'k': 1}","n":"null"})"),
            R"({"a":3,"b":"x","c":true,"d":[1,2],"e":{"k":1},"n":null})");
  EXPECT_EQ(Text(R"json({"d":"decimal('123.456')","m":"money('123.45', 'USD')",
                     "u":"uuid('0E5D49F3-ABBF-4A3A-9E4E-B9E2A9F2A8F2')","t":"date('2022-09-21')",
                     "s":"timestamp('2022-09-21T00:00:00Z')","f":"1.0 / 0.0"
})json"),
            R"({"d":"123.456","m":"123.45 USD","u":"0e5d49f3-abbf-4a3a-9e4e-b9e2a9f2a8f2",)"
            R"("t":"2022-09-21","s":"2022-09-21T00:00:00Z","f":"Infinity"})");
}

TEST_F(EvaluateTest, MembersUseEachOtherInAnyOrder) {
  EXPECT_EQ(Text(R"({"total":"this.net + this.fees.all","net":"100",
                     "fees":{"card":"2","all":"this.fees.card + this.fees.wire","wire":3}})"),
            R"({"total":105,"net":100,"fees":{"card":2,"all":5,"wire":3}})");
  EXPECT_EQ(Text(R"({"a":"this.b","b":"this.c","c":"this.a","d":"1"})"),
            "CEL_EVALUATION_ERROR: expressions need each other in a circle: `this.a`, `this.b`, "
            "`this.c`");
  EXPECT_EQ(Text(R"json({"a":"size(this)"
})json"),
            "CEL_EVALUATION_ERROR: expressions need each other in a circle: `this.a`");
}

TEST_F(EvaluateTest, SeesTheDocumentThatCameAlong) {
  EXPECT_EQ(Text(R"json({"a":"document.x[1] + 1","b":"has(document.y)"})json",
                 boost::json::parse(R"({"x":[1,41]})")),
            R"({"a":42,"b":false})");
}

TEST_F(EvaluateTest, FailuresNameTheirMember) {
  EXPECT_EQ(Text(R"({"a":{"b":"1 / 0"}})").substr(0, 31), "CEL_EVALUATION_ERROR: [this.a.b");
  EXPECT_EQ(Text(R"({"a":"1 +"})").substr(0, 46), "CEL_EVALUATION_ERROR: [this.a]: `1 +`, ERROR: ");
  EXPECT_EQ(Text(R"({"a":["1"]})"), "BAD_REQUEST: expected an expression as a string");
  EXPECT_EQ(Text("[]"), "BAD_REQUEST: expected a map from names to expressions");
}

TEST_F(EvaluateTest, AllMembersShareOneBudget) {
  std::string expressions = R"({"x0":"'aaaaaaaaaaaaaaaa'")";
  for (int i = 1; i < 40; ++i) {
    const std::string before = "this.x" + std::to_string(i - 1);
    expressions += R"(,"x)" + std::to_string(i) + R"(":")" + before + " + " + before + "\"";
  }
  const auto result = Run(expressions + "}");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, base::ErrorCode::kLimitExceeded);
}

TEST_F(EvaluateTest, TimeStandsStillAndIsThatOfThePermit) {
  EXPECT_EQ(Text(R"json({"a":"time.Now() == time.Now()","d":"date.Today()"})json"),
            R"({"a":true,"d":")" + scalars::DateOf(All().now()).ToString() + "\"}");
}

}  // namespace
}  // namespace strongroom::ledger
