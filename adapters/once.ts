/** Caches an answer until it is forgotten; failures are not cached. */
export function once<Result>(ask: () => Promise<Result>): { get(): Promise<Result>; forget(): void } {
  let answer: Promise<Result> | undefined;
  return {
    get() {
      const asked = answer ?? ask();
      answer = asked;
      asked.catch(() => {
        if (answer === asked) answer = undefined;
      });
      return asked;
    },
    forget() {
      answer = undefined;
    },
  };
}
