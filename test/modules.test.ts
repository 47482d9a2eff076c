/** Every module of the library, by itself. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import * as barrel from "../src/index.ts";
import { projectFolder } from "./python/judge.ts";

const built = join(projectFolder, "build", "src");

describe("modules", () => {
  for (const file of readdirSync(built, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"))) {
    it(`${file} can be imported`, async () => {
      expect(Object.keys((await import(pathToFileURL(join(built, file)).href)) as object)).to.be.an("array");
    });
  }

  it("the barrel exports these values and no others", () => {
    expect(Object.keys(barrel).toSorted()).to.deep.equal(VALUES);
  });
});

const VALUES: readonly string[] = [
  "BadData",
  "BadPayload",
  "BadSignature",
  "BadTimeSignature",
  "CodecError",
  "ConfigError",
  "CookieTooLargeError",
  "CsrfError",
  "DEFAULT_LIMITS",
  "Decimal",
  "DecodeError",
  "EncodeError",
  "FlaskSessionError",
  "HeadersSentError",
  "HmacAlgorithm",
  "LimitError",
  "LoginRequiredError",
  "Markup",
  "MissingPackageError",
  "NoneAlgorithm",
  "PyBytes",
  "PyDateTime",
  "PyDecimal",
  "PyDict",
  "PyExt",
  "PyFloat",
  "PyGlobal",
  "PyList",
  "PyMarkup",
  "PyObject",
  "PyTimedelta",
  "PyUuid",
  "PythonDate",
  "PythonObject",
  "PythonTime",
  "ReadOnlySessionError",
  "RecordTooLargeError",
  "SecretKeyMissingError",
  "Serializer",
  "Session",
  "SessionError",
  "SignatureExpired",
  "Signer",
  "StoreConflictError",
  "StoreError",
  "StoreRecordError",
  "StoreTimeoutError",
  "StoreUnavailableError",
  "TaggedJson",
  "TimedSerializer",
  "Timedelta",
  "TimestampSigner",
  "TruncatedError",
  "UTC",
  "UnlistableStoreError",
  "UnsupportedSessionTypeError",
  "UrlSafeSerializer",
  "UrlSafeTimedSerializer",
  "Uuid",
  "createSessions",
  "decodeRecord",
  "exactFloat",
  "exactInt",
  "json",
  "msgpack",
  "pickle",
  "py",
];
