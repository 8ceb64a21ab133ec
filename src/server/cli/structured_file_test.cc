#include "server/cli/structured_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace strongroom::server::cli {
namespace {

using ::testing::HasSubstr;

std::string Read(std::string_view text, const std::string& path = "f.yaml") {
  const auto file = ParseStructured(path, text);
  return file.ok() ? boost::json::serialize(file->value) : file.error().message;
}

TEST(StructuredFile, ReadsYamlAsTheSameJson) {
  const struct {
    const char* yaml;
    const char* json;
  } kTable[] = {
      {"a: 1\nb: [x, 'y', \"z\\n\"]\nc:\n  - d: true\n    e: null\n", nullptr},
      {"{\"a\": [1, 2.5, -3e2, true, null, \"x\"]}", nullptr},
      {"no", "\"no\""},
      {"yes", "\"yes\""},
      {"'true'", "\"true\""},
      {"1.0.0", "\"1.0.0\""},
      {"0x10", "\"0x10\""},
      {".5", "\".5\""},
      {"2026-01-28", "\"2026-01-28\""},
      {"12:30:45", "\"12:30:45\""},
      {"arn:aws:iam::1:role/x", "\"arn:aws:iam::1:role/x\""},
      {"~", "null"},
      {"a:", "{\"a\":null}"},
      {"- db:Select\n- '*'", "[\"db:Select\",\"*\"]"},
      {"a: |\n  one\n  two\n", "{\"a\":\"one\\ntwo\\n\"}"},
      {"a: >-\n  one\n  two\n", "{\"a\":\"one two\"}"},
      {"# only\na: b # rest\n", "{\"a\":\"b\"}"},
      {"---\na: b\n", "{\"a\":\"b\"}"},
  };
  for (const auto& [yaml, json] : kTable)
    if (json != nullptr) {
      EXPECT_EQ(Read(yaml), json) << yaml;
    }
  EXPECT_EQ(Read(kTable[0].yaml), R"({"a":1,"b":["x","y","z\n"],"c":[{"d":true,"e":null}]})");
  EXPECT_EQ(Read(kTable[1].yaml), Read(kTable[1].yaml, "f.json"));
}

TEST(StructuredFile, RefusesWhatWouldMeanMoreThanJson) {
  const struct {
    const char* yaml;
    const char* message;
  } kTable[] = {
      {"a: &x 1", "f.yaml:1:4: anchors are not read"},
      {"a: *x", "f.yaml:1:4"},
      {"a: &x [1]\nb: *x\n", "f.yaml:1:4: anchors are not read"},
      {"a: !!str 1", "the tag `tag:yaml.org,2002:str` is not read"},
      {"a: !own {b: 1}", "the tag `!own` is not read"},
      {"a: {<<: {b: 1}}", "f.yaml:1:5: merge keys are not read"},
      {"a: 1\na: 2\n", "f.yaml:2:1: the member `a` is there twice"},
      {"a: 1\n---\nb: 2\n", "f.yaml: the file holds a second document"},
      {"[1]: 2", "the key of a member has to be a text"},
      {"a: 012345678901", "f.yaml:1:4: the number `012345678901` begins with a zero"},
      {"a: [1, 2", "f.yaml:"},
      {"a: 'x", "f.yaml:"},
      {"", "f.yaml: the file is empty"},
  };
  for (const auto& [yaml, message] : kTable) EXPECT_THAT(Read(yaml), HasSubstr(message)) << yaml;
}

TEST(StructuredFile, IsBoundedInDepthValuesAndBytes) {
  EXPECT_THAT(Read(std::string(100, '[') + std::string(100, ']')), HasSubstr("more than 32 deep"));
  EXPECT_THAT(Read(std::string(100000, '[')), HasSubstr("f.yaml:1:1: ")) << "refused, and soon";
  std::string many = "[";
  for (int i = 0; i < 200001; ++i) many += "1,";
  EXPECT_THAT(Read(many + "1]"), HasSubstr("more than 200000 values"));
  EXPECT_THAT(Read(std::string(5 << 20, ' ')), HasSubstr("larger than"));
}

TEST(StructuredFile, KnowsWhereThingsStand) {
  const auto file = ParseStructured("t.yaml", "clients:\n  - name: a\n    policies: [x, y]\n");
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file->PlaceOf({"clients", "0", "policies", "1"}), "t.yaml:3:19");
  EXPECT_EQ(file->PlaceOf({"clients", "0", "nope"}), "t.yaml:2:5");
  EXPECT_EQ(ParseStructured("t.json", "{\n \"a\": [1,\n 2]}")->PlaceOf({"a", "1"}), "t.json:3:2");
}

TEST(StructuredFile, WritesYamlThatReadsBackAsTheSame) {
  for (
      const char* json :
      {"{}", "[]", "null", "\"\"", "1", "{\"a\":{}}", "{\"a\":[]}", "[[1,[2]],[],[[{\"a\":[{}]}]]]",
       R"({"a":"no","b":"012","c":"x: y","d":"- x","e":"a\nb","f":"#","g":"*","h":"it's \"q\""})",
       R"([{"a":1,"b":[{"c":"d"},{"e":null}]},"x",[true,[{"y":"z"}]]])",
       R"({"true":"true","":1,"a b":"null","k":"1e5","m":"ä€😀","n":"a:","o":"@x","p":"%","q":"\u0000\u001f"})"}) {
    const auto value = boost::json::parse(json);
    EXPECT_EQ(Read(ToYaml(value)), boost::json::serialize(value)) << ToYaml(value);
  }
}

}  // namespace
}  // namespace strongroom::server::cli
