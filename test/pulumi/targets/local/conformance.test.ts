import { local } from "../../../../lib/pulumi";
import { describeTarget } from "../../../conformance/target";

describeTarget({ name: "local", stackName: "development", target: ({ app }) => local({ root: app }) });
