// Which folder may import which, as ARCHITECTURE.md explains it.
const kinds = "^lib/(kinds|plan|runtime|connection|declaration)/|^lib/stores/(stores|local/load)[.]ts$|^lib/[^/]+[.]ts$";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment: "A cycle has no order to read or to test it in.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "resolvable",
      comment: "An import that leads nowhere. The examples import the package, which leads somewhere once it is built.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^endow$" },
    },
    {
      name: "pulumi-in-its-place",
      comment: "An app loads its settings without Pulumi: only the components and the deploying half of a store know it.",
      severity: "error",
      from: { path: "^lib/", pathNot: "^lib/pulumi/|^lib/stores/[^/]+/deploy" },
      to: { path: "^(node_modules/)?@pulumi/" },
    },
    {
      name: "targets-apart",
      comment: "What two targets share belongs to the kind.",
      severity: "error",
      from: { path: "^lib/pulumi/targets/([^/]+)/" },
      to: { path: "^lib/pulumi/targets/[^/]+/", pathNot: "^lib/pulumi/targets/$1/" },
    },
    {
      name: "supervisor-alone",
      comment: "It keeps processes and knows of nothing else.",
      severity: "error",
      from: { path: "^lib/supervisor/" },
      to: { path: "^lib/", pathNot: "^lib/supervisor/|^lib/errors[.]ts$" },
    },
    {
      name: "cli-on-top",
      comment: "What the commands need is below them, where a program can use it too.",
      severity: "error",
      from: { path: "^lib/", pathNot: "^lib/cli/" },
      to: { path: "^lib/cli/" },
    },
    {
      name: "app-imports-little-of-ours",
      comment: 'import "endow" runs in every app.',
      severity: "error",
      from: { path: "^lib/index[.]ts$" },
      to: { path: "^lib/(local|cli|app|supervisor|pulumi|discovery|rotation)/", reachable: true },
    },
    {
      name: "app-imports-only-zod",
      comment: 'import "endow" loads zod, Node and our own files.',
      severity: "error",
      from: { path: kinds },
      to: { dependencyTypesNot: ["core", "local"], pathNot: "node_modules/zod/" },
    },
    {
      name: "core-knows-no-place",
      comment: "Declaration, plan and load are the same wherever the resources run.",
      severity: "error",
      from: { path: kinds },
      to: { path: "^lib/(local|pulumi|supervisor)/" },
    },
    {
      name: "examples-as-users",
      comment: "An example that reaches into lib/ shows what no user can write.",
      severity: "error",
      from: { path: "^examples/" },
      to: { path: "^(lib|test|tools|bench)/" },
    },
    {
      name: "tests-outside",
      comment: "What is published must work without the tests.",
      severity: "error",
      from: { path: "^lib/" },
      to: { path: "^(test|tools|bench|examples)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    combinedDependencies: false,
  },
};
