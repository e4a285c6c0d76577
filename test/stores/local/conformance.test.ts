import { localStore } from "../../../lib/stores/local/deploy";
import { describeStore } from "../../conformance/store";

describeStore({ name: "local", store: ({ app }) => localStore(app) });
