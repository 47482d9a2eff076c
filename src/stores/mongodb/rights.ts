/** What the user of a client may not do with a collection of MongoDB. */

/** What a store does, by the actions of MongoDB's roles. */
const NEEDED: readonly string[] = ["find", "insert", "update", "remove"];

/** What `connectionStatus` answers where it is asked to show privileges. */
interface ConnectionStatus {
  readonly authInfo: {
    readonly authenticatedUsers: readonly unknown[];
    readonly authenticatedUserPrivileges: readonly Privilege[];
  };
}

interface Privilege {
  readonly resource: { readonly db?: string; readonly collection?: string; readonly anyResource?: boolean };
  readonly actions: readonly string[];
}

/** The actions that no privilege grants, in words. A server without users grants everything to nobody. */
export function missingRights(status: object, db: string, collection: string): string[] {
  const { authenticatedUsers, authenticatedUserPrivileges } = (status as ConnectionStatus).authInfo;
  if (authenticatedUsers.length === 0) return [];
  const granted = new Set(
    authenticatedUserPrivileges
      .filter(({ resource }) => covers(resource, db, collection))
      .flatMap(({ actions }) => actions),
  );
  return NEEDED.filter((action) => !granted.has(action)).map((action) => `${action} in ${db}.${collection}`);
}

/** An empty name stands for every one. */
function covers(resource: Privilege["resource"], db: string, collection: string): boolean {
  if (resource.anyResource === true) return true;
  return [db, ""].some((name) => resource.db === name) && [collection, ""].some((name) => resource.collection === name);
}
