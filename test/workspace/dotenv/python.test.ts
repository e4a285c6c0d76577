import assert from "node:assert/strict";
import type { Dialect } from "../../../lib/workspace/dotenv/dialect";
import { decouple, djangoEnviron, environs, pydanticSettings, pythonDotenv } from "../../../lib/workspace/dotenv/python";
import { type PythonProcess, pythonWith, startPython } from "../../support/python";
import { temporary } from "../temporary";
import { DOCUMENTS, ENVIRONMENT, type Files, named, random, read } from "./documents";

const PACKAGES = [
  "python-dotenv==1.2.2",
  "django-environ==0.14.0",
  "python-decouple==3.8",
  "environs==15.2.0",
  "pydantic-settings==2.16.3",
];

/** Reads a file with each library, in an environment of its own. */
const PROGRAM = `
import logging, os, warnings
logging.disable(logging.CRITICAL)

def only_new(before):
    return {name: value for name, value in os.environ.items() if name not in before}

def python_dotenv(file, names):
    import dotenv
    before = dict(os.environ)
    dotenv.load_dotenv(file)
    return only_new(before)

def environs(file, names):
    import environs
    env = environs.Env()
    env.read_env(file)
    return {name: env.str(name, None) for name in names}

def pydantic_settings(file, names):
    import pydantic_settings
    members = {name: None for name in names}
    members["__annotations__"] = {name: str | None for name in names}
    members["model_config"] = pydantic_settings.SettingsConfigDict(env_file=file, extra="ignore", case_sensitive=True)
    return type("Settings", (pydantic_settings.BaseSettings,), members)().model_dump()

def decouple(file, names):
    import decouple
    config = decouple.Config(decouple.RepositoryEnv(file))
    return {name: config(name, default=None) for name in names}

def django_environ(file, names):
    import environ
    environ.Env.read_env(file)
    env = environ.Env()
    def value(name):
        try:
            return env.str(name, default="is not there")
        except RecursionError:
            return "is not there"
    return {name: found for name in names if (found := value(name)) != "is not there"}

def answer(question):
    library, file, names, environment = question
    os.environ.clear()
    os.environ.update(environment)
    return globals()[library](file, names)
`;

const NAMES = ["A", "B", "C", "A_1"];

describe("dotenv files are read as the libraries of Python apps read them:", () => {
  let python: PythonProcess | undefined;
  let place: ReturnType<typeof temporary>;
  before(async function () {
    this.timeout(300_000);
    const interpreter = await pythonWith(PACKAGES);
    python = interpreter === undefined ? undefined : startPython(interpreter, PROGRAM);
    place = temporary();
  });
  after(async () => {
    await python?.stop();
    place.remove();
  });

  const same = (name: string, dialect: Dialect, library: string, documents: readonly Files[]) =>
    it(name, async function () {
      if (python === undefined) return this.skip();
      for (const [text = ""] of documents.map((files) => Object.values(files))) {
        const real = await python.ask([library, place.write(".env", text), NAMES, ENVIRONMENT]);
        const own = only(read(dialect, { ".env": text }, ENVIRONMENT));
        assert.deepEqual(own, only(named(real as Record<string, string | null>)), `${name}: ${JSON.stringify(text)}`);
      }
    });

  const all = [...DOCUMENTS, ...random(1500)];
  same("python-dotenv", pythonDotenv, "python_dotenv", all);
  same("environs", environs, "environs", DOCUMENTS);
  same("pydantic-settings", pydanticSettings, "pydantic_settings", [...DOCUMENTS, ...random(300)]);
  same("python-decouple", decouple, "decouple", all);
  same("django-environ", djangoEnviron, "django_environ", all);
});

const only = (values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(NAMES.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));
