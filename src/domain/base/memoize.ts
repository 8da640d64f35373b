/** What was made for a key before, else what is made now. Beyond `most` entries all are made anew. */
export function remember<Key, Value>(
  known: { get(key: Key): Value | undefined; set(key: Key, value: Value): unknown; size?: number; clear?(): void },
  key: Key,
  make: () => Value,
  most = Number.POSITIVE_INFINITY,
): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  const value = make();
  if ((known.size ?? 0) >= most) known.clear?.();
  known.set(key, value);
  return value;
}

/** Computes a value when it is first asked for: what a start does not need must not delay it. */
export function lazy<Value>(compute: () => Value): () => Value {
  let known: { value: Value } | null = null;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}

/** Keeps what was computed of an object for as long as the object lives. */
export function memoize<Key extends object, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, Value>();
  return (key) => remember(known, key, () => compute(key));
}
