import * as pulumi from "@pulumi/pulumi";
import type { Make, Transform } from "../contract/make";

/** What a component passes on to its children. */
export interface Children {
  readonly parent: pulumi.ComponentResource;
  /** Guards that refuse a stack that leaves production or its target; all children depend on them. */
  readonly guards: readonly pulumi.Resource[];
  readonly dependsOn?: pulumi.CustomResourceOptions["dependsOn"];
  readonly transform?: Transform | undefined;
}

/** What resources are created for. */
export interface MadeFor {
  /** `postgres`, `bucket`, `store`, `app`, `consumer` */
  readonly part: string;
  /** Name of the main resource, and prefix of the others' names. */
  readonly name: string;
  /**
   * Name passed to the program's `transform`.
   * @default - the name
   */
  readonly of?: string;
  /** Former names. */
  readonly formerly?: readonly string[];
  /**
   * Whether stateful resources are protected from deletion. `protect: false` is never set, because it would override the component's own option.
   * @default false
   */
  readonly isProtected?: boolean;
  /** The program's options for the main resource. */
  readonly own?: pulumi.CustomResourceOptions | undefined;
  /** Resources that must exist first. */
  readonly after?: readonly pulumi.Resource[];
}

/** The only way in which components, targets and stores create resources. */
export const makerFor =
  ({ parent, guards, dependsOn, transform }: Children, made: MadeFor): Make =>
  (type, args, { child, stateful = child === undefined, ...options } = {}) => {
    const { part, name, of = name, formerly = [], isProtected = false, own = {}, after = [] } = made;
    const nameFor = (base: string) => (child === undefined ? base : `${base}-${child}`);
    const inherited: pulumi.CustomResourceOptions = {
      parent,
      dependsOn: [...guards, ...after],
      ...(isProtected && stateful && { protect: true }),
      ...(formerly.length > 0 && { aliases: formerly.map((former) => ({ name: nameFor(former) })) }),
    };
    const given = pulumi.mergeOptions(dependsOn === undefined ? {} : { dependsOn }, options);
    const opts = pulumi.mergeOptions(inherited, child === undefined ? pulumi.mergeOptions(given, own) : given);
    const changed = transform?.({ part, child: child ?? "main", of }, args as object, opts);
    if (changed === undefined) return new type(nameFor(name), args, opts);
    // Options that a `transform` replaces must not move the resource out of its component or ahead of its guard.
    const held = pulumi.mergeOptions({ parent, dependsOn: [...guards] }, changed.opts);
    return new type(nameFor(name), changed.args as typeof args, held);
  };
