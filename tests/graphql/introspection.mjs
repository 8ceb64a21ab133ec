// Clients build a schema from our introspection: buildClientSchema of graphql-js accepts it, and the
// schema prints as the SDL does; and we print it in the same way.
//
//   node introspection.mjs ANSWER_REQUESTS [REFERENCE_SCHEMA]
import { buildClientSchema, buildSchema, getIntrospectionQuery, printSchema, validateSchema } from "graphql";

import { check } from "./checker.mjs";
import { schemas } from "./schemas.mjs";

const [program, reference] = process.argv.slice(2);
for (const [name, sdl] of schemas(reference)) {
  const document = getIntrospectionQuery({
    specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true,
  });
  const plain = getIntrospectionQuery();
  const [{ sdl: ours }, ...answers] = await check(program, [
    { schema: sdl }, { document, operation: "" }, { document: plain, operation: "" },
  ]);
  const results = answers.map(({ answer }) => JSON.parse(answer));
  const faults = results.flatMap(({ data, errors }) => errors ?? validateSchema(buildClientSchema(data)));
  const wanted = printSchema(buildSchema(sdl));
  const printed = (answer) => printSchema(buildClientSchema(answer.data));
  const alike = faults.length === 0 && printed(results[0]) === wanted && ours.trim() === wanted;
  if (!alike) process.exitCode = 1;
  console.log(`${name}: ${alike ? "accepted" : `differs, ${JSON.stringify(faults)}`}`);
}
