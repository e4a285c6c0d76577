import type { CustomResourceOptions, Resource } from "@pulumi/pulumi";

/** A resource's class as its provider has it. */
export type ResourceClass<Args, Made extends Resource> = new (name: string, args: Args, opts: CustomResourceOptions) => Made;

/** What a target adds to the options of one resource. Parent, aliases and protection are not its business. */
export interface MakeOptions extends Omit<CustomResourceOptions, "parent" | "aliases" | "protect"> {
  /**
   * Names one of several resources that are made for one thing: `policy` of a bucket. Part of the resource's name.
   * @default - the main one, which the program's own options for the setting go to
   */
  readonly child?: string;
  /**
   * Whether the resource holds data: then it is protected where the environment's profile says so.
   * @default - true for the main one, false for the others
   */
  readonly stateful?: boolean;
}

/**
 * Makes one resource: the only way for a target or a store to do so. It adds the name, the parent, the former names, the protection, what the
 * program says of the resource, and in `dependsOn` the guard that refuses a stack which leaves production or its target.
 */
export type Make = <Args, Made extends Resource>(type: ResourceClass<Args, Made>, args: Args, options?: MakeOptions) => Made;

/** Which resource a program's `transform` is asked about. */
export interface MadeResource {
  /** What it is made for: `postgres`, `bucket`, `store`, `app`, `consumer`. */
  readonly part: string;
  /** As `MakeOptions` has it; `main` for the main one. */
  readonly child: string;
  /** Name of the server, id of the setting, or name of the group, app or consumer that it is made for. */
  readonly of: string;
}

/** Changes the arguments and options of a resource before it is made. */
export type Transform = (
  made: MadeResource,
  args: object,
  opts: CustomResourceOptions,
) => { readonly args: object; readonly opts: CustomResourceOptions } | undefined;
