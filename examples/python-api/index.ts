import { Config } from "@pulumi/pulumi";
import { app, local, Project } from "endow/pulumi";
import { api } from "./settings";

const config = new Config();
const port = config.getNumber("port") ?? 8000;

/** `pulumi up`: the servers that the settings need, and the Python app, which gets the values as plain environment variables. */
const project = new Project("python-api", {
  groups: [api],
  target: () => local(),
  apps: {
    api: app({
      command: [config.get("python") ?? "python3", "-m", "uvicorn", "main:app", "--port", String(port)],
      port,
      health: "/health",
      reads: [api],
    }),
  },
});

export const url = project.apps.api.url;
