/** One permission of a consumer. The rest is platform-specific: an IAM statement, an ingress rule, a network policy. */
export interface Access {
  /** Stable, and the same for every consumer: the id of the server, bucket or entry. A consumer gets each key once for `start` and once for `run`. */
  readonly key: string;
  /** Who needs it, if the platform distinguishes them: whatever starts the process (and resolves references), or the process itself. */
  readonly for: "start" | "run";
}

/** The types of a target's consumers, permissions and references. Types only: a platform has no value. */
export interface Platform {
  /** The reader: a task role with security groups, a service account with labels, a user of this machine. */
  readonly Consumer: object;
  readonly Access: Access;
  /** Identifies an existing server: an ARN, an endpoint. Its fields may be outputs of other resources. */
  readonly Reference: object;
}
