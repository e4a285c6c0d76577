import { Config } from "@pulumi/pulumi";
import { app, local, Project } from "endow/pulumi";
import { shared } from "./settings.js";

/** `pulumi up`: the servers that the settings need, and the shop with their values. Production needs a target other than this machine. */
const shop = new Project("shop", {
  groups: [shared],
  target: () => local(),
  apps: {
    web: app({
      command: ["node", "--import", "tsx", "server.ts"],
      port: new Config().getNumber("port") ?? 3000,
      health: "/health",
      reads: [shared],
    }),
  },
});

export const url = shop.apps.web.url;
