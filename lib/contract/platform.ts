/** One permission of a consumer. The rest of it is in the platform's own words: an IAM statement, an ingress rule, a network policy. */
export interface Access {
  /** Stable, and the same for everyone who needs it: the id of the server, bucket or entry. A consumer gets each key once for its start, and once for itself. */
  readonly key: string;
  /** Who needs it where a platform tells the two apart: what starts the process (and resolves references), or the process itself. */
  readonly for: "start" | "run";
}

/** What a target's consumers, permissions and references look like. Only types: a platform has no value. */
export interface Platform {
  /** Who reads: a task role with security groups, a service account with labels, a user of this machine. */
  readonly Consumer: object;
  readonly Access: Access;
  /** How a server that is already there is named: an ARN, an endpoint. Its fields may be outputs of other resources. */
  readonly Reference: object;
}
