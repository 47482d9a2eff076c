import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import { projectFolder } from "../python/judge.ts";

/** Programs that must compile, each of them its own project because what one declares holds everywhere in it. */
const programs: readonly { readonly name: string; readonly folder: string }[] = [
  { name: "@types/passport and @types/connect-flash, and no key declared", folder: "any-keys" },
  { name: "a file of their own that declares keys", folder: "named-keys" },
  { name: "@types/express-session", folder: "beside-express-session" },
];

describe("the types of flaskSession", () => {
  for (const { name, folder } of programs) {
    it(`compile beside ${name}`, function () {
      this.timeout(60_000);
      const tsc = join(projectFolder, "node_modules", ".bin", "tsc");
      const project = join("test", "types", "express", folder);
      const { stdout, status } = spawnSync(tsc, ["-p", project], { cwd: projectFolder, encoding: "utf8" });
      expect(stdout).to.equal("");
      expect(status).to.equal(0);
    });
  }
});
