// Which folder may import which, as ARCHITECTURE.md explains it.
const kinds =
  "^lib/(kinds|plan|runtime|values|internal|connection|declaration)/|^lib/stores/(stores|reader|address|[^/]+/load)[.]ts$|^lib/[^/]+[.]ts$";

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
      name: "no-folder-cycles",
      comment: "Two folders that need each other are one, or hold a third.",
      severity: "error",
      scope: "folder",
      from: { path: "^lib/[^/]+$" },
      to: { path: "^lib/[^/]+$", circular: true },
    },
    {
      name: "resolvable",
      comment:
        "An import that leads nowhere. The examples import the package, which leads somewhere once it is built, and packages of their own.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^endow/?[a-z-]*$|^@orders/" },
    },
    {
      name: "pulumi-in-its-place",
      comment: "An app loads its settings without Pulumi: only the components and the deploying half of a store know it.",
      severity: "error",
      from: { path: "^lib/", pathNot: "^lib/(pulumi|contract)/|^lib/stores/[^/]+/deploy" },
      to: { path: "^(node_modules/)?@pulumi/" },
    },
    {
      name: "a-cloud-in-its-target",
      comment: "A stack that does not use a cloud needs nothing of it.",
      severity: "error",
      from: { path: "^lib/(pulumi|stores)/", pathNot: "^lib/pulumi/targets/(aws|kubernetes)/|^lib/stores/[^/]+/deploy" },
      to: { path: "^(node_modules/)?@pulumi/(?!pulumi/)" },
    },
    {
      name: "one-cloud-a-target",
      comment: "Its package is called as the target is.",
      severity: "error",
      from: { path: "^lib/pulumi/targets/([^/]+)/" },
      to: { path: "^(node_modules/)?@pulumi/(aws|kubernetes)/", pathNot: "@pulumi/$1/" },
    },
    {
      name: "targets-apart",
      comment: "What two targets share belongs to the kind.",
      severity: "error",
      from: { path: "^lib/pulumi/targets/([^/]+)/" },
      to: { path: "^lib/pulumi/targets/[^/]+/", pathNot: "^lib/pulumi/targets/$1/" },
    },
    {
      name: "components-light",
      comment: "They run in the user's program. What starts servers runs in the provider, and they share the words of its resources alone.",
      severity: "error",
      from: { path: "^lib/pulumi/", pathNot: "^lib/pulumi/provider/" },
      to: {
        path: "^lib/(local|supervisor|pulumi/provider)/",
        pathNot: "^lib/pulumi/provider/schemas[.]ts$|^lib/local/facts[.]ts$",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "provider-light",
      comment: "It starts with every command of Pulumi: the protocol is quick to load, the SDK for programs takes half a second.",
      severity: "error",
      from: { path: "^lib/pulumi/provider/" },
      to: { path: "^(node_modules/)?@pulumi/", pathNot: "@pulumi/pulumi/proto/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "provider-without-components",
      comment: "It has to work when the program is gone.",
      severity: "error",
      from: { path: "^lib/pulumi/provider/" },
      to: { path: "^lib/(pulumi/|contract/|stores/[^/]+/deploy)", pathNot: "^lib/pulumi/provider/" },
    },
    {
      name: "pulumi-on-top",
      comment: "Deploying is one use of settings among others. The command that installs the provider is the exception.",
      severity: "error",
      from: { path: "^lib/", pathNot: "^lib/pulumi/" },
      to: { path: "^lib/pulumi/" },
    },
    {
      name: "supervisor-alone",
      comment: "It keeps processes and knows of nothing else.",
      severity: "error",
      from: { path: "^lib/supervisor/" },
      to: { path: "^lib/", pathNot: "^lib/(supervisor|internal)/|^lib/errors[.]ts$" },
    },
    {
      name: "roles-anywhere",
      comment: "Whoever reaches a server carries role steps out: this machine, a function in a cloud, a job in a cluster.",
      severity: "error",
      from: { path: "^lib/roles/" },
      to: { path: "^lib/(local|pulumi|supervisor|cli|workspace|stores|plan|runtime)(/|[.]ts$)|^(node_modules/)?@pulumi/" },
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
      to: { path: "^lib/(local|cli|workspace|supervisor|pulumi|discovery|rotation)/", reachable: true },
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
