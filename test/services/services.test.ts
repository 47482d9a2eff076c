/** Tests of services that are missing: seen to be skipped, and seen to fail where services are required. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import { findBinary, requireService } from "./services.ts";

/** Runs a suite that needs redis-server where no program can be found. */
function runWithoutPrograms(required: string): { status: number | null; stdout: string } {
  const mocha = join("node_modules", "mocha", "bin", "mocha.js");
  const suite = join("build", "test", "stores", "redis", "rights.test.js");
  const { status, stdout } = spawnSync(process.execPath, [mocha, "--no-config", suite], {
    encoding: "utf8",
    env: { PATH: "/nowhere", REQUIRE_SERVICES: required },
  });
  return { status, stdout };
}

describe("a missing service", () => {
  it("skips its tests and says why", () => {
    const { status, stdout } = runWithoutPrograms("");
    expect(stdout).to.include("skipped: redis-server is not installed (apt-get install redis-server)");
    expect(stdout).to.match(/0 passing[^]*[1-9]\d* pending/);
    expect(status).to.equal(0);
  });

  it("fails its tests where REQUIRE_SERVICES is 1", () => {
    const { status, stdout } = runWithoutPrograms("1");
    expect(stdout).to.include("Error: redis-server is not installed (apt-get install redis-server)");
    expect(stdout).to.include("1 failing");
    expect(status).to.not.equal(0);
  });

  it("is not missed where its address is given", function () {
    const { PATH, REDIS_URL } = process.env;
    process.env["PATH"] = "/nowhere";
    process.env["REDIS_URL"] = "redis://localhost";
    try {
      expect(findBinary("redis-server")).to.equal(undefined);
      requireService(this, "redis");
    } finally {
      process.env["PATH"] = PATH;
      if (REDIS_URL === undefined) delete process.env["REDIS_URL"];
      else process.env["REDIS_URL"] = REDIS_URL;
    }
  });
});
