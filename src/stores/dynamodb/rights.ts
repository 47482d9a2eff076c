/** What the user of a client may not do with a table of DynamoDB, found out by trying it on a key that nobody has. */
import { type CommandName, type Commands, PROBE } from "./client.ts";
import { isRefusal } from "./failure.ts";

/** Never true: nothing is written. */
const NEVER = { Key: { id: { S: PROBE } }, ConditionExpression: "attribute_exists(id) AND attribute_not_exists(id)" };

/** Every command that the store sends, harmless as it stands here, and what it is needed for. */
const COMMANDS: readonly (readonly [name: CommandName, input: object, purpose: string])[] = [
  ["GetItem", { Key: { id: { S: PROBE } } }, "reading sessions"],
  [
    "UpdateItem",
    { ...NEVER, UpdateExpression: "SET expiration = :now", ExpressionAttributeValues: { ":now": { N: "0" } } },
    "writing sessions",
  ],
  ["DeleteItem", NEVER, "logging out"],
  ["Scan", { Limit: 1 }, "listing sessions"],
];

/** What is missing, in words such as `UpdateItem (writing sessions)`. */
export async function missingRights(commands: Commands, table: string): Promise<string[]> {
  const found = await Promise.all(
    COMMANDS.map(async ([name, input, purpose]) => {
      const refusal: unknown = await commands
        .send(name, { TableName: table, ...input })
        .catch((error: unknown) => error);
      return isRefusal(refusal, "AccessDeniedException") ? [`${name} (${purpose})`] : [];
    }),
  );
  return found.flat();
}
