/** Replaces members of a double; a name that the double does not have does not compile. */
export function override<Target extends object>(target: Target, members: Partial<Target>): void {
  Object.assign(target, members);
}
