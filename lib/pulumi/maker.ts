import * as pulumi from "@pulumi/pulumi";
import type { Make, Transform } from "../contract/make";

/** What a component hands down to whatever it has made. */
export interface Children {
  readonly parent: pulumi.ComponentResource;
  /** Refuse a stack that leaves production or its target: nothing is made before they have been registered. */
  readonly guards: readonly pulumi.Resource[];
  readonly dependsOn?: pulumi.CustomResourceOptions["dependsOn"];
  readonly transform?: Transform | undefined;
}

/** What resources are made for. */
export interface MadeFor {
  /** `postgres`, `bucket`, `store`, `app`, `consumer` */
  readonly part: string;
  /** Names the main resource, and begins the names of the others. */
  readonly name: string;
  /**
   * What the program's `transform` knows it by.
   * @default - the name
   */
  readonly of?: string;
  /** Names that it had before. */
  readonly formerly?: readonly string[];
  /**
   * Whether resources that hold data refuse to be deleted. Never `protect: false`: that would undo what the component was told.
   * @default false
   */
  readonly isProtected?: boolean;
  /** What the program says of the main resource. */
  readonly own?: pulumi.CustomResourceOptions | undefined;
  /** What has to be there first. */
  readonly after?: readonly pulumi.Resource[];
}

/** The one way in which components, targets and stores make resources. */
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
    // Options that a program writes anew must not take the resource out of its component, nor before its guard.
    const held = pulumi.mergeOptions({ parent, dependsOn: [...guards] }, changed.opts);
    return new type(nameFor(name), changed.args as typeof args, held);
  };
