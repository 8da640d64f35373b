/** What an administrator, or the vendor, does to issues: it goes past what people may do in one. */
export interface Admin {
  /** For good. */
  remove(key: string): void;
  /** No longer shown to anybody, without a word why. */
  hide(key: string): void;
  /** To another repository, project or team. */
  move(key: string): void;
  /** Locked, or archived, whichever there is. */
  lock(key: string): void;
  /** Into a discussion, or a sub-task. */
  convert(key: string): void;
  /** Into the trash, from where it can come back. */
  trash(key: string): void;
  /** Takes back what was done to an issue, unless it is gone for good. */
  restore(key: string): void;
  /** Our account may no longer see the place, or may again. */
  hidePlace(isHidden: boolean): void;
  /** Whether our account could read the issue, by its id. */
  isThere(id: string): boolean;
}

/** For what a tracker cannot do. */
export const nothing = (): void => {};
