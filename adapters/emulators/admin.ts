/** What our account may lose the permission for. */
export const permissions = ['create', 'edit', 'close', 'comment'] as const;
export type Permission = (typeof permissions)[number];

/** Actions of an administrator or the vendor, beyond people's rights on an issue. */
export interface Admin {
  /** Deletes the issue permanently. */
  remove(key: string): void;
  /** Hides the issue from everybody, without a reason. */
  hide(key: string): void;
  /** Moves the issue to another repository, project or team. */
  move(key: string): void;
  /** Locks or archives the issue, depending on the tracker. */
  lock(key: string): void;
  /** Converts the issue into a discussion or a sub-task. */
  convert(key: string): void;
  /** Moves the issue into the trash, from which it can be restored. */
  trash(key: string): void;
  /** Reverts the last action on an issue, unless it was deleted permanently. */
  restore(key: string): void;
  /** Whether the repository, project or team is hidden from our account. */
  hidePlace(isHidden: boolean): void;
  /** Takes a permission from our account; null gives back what was taken. */
  forbid(what: Permission | null): void;
  /** Whether our account can read the issue, by its id. */
  isThere(id: string): boolean;
}

/** For what a tracker cannot do. */
export const nothing = (): void => {};
