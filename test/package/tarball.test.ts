import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { projectFolder } from "../python/judge.ts";
import { type Consumer, install, pack, subpathsOf } from "./packed.ts";

const SUBPATHS = [
  "flask-session-node",
  "flask-session-node/config",
  "flask-session-node/extensions/csrf",
  "flask-session-node/extensions/flash",
  "flask-session-node/extensions/forward",
  "flask-session-node/extensions/login",
  "flask-session-node/frameworks/express",
  "flask-session-node/stores/cachelib",
  "flask-session-node/stores/filesystem",
  "flask-session-node/stores/memcached",
  "flask-session-node/stores/mongodb",
  "flask-session-node/stores/dynamodb",
  "flask-session-node/stores/memory",
  "flask-session-node/stores/redis",
  "flask-session-node/stores/sql",
];

function tool(name: string, ...words: string[]): string {
  return execFileSync(join(projectFolder, "node_modules", ".bin", name), words, {
    cwd: projectFolder,
    encoding: "utf8",
  });
}

describe("the packed package", function () {
  this.timeout(120_000);
  let tarball = "";
  let alone: Consumer;

  before(() => {
    tarball = pack();
    alone = install(tarball);
  });

  after(() => {
    alone.remove();
    rmSync(dirname(tarball), { recursive: true });
  });

  it("holds the build, the sources, and what one reads first", () => {
    const files = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split("\n");
    const tops = new Set(files.map((file) => file.split("/")[1]));
    expect([...tops]).to.have.members(["CHANGELOG.md", "LICENSE", "README.md", "dist", "package.json", "src"]);
    expect(files).to.include("package/dist/index.js").and.to.include("package/dist/index.d.ts");
  });

  it("depends on nothing", () => {
    const manifest = alone.run(
      'import m from "./node_modules/flask-session-node/package.json" with { type: "json" }; console.log(JSON.stringify(m));',
    );
    expect(JSON.parse(manifest)).to.not.have.any.keys("dependencies", "bundleDependencies", "optionalDependencies");
  });

  it("is what publint wants", () => {
    expect(tool("publint", "run", tarball, "--strict")).to.include("All good!");
  });

  it("gives its types to every way of importing it", () => {
    const answer = tool("attw", "--profile", "esm-only", "--format", "ascii", tarball);
    expect(answer.match(/^node16 \(from ESM\): 🟢 \(ESM\)$/gmu)).to.have.length(SUBPATHS.length);
    expect(answer.match(/^bundler: 🟢/gmu)).to.have.length(SUBPATHS.length);
  });

  it("opens the barrel, the configuration, every extension, back end and framework, and nothing else", () => {
    expect(subpathsOf(alone)).to.have.members(SUBPATHS);
  });

  for (const subpath of SUBPATHS) {
    it(`loads with nothing but Node's own modules: ${subpath}`, () => {
      expect(alone.run(`await import("${subpath}"); console.log("loaded");`)).to.equal("loaded\n");
    });
  }
});
