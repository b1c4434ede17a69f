import { Dependency, type DependencyOptions, type Fault } from './dependency.ts';

/** What an instance of the dependency puts around its own work. */
export type Guard = (instance: Dependency) => Promise<void>;

/** What a cluster is made of. */
export interface ClusterOptions extends Required<DependencyOptions> {
  readonly instances: number;
  /** Makes the guard of each instance. */
  readonly guard: () => Guard;
}

/** Several instances of a dependency behind a load balancer that chooses at random. Capacity is that of all together. */
export class Cluster {
  private readonly instances: readonly Dependency[];
  private readonly guards: readonly Guard[];
  private readonly random: () => number;
  /** How many requests have reached it, whether or not a guard let them pass. */
  requests = 0;

  constructor({ instances, guard, ...options }: ClusterOptions) {
    const capacityPerSecond = options.capacityPerSecond / instances;
    this.instances = Array.from(
      { length: instances },
      () => new Dependency({ ...options, capacityPerSecond }),
    );
    this.guards = this.instances.map(guard);
    this.random = options.random;
  }

  /** Breaks, or mends, a number of instances. */
  suffer(fault: Fault, instances: number): void {
    for (const instance of this.instances.slice(0, instances)) instance.fault = fault;
  }

  readonly request = async (): Promise<void> => {
    this.requests++;
    const index = Math.floor(this.random() * this.instances.length);
    const instance = this.instances[index];
    if (instance === undefined) return;
    await this.guards[index]?.(instance);
  };
}
