import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import type { DotenvRequest } from "../../../lib/workspace/dotenv/dotenv";
import type { DotenvValue } from "../../../lib/workspace/dotenv/find";
import { readDotenv } from "../../../lib/workspace/dotenv/dotenv";
import type { Problem } from "../../../lib/errors";
import { temporary } from "../temporary";

describe("the dotenv files of an app", () => {
  let place: ReturnType<typeof temporary>;
  beforeEach(() => (place = temporary()));
  afterEach(() => place.remove());

  const open = (request: Partial<DotenvRequest> = {}) =>
    readDotenv({ folder: place.folder, root: place.folder, cwd: place.folder, env: {}, ...request });
  const found = (variable: string, request?: Partial<DotenvRequest>): DotenvValue => {
    const value = open(request).find(variable);
    if (value !== undefined && "text" in value) return value;
    return assert.fail(JSON.stringify(value));
  };
  const refused = (variable: string): Problem => {
    const value = open().find(variable);
    if (value !== undefined && "code" in value) return value;
    return assert.fail(JSON.stringify(value));
  };
  const npm = (...names: readonly string[]) =>
    place.write("package.json", JSON.stringify({ dependencies: Object.fromEntries(names.map((name) => [name, "*"])) }));
  const pip = (...names: readonly string[]) => place.write("requirements.txt", names.join("\n"));

  it("may be absent, and a Python environment of that name is ignored", () => {
    mkdirSync(path.join(place.folder, ".env"));
    assert.equal(open().find("A"), undefined);
    assert.deepEqual(open().all(), []);
  });

  describe("of an app without a library for them", () => {
    it("are .env.local and .env, in that order; their values are left for endow to deliver", () => {
      place.write(".env", "# comment\n\nA=1\nB=2\n");
      place.write(".env.local", "A=3\n");
      place.write(".env.development", "A=4\n");
      assert.deepEqual(found("A"), { text: "3", file: ".env.local", line: 1, readByApp: false, refersTo: [] });
      assert.deepEqual(found("B"), { text: "2", file: ".env", line: 4, readByApp: false, refersTo: [] });
      assert.equal(open().find("C"), undefined);
    });

    it("may contain comments, exports, quotes, several lines, references and a byte order mark", () => {
      const text = `\\uFEFFA=1 # one\nexport B="two\nlines # not a comment"\nC='#'\nD=\nE=a=b\n  F = spaced\r\nG="\${E}/\${NO:-x}/$E"\n`;
      place.write(".env", text.replace("\\uFEFF", "\uFEFF"));
      const values = ["A", "B", "C", "D", "E", "F", "G"].map((name) => found(name));
      assert.deepEqual(
        values.map((value) => value.text),
        ["1", "two\nlines # not a comment", "#", "", "a=b", "spaced", "a=b/x/$E"],
      );
      assert.deepEqual(
        values.map(({ line }) => line),
        [1, 2, 4, 5, 6, 7, 8],
      );
    });

    it("count if dotenv and python-dotenv agree", () => {
      place.write(".env", "OTHER=a#b\nPASSWORD=hunter2#hunter3\nPATTERN=\"a\\tb\"\nFINE='hunter2#hunter3'\n");
      const { code, path: where, message, fix } = refused("PASSWORD");
      assert.equal(code, "DOTENV_AMBIGUOUS");
      assert.equal(where, ".env:2");
      assert.equal(
        message,
        "PASSWORD (.env:2) is read differently: dotenv reads *** (7 characters) and python-dotenv reads *** (15 characters); dotenv ends the value before #",
      );
      assert.equal(fix, "put the value you want in single quotes");
      assert.match(refused("PATTERN").message, /; they treat the backslash differently$/);
      assert.equal(found("FINE").text, "hunter2#hunter3");
    });

    it("are rejected for a variable whose line no library reads, without quoting it; other such lines do not matter", () => {
      place.write(".env", "{ hunter2 }\nA=1\nhunter2\nB='hunter2\nC=2\n");
      assert.equal(found("A").text, "1");
      assert.equal(found("C").text, "2");
      const { code, path: where, message } = refused("B");
      assert.equal(code, "DOTENV_AMBIGUOUS");
      assert.equal(where, ".env:4");
      assert.ok(!message.includes("hunter2"), message);
      pip("python-dotenv");
      assert.equal(refused("B").code, "DOTENV_INVALID");
      assert.match(refused("B").message, /^B \(\.env:4\) is not read by python-dotenv: /);
    });
  });

  describe("are read as the app's own libraries read them:", () => {
    beforeEach(() => place.write(".env", 'A=a#b\nB="a\\tb"\nC=${A}\n'));
    const all = () => ["A", "B", "C"].map((name) => found(name).text);

    it("dotenv", () => {
      npm("dotenv");
      assert.deepEqual(all(), ["a", "a\\tb", "${A}"]);
    });

    it("python-dotenv", () => {
      pip("Python_DotEnv[cli]>=1 ; python_version > '3.8'");
      assert.deepEqual(all(), ["a#b", "a\tb", "a#b"]);
    });

    it("both, if they agree", () => {
      npm("dotenv", "dotenv-expand");
      pip("pydantic-settings");
      assert.match(refused("A").message, /dotenv-expand ends the value before #/);
      assert.equal(refused("B").code, "DOTENV_AMBIGUOUS");
      place.write(".env", "A='a#b'\nC=${A}\n");
      assert.equal(found("C").text, "a#b");
    });

    it("dotenvx, where it imitates the others; encrypted values are rejected", () => {
      npm("@dotenvx/dotenvx", "dotenv");
      place.write(".env", "A='a#b'\nB='${A}'\nC=\"encrypted:BHc+/=\"\nD=$(id)\n");
      assert.equal(found("A").text, "a#b");
      assert.equal(refused("B").code, "DOTENV_INVALID");
      assert.equal(refused("C").code, "DOTENV_ENCRYPTED");
      assert.equal(refused("D").code, "DOTENV_INVALID");
    });

    it("docker compose, if one of its files names the file: it has to agree, and reads nothing for the app itself", () => {
      place.write(".env", "A=pa$word\nB='pa$word'\nC=1\n");
      place.write("compose.yaml", "services:\n  web:\n    env_file:\n      - .env\n");
      const { message, fix } = refused("A");
      assert.match(
        message,
        /dotenv reads \*\*\* \(7 characters\), .* and docker compose reads \*\*\* \(2 characters\); docker compose treats \$ as a reference/,
      );
      assert.equal(fix, "put the value you want in single quotes");
      assert.deepEqual([found("B").text, found("C").readByApp], ["pa$word", false]);
      place.write("compose.yaml", "services:\n  web:\n    env_file: .env.production\n");
      assert.equal(found("A").text, "pa$word");
    });

    it("names what a line refers to", () => {
      npm("next");
      place.write(".env", "A=${B}/$C/\\$D\n");
      assert.deepEqual(found("A").refersTo, ["B", "C"]);
    });

    it("references see the process's variables", () => {
      npm("next");
      assert.equal(found("C", { env: { A: "mine" } }).text, "mine");
    });
  });

  describe("have the order of the app's framework:", () => {
    beforeEach(() => {
      for (const name of [".env", ".env.local", ".env.development", ".env.development.local"])
        place.write(name, `${name.slice(1).replaceAll(".", "_")}=1\nALL=${name}\n`);
      place.write(".env.local", "ALL=.env.local\nTWO=.env.local\n");
      place.write(".env.development", "ALL=.env.development\nTWO=.env.development\n");
    });

    it("Next", () => {
      npm("next");
      assert.deepEqual([found("ALL").file, found("TWO").file], [".env.development.local", ".env.local"]);
    });

    it("Vite, which passes only variables that start with VITE_ to the app", () => {
      npm("vite");
      assert.deepEqual([found("ALL").file, found("TWO").file], [".env.development.local", ".env.development"]);
      place.write(".env", "VITE_A=1\nSECRET=2\n");
      assert.deepEqual([found("VITE_A").readByApp, found("SECRET").readByApp], [true, false]);
    });

    it("two that disagree are rejected, unless the values are the same", () => {
      npm("next", "bun", "dotenv");
      assert.equal(found("TWO").file, ".env.local");
      npm("next", "dotenv-flow");
      const request = { env: { NODE_ENV: "development" } };
      const problem = open(request).find("TWO");
      assert.ok(problem && "message" in problem);
      assert.match(
        problem.message,
        /^TWO is in \.env\.development and \.env\.local with different values: dotenv-flow takes it from \.env\.development and Next /,
      );
      assert.equal(found("ALL", request).text, ".env.development.local");
      place.write(".env.local", "TWO=.env.development\n");
      assert.equal(found("TWO", request).text, ".env.development");
    });
  });

  describe("of a workspace", () => {
    const inPackage = () => {
      const folder = path.join(place.folder, "apps/web");
      return { folder, cwd: folder };
    };

    it("are those of the package, then those of the root, named from the package", () => {
      place.write(".env", "A=1\nB=1#2\nC=1\n");
      place.write("apps/web/.env", "A=2\n");
      assert.deepEqual(found("A", inPackage()), { text: "2", file: ".env", line: 1, readByApp: false, refersTo: [] });
      assert.deepEqual(found("C", inPackage()), { text: "1", file: "../../.env", line: 3, readByApp: false, refersTo: [] });
      const problem = open(inPackage()).find("B");
      assert.ok(problem && "message" in problem);
      assert.equal(problem.path, "../../.env:2");
      assert.match(problem.message, /^B \(\.\.\/\.\.\/\.env:2\) is read differently/);
    });

    it("are read by a library that either manifest lists; the root's are left to one that looks upwards", () => {
      place.write(".env", "A=a#b\n");
      pip("python-dotenv");
      assert.deepEqual(found("A", inPackage()), { text: "a#b", file: "../../.env", line: 1, readByApp: true, refersTo: [] });
      place.write("apps/web/.env", "");
      assert.equal(found("A", inPackage()).readByApp, false);
      pip();
      place.write("apps/web/package.json", '{ "dependencies": { "dotenv": "16" } }');
      assert.deepEqual(found("A", inPackage()), { text: "a", file: "../../.env", line: 1, readByApp: false, refersTo: [] });
    });
  });

  describe("are read by the app itself", () => {
    beforeEach(() => {
      place.write(".env", "A=1\n");
      place.write(".env.local", "B=1\n");
    });
    const readByApp = (request?: Partial<DotenvRequest>) => [found("A", request).readByApp, found("B", request).readByApp];

    it("if its library reads that file", () => {
      assert.deepEqual(readByApp(), [false, false]);
      npm("dotenv");
      assert.deepEqual(readByApp(), [true, false]);
      npm("dotenv", "next");
      assert.deepEqual(readByApp(), [true, true]);
    });

    it("in the folder where it runs", () => {
      const cwd = path.join(place.folder, "src");
      npm("next");
      assert.deepEqual(readByApp({ cwd }), [false, false]);
      npm();
      pip("python-dotenv");
      assert.deepEqual(readByApp({ cwd }), [true, false]);
    });

    it("if one of its scripts has node read it", () => {
      place.write("package.json", '{ "scripts": { "dev": "node --watch --env-file=.env --env-file-if-exists=./.env.local app.js" } }');
      assert.deepEqual(readByApp(), [true, true]);
      place.write("package.json", '{ "scripts": { "start": "node --env-file=.env.production app.js" } }');
      assert.deepEqual(readByApp(), [false, false]);
    });
  });
});
