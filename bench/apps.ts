import { apps } from "../test/real-apps/apps";
import { measure, sumOf } from "../test/real-apps/measure";
import { figure, type Row } from "./measure";

/** How much of what public apps read from their environment is declared and delivered under the apps' own names. */
export const publicApps = async (): Promise<readonly Row[]> => {
  const measured = await Promise.all(apps.map(measure));
  const samples = {
    "public apps": measured.filter(({ app }) => !app.heldOut),
    "public apps that were held out": measured.filter(({ app }) => app.heldOut),
  };
  const rows = Object.entries(samples).map(([what, some]): Row => {
    const { all, share } = sumOf(some);
    return {
      what: `${all} variables that name a service, of ${some.length} ${what}: delivered unchanged`,
      value: figure([share]),
      unit: "%",
      goal: "at least 98 %",
    };
  });
  const { apps: number, whole } = sumOf(measured);
  return [
    ...rows,
    { what: `of these ${number} apps: those with every variable`, value: figure([whole]), unit: "apps", goal: "at least 33 apps" },
  ];
};
