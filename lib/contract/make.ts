import type { CustomResourceOptions, Resource } from "@pulumi/pulumi";

/** A resource class of a Pulumi provider. */
export type ResourceClass<Args, Made extends Resource> = new (name: string, args: Args, opts: CustomResourceOptions) => Made;

/** Options that a target sets for one resource. `Make` sets parent, aliases and protection. */
export interface MakeOptions extends Omit<CustomResourceOptions, "parent" | "aliases" | "protect"> {
  /**
   * Distinguishes several resources made for one object: `policy` of a bucket. Part of the resource's name.
   * @default - the main resource, which gets the program's options for the setting
   */
  readonly child?: string;
  /**
   * Whether the resource holds data. If so, it is protected when the environment's profile requires it.
   * @default - true for the main resource, false for the others
   */
  readonly stateful?: boolean;
}

/**
 * Makes one resource; targets and stores must not make resources any other way. Adds the name, the parent, the former names, the protection,
 * the program's `transform`, and in `dependsOn` the guard that refuses to move a stack out of production or to another target.
 */
export type Make = <Args, Made extends Resource>(type: ResourceClass<Args, Made>, args: Args, options?: MakeOptions) => Made;

/** Identifies the resource that a program's `transform` is called for. */
export interface MadeResource {
  /** What it belongs to: `postgres`, `bucket`, `secret`, `store`, `app`, `consumer`. */
  readonly part: string;
  /** `MakeOptions.child`; `main` for the main resource. */
  readonly child: string;
  /** Name of the server, id of the setting, or name of the group, app or consumer that it belongs to. */
  readonly of: string;
}

/** Changes the arguments and options of a resource before it is made. */
export type Transform = (
  made: MadeResource,
  args: object,
  opts: CustomResourceOptions,
) => { readonly args: object; readonly opts: CustomResourceOptions } | undefined;
